"""Tissue columns: against SciPy, against closed forms (V14, V16 to V19 stand in tests/physics), balances (V2), orders (V1)."""

from __future__ import annotations

import numpy as np
import pytest
from masks import observed_order
from scipy.special import erfc

from peritia.numerics import Columns, InvalidParameter, MisshapenField, Profile, graded_edges
from peritia.numerics.reference import columns as reference

EDGES = graded_edges(10e-6, 3e-3, 40)
SATURABLE = Profile(EDGES, 2.5e-10, sink=1e-3, bind=5e-4, release=2e-4, most=2e-3, half=0.5, flow=1e-7, exchange=3e-4)


def test_grading_starts_as_asked_and_ends_at_depth() -> None:
    edges = graded_edges(20e-6, 4e-3, 50)
    widths = np.diff(edges)
    assert edges[0] == 0.0
    assert edges[-1] == 4e-3
    assert widths[0] == pytest.approx(20e-6, rel=1e-6)
    assert np.allclose(widths[1:] / widths[:-1], widths[1] / widths[0])
    assert np.allclose(np.diff(graded_edges(1e-4, 4e-3, 40)), 1e-4)
    with pytest.raises(InvalidParameter, match="first"):
        graded_edges(1e-3, 4e-3, 50)


@pytest.mark.parametrize("film", [np.inf, 2e-6])
def test_one_step_equals_scipys_banded_solver(film: float) -> None:
    columns = Columns(SATURABLE, 37, film=film)
    c, bound = np.zeros(40), np.zeros(40)
    for _ in range(5):
        columns.step(20.0, 1.3)
        c, bound = reference.implicit_step(SATURABLE, c, bound, 1.3, 20.0, film)
    assert np.abs(columns.values() - c).max() < 1e-13
    assert np.abs(columns.bound() - bound).max() < 1e-13


def test_threads_and_single_precision_change_nothing_but_rounding() -> None:
    one = Columns(SATURABLE, 50, threads=False)
    two = Columns(SATURABLE, 50, threads=True, dtype=np.float32)
    for _ in range(10):
        one.step(20.0, 1.0)
        two.step(20.0, 1.0)
    assert np.abs(one.values() - two.values()).max() < 1e-5


def test_columns_are_first_order_in_time() -> None:
    """V1, against SciPy's stiff integrator on the same nodes."""
    exact, bound = reference.accurate(SATURABLE, 1.0, 1200.0)
    errors = []
    for count in (30, 60, 120):
        columns = Columns(SATURABLE, 1)
        for _ in range(count):
            columns.step(1200.0 / count, 1.0)
        errors.append(float(np.abs(columns.values()[0] - exact).max() + np.abs(columns.bound()[0] - bound).max()))
    assert observed_order(errors) > 0.9


def test_columns_are_second_order_in_space() -> None:
    """V1: the steady profile cosh(m (L - x)) / cosh(m L), m = sqrt(k/D), on halved graded nodes."""
    errors = []
    for count in (20, 40, 80):
        edges = graded_edges(4e-3 / count / 3, 4e-3, count)
        columns = Columns(Profile(edges, 2.5e-10, sink=1e-3), 1)
        for _ in range(40):
            columns.step(1e6, 1.0)
        errors.append(float(np.abs(columns.values()[0] - np.cosh(2000.0 * (4e-3 - columns.profile.centres)) / np.cosh(8.0)).max()))
    assert observed_order(errors) > 1.8


def test_diffusion_into_a_half_space_is_an_error_function() -> None:
    columns = Columns(Profile(graded_edges(10e-6, 6e-3, 80), 2.5e-10), 1)
    for _ in range(600):
        columns.step(3.0, 1.0)
    expected = erfc(columns.profile.centres / np.sqrt(4 * 2.5e-10 * 1800.0))
    assert np.abs(columns.values()[0] - expected).max() < 3e-3


@pytest.mark.parametrize("deep", [None, 0.4])
def test_amounts_are_kept_to_rounding(deep: float | None) -> None:
    """V2: first + taken = now + lost + through, with every term switched on, per column."""
    columns = Columns(SATURABLE, 20, initial=0.2, film=np.linspace(1e-7, 1e-5, 20), sink_scale=np.linspace(0.5, 2, 20), deep=deep)
    columns.set_reference(0.1)
    for n in range(50):
        columns.step(30.0, np.linspace(0, 2, 20) * (1 + 0.1 * n))
    assert columns.error < 1e-13


def test_a_bath_closed_implicitly_keeps_the_drug() -> None:
    """The linear form of the flux lets the bath be solved with the columns at any step; total drug is constant without loss."""
    columns = Columns(Profile(EDGES, 2.5e-10), 16)
    bath, height = 1.0, 2e-3
    for _ in range(20):
        a, g = columns.prepare(300.0)
        bath = (bath - 300.0 * a.mean() / height) / (1 + 300.0 * g.mean() / height)
        columns.finish(bath)
    assert bath * height + columns.amount().mean() == pytest.approx(height, rel=1e-12)
    assert 0.3 < bath < 0.6


def test_a_sphere_fills_to_the_bath() -> None:
    radius = 1e-3
    profile = Profile(np.linspace(0, radius, 41), 2.5e-10, shape=2, radius=radius)
    assert profile.volumes.sum() == pytest.approx(radius / 3)
    columns = Columns(profile, 1)
    for _ in range(200):
        columns.step(60.0, 1.0)
    assert columns.values()[0] == pytest.approx(np.ones(40), abs=1e-3)


def test_wrong_shapes_and_steps_are_named() -> None:
    columns = Columns(SATURABLE, 4)
    with pytest.raises(MisshapenField):
        columns.step(1.0, np.ones(3))
    with pytest.raises(InvalidParameter, match="step"):
        columns.step(0.0, 1.0)
    with pytest.raises(InvalidParameter, match="edges"):
        Profile(np.array([0.0, 1e-3, 1e-3]), 1e-10)


def test_columns_go_on_from_given_values() -> None:
    profile = Profile(graded_edges(1e-5, 1e-3, 20), 2e-10, sink=1e-3)
    first = Columns(profile, 3, spread_scale=np.array([1.0, 1.2, 0.8]))
    for _ in range(10):
        first.step(10.0, 1.0)
    second = Columns(profile, 2, spread_scale=np.array([1.2, 0.8]))
    second.set_values(first.values()[1:])
    first.step(10.0, 1.0)
    second.step(10.0, 1.0)
    assert second.values() == pytest.approx(first.values()[1:], rel=1e-14)
    assert second.error < 1e-12
    with pytest.raises(MisshapenField):
        second.set_values(np.zeros((3, 20)))
