# pyright: basic
# Reason for the looser check: SciPy carries no types.
"""One droplet by SciPy's adaptive integrator, in a gas given as a function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Vector = NDArray[np.float64]


def drag_factor(reynolds: float) -> float:
    """Schiller and Naumann's drag over Stokes' drag."""
    return 1 + 0.15 * reynolds**0.687 if reynolds < 1000 else 0.44 * reynolds / 24


def follow(
    position: Vector, velocity: Vector, tau: float, per_speed: float, gas: Callable[[Vector], Vector], force: Vector, until: float
) -> tuple[Vector, Vector]:
    """Position and velocity at ``until``; ``force`` per mass, ``per_speed`` diameter over viscosity."""

    def rate(_t: float, state: Vector) -> Vector:
        slip = gas(state[:3]) - state[3:]
        factor = drag_factor(per_speed * float(np.linalg.norm(slip)))
        return np.concatenate([state[3:], factor * slip / tau + force])

    found = solve_ivp(rate, (0.0, until), np.concatenate([position, velocity]), method="LSODA", rtol=1e-9, atol=1e-12)
    return found.y[:3, -1], found.y[3:, -1]
