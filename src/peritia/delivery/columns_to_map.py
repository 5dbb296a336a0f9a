"""From tissue columns to a value on each face: depths, drug per gram, amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import DrugMap
from peritia.delivery.provenance import Parameters, stand_in
from peritia.delivery.tissue_columns import Uptake
from peritia.knowledge.drug import Drug
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.physics import cell_kill

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Transport:
    """What the columns need of a drug: D in tissue and in tumour (m2/s), k (1/s), share kept in cells, molar mass (g/mol), IC50 at 37 C
    (umol/L) and its slope (1/K), rise of D with warmth (1/K).
    """

    diffusion: float
    diffusion_tumour: float
    loss: float
    retained: float
    molar_mass: float
    ic50: float | None
    ic50_slope: float
    warming: float

    def spread_at(self, temperature_c: Array) -> Array:
        """D at a temperature over that at 37 C."""
        return 1 + self.warming * (temperature_c - 37.0)

    def hour_dose_per_conc(self, temperature_c: Array) -> Array:
        """Share of an hour at the IC50 that one mg/m3 gives in one second."""
        if self.ic50 is None:
            return np.zeros_like(temperature_c)
        return 1.0 / (cell_kill.half_inhibiting(temperature_c, self.ic50 * self.molar_mass, self.ic50_slope) * 3600.0)


def transport(drug: Drug, parameters: Parameters) -> Transport:
    """The transport of a drug, or of the one that stands in for it."""
    carrier = shipped("drugs", stand_in(drug.id), Drug)
    numbers = carrier.transport
    diffusion = parameters.take(f"{carrier.id}.diffusion_tissue", numbers.get("diffusion_tissue"))
    return Transport(
        diffusion=diffusion,
        diffusion_tumour=parameters.optional(f"{carrier.id}.diffusion_tumour", numbers.get("diffusion_tumour")) or diffusion,
        loss=parameters.take(f"{carrier.id}.loss_rate", numbers.get("loss_rate")),
        retained=parameters.own(f"retained_{drug.family}"),
        molar_mass=parameters.take(f"{carrier.id}.molar_mass", carrier.molar_mass),
        ic50=parameters.optional(f"{carrier.id}.ic50_37c", numbers.get("ic50_37c")),
        ic50_slope=parameters.optional(f"{carrier.id}.ic50_slope_per_kelvin", numbers.get("ic50_slope_per_kelvin")) or 0.0,
        warming=parameters.own("diffusion_per_kelvin"),
    )


def depth_where(level: Array, limit: Array, middle: Array) -> Array:
    """Depth (m) down to which each row of ``level`` stays at or above its ``limit``, linear between cells; 0 where it never does."""
    above = level >= limit[:, None]
    first_below = np.argmin(above, axis=1)
    last = np.asarray(np.where(above.all(axis=1), level.shape[1], first_below), np.int64) - 1
    rows = np.arange(len(level))
    here, below = level[rows, np.maximum(last, 0)], level[rows, np.minimum(last + 1, level.shape[1] - 1)]
    part = np.where(here > below, (here - limit) / np.where(here > below, here - below, 1.0), 0.0)
    start, end = middle[np.maximum(last, 0)], middle[np.minimum(last + 1, len(middle) - 1)]
    return np.where(last < 0, 0.0, start + np.clip(part, 0, 1) * (end - start))


def drug_map(
    drug: str, dose_mg: float, uptake: Uptake, column: NDArray[np.int64], landed_mg_per_m2: Array, kind: Transport, parameters: Parameters
) -> DrugMap:
    """The map of one drug. ``column`` names the column of each face, -1 where the face stayed dry."""
    middle = 0.5 * (uptake.edges[1:] + uptake.edges[:-1])
    width = np.diff(uptake.edges)
    first = np.clip(1e-3 - uptake.edges[:-1], 0.0, width)
    density = parameters.take("tissue_density", shipped("tissues", "tumour", Tissue).properties.get("density"))
    whole = uptake.profile_mg_per_m3 + uptake.retained_mg_per_m3
    exposure = uptake.exposure_mg_s_per_m3
    brought = exposure[:, -1]  # by blood, at the bottom of the column: no depth of the local treatment
    local, surface = exposure - brought[:, None], uptake.liquid_mg_per_m2_s - brought
    limit = parameters.own("fluorescence_limit") * kind.molar_mass
    half, tenth = depth_where(local, 0.5 * surface, middle), depth_where(local, 0.1 * surface, middle)
    hours = uptake.hour_dose - uptake.hour_dose[:, -1:]
    deadly = depth_where(hours, np.ones(len(exposure)), middle) if kind.ic50 is not None else np.full(len(exposure), np.nan)
    seen = depth_where(whole, np.full(len(exposure), limit), middle)

    def spread(values: Array) -> Array:
        return np.where(column >= 0, values[np.maximum(column, 0)], 0.0)

    return DrugMap(
        drug=drug,
        dose_mg=dose_mg,
        landed_mg_per_m2=landed_mg_per_m2,
        taken_up_mg_per_m2=spread(uptake.taken_up_mg_per_m2),
        first_mm_ug_per_g=spread((whole @ first) / 1e-3 / density),
        depth_half_mm=spread(1e3 * half),
        depth_tenth_mm=spread(1e3 * tenth),
        depth_ic50_mm=spread(1e3 * deadly) if kind.ic50 is not None else np.full(len(column), np.nan),
        depth_detected_mm=spread(1e3 * seen),
        column=column,
        depth_mm=1e3 * middle,
        profile_mg_per_l=whole / 1e3,
        exposure_mg_h_per_l=exposure / 3.6e6,
    )
