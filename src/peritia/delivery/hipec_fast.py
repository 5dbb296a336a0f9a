"""HIPEC as a network of thirteen zones: temperature, core, thermal dose; one well-stirred bath of drug over tissue columns by zone;
plasma.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.bath import STEP_S, Heating, heat_bath, wetted
from peritia.delivery.columns_to_map import Transport, drug_map, transport
from peritia.delivery.delivery import MODEL, Balance, Delivery, DrugMap, NoduleResult, Run
from peritia.delivery.nodules import Setting, nodule_results
from peritia.delivery.pipac_fast import DAY, surface_of
from peritia.delivery.plan import BathDose, HipecPlan
from peritia.delivery.plasma import Blood, PlasmaCurve
from peritia.delivery.provenance import Parameters
from peritia.delivery.tissue_bed import beds, ground
from peritia.delivery.tissue_columns import Drive, Layout, Reservoirs, Uptake, soak, steps_for
from peritia.delivery.warmth import warmth
from peritia.delivery.zones import zones
from peritia.knowledge.drug import Drug
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue

Array = NDArray[np.float64]
NEGLECTED = (
    "uneven drug in the bath (residence time times absorption rate is about 0.03; only dead pockets differ)",
    "heat stored in tissue while it warms (about the first 10 min under the liquid)",
    "drug bound to blood and protein in the bath, loss by reaction in the carrier",
    "rise of capillary clearance with heat",
    "cooling of an open bath at its surface, bowel motion",
)


def simulate_hipec(
    plan: HipecPlan, anatomy: Anatomy, inflows: tuple[Placement, ...], outflows: tuple[Placement, ...], parameters: Parameters
) -> Delivery:
    """One HIPEC session at fast fidelity."""
    began = perf_counter()
    fold = fold_of(anatomy, parameters)
    network = zones(anatomy, inflows, outflows, plan.flow_ml_per_min / 6e7, parameters.own("exchange_speed") / 1000)
    area = wetted(anatomy, fold)
    heating = heat_bath(plan, network, area, warmth(parameters), parameters)
    region, tissue = anatomy.surface.region, anatomy.surface.tissue
    during = heating.time_s > 60 * plan.preheat_minutes
    share = network.volume / network.volume.sum()
    bath = heating.zone_c @ share
    heat = Balance(
        "heat",
        "kJ",
        heating.brought / 1000,
        {"to the body": heating.lost / 1000, "warming of the bath": heating.stored / 1000},
        heating.error,
    )
    return finish(
        plan, anatomy, parameters,
        zone_area=area.sum(axis=1),
        zone_c=np.asarray(_area_mean(heating.surface_c[during].mean(axis=0), area)),
        column=region.astype(np.int64),
        temperature=heating.surface_c[during].mean(axis=0)[region, tissue],
        thermal_dose=heating.cem43[region, tissue],
        series={
            "bath_c": bath, "bath_c_min": heating.time_s / 60, "core_c": heating.core_c, "core_c_min": heating.time_s / 60,
            "outflow_c": heating.outflow_c, "outflow_c_min": heating.time_s / 60,
        },
        numbers=_numbers(heating, bath, during, area),
        balances=(heat,), fidelity="fast", neglected=NEGLECTED, fold=fold, began=began, steps=(STEP_S, STEP_S),
    )  # fmt: skip


def fold_of(anatomy: Anatomy, parameters: Parameters) -> float:
    """Anatomical peritoneum over the open surface."""
    return anatomy.fold_factor(parameters.take("peritoneum.area", shipped("tissues", "peritoneum", Tissue).properties.get("area")))


def _area_mean(by_zone_and_tissue: Array, area: Array) -> Array:
    total = area.sum(axis=1)
    mean = float((by_zone_and_tissue * area).sum() / area.sum())
    return np.where(total > 0, (by_zone_and_tissue * area).sum(axis=1) / np.where(total > 0, total, 1.0), mean)


def _numbers(heating: Heating, bath: Array, during: NDArray[np.bool_], area: Array) -> dict[str, float]:
    late = heating.time_s > heating.time_s[-1] - 600
    through = (heating.conductance[late].mean(axis=0) * area).sum()
    return {
        "bath_mean_c": float(bath[during].mean()),
        "bath_end_c": float(bath[-1]),
        "outflow_end_c": float(heating.outflow_c[-1]),
        "coldest_zone_c": float(heating.zone_c[during].mean(axis=0).min()),
        "warmest_zone_c": float(heating.zone_c[during].mean(axis=0).max()),
        "core_peak_c": float(heating.core_c.max()),
        "heat_loss_w_per_k": float(through),
        "heat_loss_w": heating.lost / float(heating.time_s[-1]),
    }


def finish(
    plan: HipecPlan,
    anatomy: Anatomy,
    parameters: Parameters,
    *,
    zone_area: Array,
    zone_c: Array,
    column: NDArray[np.int64],
    temperature: Array,
    thermal_dose: Array,
    series: dict[str, Array],
    numbers: dict[str, float],
    balances: tuple[Balance, ...],
    fidelity: str,
    neglected: tuple[str, ...],
    fold: float,
    began: float,
    steps: tuple[float, float],
) -> Delivery:
    """From temperatures to the whole result: drug in the bath, tissue, blood. ``zone_area`` and ``zone_c`` are the columns'."""
    maps: list[DrugMap] = []
    curves: list[PlasmaCurve] = []
    found = list(balances)
    absorbed, cavity, notes = dict[str, float](), dict[str, float](), list[str]()
    own, nodules = anatomy.surface, list[NoduleResult]()
    setting = Setting(own.centre, own.area, own.region, temperature, plan.pressure_mmhg, 60 * plan.minutes)
    for dose in plan.drugs:
        drug = shipped("drugs", dose.drug, Drug)
        kind, blood = transport(drug, parameters), Blood(drug, parameters)
        uptake = _soaked(plan, dose, kind, zone_area, zone_c, parameters, blood)
        maps.append(drug_map(dose.drug, dose.dose_mg, uptake, column, np.zeros(len(column)), kind, parameters))
        found.append(_drug_balance(dose, uptake))
        inside_nodules, own_books = nodule_results(
            plan.nodules, setting, maps[-1], uptake, np.zeros(len(zone_area), np.int64), kind, parameters
        )
        nodules.extend(inside_nodules)
        found.extend(own_books)
        level = uptake.reservoir_mg_per_m3[:, 0] / 1000
        series[f"cavity_mg_per_l.{dose.drug}"], series[f"cavity_mg_per_l.{dose.drug}_min"] = level, uptake.time / 60 + plan.preheat_minutes
        inside = uptake.time <= 60 * plan.minutes + 1e-6
        cavity[dose.drug] = float((level * np.diff(uptake.time, prepend=0.0))[inside].sum() / 3600)
        absorbed[dose.drug] = uptake.in_blood_mg
        last = int(np.count_nonzero(inside)) - 1
        numbers[f"left_percent.{dose.drug}"] = 100 * float(uptake.reservoir_mg[last].sum() + uptake.drained_mg) / dose.dose_mg
        numbers["bath_into_tissue_ml"] = 1e6 * uptake.seeped_m3
        curves.extend(blood.curves(cavity[dose.drug]))
        notes.extend([blood.refusal] if blood.refusal else [])
    faces = len(anatomy.surface.area)
    return Delivery(
        plan=plan, anatomy=anatomy.name, fingerprint=anatomy.fingerprint(), surface=surface_of(anatomy, fold), drugs=tuple(maps),
        temperature_c=temperature, cem43_min=thermal_dose, plasma=tuple(curves), absorbed_mg=absorbed, cavity_auc_mg_h_per_l=cavity,
        balances=tuple(found), used=parameters.used, neglected=neglected,
        notes=(*anatomy.notes, f"Folds closed at this grid are wetted like the open surface of their region: factor {fold:.1f}", *notes),
        run=Run(fidelity, MODEL, 1e3 * anatomy.spacing_m, int(anatomy.open.sum()), faces, steps, 0, perf_counter() - began),
        numbers=numbers, series=series, nodules=tuple(nodules),
    )  # fmt: skip


