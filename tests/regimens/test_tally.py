"""Lifetime totals with a session added."""

from __future__ import annotations

import pytest

from peritia.knowledge.dosing import dose
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tally import Tally, tallies

TOTAL = "cumulative_doxorubicin_mg_per_m2"


def doxorubicin(values: dict[str, float | bool | None]) -> dict[float, Tally]:
    made = dose(shipped("regimens", "pipac-cisplatin-doxorubicin-10-5", Regimen), 1.818)
    return {one.limit: one for one in tallies(made, values) if one.drug == "doxorubicin"}


def test_a_session_adds_its_dose_per_square_metre() -> None:
    found = doxorubicin({TOTAL: 240, "prior_mediastinal_radiation": False})[550]
    assert (found.before, found.added, found.after) == (240, pytest.approx(2.1), pytest.approx(242.1))
    assert (found.holds, found.exceeds) == (True, False)


def test_ten_sessions_add_twenty_one() -> None:
    assert 10 * (doxorubicin({TOTAL: 0})[550].added or 0) == pytest.approx(21)


def test_the_limit_is_passed_by_the_session_itself() -> None:
    assert doxorubicin({TOTAL: 549})[550].exceeds is True
    assert doxorubicin({TOTAL: 547})[550].exceeds is False


@pytest.mark.parametrize("radiation", [True, False, None])
def test_the_lower_limit_is_meant_for_radiated_hearts(radiation: bool | None) -> None:
    found = doxorubicin({TOTAL: 420, "prior_mediastinal_radiation": radiation})[400]
    assert (found.holds, found.exceeds) == (radiation, True)


def test_an_unknown_total_stays_unknown() -> None:
    found = doxorubicin({})[550]
    assert (found.before, found.after, found.exceeds) == (None, None, None)


def test_mitomycin_is_counted_in_milligrams_and_alone_can_pass_its_limit() -> None:
    made = dose(shipped("regimens", "hipec-mitomycin-35-dutch", Regimen), 1.818)
    (found,) = tallies(made, {})
    assert found.unit == "mg"
    assert found.added == pytest.approx(63.6, abs=0.05)
    assert found.exceeds is True


def test_an_unknown_dose_adds_nothing_known() -> None:
    made = dose(shipped("regimens", "pipac-mitomycin-us", Regimen), 1.818)
    (found,) = tallies(made, {"cumulative_mitomycin_mg": 20})
    assert (found.added, found.after, found.exceeds) == (None, None, None)
