"""PIPAC in closed form: aerosol, film, pool, tissue columns, plasma. Well under a second; for choosing and for uncertainty."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.aerosol import Landing, land
from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.columns_to_map import Transport, drug_map, transport
from peritia.delivery.delivery import MODEL, Balance, Delivery, DrugMap, Run, Surface
from peritia.delivery.film import Films, films
from peritia.delivery.plan import Dose, PipacPlan
from peritia.delivery.plasma import PlasmaCurve, plasma_curves
from peritia.delivery.provenance import Parameters
from peritia.delivery.tissue_columns import Layout, Liquid, Uptake, soak, steps_for
from peritia.knowledge.device import Device
from peritia.knowledge.drug import Drug
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue

Array = NDArray[np.float64]
DAY = 86_400.0
NEGLECTED = (
    "evaporation (0.1 % of the liquid saturates the gas)",
    "coalescence of droplets (about 0.4 collisions a second near the nozzle)",
    "convection by pressure in tissue (about 20 % of depth)",
    "bowel motion, gas leak, ascites, blood on the surface",
    "droplets that land during the hold are counted as landing while the nozzle runs",
    "spread of the film along the surface before it runs off",
)


def simulate_pipac(
    plan: PipacPlan, anatomy: Anatomy, nozzle: Placement, parameters: Parameters, *, started: float | None = None
) -> Delivery:
    """One PIPAC session at fast fidelity."""
    began = perf_counter() if started is None else started
    landing = land(plan, shipped("devices", plan.device, Device), anatomy, nozzle, parameters)
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
    found: list[Balance] = [*balances, _liquid_balance(plan, landing, made)]
    absorbed, cavity, series = dict[str, float](), dict[str, float](), dict[str, Array]()
    start = 0.0
    for dose in plan.drugs:
        drug = shipped("drugs", dose.drug, Drug)
        end = start + 60 * dose.volume_ml / plan.flow_ml_per_min
        kind, uptake = _soaked(plan, dose, drug, made, fold, (start, end), steps, parameters)
        landed = landing.face * dose.dose_mg / anatomy.surface.area
        maps.append(drug_map(dose.drug, dose.dose_mg, uptake, made.group, landed, kind, parameters))
        found.append(_drug_balance(dose, landing, uptake))
        pool = uptake.reservoir_mg_per_m3[:, -1] / 1000
        area_mean = (uptake.reservoir_mg_per_m3 / 1000) @ (made.area / made.area.sum())
        series[f"cavity_mg_per_l.{dose.drug}"], series[f"cavity_mg_per_l.{dose.drug}_min"] = pool, uptake.time / 60
        cavity[dose.drug] = float((area_mean * np.diff(uptake.time, prepend=0.0)).sum() / 3600)
        absorbed[dose.drug] = uptake.in_blood_mg
        curves.extend(plasma_curves(drug, uptake.time, uptake.to_blood_mg_per_s, cavity[dose.drug], parameters))
        start = end
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
        notes=(*anatomy.notes, _fold_note(fold)),
        run=Run(
            fidelity, MODEL, 1e3 * anatomy.spacing_m, int(anatomy.open.sum()), faces, (float(steps.min()), float(steps.max())), parcels,
            perf_counter() - began,
        ),
        numbers=numbers,
        series=series,
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
    plan: PipacPlan, dose: Dose, drug: Drug, made: Films, fold: float, window: tuple[float, float], steps: Array, parameters: Parameters
) -> tuple[Transport, Uptake]:
    kind = transport(drug, parameters)
    count = len(made.area)
    temperature = np.full(count, plan.temperature_c)
    area = made.area.copy()
    area[-1] *= fold
    layout = Layout(area, np.arange(count), kind.diffusion_at(temperature), kind.loss, kind.retained, kind.hour_dose_per_conc(temperature))
    share = made.landed / (plan.liquid_ml * 1e-6)
    wetting = made.landed / plan.spray_seconds
    full = made.area * made.retained_m
    conc = dose.dose_mg / (window[1] - window[0])

    def liquid(begin: float, end: float) -> Liquid:
        sprayed = np.clip(min(end, plan.spray_seconds), 0.0, None)
        volume = np.minimum(wetting * sprayed, full)
        before = np.minimum(wetting * min(begin, plan.spray_seconds), full)
        poured = wetting * max(0.0, sprayed - min(begin, plan.spray_seconds))
        runoff = np.maximum(poured - (volume - before), 0.0) / (end - begin)
        volume[-1] = wetting[-1] * sprayed + float(np.maximum(wetting[:-1] * sprayed - full[:-1], 0.0).sum())
        runoff[-1] = 0.0
        inside = max(0.0, min(end, window[1]) - max(begin, window[0])) / (end - begin)
        return Liquid(volume, share * conc * inside, runoff)

    session = plan.spray_seconds + 60 * plan.hold_minutes
    drained = tuple(range(count)) if plan.drain else ()
    depth = parameters.own("drug_depth") * 1e-3
    return kind, soak(layout, liquid, steps, depth_m=depth, session_s=session, drained=drained)


def _liquid_balance(plan: PipacPlan, landing: Landing, made: Films) -> Balance:
    total = plan.liquid_ml
    film = 1e6 * float(np.minimum(made.landed[:-1], made.area[:-1] * made.retained_m).sum())
    parts = {"in the film": film, "run off or landed in the pool": 1e6 * made.pool_m3, "evacuated with the gas": total * landing.floating}
    # Films are grouped by like thickness; a group at the retained thickness is cut as one, so the pool is what the groups say.
    parts["run off or landed in the pool"] = 1e6 * float(made.landed.sum()) - film
    return Balance("liquid", "mL", total, parts, abs(total - sum(parts.values())) / total)


def _drug_balance(dose: Dose, landing: Landing, uptake: Uptake) -> Balance:
    parts = {
        "evacuated with the gas": dose.dose_mg * landing.floating,
        "in liquid at 24 h": uptake.in_liquid_mg,
        "in tissue, free, at 24 h": uptake.in_tissue_mg,
        "kept in cells": uptake.in_cells_mg,
        "to blood": uptake.in_blood_mg,
        "drained at the end": uptake.drained_mg,
    }
    return Balance(dose.drug, "mg", dose.dose_mg, parts, abs(dose.dose_mg - sum(parts.values())) / dose.dose_mg)
