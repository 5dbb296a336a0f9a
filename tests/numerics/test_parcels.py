"""Droplets: against SciPy, exact counts (V2), well-mixed turbulence and dispersion (V9), electric drift (V11)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from masks import organs

from peritia.numerics import (
    Air,
    BlockedPlace,
    Boundary,
    Inlet,
    InvalidParameter,
    MaskedGrid,
    Outlet,
    Turbulence,
    Velocity,
    advance,
    boundary_faces,
    box,
    cloud,
    extended,
    uniform_numbers,
)
from peritia.numerics.parcel_kernels import drag_factor, lost
from peritia.numerics.philox import philox
from peritia.numerics.reference import parcels as reference

VISCOSITY = 8.7e-6  # of carbon dioxide, m2/s


def _at_rest(grid: MaskedGrid) -> Velocity:
    return Velocity(grid, grid.zeros(), grid.zeros(), grid.zeros())


def test_random_numbers_are_those_of_the_published_generator() -> None:
    """Known answers of Random123's philox4x32-10."""

    def answer(*numbers: int) -> list[str]:
        return [f"{int(x):08x}" for x in philox(*[np.uint64(n) for n in numbers])]

    assert answer(0, 0, 0, 0, 0, 0) == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
    assert answer(*[0xFFFFFFFF] * 6) == ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]
    counter = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0)
    assert answer(*counter) == ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"]


@pytest.mark.parametrize("reynolds", [0.0, 1e-3, 0.01, 0.1, 1.0, 12.3, 150.0, 998.0, 5000.0])
def test_drag_by_square_roots_is_schiller_and_naumanns(reynolds: float) -> None:
    assert drag_factor(reynolds**2, 1.0) == pytest.approx(reference.drag_factor(reynolds), rel=7e-4 if reynolds < 200 else 2e-3)


@pytest.mark.parametrize("exponent", [0.0, 1e-9, 1e-3, 0.0099, 0.0101, 0.5, 3.0, 12.0, 39.0, 1e6])
def test_what_is_lost_in_a_step_is_the_exponential(exponent: float) -> None:
    assert lost(exponent) == pytest.approx(-np.expm1(-exponent), rel=1e-8)


@pytest.mark.parametrize(("diameter", "tau"), [(5e-6, 9.3e-5), (30e-6, 3.3e-3)])
def test_a_droplet_in_a_rotating_gas_goes_where_scipy_sends_it(diameter: float, tau: float) -> None:
    grid = box((40, 40, 20), 1e-3)
    omega, centre = 40.0, 0.02
    x, y = (np.pad(grid.centres(axis), 3, mode="reflect", reflect_type="odd") for axis in (0, 1))
    u = np.broadcast_to((-omega * (y - centre))[None, :, None], grid.padded_shape).copy()
    v = np.broadcast_to((omega * (x - centre))[:, None, None], grid.padded_shape).copy()
    air = Air(Boundary(grid), Velocity(grid, u, v, grid.zeros()), gravity=(0.0, 0.0, -9.81))
    start, push = np.array([[0.025, 0.02, 0.0103]]), np.array([[0.5, 0.0, 0.2]])
    parcels = cloud(start, push, tau, reynolds_per_speed=diameter / VISCOSITY)

    def gas(place: np.ndarray) -> np.ndarray:
        return np.array([-omega * (place[1] - centre), omega * (place[0] - centre), 0.0])

    end = advance(parcels, air, 0.02, longest_step=1e-4)
    place, speed = reference.follow(start[0], push[0], tau, diameter / VISCOSITY, gas, np.array([0.0, 0.0, -9.81]), 0.02)
    assert end.floating.all()
    assert np.abs(end.position[0] - place).max() < 1e-5
    assert np.abs(end.velocity[0] - speed).max() < 0.005 * np.abs(speed).max()
    quick = advance(parcels, air, 0.02)
    assert np.abs(quick.position[0] - place).max() < 1e-4  # half a cell a step: a tenth of a cell off after five cells


def test_every_parcel_is_accounted_for() -> None:
    """V2: floating, deposited and escaped add up exactly, and the tally on faces is that of the deposited."""
    grid = organs((16, 16, 16), 0.01)
    faces = boundary_faces(grid)
    boundary = Boundary(grid, (Inlet(faces.edge(grid, 2, -1), 0.1), Outlet(faces.edge(grid, 2, 1))))
    rng = np.random.default_rng(1)
    upward = Velocity(grid, grid.zeros(), grid.zeros(), np.full(grid.padded_shape, 0.5))
    cells = rng.choice(grid.flat_fluid, 4000)
    start = (np.stack(np.unravel_index(cells, grid.padded_shape), axis=1) - 3 + rng.random((4000, 3)) * 0.98 + 0.01) * 0.01
    parcels = advance(cloud(start, rng.standard_normal((4000, 3)), 1e-3), Air(boundary, upward), 0.1)
    assert parcels.floating.sum() + parcels.deposited.sum() + parcels.escaped.sum() == 4000
    assert parcels.deposited.any()
    assert parcels.escaped.any()
    assert parcels.floating.any()
    tally = parcels.on_faces(faces, np.ones(4000))
    assert tally.sum() == parcels.deposited.sum()
    rows = np.flatnonzero(tally)
    assert np.all(np.isin(faces.cell[rows], parcels.hit_cell[parcels.deposited]))
    inside = grid.locate(parcels.position)
    assert np.all(inside >= 0)  # a deposited parcel lies a hair inside its face


