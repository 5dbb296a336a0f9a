"""Tumour nodules of a plan: spheres with a pressure of their own, under the liquid of their place, followed to 24 h.

The liquid's concentration is that of the run, one way: a nodule of 5 mm takes up far less than a thousandth of a dose. What blood brings
to the nodule is left out: the figures are those of the local treatment. The nodule is bathed all around; one that lies flat on the
peritoneum gets less. Pressure falls from its own to the cavity's towards the rim (``physics.interstitial_pressure``); after the session
the cavity's is gone and fluid seeps out, drug with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.columns_to_map import Transport, depth_where
from peritia.delivery.delivery import Balance, DrugMap, NoduleResult
from peritia.delivery.errors import PlanRefused
from peritia.delivery.plan import Nodule
from peritia.delivery.provenance import Parameters
from peritia.delivery.tissue_bed import PASCAL_PER_MMHG, Bed, Ground, ground, nodule_bed
from peritia.delivery.tissue_columns import CLOSED, Uptake
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.numerics import Columns

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What all nodules of a run share: ``region`` (and so on) of each face, pressure of the cavity, length of the session."""

    centre: Array
    area: Array
    region: NDArray[np.int8]
    temperature_c: Array
    pressure_mmhg: float
    session_s: float


def nodule_results(
    nodules: tuple[Nodule, ...], setting: Setting, made: DrugMap, uptake: Uptake, reservoir: NDArray[np.int64], kind: Transport,
    parameters: Parameters,
) -> tuple[tuple[NoduleResult, ...], tuple[Balance, ...]]:  # fmt: skip
    """One drug in every nodule. ``reservoir`` names the reservoir of each column. Raises ``PlanRefused`` where a region has no surface."""
    if not nodules:
        return (), ()
    own = ground("tumour", parameters)
    density = parameters.take("tissue_density", shipped("tissues", "tumour", Tissue).properties.get("density"))
    results, balances = list[NoduleResult](), list[Balance]()
    for nodule in nodules:
        face = _face(nodule, setting, made)
        column = int(made.column[face])
        liquid = -1 if column < 0 else int(reservoir[column])
        result, balance = _followed(nodule, face, liquid, setting, made, uptake, kind, own, density, parameters)
        results.append(result)
        balances.append(balance)
    return tuple(results), tuple(balances)


FARTHEST_M = 0.03
"""How far from the peritoneum the coordinates of a nodule may lie."""


def _face(nodule: Nodule, setting: Setting, made: DrugMap) -> int:
    """The nearest face, or the one with the median uptake of the region."""
    if nodule.at_cm is not None:
        away = np.linalg.norm(setting.centre - 0.01 * np.array(nodule.at_cm), axis=1)
        if away.min() > FARTHEST_M:
            found = f"Nodule '{nodule.name}' stands {100 * away.min():.0f} cm from the peritoneum"
            raise PlanRefused(found, f"at most {100 * FARTHEST_M:.0f} cm", "at_cm counts right, anterior, superior, as surface.vtp does")
        return int(np.argmin(away))
    mine = np.flatnonzero(setting.region == nodule.region)
    if not len(mine):
        raise PlanRefused(f"Region {nodule.region} of nodule '{nodule.name}' has no open surface", "a region with surface", "give at_cm")
    order = mine[np.argsort(made.taken_up_mg_per_m2[mine], kind="stable")]
    share = np.cumsum(setting.area[order]) / setting.area[order].sum()
    return int(order[int(np.searchsorted(share, 0.5))])


