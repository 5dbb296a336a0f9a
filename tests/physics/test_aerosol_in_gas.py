"""Droplets that join, an aerosol that clears, the field of a corona: closed forms and books."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.physics import coagulation, corona, perfusion, visibility
from peritia.physics.coagulation import Suspension, doubling_diameters
from peritia.physics.quantity import VACUUM_PERMITTIVITY

GAS_VISCOSITY, WARM = 1.53e-5, 310.15


def test_thermal_meeting_of_equal_droplets_is_eight_kt_over_three_mu() -> None:
    k = coagulation.brownian(2e-6, 2e-6, GAS_VISCOSITY, WARM)
    assert k == pytest.approx(8 * 1.380649e-23 * WARM / (3 * GAS_VISCOSITY))
    assert coagulation.brownian(1e-6, 10e-6, GAS_VISCOSITY, WARM) > k
    assert coagulation.gravitational(5e-6, 5e-6, (1e-3, 1e-3)) == 0.0


def test_number_falls_as_smoluchowski_says() -> None:
    """One rate for all sizes: n/n0 = 1 / (1 + K n0 t / 2), liquid kept."""
    sizes = doubling_diameters(1e-6, 64e-6)
    rate, start = 8e-16, 1e13
    gas = Suspension(sizes, np.full((len(sizes), len(sizes)), rate))
    each = np.pi / 6 * sizes**3
    gas.liquid[0] = start * each[0]
    none = np.zeros(len(sizes))
    for _ in range(400):
        gas.step(2.0, none, none)
    number = float((gas.liquid / each).sum())
    assert gas.liquid.sum() == pytest.approx(start * each[0], rel=1e-12)
    assert number == pytest.approx(start / (1 + 0.5 * rate * start * 800.0), rel=0.03)


def test_without_meeting_each_size_settles_exponentially() -> None:
    sizes = doubling_diameters(1e-6, 32e-6)
    loss = np.linspace(1e-3, 1e-2, len(sizes))
    gas = Suspension(sizes, np.zeros((len(sizes), len(sizes))))
    gas.liquid[:] = 1.0
    lost = np.zeros(len(sizes))
    for _ in range(1000):
        lost += gas.step(0.1, np.zeros(len(sizes)), loss)
    assert gas.liquid == pytest.approx(np.exp(-100.0 * loss), rel=1e-3)
    assert gas.liquid + lost == pytest.approx(np.ones(len(sizes)), rel=1e-12)


@given(st.floats(0.1, 100.0), st.floats(0.0, 1e-2), st.integers(0, 20))
def test_liquid_is_kept_whatever_the_step(step: float, load: float, seed: int) -> None:
    sizes = doubling_diameters(0.5e-6, 100e-6)
    one, other = np.meshgrid(sizes, sizes, indexing="ij")
    gas = Suspension(sizes, load * coagulation.brownian(one, other, GAS_VISCOSITY, WARM))
    gas.liquid[:] = np.random.default_rng(seed).random(len(sizes))
    first, source = float(gas.liquid.sum()), np.full(len(sizes), 1e-3)
    lost = gas.step(step, source, np.full(len(sizes), 1e-2))
    assert float(gas.liquid.sum() + lost.sum()) == pytest.approx(first + step * float(source.sum()), rel=1e-10)
    assert np.all(gas.liquid >= 0)


def test_fog_is_seen_until_two_percent_of_light_is_lost() -> None:
    """A millionth of 3 um droplets over 10 cm loses 9.5 % of the light."""
    depth = visibility.optical_depth(np.array([1e-6]), np.array([3e-6]), 0.1)
    assert depth == pytest.approx(0.1)
    assert visibility.seen(depth)
    assert not visibility.seen(visibility.optical_depth(np.array([1e-7]), np.array([3e-6]), 0.1))


def test_corona_field_solves_its_equation_and_keeps_the_voltage() -> None:
    mobility, distance, volts = 1.08e-4, 0.07, 7500.0
    ions = float(corona.current(volts, distance, mobility))
    r = distance * np.linspace(1e-4, 1.0, 200_001) ** 2
    field = corona.field(ions, r, mobility)
    assert float(np.trapezoid(field, r)) == pytest.approx(volts, rel=1e-3)
    flux = np.gradient(r**2 * field, r)[100_000]  # r2 rho / eps0 = I / (4 pi b E eps0)
    assert flux == pytest.approx(ions / (4 * np.pi * mobility * field[100_000] * VACUUM_PERMITTIVITY), rel=1e-3)
    mean = float(np.trapezoid(field * r**2, r) * 3 / distance**3)
    assert corona.mean_field(volts, distance, mobility) == pytest.approx(mean, rel=1e-3)


def test_the_field_no_longer_grows_once_the_current_is_at_its_limit() -> None:
    limit = float(corona.highest_voltage(10e-6, 0.03, 1.08e-4))
    assert corona.current(limit, 0.03, 1.08e-4) == pytest.approx(10e-6)
    below, at, above = (float(corona.mean_field(volts, 0.03, 1.08e-4, 10e-6)) for volts in (0.5 * limit, limit, 2 * limit))
    assert below == pytest.approx(0.5 * at)
    assert above == at


def test_blood_flow_falls_between_ten_and_fifteen_millimetres_of_mercury() -> None:
    assert perfusion.under_pressure(np.array([0.0, 10.0, 12.5, 15.0, 20.0]), 0.4) == pytest.approx([1.0, 1.0, 0.8, 0.6, 0.6])
