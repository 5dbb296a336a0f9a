"""Body surface and BMI against values computed by hand, and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.quantities.body import BodySizeError, bmi_kg_per_m2, body_surface, dubois_m2, haycock_m2, mosteller_m2

HEIGHTS = st.floats(140, 210)
WEIGHTS = st.floats(35, 160)


@pytest.mark.parametrize(
    ("height_cm", "weight_kg", "mosteller", "dubois", "haycock"),
    [(160, 50, 1.491, 1.501, 1.487), (170, 70, 1.818, 1.810, 1.826), (180, 110, 2.345, 2.286, 2.381)],
)
def test_three_formulas_meet_the_check_values(height_cm: float, weight_kg: float, mosteller: float, dubois: float, haycock: float) -> None:
    surface = body_surface(height_cm, weight_kg)
    assert surface.mosteller_m2 == pytest.approx(mosteller, abs=0.0005)
    assert surface.dubois_m2 == pytest.approx(dubois, abs=0.0005)
    assert surface.haycock_m2 == pytest.approx(haycock, abs=0.0005)


def test_a_formula_is_asked_for_by_name() -> None:
    surface = body_surface(170, 70)
    assert surface.by("mosteller") == mosteller_m2(170, 70)
    assert surface.by("dubois") == dubois_m2(170, 70)
    assert surface.by("haycock") == haycock_m2(170, 70)


def test_spread_is_the_largest_difference_from_mosteller() -> None:
    surface = body_surface(180, 110)
    assert surface.spread_percent == pytest.approx(100 * (2.3452 - 2.2863) / 2.3452, abs=0.05)
    assert body_surface(150, 120).spread_percent > 5


def test_bmi_of_a_known_body() -> None:
    assert bmi_kg_per_m2(170, 70) == pytest.approx(24.22, abs=0.005)


@given(height=HEIGHTS, weight=WEIGHTS)
def test_formulas_agree_within_a_tenth_for_adults(height: float, weight: float) -> None:
    surface = body_surface(height, weight)
    assert surface.spread_percent < 20
    assert 0.9 < surface.mosteller_m2 < 3.2


@given(height=HEIGHTS, weight=WEIGHTS)
def test_more_body_is_more_surface(height: float, weight: float) -> None:
    for formula in (mosteller_m2, dubois_m2, haycock_m2):
        assert formula(height + 1, weight) > formula(height, weight)
        assert formula(height, weight + 1) > formula(height, weight)


@pytest.mark.parametrize(("height_cm", "weight_kg"), [(0, 70), (170, 0), (-170, 70), (float("nan"), 70)])
def test_an_impossible_body_is_refused(height_cm: float, weight_kg: float) -> None:
    for formula in (mosteller_m2, dubois_m2, haycock_m2, bmi_kg_per_m2):
        with pytest.raises(BodySizeError, match="above zero"):
            formula(height_cm, weight_kg)
