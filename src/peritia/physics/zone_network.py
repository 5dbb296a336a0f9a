"""rho c V_i dT_i/dt = rho c [sum_j q_ji T_j + m_ij (T_j - T_i) + q_in,i T_in - q_out,i T_i] - G_i (T_i - W_i)
C_i dW_i/dt = G_i (T_i - W_i) - H_i (W_i - T_b);    C_b dT_b/dt = sum_i H_i (W_i - T_b) + M - K

A perfused cavity as a few stirred zones with a wall each, and a body whose core temperature floats: the fast model of HIPEC.

T_i zone, W_i wall, T_b core temperature (°C), V_i volume (m3), q_ij net and m_ij mixing flow between zones, q_in and q_out
(m3/s), G_i conductance bath to wall, H_i wall to blood (W/K), C_i, C_b heat capacities (J/K), M own heat production, K cooling
(W). UA of a zone is 1/(1/G + 1/H). Net flows follow from inflow and outflow as in pipes whose conductances are the mixing flows.
``warm_step`` takes one implicit step with walls that store nothing and conductances that may change with temperature: what a session
uses. ``warming`` is the exact answer for steady conductances, by the matrix exponential: what it is checked against.
Source: heat balance, ours. Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import linalg  # pyright: ignore[reportMissingTypeStubs]

from peritia.numerics import InvalidParameter, UnbalancedFlow
from peritia.physics.quantity import Array

BALANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Network:
    """Zones: ``volume`` (m3), ``inflow`` and ``outflow`` (m3/s) each ``(n,)``; ``mixing`` (m3/s) symmetric ``(n, n)``."""

    volume: Array
    inflow: Array
    outflow: Array
    mixing: Array

    def __post_init__(self) -> None:
        net = float(self.inflow.sum() - self.outflow.sum())
        if abs(net) > BALANCE * max(float(self.inflow.sum()), 1e-300):
            raise UnbalancedFlow(net)
        if not np.allclose(self.mixing, self.mixing.T) or np.any(self.mixing < 0) or np.any(self.volume <= 0):
            raise InvalidParameter("mixing or volume", "negative or not symmetric", "symmetric flows of zero or more, volumes above zero")

    def net_flow(self) -> Array:
        """``q[i, j]``: net flow from zone i to j (m3/s), antisymmetric."""
        laplacian = np.diag(self.mixing.sum(axis=1)) - self.mixing
        level = np.linalg.lstsq(laplacian, self.inflow - self.outflow, rcond=None)[0]
        flow = self.mixing * (level[:, None] - level[None, :])
        if np.abs(flow.sum(axis=1) - (self.inflow - self.outflow)).max() > 1e-6 * max(float(self.inflow.max()), 1e-300):
            raise InvalidParameter("mixing", "zones that no flow joins", "a network whose inflows can reach its outflows")
        return flow

    def transport(self) -> Array:
        """Matrix A (m3/s): ``V dc/dt = A c + inflow c_in``."""
        passed = np.maximum(self.net_flow(), 0.0) + self.mixing
        return passed.T - np.diag(passed.sum(axis=1) + self.outflow)


@dataclass(frozen=True, eq=False)
class Body:
    """Walls of the zones, each ``(n,)``: ``to_wall`` G, ``to_blood`` H (W/K), ``wall_capacity`` C_i (J/K); and the body's numbers."""

    to_wall: Array
    to_blood: Array
    wall_capacity: Array
    capacity: float
    production: float = 0.0
    cooling: float = 0.0


@dataclass(frozen=True, eq=False)
class Warming:
    """Over ``times`` (s): ``bath`` and ``wall`` temperatures ``(times, n)``, ``core`` and ``outflow`` temperature ``(times,)``, °C.

    ``delivered`` is the heat brought in less that carried out, ``stored`` what bath, walls and body gained beyond M - K (J); they agree.
    """

    times: Array
    bath: Array
    wall: Array
    core: Array
    outflow: Array
    delivered: float
    stored: float


