"""Many small systems of compartments at once: plasma kinetics of a population.

    dy_i/dt = sum_j K_ij y_j + s_i - V_i y_i / (M_i + |y_i|)

Classical Runge-Kutta of fourth order with fixed steps; every case has its own numbers. An area under a curve is one more state with
``K[auc, central] = 1``. Units are the caller's, consistent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.numerics import compartment_kernels
from peritia.numerics.compartment_kernels import LANES
from peritia.numerics.errors import Diverged, InvalidParameter, MisshapenField
from peritia.numerics.jit import threads_pay

Array = NDArray[np.float64]
STEPS_PER_CELL_OF_WORK = 50


@dataclass(frozen=True, eq=False)
class Compartments:
    """``exchange``: K ``(cases, n, n)`` or ``(n, n)`` for all; ``inflow``: s, ``most``: V, ``half``: M, each ``(cases, n)`` or ``(n,)``."""

    exchange: Array
    inflow: Array | float = 0.0
    most: Array | float = 0.0
    half: Array | float = 1.0

    def rate(self, y: Array) -> Array:
        """dy/dt of states ``(cases, n)``: the law itself, in NumPy."""
        linear = np.einsum("...ij,...j->...i", self.exchange, y)
        return linear + self.inflow - self.most * y / (self.half + np.abs(y))


def _lanes(value: Array | float, cases: int, tail: tuple[int, ...]) -> Array:
    full = np.broadcast_to(value, (cases, *tail))
    blocks = -(-cases // LANES)
    padded = np.concatenate([full, np.repeat(full[-1:], blocks * LANES - cases, axis=0)])
    return np.ascontiguousarray(np.moveaxis(padded.reshape(blocks, LANES, *tail), 1, -1), np.float64)


def integrate(system: Compartments, start: Array, step: float, steps: int, *, save_every: int = 1, threads: bool | None = None) -> Array:
    """States at every ``save_every`` steps, ``(saves, cases, n)``; ``start`` is ``(cases, n)`` and not among them.

    Raises ``Diverged`` when a step was too long for the fastest rate.
    """
    if start.ndim != 2 or np.shape(system.exchange)[-1] != start.shape[1]:
        raise MisshapenField("start", start.shape, (len(start), int(np.shape(system.exchange)[-1])))
    if steps % save_every:
        raise InvalidParameter("save_every", save_every, f"a divisor of the {steps} steps")
    cases, states = start.shape
    y = _lanes(start, cases, (states,))
    columns = [_lanes(value, cases, (states,)) for value in (system.inflow, system.most, system.half)]
    saved = np.zeros((steps // save_every, *y.shape))
    use_threads = threads_pay(cases * STEPS_PER_CELL_OF_WORK) if threads is None else threads
    kernel = (compartment_kernels.THREADED if use_threads else compartment_kernels.SERIAL)["runge_kutta"]
    links = np.any(np.broadcast_to(system.exchange, (cases, states, states)) != 0, axis=0)
    saturates = np.any(np.broadcast_to(system.most, (cases, states)) != 0, axis=0)
    matrix = _lanes(system.exchange, cases, (states, states))
    kernel(y, matrix, *columns, links, saturates, float(step), steps, save_every, saved)
    if not np.all(np.isfinite(y)):
        raise Diverged("The compartments", step * steps, float("inf"))
    return np.moveaxis(saved, 3, 2).reshape(len(saved), -1, states)[:, :cases]
