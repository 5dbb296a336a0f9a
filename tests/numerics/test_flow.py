"""The flow step: against plain NumPy, its order on a manufactured solution (V1) and its balances (V2)."""

from __future__ import annotations

import numpy as np
import pytest
from masks import observed_order, organs

from peritia.numerics import (
    Boundary,
    Diverged,
    Exchange,
    Flow,
    Inlet,
    Outlet,
    Scalar,
    Slip,
    Source,
    boundary_faces,
    box,
)
from peritia.numerics.reference import flow as reference


def test_one_step_equals_plain_numpy() -> None:
    grid = organs((12, 11, 13), 0.1)
    faces = boundary_faces(grid)
    inlet, outlet = faces.edge(grid, 2, -1), faces.edge(grid, 2, 1)
    boundary = Boundary(grid, (Inlet(inlet, 0.3), Outlet(outlet), Source(grid.flat_fluid[40:44], 1e-3)))
    flow = Flow(boundary, 0.02, force=(0.1, -0.2, 0.3))
    rng = np.random.default_rng(5)
    for axis in range(3):
        flow.fields[axis] += 0.3 * flow.faces.free[axis] * rng.standard_normal(grid.padded_shape)
    start = [part.copy() for part in flow.fields]
    for axis in range(3):
        start[axis].ravel()[flow.faces.beyond[axis]] = start[axis].ravel()[flow.faces.inside[axis]]
    expected = reference.step(boundary, start, 0.02, (0.1, -0.2, 0.3), 0.01)
    flow.step(0.01, relative=1e-11)
    for axis in range(3):
        free = flow.faces.free[axis] > 0
        assert np.abs(flow.fields[axis] - expected[axis])[free].max() < 1e-9
    assert np.abs(grid.inner(flow.faces.source) - flow.velocity().divergence()).max() < 1e-8


def _manufactured(n: int, step: float) -> tuple[float, float]:
    """Errors of velocity and temperature at t = 0.5 for a swirl that pulses in a closed box of slip walls.

    u = A sin(pi x) cos(pi z), w = -A cos(pi x) sin(pi z), T = B cos(pi x) cos(pi z), A = cos t, B = 1 + t/2, p = 0.
    """
    grid = box((n, 1, n), 1 / n)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, tuple(Slip(faces.edge(grid, axis, sign)) for axis in range(3) for sign in (-1, 1)))
    nu, kappa, b = 0.005, 0.004, 2.0
    centre, edge = grid.centres(0), grid.centres(0) - 0.5 / n
    flow = Flow(boundary, nu, buoyancy=(0.0, 0.0, b))
    sin, cos, pi = np.sin, np.cos, np.pi
    ux, uz, wx, wz = edge[:, None, None], centre, centre[:, None, None], edge
    cell_x, cell_z = centre[:, None, None], centre
    grid.inner(flow.fields[0])[...] = sin(pi * ux) * cos(pi * uz)
    grid.inner(flow.fields[2])[...] = -cos(pi * wx) * sin(pi * wz)
    shape = cos(pi * cell_x) * cos(pi * cell_z)
    warm = Scalar(boundary, shape, kappa)
    zero = np.zeros(grid.shape)

    def force(t: float) -> tuple[object, float, object]:
        a, da, temperature = cos(t), -sin(t), 1 + t / 2
        fx, fz = grid.zeros(), grid.zeros()
        grid.inner(fx)[...] = (da + 2 * nu * pi**2 * a) * sin(pi * ux) * cos(pi * uz) + a**2 * pi * sin(pi * ux) * cos(pi * ux)
        grid.inner(fz)[...] = -(da + 2 * nu * pi**2 * a) * cos(pi * wx) * sin(pi * wz) + a**2 * pi * sin(pi * wz) * cos(pi * wz)
        grid.inner(fz)[...] -= b * temperature * cos(pi * wx) * cos(pi * wz)
        return fx, 0.0, fz

    def heat(t: float) -> np.ndarray:
        a, temperature = cos(t), 1 + t / 2
        carried = -a * temperature * pi * (sin(pi * cell_x) ** 2 * cos(pi * cell_z) ** 2 - cos(pi * cell_x) ** 2 * sin(pi * cell_z) ** 2)
        return (0.5 + 2 * kappa * pi**2 * temperature) * shape + carried

    steps = int(np.ceil(0.5 / step))
    dt = 0.5 / steps
    for count in range(steps):
        t = count * dt
        flow.set_force(force(t))  # pyright: ignore[reportArgumentType]
        warm.set_exchange(Exchange(heat(t + dt / 2), zero))
        before = [part.copy() for part in flow.fields]
        flow.step(dt, warm.values, relative=1e-4)
        middle = [0.5 * (old + new) for old, new in zip(before, flow.fields, strict=True)]
        warm.step((middle[0], middle[1], middle[2]), dt)
    t = steps * dt
    u_error = grid.inner(flow.fields[0]) - cos(t) * sin(pi * ux) * cos(pi * uz)
    t_error = warm.inner() - (1 + t / 2) * shape
    return float(np.sqrt(np.mean(u_error**2))), float(np.sqrt(np.mean(t_error**2)))