def _followed(
    nodule: Nodule, face: int, liquid: int, setting: Setting, made: DrugMap, uptake: Uptake, kind: Transport, own: Ground, density: float,
    parameters: Parameters,
) -> tuple[NoduleResult, Balance]:  # fmt: skip
    radius = 0.5e-3 * nodule.diameter_mm
    effective = own.vessels.effective_pressure if nodule.pressure_mmhg is None else nodule.pressure_mmhg * PASCAL_PER_MMHG
    celsius = np.array([setting.temperature_c[face]])
    pressed, rested = (
        nodule_bed(kind.diffusion_tumour, kind.loss, kind.retained, pressure, own, effective, radius, parameters)
        for pressure in (setting.pressure_mmhg, 0.0)
    )
    volume = pressed.profile.volumes
    course = _course(pressed, rested, setting, uptake, liquid, float(kind.spread_at(celsius)[0]))
    depth = 0.5 * (pressed.edges[1:] + pressed.edges[:-1])
    surface = course.above
    half, tenth = (
        float(depth_where(course.exposure[None], np.array([part * surface]), depth)[0]) if surface > 0 else 0.0 for part in (0.5, 0.1)
    )
    hours = course.exposure * kind.hour_dose_per_conc(celsius)[0]
    known = kind.ic50 is not None
    whole = course.profile + course.kept
    area = float(4 * np.pi * radius**2)
    parts = {
        "in tissue, free, at 24 h": area * float(course.values @ volume),
        "kept in cells": area * float(course.in_cells @ volume),
        "to blood": area * course.to_blood,
    }
    taken = area * course.taken
    largest = max(abs(taken), *(abs(part) for part in parts.values()), 1e-300)
    balance = Balance(f"{made.drug} in {nodule.name}", "mg", taken, parts, float(abs(taken - sum(parts.values())) / largest))
    result = NoduleResult(
        name=nodule.name,
        drug=made.drug,
        region=int(setting.region[face]),
        diameter_mm=nodule.diameter_mm,
        histology=nodule.histology,
        centre_pressure_mmhg=_centre(pressed, own, effective, setting.pressure_mmhg),
        seepage_um_per_s=-1e6 * pressed.seepage,
        depth_half_mm=1e3 * half,
        depth_tenth_mm=1e3 * tenth,
        depth_ic50_mm=1e3 * float(depth_where(hours[None], np.ones(1), depth)[0]) if known else float("nan"),
        share_above_ic50=float(volume[hours >= 1].sum() / volume.sum()) if known else float("nan"),
        ug_per_g=float(whole @ volume / volume.sum()) / density,
        taken_mg=taken,
        depth_mm=1e3 * depth,
        profile_mg_per_l=whole / 1e3,
        exposure_mg_h_per_l=course.exposure / 3.6e6,
    )
    return result, balance


def _centre(bed: Bed, own: Ground, effective: float, cavity_mmhg: float) -> float:
    """Pressure at the centre, mmHg."""
    a = float(bed.radius * np.sqrt(own.vessels.conductance / own.conductivity))
    return float(effective - (effective - cavity_mmhg * PASCAL_PER_MMHG) * a / np.sinh(min(a, 700.0))) / PASCAL_PER_MMHG


@dataclass(frozen=True)
class _Course:
    """Arrays by node; ``profile`` and ``kept`` at the end of the session; per surface of the sphere: ``taken`` and ``to_blood`` (mg/m2)."""

    values: Array
    in_cells: Array
    profile: Array
    kept: Array
    exposure: Array
    above: float
    taken: float
    to_blood: float


def _course(pressed: Bed, rested: Bed, setting: Setting, uptake: Uptake, liquid: int, spread: float) -> _Course:
    steps = np.diff(uptake.time, prepend=0.0)
    if liquid < 0:
        level, wet = np.zeros(len(steps)), np.zeros(len(steps), bool)
    else:
        level = uptake.reservoir_mg_per_m3[:, liquid]
        wet = np.concatenate([[True], uptake.reservoir_m3[:-1, liquid] > 0]) & (uptake.reservoir_m3[:, liquid] > 0)
        wet |= (uptake.time <= setting.session_s + 1e-6) & (level > 0) & np.concatenate([[True], uptake.reservoir_mg[:-1, liquid] > 0])
    during = np.concatenate([[0.0], uptake.time[:-1]]) < setting.session_s - 1e-6
    nodes = len(pressed.edges) - 1
    values, in_cells, exposure = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
    profile, kept, above, taken, to_blood = values, in_cells, 0.0, 0.0, 0.0
    state, columns, bed = None, None, pressed
    for index, step in enumerate(steps.tolist()):
        now = (bool(during[index]), bool(wet[index]))
        if columns is None or now != state:
            state, bed = now, pressed if now[0] else rested
            columns = Columns(bed.profile, 1, film=np.inf if now[1] else CLOSED, spread_scale=spread, threads=False)
            columns.set_values(values[None])
        taken += float(columns.step(step, float(level[index]) if now[1] else 0.0)[0])
        values = columns.values()[0]
        space = columns.profile.volumes
        to_blood += step * float(values @ ((bed.to_blood + bed.to_lymph) * space))
        in_cells = in_cells + step * bed.to_cells * values
        exposure = exposure + step * values
        above += step * (float(level[index]) if now[1] else float(values[0]))
        if during[index]:
            profile, kept = values, in_cells
    return _Course(values, in_cells, profile, kept, exposure, above, taken, to_blood)
