"""Temperature of the bath zone by zone, of the tissue under it, and of the blood, over the whole session.

    rho c V_z dT_z/dt = rho c (sum stream (T_other - T_z) + inflow (T_in - T_z)) - sum_s A_zs U_s (T_z - T_b)
    C_body dT_b/dt = sum A U (T - T_b) - cooling

Implicit in time, the perfusion of the step before: each step one linear system of zones and blood, so heat is kept to rounding. SI, C.
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
    body = parameters.own("body_heat_capacity") * plan.body.weight_kg
    seconds = 60 * (plan.preheat_minutes + plan.minutes)
    count = max(1, round(seconds / STEP_S))
    step = seconds / count
    start = plan.starting_core_c if plan.starting_bath_c is None else plan.starting_bath_c
    bath, blood = np.full(ZONES, start), plan.starting_core_c
    surface = np.full((ZONES, len(Kind)), 0.5 * (start + blood))
    used = network.volume > 0
    transport = _transport(network, heat)
    rows: list[Array] = []
    surfaces, conductances, outs, cores = list[Array](), list[Array](), list[float](), list[float]()
    total_cem, brought, lost = np.zeros((ZONES, len(Kind))), 0.0, 0.0
    first = heat * float(network.volume @ bath)
    capacity = heat * network.volume / step
    for _ in range(count):
        tissue = data.tissue_conductance(surface)
        through = 1.0 / (1.0 / data.film + 1.0 / tissue)
        loss = (area * through).sum(axis=1)
        system = np.zeros((ZONES + 1, ZONES + 1))
        system[:ZONES, :ZONES] = transport + np.diag(capacity + loss + np.where(used, 0.0, 1.0))
        system[:ZONES, -1] = -loss - np.where(used, 0.0, 1.0)
        system[-1, :ZONES] = -loss
        system[-1, -1] = body / step + loss.sum()
        load = np.append(capacity * bath + heat * network.inflow * plan.inflow_temperature_c, body / step * blood - plan.cooling_w)
        solved = np.linalg.solve(system, load)
        bath, blood = solved[:ZONES], float(solved[-1])
        surface = blood + (bath[:, None] - blood) * data.film / (data.film + tissue)
        total_cem += cem43(surface, step / 60)
        out = float(network.outflow @ bath / network.outflow.sum())
        brought += step * heat * float(network.inflow.sum()) * (plan.inflow_temperature_c - out)
        lost += step * float(loss @ (bath - blood))
        rows.append(np.asarray(bath, np.float64))
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


def _transport(network: Zones, heat: float) -> Array:
    """Matrix of what the streams carry out of each zone, W/K; columns are where it comes from."""
    leaving = network.stream.sum(axis=1) + network.outflow
    return heat * (np.diag(leaving) - network.stream.T)
