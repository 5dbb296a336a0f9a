"""Follow-up after cytoreduction: schedules as published, appointments at their borders, what is due."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.case import Case
from peritia.case.disease import Histology, Primary
from peritia.case.treatment import Cytoreduction
from peritia.course import FollowUpPlan, done_on_record, due, follow_up_plan
from peritia.course.follow_up import months_after
from peritia.knowledge import library
from peritia.patients import read

SURGERY = date(2026, 1, 31)


def operated(site: str, **fields: object) -> Case:
    fields = {"histology": Histology(type="adenocarcinoma")} | fields
    return Case(primary=Primary(site=site), cytoreductions=(Cytoreduction(on=SURGERY, completed=True, cc=0),), **fields)  # pyright: ignore


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (SURGERY, 1, date(2026, 2, 28)),
        (SURGERY, 3, date(2026, 4, 30)),
        (SURGERY, 12, date(2027, 1, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_calendar_months(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def test_colorectal_has_three_schedules_side_by_side() -> None:
    plan = follow_up_plan(operated("colon"), date(2026, 2, 1))
    assert [(one.id, one.truth) for one in plan.schedules] == [
        ("colorectal-asco", True),
        ("colorectal-nccn", True),
        ("colorectal-practice", True),
    ]
    asco = plan.schedules[0]
    assert len([one for one in asco.appointments if one.what == "markers"]) == 12
    assert len([one for one in asco.appointments if one.what == "ct-chest"]) == 3
    assert asco.verified
    assert not plan.schedules[2].verified
    assert msgspec.json.decode(msgspec.json.encode(plan), type=FollowUpPlan) == plan


def test_low_grade_pseudomyxoma_has_a_scan_a_year_for_six_years() -> None:
    case = operated("appendix", histology=Histology(type="pseudomyxoma-low-grade"))
    plan = follow_up_plan(case, date(2026, 2, 1))
    assert [(one.id, one.truth) for one in plan.schedules] == [("pseudomyxoma-low-grade", True)]
    assert [one.latest.year for one in plan.schedules[0].appointments] == [2027, 2028, 2029, 2030, 2031, 2032]
    assert {one.what for one in plan.schedules[0].appointments} == {"ct-abdomen-pelvis"}


def test_high_grade_pseudomyxoma_says_that_no_interval_was_printed() -> None:
    plan = follow_up_plan(operated("appendix", histology=Histology(type="pseudomyxoma-high-grade")), date(2026, 2, 1))
    assert [(one.id, one.appointments) for one in plan.schedules] == [("pseudomyxoma-high-grade", ())]
    assert "not printed" in plan.schedules[0].notes[0]


def test_what_is_not_known_may_fit_and_what_does_not_fit_is_left_out() -> None:
    plan = follow_up_plan(operated("appendix", histology=None), date(2026, 2, 1))
    assert not due(plan, date(2027, 6, 1), {})
    assert {one.truth for one in plan.schedules} == {None}
    none = follow_up_plan(operated("mesothelium"), date(2026, 2, 1))
    assert none.schedules == ()
    assert "No cited schedule" in none.why_none
    assert "No dated cytoreduction" in follow_up_plan(read("maria"), date(2026, 11, 21)).why_none


def test_gastric_cancer_has_visits_by_one_guideline_and_says_what_was_not_read() -> None:
    (csco,) = follow_up_plan(operated("stomach"), date(2026, 2, 1)).schedules
    assert (csco.id, csco.truth) == ("gastric-csco", True)
    assert {one.what for one in csco.appointments} == {"visit"}
    assert [(one.earliest, one.latest) for one in csco.appointments][:2] == [
        (months_after(SURGERY, 3), months_after(SURGERY, 6)),
        (months_after(SURGERY, 9), months_after(SURGERY, 12)),
    ]
    assert csco.appointments[-1].latest == months_after(SURGERY, 60)
    assert "not part of what was read" in csco.notes[0]


def reminders(on: date, **done: tuple[date, ...]) -> dict[tuple[str, str], str]:
    plan = follow_up_plan(operated("ovary"), on)
    return {(one.schedule, one.what): one.state for one in due(plan, on, {name.replace("_", "-"): days for name, days in done.items()})}  # pyright: ignore


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2026, 4, 29), None), (date(2026, 4, 30), "due"), (date(2026, 5, 1), "overdue")],
)
def test_markers_are_due_at_three_months_to_the_day(on: date, state: str | None) -> None:
    assert reminders(on).get(("ovarian-one-centre", "markers")) == state


def test_an_examination_starts_the_interval_anew() -> None:
    assert ("ovarian-one-centre", "markers") not in reminders(date(2026, 6, 30), markers=(date(2026, 4, 2),))
    assert reminders(date(2026, 7, 2), markers=(date(2026, 4, 2),))[("ovarian-one-centre", "markers")] == "due"


def test_after_its_years_a_schedule_is_silent() -> None:
    assert reminders(date(2031, 1, 31))
    assert not reminders(date(2031, 2, 1))


def test_the_record_proves_markers_and_scans_and_no_visits() -> None:
    done = done_on_record(read("greta"), date(2026, 11, 21))
    assert done["markers"]
    assert done["ct-abdomen-pelvis"]
    assert "visit" not in done


@given(st.sampled_from(sorted(library().follow_ups)), st.dates(date(2020, 1, 1), date(2026, 1, 1)))
def test_appointments_are_ordered_and_within_their_series(name: str, surgery: date) -> None:
    from peritia.course.follow_up import _appointments  # pyright: ignore[reportPrivateUsage]

    for series in library().follow_ups[name].series:
        for what in series.what:
            row = [one for one in _appointments(series, surgery) if one.what == what]
            assert all(one.earliest <= one.latest for one in row)
            assert all(one.latest < other.latest for one, other in pairwise(row))
            assert all(surgery < one.earliest for one in row)
            assert all(one.latest <= months_after(surgery, round(series.to_months)) for one in row)