def _soaked(
    plan: HipecPlan, dose: BathDose, kind: Transport, zone_area: Array, zone_c: Array, parameters: Parameters, blood: Blood
) -> Uptake:
    warm = np.round(zone_c, 2)
    layout = Layout(zone_area, np.zeros(len(zone_area), np.int64), kind.spread_at(warm), kind.hour_dose_per_conc(zone_c))
    session = 60 * plan.minutes
    first = min(60.0, session)
    steps = steps_for(((first, 2.0), (session - first, 5.0), (7200.0, 60.0), (DAY - 7200.0 - session, 300.0)))
    own, depth = ground("normal-tissue", parameters), parameters.own("drug_depth") * 1e-3
    pressed, rested = beds(kind.diffusion, kind.loss, kind.retained, plan.pressure_mmhg, own, parameters, depth_m=depth)
    bath = Reservoirs(np.array([plan.bath_volume_l / 1000]), np.array([np.inf]))
    return soak(layout, pressed, rested, bath, _additions(dose), steps, session_s=session, drained=(0,), blood=blood)


def _additions(dose: BathDose) -> Callable[[float, float], Drive]:
    def drive(begin: float, end: float) -> Drive:
        share = sum(part.share for part in dose.additions if begin - 1e-9 <= 60 * part.at_minutes < end - 1e-9)
        return Drive(np.zeros(1), np.array([share * dose.dose_mg / (end - begin)]))

    return drive


def _drug_balance(dose: BathDose, uptake: Uptake) -> Balance:
    parts = {
        "drained at the end": uptake.drained_mg,
        "in tissue, free, at 24 h": uptake.in_tissue_mg,
        "kept in cells": uptake.in_cells_mg,
        "to blood, net": uptake.in_blood_mg,
    }
    return Balance(dose.drug, "mg", dose.dose_mg, parts, abs(dose.dose_mg - sum(parts.values())) / dose.dose_mg)