def test_results_do_not_depend_on_threads_order_or_interruption() -> None:
    grid = box((12, 12, 12), 0.01)
    turbulence = Turbulence(np.full(grid.padded_shape, 0.1), np.full(grid.padded_shape, 0.05))
    air = Air(Boundary(grid), _at_rest(grid), gravity=(0.0, 0.0, -1.0), turbulence=turbulence)
    start = np.random.default_rng(4).random((500, 3)) * 0.1 + 0.01
    parcels = cloud(start, np.zeros((500, 3)), 1e-3)
    one = advance(parcels, air, 0.2, seed=9, threads=False)
    two = advance(parcels, air, 0.2, seed=9, threads=True)
    shuffled = np.random.default_rng(5).permutation(500)
    three = advance(parcels.where(shuffled), air, 0.2, seed=9, threads=False)
    other = advance(parcels, air, 0.2, seed=10, threads=False)
    assert np.array_equal(one.position, two.position)
    assert np.array_equal(one.position[shuffled], three.position)
    assert not np.array_equal(one.position, other.position)


def _dispersed(memory: float, until: float, count: int = 20_000) -> float:
    grid = box((4, 4, 4), 100.0)
    turbulence = Turbulence(np.full(grid.padded_shape, 0.5), np.full(grid.padded_shape, memory))
    air = Air(Boundary(grid), _at_rest(grid), turbulence=turbulence)
    start = np.full((count, 3), 200.0)
    parcels = cloud(start, np.zeros((count, 3)), 1e-9)
    rng = np.random.default_rng(0)
    parcels = replace(parcels, whirl=rng.standard_normal((count, 3)))
    moved = advance(parcels, air, until, seed=3, longest_step=0.1 * memory, threads=False)
    return float(np.sqrt(np.mean((moved.position - 200.0) ** 2)))


def test_dispersion_grows_with_time_and_then_with_its_root() -> None:
    """V9, Taylor: s t for short times, sqrt(2 s^2 T t) for long ones."""
    assert _dispersed(10.0, 0.2) == pytest.approx(0.5 * 0.2, rel=0.02)
    t = 40.0
    expected = np.sqrt(2 * 0.25 * 1.0 * (t - 1.0 + np.exp(-t)))
    assert _dispersed(1.0, t, 6000) == pytest.approx(expected, rel=0.02)


def test_a_well_mixed_cloud_stays_well_mixed_in_uneven_turbulence() -> None:
    """V9: without the drift term droplets would gather where the turbulence is weak."""
    grid = box((4, 4, 20), 0.01)
    spread = np.broadcast_to(0.05 + 0.15 * (grid.centres(2) / 0.2) ** 2, grid.shape).copy()
    memory = np.full(grid.padded_shape, 0.02)
    air = Air(Boundary(grid), _at_rest(grid), turbulence=Turbulence(extended(grid, spread), memory), reflecting=True)
    count = 40_000
    rng = np.random.default_rng(2)
    start = rng.random((count, 3)) * np.array([0.04, 0.04, 0.2])
    parcels = replace(cloud(start, np.zeros((count, 3)), 1e-9), whirl=rng.standard_normal((count, 3)))
    moved = advance(parcels, air, 1.0, seed=1, longest_step=0.002, threads=False)
    share = np.histogram(moved.position[:, 2], 5, (0.0, 0.2))[0] / count
    assert moved.floating.all()
    assert share == pytest.approx(np.full(5, 0.2), rel=0.02 + 2 / np.sqrt(count / 5))
    assert float(np.mean(moved.whirl**2)) == pytest.approx(1.0, rel=0.02)


def test_a_stirred_charged_cloud_decays_as_deutsch_and_anderson_say() -> None:
    """V11: drift w to one wall of a stirred chamber of height H, share left exp(-w t / H). The stirring is by hand."""
    grid = box((5, 5, 10), 0.01)
    e = Velocity(grid, grid.zeros(), grid.zeros(), np.full(grid.padded_shape, -1e5))
    tau, charge = 1e-5, 0.05
    air = Air(Boundary(grid), _at_rest(grid), electric=e)
    drift, height, count, step = tau * charge * 1e5, 0.1, 20_000, 0.01
    parcels = cloud(np.zeros((count, 3)) + 0.025, np.zeros((count, 3)), tau, charge_per_mass=charge)
    elapsed = 0.0
    while elapsed < 1.5:
        elapsed += step
        count_now = len(parcels)
        places = np.stack([uniform_numbers(count_now, 7, int(elapsed * 1e6) + axis) for axis in range(3)], axis=1)
        places = places * np.array([0.05, 0.05, 0.1])
        parcels = advance(replace(parcels, position=places), air, elapsed)
        parcels = parcels.where(parcels.floating)
    assert len(parcels) / count == pytest.approx(np.exp(-drift * elapsed / height), rel=0.03)


def test_a_droplet_that_starts_in_tissue_and_a_zero_relaxation_are_named() -> None:
    grid = box((4, 4, 4), 0.01)
    with pytest.raises(BlockedPlace, match="not in the cavity"):
        advance(cloud(np.array([[0.05, 0.01, 0.01]]), np.zeros((1, 3)), 1e-3), Air(Boundary(grid), _at_rest(grid)), 1.0)
    with pytest.raises(InvalidParameter, match="relaxation"):
        cloud(np.zeros((1, 3)), np.zeros((1, 3)), 0.0)
