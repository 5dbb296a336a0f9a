from __future__ import annotations

import numpy as np
import pytest
from masks import observed_order

from peritia.numerics import Compartments, Diverged, InvalidParameter, integrate_compartments
from peritia.numerics.reference import compartments as reference


def _population(cases: int) -> tuple[Compartments, np.ndarray]:
    rng = np.random.default_rng(0)
    exchange = rng.random((cases, 3, 3)) * (1 - np.eye(3))
    exchange -= np.eye(3) * exchange.sum(axis=1)[:, None, :]  # columns sum to zero: nothing is lost by exchange
    most = np.zeros((cases, 3))
    most[:, 1] = rng.random(cases)
    return Compartments(exchange, 0.1, most, 0.5), rng.random((cases, 3)) + 0.5


def test_lanes_equal_scipys_adaptive_integrator() -> None:
    system, start = _population(21)
    found = integrate_compartments(system, start, 0.05, 100, save_every=50)
    expected = reference.integrate(system, start, np.array([2.5, 5.0]))
    assert np.abs(found - expected).max() < 1e-7


def test_runge_kutta_is_fourth_order() -> None:
    system, start = _population(5)
    exact = reference.integrate(system, start, np.array([4.0]))[0]
    errors = [float(np.abs(integrate_compartments(system, start, 4.0 / n, n)[-1] - exact).max()) for n in (10, 20, 40)]
    assert observed_order(errors) > 3.7


def test_what_is_only_exchanged_is_kept() -> None:
    system, start = _population(17)
    closed = Compartments(system.exchange)
    end = integrate_compartments(closed, start, 0.05, 200, threads=True)[-1]
    assert np.abs(end.sum(axis=1) - start.sum(axis=1)).max() < 1e-12


def test_steps_too_long_are_named() -> None:
    stiff = Compartments(np.array([[-1e4]]))
    with pytest.raises(Diverged, match="compartments"):
        integrate_compartments(stiff, np.ones((1, 1)), 1.0, 100)
    with pytest.raises(InvalidParameter, match="divisor"):
        integrate_compartments(stiff, np.ones((1, 1)), 1.0, 100, save_every=7)
