"""PIPAC in closed form: aerosol, film, pool, tissue columns, plasma. Well under a second; for choosing and for uncertainty."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.aerosol import Landing, land
from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.columns_to_map import Transport, drug_map, transport
from peritia.delivery.delivery import MODEL, Balance, Delivery, DrugMap, NoduleResult, Run, Surface
from peritia.delivery.electrode import mean_field
from peritia.delivery.film import Films, films
from peritia.delivery.nodules import Setting, nodule_results
from peritia.delivery.plan import Dose, PipacPlan
from peritia.delivery.plasma import Blood, PlasmaCurve
from peritia.delivery.provenance import Parameters
from peritia.delivery.tissue_bed import beds, blood_flow, ground
from peritia.delivery.tissue_columns import Drive, Layout, Reservoirs, Uptake, soak, steps_for
from peritia.knowledge.device import Device
from peritia.knowledge.drug import Drug
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue

Array = NDArray[np.float64]
DAY = 86_400.0
NEGLECTED = (
    "evaporation (0.1 % of the liquid saturates the gas)",
    "coalescence of droplets in the jet and by turbulence; in the stirred gas it is counted, by thermal motion and unequal fall",
    "the first minutes in which tissue pressure follows the cavity's",
    "bowel motion, gas leak, ascites, blood on the surface",
    "droplets that land during the hold are counted as landing while the nozzle runs",
    "spread of the film along the surface before it runs off",
)


def simulate_pipac(
    plan: PipacPlan, anatomy: Anatomy, nozzle: Placement, parameters: Parameters, *, electrode: Placement | None = None
) -> Delivery:
    """One PIPAC session at fast fidelity."""
    began = perf_counter()
    field = mean_field(plan, anatomy, parameters, electrode)
    landing = land(plan, shipped("devices", plan.device, Device), anatomy, nozzle, parameters, field)
    numbers = {
        "impacted_share": landing.impacted,
        "floating_share": landing.floating,
        "distance_to_wall_cm": 100 * landing.distance_m,
        "clearing_min": landing.clearing_s / 60,
    }
    return finish(plan, anatomy, landing, parameters, numbers, fidelity="fast", neglected=NEGLECTED, parcels=0, began=began)


def finish(
    plan: PipacPlan,
    anatomy: Anatomy,
    landing: Landing,
    parameters: Parameters,
    numbers: dict[str, float],
    *,
    fidelity: str,
    neglected: tuple[str, ...],
    parcels: int,
    began: float,
    balances: tuple[Balance, ...] = (),
) -> Delivery:
    """From what landed where to the whole result: film and pool, tissue, blood."""
    liquid_m3 = plan.liquid_ml * 1e-6
    fold = anatomy.fold_factor(parameters.take("peritoneum.area", shipped("tissues", "peritoneum", Tissue).properties.get("area")))
    made = films(anatomy, landing.face * liquid_m3, parameters.own("film_retention") * 1e-6)
    steps = _steps(plan)
    maps: list[DrugMap] = []
    curves: list[PlasmaCurve] = []
    found: list[Balance] = list(balances)
    absorbed, cavity, series, notes = dict[str, float](), dict[str, float](), dict[str, Array](), list[str]()
    nodules, session = list[NoduleResult](), plan.spray_seconds + 60 * plan.hold_minutes
    own = anatomy.surface
    setting = Setting(own.centre, own.area, own.region, np.full(len(own.area), plan.temperature_c), plan.pressure_mmhg, session)
    start, last = 0.0, int(np.searchsorted(np.cumsum(steps), session - 1e-6))
    for dose in plan.drugs:
        drug = shipped("drugs", dose.drug, Drug)
        blood = Blood(drug, parameters)
        end = start + 60 * dose.volume_ml / plan.flow_ml_per_min
        kind, uptake = _soaked(plan, dose, drug, made, fold, (start, end), steps, parameters, blood)
        if not start:
            found.append(_liquid_balance(plan, landing, made, uptake, last))
        landed = landing.face * dose.dose_mg / anatomy.surface.area
        maps.append(drug_map(dose.drug, dose.dose_mg, uptake, made.group, landed, kind, parameters))
        found.append(_drug_balance(dose, landing, uptake))
        inside, own_books = nodule_results(plan.nodules, setting, maps[-1], uptake, np.arange(len(made.area)), kind, parameters)
        nodules.extend(inside)
        found.extend(own_books)
        pool = uptake.reservoir_mg_per_m3[:, -1] / 1000
        area_mean = (uptake.reservoir_mg_per_m3 / 1000) @ (made.area / made.area.sum())
        series[f"cavity_mg_per_l.{dose.drug}"], series[f"cavity_mg_per_l.{dose.drug}_min"] = pool, uptake.time / 60
        cavity[dose.drug] = float((area_mean * np.diff(uptake.time, prepend=0.0)).sum() / 3600)
        absorbed[dose.drug] = uptake.in_blood_mg
        numbers[f"left_in_fluid_percent.{dose.drug}"] = 100 * float(uptake.reservoir_mg[last].sum() + uptake.drained_mg) / dose.dose_mg
        numbers["fluid_into_tissue_ml"] = 1e6 * uptake.seeped_m3
        curves.extend(blood.curves(cavity[dose.drug]))
        notes.extend([blood.refusal] if blood.refusal else [])
        start = end
    numbers["blood_flow_percent"] = 100 * blood_flow(plan.pressure_mmhg, parameters)
    faces = len(anatomy.surface.area)
    numbers |= {
        "pool_ml": 1e6 * made.pool_m3,
        "pool_area_share": float(made.area[-1] / anatomy.surface.area_m2),
        "open_area_m2": anatomy.surface.area_m2,
    }
    return Delivery(
        plan=plan,
        anatomy=anatomy.name,
        fingerprint=anatomy.fingerprint(),
        surface=surface_of(anatomy, fold),
        drugs=tuple(maps),
        temperature_c=np.full(faces, plan.temperature_c),
        cem43_min=np.zeros(faces),
        plasma=tuple(curves),
        absorbed_mg=absorbed,
        cavity_auc_mg_h_per_l=cavity,
        balances=tuple(found),
        used=parameters.used,
        neglected=neglected,
        notes=(*anatomy.notes, _fold_note(fold), *notes),
        run=Run(
            fidelity, MODEL, 1e3 * anatomy.spacing_m, int(anatomy.open.sum()), faces, (float(steps.min()), float(steps.max())), parcels,
            perf_counter() - began,
        ),
        numbers=numbers,
        series=series,
        nodules=tuple(nodules),
    )  # fmt: skip


def surface_of(anatomy: Anatomy, fold: float) -> Surface:
    """The anatomy's surface as a result keeps it."""
    own = anatomy.surface
    return Surface(own.vertices, own.faces, own.area, own.normal, own.region, own.tissue, fold)