def _exact(matrix: Array, source: Array, start: Array, times: Array) -> Array:
    """``dy/dt = matrix y + source`` at ``times``, the first of which is the start; any spacing."""
    n = len(start)
    bordered = np.zeros((n + 1, n + 1))
    bordered[:n, :n], bordered[:n, n] = matrix, source
    out, now, known = [start], np.append(start, 1.0), dict[float, Array]()
    for gap in np.diff(times):
        key = round(float(gap), 9)
        if key not in known:
            known[key] = np.asarray(cast(Any, linalg).expm(bordered * gap), np.float64)
        now = known[key] @ now
        out.append(now[:n])
    return np.array(out)


def warming(
    network: Network, body: Body, heat_capacity: float, inflow_temperature: float, start: tuple[float, float, float], times: Array
) -> Warming:
    """Temperatures over ``times``; ``start`` is (bath, wall, core) in °C, ``heat_capacity`` rho c of the liquid (J/(m3 K))."""
    n = len(network.volume)
    carried, rho_c = network.transport(), heat_capacity
    matrix, source = np.zeros((2 * n + 2, 2 * n + 2)), np.zeros(2 * n + 2)
    bath, wall, core, books = slice(0, n), slice(n, 2 * n), 2 * n, 2 * n + 1
    store = rho_c * network.volume
    matrix[bath, bath] = (rho_c * carried - np.diag(body.to_wall)) / store[:, None]
    matrix[bath, wall] = np.diag(body.to_wall / store)
    source[bath] = rho_c * network.inflow * inflow_temperature / store
    matrix[wall, bath] = np.diag(body.to_wall / body.wall_capacity)
    matrix[wall, wall] = -np.diag((body.to_wall + body.to_blood) / body.wall_capacity)
    matrix[wall, core] = body.to_blood / body.wall_capacity
    matrix[core, wall] = body.to_blood / body.capacity
    matrix[core, core] = -body.to_blood.sum() / body.capacity
    source[core] = (body.production - body.cooling) / body.capacity
    matrix[books, bath] = -rho_c * network.outflow
    source[books] = rho_c * float(network.inflow.sum()) * inflow_temperature
    first = np.concatenate([np.full(n, start[0]), np.full(n, start[1]), [start[2], 0.0]])
    states = _exact(matrix, source, first, times)
    gained = float(store @ (states[-1, bath] - first[bath]) + body.wall_capacity @ (states[-1, wall] - first[wall]))
    gained += body.capacity * float(states[-1, core] - first[core]) - (body.production - body.cooling) * float(times[-1] - times[0])
    leaving = states[:, bath] @ network.outflow / max(float(network.outflow.sum()), 1e-300)
    return Warming(times, states[:, bath], states[:, wall], states[:, core], leaving, float(states[-1, books]), gained)


@dataclass(frozen=True)
class Core:
    """The body: heat capacity (J/K) and cooling beyond its own production (W)."""

    capacity: float
    cooling: float = 0.0


def warm_step(
    network: Network,
    core: Core,
    heat_capacity: float,
    inflow_temperature: float,
    state: tuple[Array, float],
    conductance: Array,
    step: float,
) -> tuple[Array, float]:
    """Zones and core (°C) after ``step``; ``conductance`` of each zone to blood (W/K) over the step, walls without heat of their own.

    Backward Euler: heat brought in is heat stored and lost, to rounding.
    """
    bath, blood = state
    n, store = len(bath), heat_capacity * network.volume / step
    system, load = np.zeros((n + 1, n + 1)), np.empty(n + 1)
    system[:n, :n] = np.diag(store + conductance) - heat_capacity * network.transport()
    system[:n, n] = system[n, :n] = -conductance
    system[n, n] = core.capacity / step + float(conductance.sum())
    load[:n] = store * bath + heat_capacity * network.inflow * inflow_temperature
    load[n] = core.capacity / step * blood - core.cooling
    solved = np.asarray(np.linalg.solve(system, load), np.float64)
    return solved[:n], float(solved[n])
