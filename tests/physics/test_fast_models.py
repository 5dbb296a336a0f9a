"""The fast models: a spray's fate in closed form, and the zone network of a perfused cavity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.numerics import InvalidParameter, UnbalancedFlow
from peritia.physics import aerosol_fate, bath, core_temperature, drag, gas, impaction, jet, sizes, slip, terminal_speed, zone_network
from peritia.physics.zone_network import Body, Core, Network, warm_step

WATER_HEAT = 991 * 4179.0
SPRAY = sizes.mixture([sizes.LogNormal(0.975, 27e-6, 1.7), sizes.LogNormal(0.025, 2e-6, 1.5)])
PRESSURE, WARM = 772 * 133.322, 310.15


def _spray(momentum: float, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Collected share and settling rate by size, 10 cm below a nozzle, in a chamber of one height."""
    rho = float(gas.density(gas.CARBON_DIOXIDE, PRESSURE, WARM))
    mu = float(gas.viscosity(gas.CARBON_DIOXIDE, WARM))
    path = gas.mean_free_path(gas.CARBON_DIOXIDE, PRESSURE, WARM)
    tau = np.asarray(drag.relaxation_time(SPRAY.diameter, 993.0, mu, slip.cunningham(SPRAY.diameter, path)))
    speed, width = float(jet.centre_speed(momentum, rho, 0.1)), float(jet.half_width(0.1))
    collected = np.asarray(impaction.collected_share(impaction.stokes_number(tau, speed, width)))
    return collected, terminal_speed.terminal_speed(tau, SPRAY.diameter * rho / mu) / height


@pytest.mark.parametrize("momentum", [8e-3, 32e-3])
def test_most_of_the_spray_lands_in_the_foot_of_the_jet(momentum: float) -> None:
    """Göhler: at least 86 % of the volume inside 15 cm; the closed form gives 0.90 to 0.96."""
    collected, rate = _spray(momentum, 0.08)
    found = aerosol_fate.fate(collected, rate, 300.0, 1800.0)
    assert 0.86 < SPRAY.share @ found.foot < 0.97
    assert found.foot + found.settled + found.floating == pytest.approx(np.ones(len(rate)))
    assert SPRAY.share @ found.floating < 0.01


@given(st.floats(0, 1), st.floats(1e-6, 1.0), st.floats(1.0, 1000.0), st.floats(0.0, 3000.0))
def test_shares_sum_to_one_and_fall_with_the_hold(collected: float, rate: float, spraying: float, hold: float) -> None:
    found = aerosol_fate.fate(np.array([collected]), np.array([rate]), spraying, hold)
    later = aerosol_fate.fate(np.array([collected]), np.array([rate]), spraying, hold + 60)
    assert found.foot[0] + found.settled[0] + found.floating[0] == pytest.approx(1.0)
    assert later.floating[0] <= found.floating[0] + 1e-15
    assert found.settled[0] >= -1e-12
    course = aerosol_fate.floating_share(np.array([spraying + hold]), collected, rate, spraying)
    assert course[0] == pytest.approx(found.floating[0], rel=1e-6, abs=1e-12)


def test_visible_aerosol_lasts_half_an_hour_without_a_field_and_seconds_with_it() -> None:
    """One micron: stirred settling over 8 cm decays in 34 minutes; a drift of 6 mm/s to walls 1.5 cm away in seconds."""
    _, rate = _spray(8e-3, 0.08)
    one = int(np.argmin(np.abs(SPRAY.diameter - 1e-6)))
    assert 1 / rate[one] / 60 == pytest.approx(34, rel=0.15)


def _network(zones: int, flow: float, mixing: float, volume: float = 3e-3) -> Network:
    ring = np.zeros((zones, zones))
    for n in range(zones - 1):
        ring[n, n + 1] = ring[n + 1, n] = mixing
    inflow, outflow = np.zeros(zones), np.zeros(zones)
    inflow[0], outflow[-1] = flow, flow
    return Network(np.full(zones, volume / zones), inflow, outflow, ring)