def _fold_note(fold: float) -> str:
    stands = f"The open surface stands for the anatomical peritoneum by a fold factor of {fold:.1f}"
    return f"{stands}; aerosol reaches the open surface only, the pool wets folds"


def _steps(plan: PipacPlan) -> Array:
    """Two seconds while spraying, then longer, ending at 24 h; the end of the session falls on a step."""
    hold = 60 * plan.hold_minutes
    early = min(300.0, hold)
    session = plan.spray_seconds + hold
    later = min(7200.0, max(DAY - session, 0.0))
    stages = ((plan.spray_seconds, 2.0), (early, 5.0), (hold - early, 15.0), (later, 60.0), (DAY - session - later, 300.0))
    return steps_for(stages)


def _soaked(
    plan: PipacPlan, dose: Dose, drug: Drug, made: Films, fold: float, window: tuple[float, float], steps: Array, parameters: Parameters,
    blood: Blood,
) -> tuple[Transport, Uptake]:  # fmt: skip
    kind = transport(drug, parameters)
    count = len(made.area)
    temperature = np.full(count, plan.temperature_c)
    area = made.area.copy()
    area[-1] *= fold
    layout = Layout(area, np.arange(count), kind.spread_at(temperature), kind.hour_dose_per_conc(temperature))
    share = made.landed / (plan.liquid_ml * 1e-6)
    wetting, conc = made.landed / plan.spray_seconds, dose.dose_mg / (window[1] - window[0])

    def drive(begin: float, end: float) -> Drive:
        wet = max(0.0, min(end, plan.spray_seconds) - begin) / (end - begin)
        inside = max(0.0, min(end, window[1]) - max(begin, window[0])) / (end - begin)
        return Drive(wetting * wet, share * conc * inside)

    session = plan.spray_seconds + 60 * plan.hold_minutes
    drained = tuple(range(count)) if plan.drain else ()
    own, depth = ground("normal-tissue", parameters), parameters.own("drug_depth") * 1e-3
    pressed, rested = beds(kind.diffusion, kind.loss, kind.retained, plan.pressure_mmhg, own, parameters, depth_m=depth)
    holding = Reservoirs(np.zeros(count), made.area * made.retained_m)
    return kind, soak(layout, pressed, rested, holding, drive, steps, session_s=session, drained=drained, blood=blood)


def _liquid_balance(plan: PipacPlan, landing: Landing, made: Films, uptake: Uptake, last: int) -> Balance:
    total, left = plan.liquid_ml, 1e6 * uptake.reservoir_m3[last]
    seeped = 1e6 * uptake.seeped_m3
    parts = {"in films at the end": float(left[:-1].sum()), "in the pool at the end": float(left[-1]), "into tissue, by pressure": seeped}
    parts["evacuated with the gas"] = total * landing.floating
    if plan.drain:
        parts["drained"] = 1e6 * uptake.drained_m3
    return Balance("liquid", "mL", total, parts, abs(total - sum(parts.values())) / total)


def _drug_balance(dose: Dose, landing: Landing, uptake: Uptake) -> Balance:
    parts = {
        "evacuated with the gas": dose.dose_mg * landing.floating,
        "in liquid at 24 h": uptake.in_liquid_mg,
        "in tissue, free, at 24 h": uptake.in_tissue_mg,
        "kept in cells": uptake.in_cells_mg,
        "to blood, net": uptake.in_blood_mg,
        "drained at the end": uptake.drained_mg,
    }
    return Balance(dose.drug, "mg", dose.dose_mg, parts, abs(dose.dose_mg - sum(parts.values())) / dose.dose_mg)
