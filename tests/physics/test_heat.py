"""Heat: V12 (stirred tank), V14 (Pennes), V15 (CEM43), Lang's perfusion, water, wall transfer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.numerics import Boundary, Columns, Profile, Scalar, Source, Velocity, boundary_faces, box, graded_edges, wall_exchange
from peritia.physics import bath, bioheat, core_temperature, perfusion, thermal_dose, wall_transfer, water
from peritia.physics.bioheat import Layer

WATER_HEAT = 991 * 4179.0  # J/(m3 K)


def _carried(litres_per_minute: float) -> float:
    return WATER_HEAT * litres_per_minute * 1e-3 / 60


def test_two_flows_give_the_conductance_of_the_peritoneum() -> None:
    """Furman's pigs: 43.0 °C at 4 L/min and 40.4 °C at 0.5 L/min over a core of 38 °C."""
    conductance, inflow = bath.fitted_conductance((_carried(4.0), 43.0), (_carried(0.5), 40.4), 38.0)
    assert conductance == pytest.approx(51, rel=0.02)
    assert inflow == pytest.approx(43.9, abs=0.1)
    assert bath.end_temperature(inflow, 38.0, _carried(3.0), conductance) == pytest.approx(42.7, abs=0.1)


def test_a_stirred_tank_warms_with_its_time_constant() -> None:
    """V12: the balance of the grid solver with inflow, outflow and walls, mixed by hand after every step, to 0.1 %."""
    grid = box((6, 6, 6), 0.02)
    q, ua, inflow, blood, start = 2e-5, 60.0, 44.0, 38.0, 37.0
    boundary = Boundary(grid, (Source(grid.flat_fluid, q), Source(grid.flat_fluid, -q)))
    still = Velocity(grid, grid.zeros(), grid.zeros(), grid.zeros())
    faces = boundary_faces(grid)
    exchange = wall_exchange(grid, faces, ua / faces.areas(grid).sum() / WATER_HEAT, blood)
    scalar = Scalar(boundary, start, 0.0, inflow=(inflow,), exchange=exchange)
    capacity, carried = WATER_HEAT * grid.volume, WATER_HEAT * q
    tau = float(bath.time_constant(capacity, carried, ua))
    for _ in range(3000):
        scalar.step(still, tau / 2000)
        scalar.values[grid.padded_fluid] = scalar.mean()
    expected = float(bath.temperature(scalar.time, start, inflow, blood, carried, ua, capacity))
    assert scalar.mean() - start == pytest.approx(expected - start, rel=1e-3)
    assert bath.end_temperature(inflow, blood, carried, ua) == pytest.approx((carried * inflow + ua * blood) / (carried + ua))


def test_core_temperature_floats_with_the_heat_given() -> None:
    """230 W into 245 kJ/K is 0.056 K a minute."""
    assert core_temperature.rate(37.0, 41.0, 57.5, 245e3) * 60 == pytest.approx(0.056, rel=0.01)
    end = core_temperature.core(5400.0, 36.0, 42.0, 55.0, 245e3, 60.0, 200.0)
    steps = 36.0
    for _ in range(5400):
        steps += float(core_temperature.rate(steps, 42.0, 55.0, 245e3, 60.0, 200.0))
    assert end == pytest.approx(steps, abs=1e-3)


K, RHO_C, EXCHANGE = 0.5, 1090 * 3421.0, 1.0 * 3600.0


def test_perfused_half_space_cools_exponentially_with_depth() -> None:
    """V14: delta 11.8 mm at 1 kg/m3/s, within 1 %."""
    assert bioheat.depth(K, EXCHANGE) == pytest.approx(11.8e-3, rel=0.01)
    profile = Profile(graded_edges(2e-4, 0.1, 120), K, storage=RHO_C, exchange=EXCHANGE)
    columns = Columns(profile, 1)
    for _ in range(60):
        columns.step(1e5, 1.0)
    assert np.abs(columns.values()[0] - np.exp(-profile.centres / bioheat.depth(K, EXCHANGE))).max() < 0.01


def test_warming_of_perfused_tissue_follows_the_error_functions() -> None:
    """V14, transient: at 2, 10 and 30 minutes, within 1 % of the step."""
    profile = Profile(graded_edges(2e-4, 0.1, 120), K, storage=RHO_C, exchange=EXCHANGE)
    columns = Columns(profile, 1)
    elapsed = 0.0
    for until in (120.0, 600.0, 1800.0):
        while elapsed < until:
            columns.step(2.0, 1.0)
            elapsed += 2.0
        expected = bioheat.step_response(profile.centres, until, K, RHO_C, EXCHANGE)
        assert np.abs(columns.values()[0] - expected).max() < 0.01


