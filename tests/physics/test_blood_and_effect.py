"""Plasma (V20); kill, growth and control (V21)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.numerics import Compartments, integrate_compartments
from peritia.physics import cell_kill, growth, plasma, tumour_control
from peritia.physics.plasma import Disposition

HOUR, LITRE = 3600.0, 1e-3
TOTAL = Disposition(16.8 * LITRE, 0.64 * LITRE / HOUR, 6.3 * LITRE / HOUR, 15.8 * LITRE)
FREE = Disposition(15 * LITRE, 7.4 * LITRE / HOUR, 20 * LITRE / HOUR, 97 * LITRE)
PLATINUM = 92 * 1.9 * 195.08 / 397.29  # mg of platinum in 92 mg/m2 of oxaliplatin at 1.9 m2
KA = 1.13 / HOUR


def _run(species: Disposition, hours: float) -> np.ndarray:
    system = Compartments(plasma.matrix(KA, species))
    start = np.array([[PLATINUM, 0.0, 0.0, 0.0, 0.0]])
    return integrate_compartments(system, start, 30.0, int(hours * 120))[:, 0]


@pytest.mark.parametrize("species", [TOTAL, FREE])
def test_two_compartments_are_a_sum_of_exponentials(species: Disposition) -> None:
    """V20: 1e-6, and nothing is lost."""
    states = _run(species, 24.0)
    t = 30.0 * np.arange(1, len(states) + 1)
    closed = plasma.after_absorption(t, PLATINUM, KA, species)
    assert np.abs(states[:, 1] / species.central_volume / closed - 1).max() < 1e-6
    assert np.abs(states[:, :4].sum(axis=1) / PLATINUM - 1).max() < 1e-12


def test_all_the_drug_passes_its_clearance() -> None:
    states = _run(FREE, 240.0)
    assert plasma.area_under_curve(PLATINUM, FREE) == pytest.approx(states[-1, 4], rel=1e-3)


def test_a_worked_example_of_two_species_has_its_peaks_and_areas() -> None:
    """Total 3.08 mg/L at 1.7 h, AUC 50.1; free 1.66 mg/L, AUC 8.8 mg h/L. Arithmetic alone: no run uses these numbers."""
    total, free = _run(TOTAL, 24.0), _run(FREE, 24.0)
    curve = total[:, 1] / TOTAL.central_volume / 1000
    assert curve.max() == pytest.approx(3.08, rel=0.01)
    assert 30.0 * (1 + curve.argmax()) / HOUR == pytest.approx(1.7, abs=0.1)
    assert total[-1, 4] / HOUR / 1000 == pytest.approx(50.1, rel=0.01)
    assert free[:, 1].max() / FREE.central_volume / 1000 == pytest.approx(1.66, rel=0.01)
    assert free[-1, 4] / HOUR / 1000 == pytest.approx(8.8, rel=0.02)


def test_a_bolus_starts_at_dose_over_volume_and_ends_with_beta() -> None:
    assert plasma.after_bolus(0.0, 10.0, FREE) == pytest.approx(10.0 / FREE.central_volume)
    beta = FREE.exponents()[1]
    late = plasma.after_bolus(np.array([40.0, 41.0]) * HOUR, 10.0, FREE)
    assert np.log(late[0] / late[1]) == pytest.approx(beta * HOUR, rel=1e-3)


def test_half_the_cells_survive_one_ic50_for_the_reference_time() -> None:
    t = np.linspace(0, 3600.0, 61)
    e = cell_kill.exposure(np.full(61, 19.5), t, cell_kill.half_inhibiting(37.0, 19.5, 0.176), 3600.0)
    assert cell_kill.surviving(cell_kill.log_kill(float(e))) == pytest.approx(0.5)


def test_heat_lowers_the_ic50_of_cisplatin_threefold() -> None:
    """19.5 to 6.8 uM from 37 to 43 °C."""
    assert cell_kill.half_inhibiting(43.0, 19.5, 0.176) == pytest.approx(6.8, rel=0.01)


@given(st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.1, 1.0), st.floats(0.0, 0.2))
def test_two_exposures_kill_as_linear_quadratic_says(first: float, second: float, a: float, b: float) -> None:
    """V21: given together they kill by 2 b E1 E2 more than apart."""
    together = cell_kill.log_kill(first + second, a, b)
    apart = cell_kill.log_kill(first, a, b) + cell_kill.log_kill(second, a, b)
    assert together - apart == pytest.approx(2 * b * first * second, abs=1e-12)


def test_heat_kills_one_natural_log_per_tolerance() -> None:
    assert cell_kill.heat_log_kill(60.0, 60.0) == 1.0


def test_gompertz_growth_solves_its_equation_and_keeps_its_doubling_time() -> None:
    """V21: closed form against Euler steps; the momentary doubling time is the given one."""
    day = 86400.0
    rate = float(growth.rate_from_doubling(70 * day, 5e8, 1e12))
    assert growth.doubling_time(5e8, 1e12, rate) == pytest.approx(70 * day)
    n, dt = 5e5, 0.05 * day
    for _ in range(4000):
        middle = n + 0.5 * dt * rate * n * np.log(1e12 / n)
        n += dt * rate * middle * np.log(1e12 / middle)
    assert growth.cells(200 * day, 5e5, 1e12, rate) == pytest.approx(n, rel=1e-4)
    assert growth.time_to_reach(n, 5e5, 1e12, rate) == pytest.approx(200 * day, rel=1e-4)
    assert growth.doubling_time(5e5, 1e12, rate) < 70 * day < growth.doubling_time(5e10, 1e12, rate)


def test_control_is_the_chance_that_a_branching_process_dies_out() -> None:
    """V21: exp(-N S p) against generations of cells that divide or die, within three standard errors."""
    rng = np.random.default_rng(1)
    cells, survive, birth, death = 2000, 1e-3, 1.0, 0.6
    trials = 4000
    alive = rng.binomial(cells, survive, trials)
    for _ in range(60):
        dividing = rng.binomial(alive, birth / (birth + death))
        alive = np.minimum(2 * dividing, 10_000)
    controlled = float(np.mean(alive == 0))
    founding = float(tumour_control.founding_chance(birth, death))
    expected = tumour_control.control_probability(np.array([cells]), np.array([survive]), founding)
    assert controlled == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / trials))
