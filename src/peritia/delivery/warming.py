"""Compile every kernel that a simulation needs, on a tiny cavity, so that the first real run does not wait."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from peritia.numerics import Boundary, Flow, Velocity, box
from peritia.numerics.parcels import Air, Turbulence, advance, cloud, extended


def warm_up(progress: Callable[[str, float], None]) -> float:
    """Run flow and droplets once in single precision, on one thread and on several; returns the seconds it took."""
    began = perf_counter()
    grid = box((8, 8, 8), 0.004)
    for index, threads in enumerate((False, True)):
        progress("gas", 0.45 * index)
        length = np.full(grid.shape, 1e-3)
        flow = Flow(Boundary(grid), 8.7e-6, mixing_length=length, force=(0.0, -1.0, 0.0), dtype=np.float32, threads=threads)
        flow.run(2e-3, longest_step=1e-3)
        flow.make_divergence_free(1e-3)
        progress("droplets", 0.45 * index + 0.35)
        _fly(flow.velocity(), threads=threads)
    progress("done", 1.0)
    return perf_counter() - began


def _fly(velocity: Velocity, *, threads: bool) -> None:
    grid = velocity.grid
    spread = extended(grid, np.full(grid.shape, 0.1))
    air = Air(Boundary(grid), velocity, (0.0, -9.81, 0.0), turbulence=Turbulence(spread, spread))
    drops = cloud(np.full((4, 3), 0.016), np.zeros((4, 3)), 1e-3)
    advance(drops, air, 0.01, seed=1, threads=threads)