def test_a_layered_wall_conducts_as_its_layers_say() -> None:
    """V14, two layers and a film: closed form against columns, within 1 %."""
    layers = (Layer(5e-3, 0.5, 2.0 * 3600), Layer(np.inf, 0.21, 0.5 * 3600))
    edges = np.concatenate([np.linspace(0, 5e-3, 41), np.linspace(5e-3, 0.08, 161)[1:]])
    first = 0.5 * (edges[1:] + edges[:-1]) < 5e-3
    profile = Profile(edges, np.where(first, 0.5, 0.21), exchange=np.where(first, 7200.0, 1800.0))
    film = 120.0
    columns = Columns(profile, 1, film=film)
    for _ in range(60):
        columns.step(1e5, 42.0 - 38.0)
    expected = bioheat.layered_profile(profile.centres, layers, 42.0, 38.0, film)
    assert np.abs(columns.values()[0] + 38.0 - expected).max() < 0.04


def test_layers_alike_are_one_half_space() -> None:
    x = np.linspace(0, 0.03, 31)
    one = bioheat.layered_profile(x, (Layer(np.inf, K, EXCHANGE),), 42.0, 38.0)
    two = bioheat.layered_profile(x, (Layer(7e-3, K, EXCHANGE), Layer(np.inf, K, EXCHANGE)), 42.0, 38.0)
    assert np.allclose(one, two)
    assert np.allclose(one, 38 + 4 * np.exp(-x / bioheat.depth(K, EXCHANGE)))
    dead = bioheat.layered_profile(x, (Layer(7e-3, K, 0.0), Layer(np.inf, K, EXCHANGE)), 42.0, 38.0)
    assert np.allclose(np.diff(dead[:7]), dead[1] - dead[0])


def test_conductance_of_muscle_explains_the_clinic() -> None:
    assert bioheat.conductance(0.5, 0.7 * 3600) == pytest.approx(36, rel=0.02)
    assert bioheat.conductance(0.5, 2.0 * 3600) == pytest.approx(60, rel=0.02)


@pytest.mark.parametrize(("celsius", "minutes", "expected"), [(42.0, 60.0, 15.0), (41.0, 90.0, 5.625), (43.0, 60.0, 60.0)])
def test_thermal_dose_of_hand_cases(celsius: float, minutes: float, expected: float) -> None:
    """V15."""
    times = np.linspace(0, minutes, 7)
    assert float(thermal_dose.cem43(np.full(7, celsius), times)) == pytest.approx(expected, rel=1e-12)


def test_below_39_degrees_heat_does_nothing_and_above_43_it_doubles_per_degree() -> None:
    assert thermal_dose.rate(38.9) == 0.0
    assert thermal_dose.rate(45.0) == pytest.approx(4.0)


def test_warm_muscle_opens_and_warm_tumour_closes() -> None:
    muscle = perfusion.opening(np.array([37.0, 45.0, 50.0]), 4.5e-4, 3.55e-3, 45.0, 12.0)
    assert muscle == pytest.approx([4.67e-4, 4.0e-3, 4.0e-3], rel=0.01)
    tumour = perfusion.closing(np.array([36.0, 37.0, 42.0, 43.0]), 8.33e-4, 4.8, 5.438e6, 42.0, 4.16e-4)
    assert tumour == pytest.approx([8.33e-4, 8.33e-4, 4.17e-4, 4.16e-4], rel=0.01)


def test_water_is_water() -> None:
    assert water.density(20.0) == pytest.approx(998.207, abs=0.01)
    assert water.density(4.0) == pytest.approx(999.97, abs=0.01)
    assert water.expansion(42.0) == pytest.approx(4.0e-4, rel=0.03)
    assert water.viscosity(20.0) == pytest.approx(1.002e-3, rel=0.025)
    assert water.viscosity(42.0) == pytest.approx(6.3e-4, rel=0.01)
    assert water.conductivity(42.0) == pytest.approx(0.634, rel=0.01)


@given(st.floats(30, 45))
def test_warmer_diffuses_faster_by_about_two_percent_a_degree(celsius: float) -> None:
    assert water.diffusivity_factor(celsius + 1) / water.diffusivity_factor(celsius) == pytest.approx(1.022, abs=0.004)


def test_natural_convection_in_the_bath_is_some_hundreds() -> None:
    h = wall_transfer.natural(0.05, 2.0, 4e-4, 6.4e-7, 1.53e-7, 0.634)
    assert h == pytest.approx(400, rel=0.2)
    assert wall_transfer.together(h, 0.0) == pytest.approx(h)
    assert wall_transfer.forced(0.05, 0.04, 6.4e-7, 1.53e-7, 0.634) > wall_transfer.forced(0.05, 0.01, 6.4e-7, 1.53e-7, 0.634)
