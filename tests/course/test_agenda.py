"""Bookings and what a case puts on the centre's calendar; specimens that wait for the pathologist."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from peritia.case.disease import DiseaseStatus
from peritia.case.treatment import Cytoreduction, PipacSession
from peritia.course import Biopsy, Booking, CourseRefused, Findings, Photograph, Specimens, agenda, booked_cycles, graded, specimens_of
from peritia.course.agenda import WORDS
from peritia.knowledge.scoring import ScoreError
from peritia.patients import read

DAY = date(2026, 11, 21)
OX = "pipac-oxaliplatin-120"


def session(days: int, **more: object) -> Booking:
    return Booking(first_on=DAY + timedelta(days=days), kind="pipac", what=OX, **more)  # pyright: ignore[reportArgumentType]


def cycles(days: int, *, count: int = 1, length: int = 3, drug: object = None) -> Booking:
    first = DAY + timedelta(days=days)
    return Booking(first_on=first, kind="systemic", what="FOLFIRI", cycles=count, every_days=14, days=length, drug=drug)  # pyright: ignore[reportArgumentType]


def operated(days_ago: int):
    surgery = Cytoreduction(on=DAY - timedelta(days=days_ago), completed=True, hipec=True, cc=0)
    return msgspec.structs.replace(read("maria"), cytoreductions=(surgery,), pipac=(), status=(), never=(), labs=(), peritoneum=())


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pipac", "cycles": 2, "every_days": 14},
        {"kind": "systemic", "cycles": 2},
        {"kind": "systemic", "cycles": 2, "every_days": 2, "days": 3},
        {"kind": "systemic", "cycles": -1, "every_days": 14},
        {"kind": "systemic", "every_days": 0},
    ],
)
def test_a_booking_that_makes_no_row_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(CourseRefused):
        Booking(first_on=DAY, **wrong)  # pyright: ignore[reportArgumentType]


def test_cycles_are_booked_as_a_row() -> None:
    row = booked_cycles([cycles(28, count=2), cycles(7, count=2)])
    assert [(one.on - DAY).days for one in row] == [7, 21, 28, 42]
    assert all((one.ends - one.on).days == 2 for one in row)
    assert (cycles(7, count=3).until - DAY).days == 7 + 28 + 2


@pytest.mark.parametrize(("gap", "breaks"), [(14, False), (13, True)])
def test_the_wash_out_before_a_booked_session_counts_to_the_day(gap: int, breaks: bool) -> None:
    """The last day of the cycle to the day of the session."""
    found = agenda(read("maria"), [session(60), cycles(60 - gap - 2)], DAY)
    assert any(one.kind == "wash-out-before" and one.hard for one in found.conflicts) == breaks


@pytest.mark.parametrize(
    ("gap", "kind"), [(27, "interval-under-28-days"), (42, None), (56, None), (57, "outside-window"), (71, "interval-over-70-days")]
)
def test_booked_sessions_are_judged_against_each_other(gap: int, kind: str | None) -> None:
    found = agenda(read("maria"), [session(10), session(10 + gap)], DAY)
    assert [one.kind for one in found.conflicts] == ([kind] if kind else [])


def test_given_and_booked_stand_in_order_and_are_numbered_on() -> None:
    given = PipacSession(on=DAY - timedelta(days=42), access="obtained")
    failed = PipacSession(on=DAY - timedelta(days=20), access="failed")
    case = msgspec.structs.replace(read("maria"), pipac=(given, failed))
    found = agenda(case, [session(3), Booking(first_on=DAY, kind="visit", what="Board")], DAY)
    told = [(one.title, one.settled) for one in found.entries if one.kind != "systemic"]
    assert told == [("PIPAC 1", True), ("PIPAC, no access", True), ("Board", False), ("PIPAC 2", False)]


def test_a_booking_whose_day_passed_is_told_unless_a_session_was_given() -> None:
    case = read("maria")
    assert [one.first_on for one in agenda(case, [session(-3)], DAY).missed] == [DAY - timedelta(days=3)]
    done = msgspec.structs.replace(case, pipac=(PipacSession(on=DAY - timedelta(days=3), access="obtained"),))
    assert agenda(done, [session(-3)], DAY).missed == ()
    assert agenda(case, [session(0)], DAY).missed == ()


def test_follow_up_is_one_line_for_all_that_is_overdue_and_silent_once_disease_is_back() -> None:
    case = operated(400)
    lines = [one for one in agenda(case, [], DAY).entries if one.kind in ("reminder", "follow-up")]
    late = [one for one in lines if one.kind == "reminder"]
    assert len(late) == 1
    assert "visit" not in late[0].title, "nobody booked one, so nobody can say it is overdue"
    assert any(one.kind == "follow-up" for one in lines)
    back = DiseaseStatus(status="recurrent", on=DAY - timedelta(days=5))
    again = msgspec.structs.replace(case, status=(back,))
    assert not [one for one in agenda(again, [], DAY).entries if one.kind in ("reminder", "follow-up")]


def test_appointments_that_overlap_serve_every_schedule_and_keep_within_each() -> None:
    for one in agenda(operated(30), [], DAY).entries:
        if one.kind == "follow-up":
            assert one.until is not None
            assert one.on <= one.until
            assert one.title.lower() in {word.lower() for word in WORDS.values()}


def test_specimens_keep_places_and_wait_for_every_grade() -> None:
    taken = (Biopsy(place="pelvis", region=6), Biopsy(place="left flank"))
    findings = Findings(on=DAY, access="obtained", biopsies=taken, photographs=(Photograph(reference="study 1"),))
    kept = specimens_of(findings, "s1")
    assert kept is not None
    assert (kept.awaited, kept.regression) == (2, None)
    half = graded(kept, (2, None))
    assert (half.awaited, half.regression) == (1, None)
    whole = graded(half, (2, 3), "report 7")
    assert whole.regression is not None
    assert (whole.regression.grades, whole.regression.document) == ((2, 3), "report 7")
    assert [one.place for one in whole.biopsies] == ["pelvis", "left flank"]
    assert specimens_of(Findings(on=DAY, access="obtained")) is None


@pytest.mark.parametrize("wrong", [{"prgs": 0}, {"prgs": 5}, {"region": 13}, {"region": -1}])
def test_specimens_off_their_scale_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ScoreError):
        Specimens(on=DAY, biopsies=(Biopsy(place="pelvis", **wrong),))


def test_another_number_of_answers_is_refused() -> None:
    with pytest.raises(CourseRefused):
        graded(Specimens(on=DAY, biopsies=(Biopsy(place="pelvis"),)), (1, 2))
