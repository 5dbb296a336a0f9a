"""Temperature of the bath zone by zone, of the tissue under it, and of the blood, over the whole session.

Each step is ``physics.zone_network.warm_step`` with the perfusion of the step before: film, then perfused tissue, U of ``warmth``. SI, C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.anatomy import Tissue as Kind
from peritia.delivery.plan import HipecPlan
from peritia.delivery.provenance import Parameters
from peritia.delivery.warmth import Warmth, cem43
from peritia.delivery.zones import ZONES, Zones
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.physics.zone_network import Core, warm_step

Array = NDArray[np.float64]
STEP_S = 10.0


@dataclass(frozen=True)
class Heating:
    """Rows in time (``time_s`` at the end of each step): ``zone_c``; ``surface_c`` and ``conductance`` (U) by zone and tissue;
    ``outflow_c``, ``core_c``.

    ``cem43`` by zone and tissue. Joules: ``brought`` by the flow, ``stored`` in the bath, ``lost`` to the body, ``error`` of the bath's
    balance.
    """

    time_s: Array
    zone_c: Array
    surface_c: Array
    conductance: Array
    outflow_c: Array
    core_c: Array
    cem43: Array
    brought: float
    stored: float
    lost: float
    error: float


def wetted(anatomy: Anatomy, fold: float) -> Array:
    """Peritoneum by zone and tissue class, m2, folds counted."""
    area = np.zeros((ZONES, len(Kind)))
    np.add.at(area, (anatomy.surface.region, anatomy.surface.tissue), anatomy.surface.area)
    return fold * area


def heat_bath(plan: HipecPlan, network: Zones, area: Array, data: Warmth, parameters: Parameters) -> Heating:
    """Follow the session from the start of the warming to the end."""
    water = shipped("tissues", "perfusate", Tissue).properties
    heat = parameters.take("perfusate.density", water.get("density")) * parameters.take(
        "perfusate.heat_capacity", water.get("heat_capacity")
    )
    body = Core(parameters.own("body_heat_capacity") * plan.body.weight_kg, plan.cooling_w)
    seconds = 60 * (plan.preheat_minutes + plan.minutes)
    count = max(1, round(seconds / STEP_S))
    step = seconds / count
    start = plan.starting_core_c if plan.starting_bath_c is None else plan.starting_bath_c
    held, flows = network.held, network.network
    bath, blood = np.full(ZONES, start), plan.starting_core_c
    surface = np.full((ZONES, len(Kind)), 0.5 * (start + blood))
    rows: list[Array] = []
    surfaces, conductances, outs, cores = list[Array](), list[Array](), list[float](), list[float]()
    total_cem, brought, lost = np.zeros((ZONES, len(Kind))), 0.0, 0.0
    first = heat * float(network.volume @ bath)
    for _ in range(count):
        tissue = data.tissue_conductance(surface)
        through = 1.0 / (1.0 / data.film + 1.0 / tissue)
        loss = (area * through).sum(axis=1)[held]
        wet, blood = warm_step(flows, body, heat, plan.inflow_temperature_c, (bath[held], blood), loss, step)
        bath = np.full(ZONES, blood)
        bath[held] = wet
        surface = blood + (bath[:, None] - blood) * data.film / (data.film + tissue)
        total_cem += cem43(surface, step / 60)
        out = float(flows.outflow @ wet / flows.outflow.sum())
        brought += step * heat * float(flows.inflow.sum()) * (plan.inflow_temperature_c - out)
        lost += step * float(loss @ (wet - blood))
        rows.append(bath)
        surfaces.append(surface)
        conductances.append(through)
        outs.append(out)
        cores.append(blood)
    stored = heat * float(network.volume @ bath) - first
    error = float(abs(brought - stored - lost) / max(abs(brought), abs(stored), abs(lost), 1e-300))
    return Heating(
        np.asarray(step * np.arange(1, count + 1), np.float64), np.array(rows), np.array(surfaces), np.array(conductances), np.array(outs),
        np.array(cores), total_cem, brought, stored, lost, error,
    )  # fmt: skip
