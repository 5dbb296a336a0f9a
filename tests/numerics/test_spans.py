"""What kernels sweep: all of the fluid, each plane once; results that hold for any number of threads, and nothing spilt outside."""

from __future__ import annotations

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from masks import organs

from peritia.numerics import Boundary, Flow, ImplicitTransport, Inlet, MultigridSolver, Outlet, Scalar, boundary_faces, elliptic
from peritia.numerics.spans import spans, widened


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.02, 0.98))
def test_spans_hold_every_cell_once_and_slabs_every_plane_once(seed: int, share: float) -> None:
    mask = np.zeros((9, 8, 10), bool)
    mask[2:-2, 2:-2, 2:-2] = np.random.default_rng(seed).random((5, 4, 6)) < share
    for wanted in (mask, widened(mask)):
        found = spans(wanted)
        swept = np.zeros(wanted.size, int)
        for slab in range(found.count):
            for plane in range(found.slabs[slab], found.slabs[slab + 1]):
                assert found.first[plane] // 80 == plane or found.first[plane] == found.last[plane]
                swept[found.first[plane] : found.last[plane]] += 1
        assert swept.max(initial=0) <= 1
        assert np.all(swept[wanted.ravel()] == 1)


def test_flow_heat_and_pressure_are_the_same_number_for_number_on_any_number_of_threads() -> None:
    grid = organs((26, 22, 24), 0.004)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, (Inlet(faces.edge(grid, 2, -1), 0.1), Outlet(faces.edge(grid, 2, 1))))
    ends, before = [], numba.get_num_threads()
    for count in (1, 2):
        numba.set_num_threads(min(count, before))
        threads = True
        flow = Flow(boundary, 1e-5, mixing_length=0.001, buoyancy=(0.0, 4e-3, 0.0), dtype=np.float32, threads=threads)
        heat = Scalar(boundary, 0.0, 1e-5, inflow=(3.0,), dtype=np.float32, threads=threads)
        for _ in range(8):
            step = flow.stable_step()
            flow.step(step, heat.values)
            heat.step((flow.fields[0], flow.fields[1], flow.fields[2]), step)
        flow.make_divergence_free(1e-5)
        carrier = ImplicitTransport(heat, flow.velocity(), threads=threads)
        carrier.step(0.5, relative=1e-6)
        ends.append((*flow.fields, flow.pressure, heat.values))
    numba.set_num_threads(before)
    for one, two in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, two)


def test_nothing_is_spilt_into_solid() -> None:
    grid = organs((20, 18, 22))
    load = grid.pad(np.random.default_rng(4).standard_normal(grid.shape))
    for conductivity in (1.0, 1 + np.random.default_rng(5).random(grid.shape)):
        found = MultigridSolver(elliptic(grid, conductivity), np.float32).solve(load, relative=1e-4).values
        assert not found[~grid.padded_fluid].any()
