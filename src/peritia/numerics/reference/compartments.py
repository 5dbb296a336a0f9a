# pyright: basic
# Reason for the looser check: SciPy carries no types.
"""One case after another by SciPy's adaptive integrator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from peritia.numerics.compartments import Compartments

Array = NDArray[np.float64]


def integrate(system: Compartments, start: Array, times: Array) -> Array:
    """States ``(times, cases, n)`` to a relative 1e-10."""
    cases, states = start.shape
    out = np.zeros((len(times), cases, states))
    for case in range(cases):
        one = Compartments(
            np.broadcast_to(system.exchange, (cases, states, states))[case],
            *(np.broadcast_to(value, (cases, states))[case] for value in (system.inflow, system.most, system.half)),
        )
        found = solve_ivp(lambda _t, y, one=one: one.rate(y), (0, times[-1]), start[case], "DOP853", times, rtol=1e-10, atol=1e-12)
        out[:, case] = found.y.T
    return out