def _body(zones: int, conductance: float, capacity: float = 1e12) -> Body:
    return Body(np.full(zones, 1e6 / zones), np.full(zones, conductance / zones), np.full(zones, 1e-3), capacity)


@pytest.mark.parametrize(("litres", "celsius"), [(4.0, 43.0), (3.0, 42.7), (0.5, 40.4)])
def test_well_mixed_zones_are_the_bath(litres: float, celsius: float) -> None:
    """Furman's figures with UA 51 W/K and inflow 43.9 °C over a core of 38 °C."""
    flow = litres * 1e-3 / 60
    found = zone_network.warming(_network(13, flow, 1.0), _body(13, 51.0), WATER_HEAT, 43.9, (37.0, 37.0, 38.0), np.linspace(0, 7200, 121))
    expected = bath.end_temperature(43.9, 38.0, WATER_HEAT * flow, 51.0)
    assert found.outflow[-1] == pytest.approx(float(expected), abs=0.01)
    assert found.outflow[-1] == pytest.approx(celsius, abs=0.3)


def test_poorly_mixed_zones_are_cooler_far_from_the_inflow() -> None:
    found = zone_network.warming(_network(5, 2.5e-5, 1e-6), _body(5, 55.0), WATER_HEAT, 44.0, (37.0, 37.0, 37.0), np.linspace(0, 5400, 91))
    assert np.all(np.diff(found.bath[-1]) < 0)


def test_heat_given_is_heat_stored() -> None:
    """V2, and the core floats as its own law says."""
    body = Body(np.full(13, 20.0), np.full(13, 5.0), np.full(13, 4000.0), 245e3, 60.0, 150.0)
    found = zone_network.warming(_network(13, 2.5e-5, 5e-5), body, WATER_HEAT, 44.0, (36.0, 35.5, 36.0), np.linspace(0, 5400, 91))
    assert found.stored == pytest.approx(found.delivered, rel=1e-9)
    assert 37.0 < found.core[-1] < 40.0
    steady = zone_network.warming(
        _network(1, 1.0, 0.0), _body(1, 55.0, 245e3), WATER_HEAT, 42.0, (42.0, 42.0, 36.0), np.array([0.0, 3600.0])
    )
    assert steady.core[-1] == pytest.approx(float(core_temperature.core(3600.0, 36.0, 42.0, 55.0, 245e3)), abs=0.01)


def test_implicit_steps_follow_the_exact_network() -> None:
    """The stepped session against the matrix exponential with walls that store nothing; the error halves with the step."""
    network, core, ua = _network(5, 2.5e-5, 1e-5), Core(245e3, 100.0), np.full(5, 11.0)
    body = Body(np.full(5, 1e5), ua, np.full(5, 1.0), 245e3, 0.0, 100.0)
    exact = zone_network.warming(network, body, WATER_HEAT, 44.0, (36.0, 36.0, 36.0), np.linspace(0, 300, 61))

    def off(step: float) -> float:
        state = (np.full(5, 36.0), 36.0)
        for _ in range(round(300 / step)):
            state = warm_step(network, core, WATER_HEAT, 44.0, state, ua, step)
        return max(float(np.abs(state[0] - exact.bath[-1]).max()), abs(state[1] - float(exact.core[-1])))

    assert off(10.0) < 0.3
    assert off(10.0) / off(5.0) == pytest.approx(2.0, rel=0.1)


def test_networks_that_do_not_balance_or_join_are_named() -> None:
    with pytest.raises(UnbalancedFlow):
        Network(np.ones(2), np.array([1.0, 0.0]), np.zeros(2), np.zeros((2, 2)))
    with pytest.raises(InvalidParameter, match="join"):
        Network(np.ones(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.zeros((2, 2))).transport()
    with pytest.raises(InvalidParameter, match="symmetric"):
        Network(np.ones(2), np.zeros(2), np.zeros(2), np.array([[0.0, 1.0], [0.0, 0.0]]))