def test_boussinesq_flow_is_second_order_in_space_on_a_manufactured_solution() -> None:
    """V1. The step shrinks with the square of the grid, so that only the error in space is seen."""
    errors = [_manufactured(n, 1.5 / n**2) for n in (16, 32, 64)]
    assert observed_order([pair[0] for pair in errors]) > 1.8
    assert observed_order([pair[1] for pair in errors]) > 1.8


def test_boussinesq_flow_is_first_order_in_time_on_a_manufactured_solution() -> None:
    """V1. Heat is first order in time (its diffusion and sources are Euler steps) and drives the flow."""
    errors = [_manufactured(48, step)[1] for step in (0.004, 0.002)]
    assert observed_order(errors) > 0.9


def _swirl_after(steps: int) -> np.ndarray:
    grid = box((16, 1, 16), 1 / 16)
    faces = boundary_faces(grid)
    flow = Flow(Boundary(grid, tuple(Slip(faces.edge(grid, 1, sign)) for sign in (-1, 1))), 0.02)
    rise = np.sin(np.pi * (grid.centres(0) - 0.5 / 16))[:, None, None] * np.cos(np.pi * grid.centres(2))
    grid.inner(flow.fields[0])[1:] = rise[1:]
    flow.make_divergence_free()
    flow.pressure[:] = 0
    for _ in range(steps):
        flow.step(0.4 / steps, relative=1e-9)
    return grid.inner(flow.fields[0]).copy()


def test_flow_is_at_least_first_order_in_time() -> None:
    """V1: differences between halved steps fall by 2^order."""
    coarse, middle, fine = (_swirl_after(steps) for steps in (20, 40, 80))
    order = float(np.log2(np.abs(coarse - middle).max() / np.abs(middle - fine).max()))
    assert order > 0.9


def test_what_enters_leaves() -> None:
    """V2: mass."""
    grid = organs((14, 12, 13), 0.01)
    faces = boundary_faces(grid)
    inlet, outlet = faces.edge(grid, 2, -1), faces.edge(grid, 2, 1)
    flow = Flow(Boundary(grid, (Inlet(inlet, 0.1), Outlet(outlet))), 1e-4)
    flow.run(0.3)
    flow.make_divergence_free(1e-9)
    inflow = 0.1 * inlet.areas(grid).sum()
    outflow = float((flow.fields[2].ravel()[outlet.face] * outlet.areas(grid)).sum())
    assert outflow == pytest.approx(inflow, rel=1e-7)


def test_fluid_at_rest_stays_at_rest() -> None:
    grid = organs((10, 10, 10), 0.01)
    flow = Flow(Boundary(grid), 1e-5, force=(0.0, 0.0, -9.81))
    for _ in range(5):
        flow.step(0.01, relative=1e-10)
    assert max(np.abs(part).max() for part in flow.fields) < 1e-8


def test_a_catheter_pair_moves_what_it_should() -> None:
    """A source and a sink of equal rate: the flux through the plane between them is that rate."""
    grid = box((12, 8, 8), 0.01)
    ends = [grid.locate(np.array([[x, 0.04, 0.04]])) for x in (0.015, 0.105)]
    rate = 2e-5
    flow = Flow(Boundary(grid, (Source(ends[0], rate), Source(ends[1], -rate))), 1e-4)
    flow.run(1.0)
    flow.make_divergence_free(1e-9)
    through = float(grid.inner(flow.fields[0])[6].sum()) * grid.face_area(0)
    assert through == pytest.approx(rate, rel=1e-6)


def test_threads_and_single_precision_change_nothing_but_rounding() -> None:
    grid = organs((20, 18, 22), 0.01)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, (Inlet(faces.edge(grid, 2, -1), 0.1), Outlet(faces.edge(grid, 2, 1))))
    flows = [Flow(boundary, 1e-5, mixing_length=0.0012, dtype=np.float64, threads=False)]
    flows.append(Flow(boundary, 1e-5, mixing_length=0.0012, dtype=np.float32, threads=True))
    for flow in flows:
        for _ in range(20):
            flow.step(0.01, relative=1e-4)
    scale = np.abs(flows[0].fields[2]).max()
    assert np.abs(flows[0].fields[2] - flows[1].fields[2]).max() < 2e-3 * scale
    assert flows[0].viscosity.max() > 1.5e-5


def test_divergence_of_the_solution_is_a_named_outcome() -> None:
    grid = box((8, 8, 8), 0.01)
    faces = boundary_faces(grid)
    flow = Flow(Boundary(grid, (Inlet(faces.edge(grid, 0, -1), 1.0), Outlet(faces.edge(grid, 0, 1)))), 1e-3)

    def run_wild() -> None:
        for _ in range(200):
            flow.step(1.0)

    with np.errstate(all="ignore"), pytest.raises(Diverged, match="smaller step"):
        run_wild()
