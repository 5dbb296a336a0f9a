"""Scalar transport: against plain Python, its order (V1), bounds and balances (V2), residence times (V13)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from masks import observed_order, organs
from scipy.special import erfc

from peritia.numerics import (
    Boundary,
    Flow,
    ImplicitTransport,
    Inlet,
    InvalidParameter,
    Outlet,
    Scalar,
    Source,
    UnstableStep,
    Velocity,
    boundary_faces,
    box,
    wall_exchange,
)
from peritia.numerics.reference import scalar as reference


def _through_flow(shape: tuple[int, int, int], spacing: float) -> tuple[Boundary, Velocity]:
    grid = organs(shape, spacing)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, (Inlet(faces.edge(grid, 2, -1), 0.1), Outlet(faces.edge(grid, 2, 1))))
    flow = Flow(boundary, 1e-4)
    flow.run(0.2)
    flow.make_divergence_free(1e-10)
    return boundary, flow.velocity()


def test_one_step_equals_plain_python() -> None:
    boundary, velocity = _through_flow((9, 8, 10), 0.01)
    grid = boundary.grid
    start = np.random.default_rng(2).random(grid.shape)
    scalar = Scalar(boundary, start, 2e-5, inflow=(3.0,))
    outlet = boundary.openings[1].faces  # pyright: ignore[reportAttributeAccessIssue]
    scalar.values.ravel()[outlet.ghost] = scalar.values.ravel()[outlet.cell]
    dt = scalar.stable_step(velocity)
    expected = reference.step(grid, scalar.values.copy(), velocity.components, 2e-5, dt)
    scalar.step(velocity, dt)
    assert np.abs(scalar.values - expected)[grid.padded_fluid].max() < 1e-13


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 3e-4))
def test_values_stay_within_their_bounds(seed: int, diffusivity: float) -> None:
    """A rough field in a swirling, divergence-free velocity never leaves its range."""
    rng = np.random.default_rng(seed)
    grid = organs((8, 9, 8), 0.01)
    flow = Flow(Boundary(grid), 1e-5)
    for axis in range(3):
        flow.fields[axis] += 0.2 * flow.faces.free[axis] * rng.standard_normal(grid.padded_shape)
    flow.make_divergence_free(1e-11)
    velocity = flow.velocity()
    scalar = Scalar(Boundary(grid), np.where(rng.random(grid.shape) < 0.5, 1.0, 2.0), diffusivity)
    dt = scalar.stable_step(velocity)
    for _ in range(30):
        scalar.step(velocity, dt)
        inside = scalar.values[grid.padded_fluid]
        assert inside.min() > 1 - 1e-7
        assert inside.max() < 2 + 1e-7


def test_heat_is_balanced_to_rounding() -> None:
    """V2: stored = first + entered + given, with inlet, outlet, walls, a source and a sink."""
    boundary, velocity = _through_flow((12, 10, 12), 0.01)
    grid = boundary.grid
    exchange = wall_exchange(grid, boundary_faces(grid), 1e-4, 37.0)
    for dtype, limit in ((np.float64, 1e-12), (np.float32, 1e-6)):
        scalar = Scalar(boundary, 40.0, 1e-5, inflow=(43.0,), exchange=exchange, dtype=dtype)
        single = [part.astype(dtype) for part in velocity.components]
        for _ in range(60):
            scalar.step((single[0], single[1], single[2]), 0.02)
        assert scalar.balance.entered > 0.0
        assert scalar.balance.given < 0.0
        assert scalar.balance.error < limit


def test_sources_bring_and_sinks_take_the_scalar() -> None:
    grid = box((10, 6, 6), 0.01)
    ends = [grid.locate(np.array([[x, 0.03, 0.03]])) for x in (0.015, 0.085)]
    boundary = Boundary(grid, (Source(ends[0], 2e-5), Source(ends[1], -2e-5)))
    flow = Flow(boundary, 1e-4)
    flow.run(0.5)
    flow.make_divergence_free(1e-10)
    scalar = Scalar(boundary, 1.0, 0.0, inflow=(1.0,))
    scalar.run(flow.velocity(), 2.0)
    assert np.abs(scalar.inner() - 1.0).max() < 1e-6  # a constant stays constant
    assert scalar.balance.error < 1e-12


def _carried(n: int, profile: Callable[[np.ndarray, float, float], np.ndarray], spread: float) -> float:
    """Mean error after a profile was carried and spread for 0.3 s at 1 m/s; ``profile(z, t, spread)`` is the closed form."""
    grid = box((2, 2, n), (1.0, 1.0, 1 / n))
    uniform = Velocity(grid, grid.zeros(), grid.zeros(), np.full(grid.padded_shape, 1.0))
    z, t = grid.centres(2), 0.3
    scalar = Scalar(Boundary(grid), np.broadcast_to(profile(z, 0.0, spread), grid.shape), spread)
    scalar.run(uniform, t, courant=0.25)
    return float(np.mean(np.abs(scalar.inner()[0, 0] - profile(z, t, spread))[n // 8 : -n // 8]))


def _pulse(z: np.ndarray, t: float, spread: float) -> np.ndarray:
    width = 0.05**2 + 2 * spread * t
    return np.sqrt(0.05**2 / width) * np.exp(-((z - 0.3 - t) ** 2) / (2 * width))


def _front(z: np.ndarray, t: float, spread: float) -> np.ndarray:
    return 0.5 * erfc(-(z - 0.35 - t) / np.sqrt(2 * (0.05**2 + 2 * spread * t)))


def test_a_smooth_front_is_carried_at_second_order() -> None:
    """V1."""
    assert observed_order([_carried(n, _front, 0.0) for n in (32, 64, 128)]) > 1.8


def test_a_spreading_pulse_loses_order_at_its_crest_and_in_time() -> None:
    """V1: the price of the limiter and of Euler diffusion; the step shrinks with the grid."""
    assert observed_order([_carried(n, _pulse, 1e-3) for n in (64, 128, 256)]) > 1.5


def test_plug_flow_residence_time_is_volume_over_flow() -> None:
    """V13: the mean age at the outlet of a duct in plug flow."""
    grid = box((2, 2, 60), 0.01)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, (Inlet(faces.edge(grid, 2, -1), 0.1), Outlet(faces.edge(grid, 2, 1))))
    uniform = Velocity(grid, grid.zeros(), grid.zeros(), np.full(grid.padded_shape, 0.1))
    scalar = Scalar(boundary, 0.0, 0.0, inflow=(1.0,))
    dt, age, last = 0.02, 0.0, 0.0
    for _ in range(500):
        scalar.step(uniform, dt)
        now = float(scalar.inner()[0, 0, -1])
        age += (scalar.time - dt / 2) * (now - last)
        last = now
    assert last == pytest.approx(1.0, abs=1e-6)
    assert age == pytest.approx(6.0, rel=0.02)


def test_stirred_tank_washes_out_exponentially() -> None:
    """V13: with mixing fast against the through-flow, c = exp(-Q t / V)."""
    grid = box((8, 8, 8), 0.01)
    ends = [grid.locate(np.array([[x, 0.045, 0.045]])) for x in (0.005, 0.075)]
    rate = 1e-6
    boundary = Boundary(grid, (Source(ends[0], rate), Source(ends[1], -rate)))
    flow = Flow(boundary, 1e-3)
    flow.step(0.1)
    flow.make_divergence_free(1e-10)
    scalar = Scalar(boundary, 1.0, 2e-3, inflow=(0.0,))
    tau = grid.volume / rate
    velocity = flow.velocity()
    while scalar.time < 0.05 * tau:
        scalar.step(velocity, 0.008)
    assert scalar.mean() == pytest.approx(np.exp(-scalar.time / tau), rel=0.002)


def test_a_step_too_long_and_a_missing_inflow_are_named() -> None:
    boundary, velocity = _through_flow((9, 8, 10), 0.01)
    with pytest.raises(InvalidParameter, match="inflow"):
        Scalar(boundary, 0.0, 0.0)
    with pytest.raises(UnstableStep):
        Scalar(boundary, 0.0, 0.0, inflow=(1.0,)).run(velocity, 100.0, courant=2.0)


def test_long_implicit_steps_reach_the_steady_state_of_the_explicit_scheme() -> None:
    boundary, velocity = _through_flow((12, 10, 12), 0.01)
    grid = boundary.grid
    exchange = wall_exchange(grid, boundary_faces(grid), 1e-3, 37.0)
    explicit = Scalar(boundary, 40.0, 1e-5, inflow=(43.0,), exchange=exchange)
    explicit.run(velocity, 12.0, courant=0.1)  # its time correction, part of the limited flux, vanishes with the step
    implicit = Scalar(boundary, 40.0, 1e-5, inflow=(43.0,), exchange=exchange)
    transport = ImplicitTransport(implicit, velocity)
    for _ in range(12):
        transport.step(10.0, relative=1e-9)
    assert np.abs(implicit.inner() - explicit.inner()).max() < 0.03
    assert implicit.balance.error < 1e-12


def test_upwind_implicit_steps_stay_within_bounds_at_any_length() -> None:
    boundary, velocity = _through_flow((12, 10, 12), 0.01)
    scalar = Scalar(boundary, 0.0, 0.0, inflow=(1.0,))
    transport = ImplicitTransport(scalar, velocity, threads=True)
    for step in (0.01, 1.0, 100.0):
        transport.step(step, relative=1e-10, corrections=0)
        inside = scalar.values[boundary.grid.padded_fluid]
        assert inside.min() > -1e-6
        assert inside.max() < 1 + 1e-6


def test_implicit_steps_are_first_order_in_time() -> None:
    """V1: differences between halved steps fall by 2^order."""
    boundary, velocity = _through_flow((10, 10, 10), 0.01)
    ends = []
    for count in (24, 48, 96):
        scalar = Scalar(boundary, 0.0, 1e-4, inflow=(1.0,))
        transport = ImplicitTransport(scalar, velocity)
        for _ in range(count):
            transport.step(1.0 / count, relative=1e-10, corrections=4)
        ends.append(scalar.inner())
    order = float(np.log2(np.abs(ends[0] - ends[1]).mean() / np.abs(ends[1] - ends[2]).mean()))
    assert order > 0.9
