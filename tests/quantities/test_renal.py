"""Clearance and filtration rate against values computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.quantities.renal import RenalInputError, Sex, ckd_epi_2021_ml_per_min_1_73m2, cockcroft_gault_ml_per_min

AGES = st.floats(18, 95)
CREATININES = st.floats(0.3, 8)


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "sex", "expected"),
    [(60, 70, 1.0, "male", 77.8), (60, 70, 1.0, "female", 66.1), (80, 50, 2.0, "male", 20.8)],
)
def test_cockcroft_gault_by_hand(age: float, weight: float, creatinine: float, sex: Sex, expected: float) -> None:
    assert cockcroft_gault_ml_per_min(age, weight, creatinine, sex) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("age", "creatinine", "sex", "expected"),
    [
        (50, 0.9, "male", 142 * 0.9938**50),
        (50, 0.7, "female", 142 * 0.9938**50 * 1.012),
        (60, 1.8, "male", 142 * 2**-1.2 * 0.9938**60),
        (60, 0.35, "female", 142 * 0.5**-0.241 * 0.9938**60 * 1.012),
    ],
)
def test_ckd_epi_at_and_around_its_knot(age: float, creatinine: float, sex: Sex, expected: float) -> None:
    assert ckd_epi_2021_ml_per_min_1_73m2(age, creatinine, sex) == pytest.approx(expected)


def test_ckd_epi_of_a_known_person() -> None:
    assert ckd_epi_2021_ml_per_min_1_73m2(60, 1.0, "male") == pytest.approx(86.1, abs=0.1)
    assert ckd_epi_2021_ml_per_min_1_73m2(60, 1.0, "female") == pytest.approx(64.5, abs=0.1)


@given(age=AGES, creatinine=CREATININES)
def test_more_creatinine_is_less_filtration(age: float, creatinine: float) -> None:
    for sex in ("female", "male"):
        assert ckd_epi_2021_ml_per_min_1_73m2(age, creatinine * 1.05, sex) < ckd_epi_2021_ml_per_min_1_73m2(age, creatinine, sex)
        assert cockcroft_gault_ml_per_min(age, 70, creatinine * 1.05, sex) < cockcroft_gault_ml_per_min(age, 70, creatinine, sex)


@given(age=AGES, creatinine=CREATININES)
def test_age_lowers_filtration(age: float, creatinine: float) -> None:
    assert ckd_epi_2021_ml_per_min_1_73m2(age + 1, creatinine, "female") < ckd_epi_2021_ml_per_min_1_73m2(age, creatinine, "female")


def test_impossible_input_is_refused() -> None:
    with pytest.raises(RenalInputError, match="creatinine"):
        ckd_epi_2021_ml_per_min_1_73m2(60, 0, "male")
    with pytest.raises(RenalInputError, match="age"):
        ckd_epi_2021_ml_per_min_1_73m2(150, 1, "male")
    with pytest.raises(RenalInputError, match="weight"):
        cockcroft_gault_ml_per_min(60, 0, 1, "male")
