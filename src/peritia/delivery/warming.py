"""Compile every kernel that a simulation needs, on a tiny cavity, so that the first real run does not wait."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from peritia.numerics import (
    Boundary,
    Columns,
    Flow,
    ImplicitTransport,
    MultigridSolver,
    Profile,
    Scalar,
    Source,
    Velocity,
    box,
    elliptic,
    graded_edges,
    uniform_numbers,
)
from peritia.numerics.parcels import Air, Turbulence, advance, cloud, extended

GRID = box((8, 8, 8), 0.004)


def warm_up(progress: Callable[[str, float], None]) -> float:
    """Run gas, droplets and bath once on one thread and on several, potential and tissue on one; returns the seconds it took."""
    began = perf_counter()
    for index, threads in enumerate((False, True)):
        done = 0.45 * index
        progress("gas", done)
        velocity = _blow(threads=threads)
        progress("droplets", done + 0.2)
        _fly(velocity, threads=threads)
        progress("bath", done + 0.25)
        _bathe(velocity, threads=threads)
    progress("potential and tissue", 0.9)
    load = GRID.pad(np.random.default_rng(0).random(GRID.shape))
    MultigridSolver(elliptic(GRID), threads=False).solve(load, relative=1e-2)
    Columns(Profile(graded_edges(2e-5, 4e-3, 20), 2.5e-10), 4, threads=False).step(5.0, 1.0)
    progress("done", 1.0)
    return perf_counter() - began


def _blow(*, threads: bool) -> Velocity:
    length = np.full(GRID.shape, 1e-3)
    flow = Flow(Boundary(GRID), 8.7e-6, mixing_length=length, force=(0.0, -1.0, 0.0), dtype=np.float32, threads=threads)
    flow.run(2e-3, longest_step=1e-3)
    flow.make_divergence_free(1e-3)
    return flow.velocity()


def _fly(velocity: Velocity, *, threads: bool) -> None:
    spread = extended(GRID, np.full(GRID.shape, 0.1))
    air = Air(Boundary(GRID), velocity, (0.0, -9.81, 0.0), turbulence=Turbulence(spread, spread))
    drops = cloud(np.full((4, 3), 0.016), np.zeros((4, 3)), 1e-3)
    advance(drops, air, 0.01, seed=1, threads=threads)
    uniform_numbers(4, 1, 1)


def _bathe(velocity: Velocity, *, threads: bool) -> None:
    inflow, outflow = GRID.flat_fluid[:1], GRID.flat_fluid[-1:]
    heat = Scalar(Boundary(GRID, (Source(inflow, 1e-9), Source(outflow, -1e-9))), -3.0, 1e-6, inflow=(0.0,), threads=threads)
    heat.run(velocity, 1e-3)
    ImplicitTransport(heat, velocity, threads=threads).step(0.1)
