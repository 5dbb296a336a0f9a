# pyright: basic
# Reason for the looser check: SciPy carries no types.
"""One column after another by SciPy: a banded implicit step, and the stiff adaptive integrator for accuracy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import solve_banded

from peritia.numerics.columns import Profile

Array = NDArray[np.float64]


def _faces(profile: Profile, film: float) -> tuple[Array, Array]:
    g = profile.conductances.copy()
    g[0] = 1 / (1 / g[0] + 1 / film)
    return g, np.broadcast_to(profile.flow, profile.nodes + 1)[:-1] * profile.areas[:-1]


def implicit_step(profile: Profile, c: Array, bound: Array, bath: float, dt: float, film: float = np.inf) -> tuple[Array, Array]:
    """Backward Euler with a zero-flux end and no reference in blood: the same equations as ``Columns``, by a banded solver."""
    node, space = profile.at_nodes, profile.volumes
    g, q = _faces(profile, film)
    come, leave = np.maximum(np.maximum(g + q / 2, q), 0), np.maximum(np.maximum(g - q / 2, -q), 0)
    keep = 1 / (1 + dt * node(profile.release))
    rate = node(profile.bind) + node(profile.most) / (node(profile.half) + np.maximum(c, 0))
    store = space * node(profile.storage) / dt
    diagonal = store + leave + space * (node(profile.sink) + node(profile.exchange) + rate * keep)
    diagonal[:-1] += come[1:]
    right = store * c + node(profile.release) * space * keep * bound
    right[0] += come[0] * bath
    banded = np.zeros((3, profile.nodes))
    banded[0, 1:], banded[1], banded[2, :-1] = -leave[1:], diagonal, -come[1:]
    new = solve_banded((1, 1), banded, right)
    return new, (bound + dt * rate * new) * keep


def accurate(profile: Profile, bath: float, until: float, film: float = np.inf, saves: int = 2) -> tuple[Array, Array]:
    """Free and bound values at ``until`` from zero, to 1e-8, on the same nodes."""
    node, space, nodes = profile.at_nodes, profile.volumes, profile.nodes
    g, q = _faces(profile, film)

    def rate(_t: float, state: Array) -> Array:
        c, b = state[:nodes], state[nodes:]
        above = np.concatenate([[bath], c[:-1]])
        flux = g * (above - c) + q * 0.5 * (above + c)
        uptake = (node(profile.bind) + node(profile.most) / (node(profile.half) + np.maximum(c, 0))) * c - node(profile.release) * b
        out = np.concatenate([flux[1:], [0.0]])
        dc = ((flux - out) / space - (node(profile.sink) + node(profile.exchange)) * c - uptake) / node(profile.storage)
        return np.concatenate([dc, uptake])

    found = solve_ivp(rate, (0, until), np.zeros(2 * nodes), method="BDF", rtol=1e-8, atol=1e-12, t_eval=np.linspace(0, until, saves))
    return found.y[:nodes, -1], found.y[nodes:, -1]
