"""``Delivery``: the frozen result of one simulated session. Per-face maps, balances, every number used, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.plan import Plan
from peritia.delivery.plasma import PlasmaCurve
from peritia.delivery.provenance import Used

Array = NDArray[np.float64]
MODEL = "peritia-delivery/1"
BALANCE_LIMIT = 1e-6


@dataclass(frozen=True, eq=False)
class Surface:
    """The peritoneum the maps lie on: triangles, area (m2), PCI region and tissue of each; ``fold_factor`` as the anatomy states it."""

    vertices: Array
    faces: NDArray[np.int64]
    area: Array
    normal: Array
    region: NDArray[np.int8]
    tissue: NDArray[np.uint8]
    fold_factor: float

    @property
    def area_total(self) -> float:
        """Open surface, m2."""
        return float(self.area.sum())


@dataclass(frozen=True, eq=False)
class DrugMap:
    """One drug on the peritoneum, a value per face.

    ``landed``: with the liquid (PIPAC; zero under a bath). ``taken_up``: into the tissue by the end of the session. ``first_mm``: drug
    per gram of the first millimetre at the end of the session, free and in cells. ``depth_half`` and ``depth_tenth``: where the exposure
    (integral of concentration over 24 h, less what blood brings to the bottom of the column) falls to a half and a tenth of that at the
    surface. ``depth_ic50``: down to where the same exposure reaches that of one hour at the IC50; NaN where no IC50 is known.
    ``depth_detected``: down to the stated lowest visible concentration at the end of the session.
    """

    drug: str
    dose_mg: float
    landed_mg_per_m2: Array
    taken_up_mg_per_m2: Array
    first_mm_ug_per_g: Array
    depth_half_mm: Array
    depth_tenth_mm: Array
    depth_ic50_mm: Array
    depth_detected_mm: Array
    column: NDArray[np.int64]
    depth_mm: Array
    profile_mg_per_l: Array
    exposure_mg_h_per_l: Array


@dataclass(frozen=True, eq=False)
class NoduleResult:
    """One drug in one tumour nodule, a sphere; depths from its rim, arrays from rim to centre.

    ``ug_per_g``: drug over the whole nodule at the end of the session, free and in cells. ``share_above_ic50``: part of its volume whose
    exposure reaches one hour at the IC50 (NaN where none is known). ``seepage``: water out of its rim in the session (negative: in).
    What blood brings is left out throughout.
    """

    name: str
    drug: str
    region: int
    diameter_mm: float
    histology: str
    centre_pressure_mmhg: float
    seepage_um_per_s: float
    depth_half_mm: float
    depth_tenth_mm: float
    depth_ic50_mm: float
    share_above_ic50: float
    ug_per_g: float
    taken_mg: float
    depth_mm: Array
    profile_mg_per_l: Array
    exposure_mg_h_per_l: Array


@dataclass(frozen=True)
class Balance:
    """Where the whole of something went. ``parts`` add up to ``total`` within ``error`` (relative)."""

    name: str
    unit: str
    total: float
    parts: Mapping[str, float]
    error: float


@dataclass(frozen=True)
class Run:
    """How the result was made: fidelity, grid, steps, wall time."""

    fidelity: str
    model: str
    spacing_mm: float
    cells: int
    faces: int
    time_step_s: tuple[float, float]
    parcels: int
    wall_s: float


@dataclass(frozen=True, eq=False)
class Delivery:
    """What one session gives. ``series`` holds curves over time (``bath_c``, ``core_c``, ``cavity_mg_per_l.<drug>``), each with its own
    ``_min`` axis.
    """

    plan: Plan
    anatomy: str
    fingerprint: str
    surface: Surface
    drugs: tuple[DrugMap, ...]
    temperature_c: Array
    cem43_min: Array
    plasma: tuple[PlasmaCurve, ...]
    absorbed_mg: Mapping[str, float]
    cavity_auc_mg_h_per_l: Mapping[str, float]
    balances: tuple[Balance, ...]
    used: tuple[Used, ...]
    neglected: tuple[str, ...]
    notes: tuple[str, ...]
    run: Run
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    series: Mapping[str, Array] = field(default_factory=dict[str, Array])
    nodules: tuple[NoduleResult, ...] = ()

    def drug(self, name: str) -> DrugMap:
        """The map of one drug."""
        return next(one for one in self.drugs if one.drug == name)
