"""The calendar: windows, wash-out and conflicts at their borders; the iCalendar file by the rules of RFC 5545."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import msgspec
import pytest
from course_cases import DAY
from hypothesis import given, settings
from hypothesis import strategies as st

from peritia.case import Case
from peritia.case.disease import Primary
from peritia.case.treatment import Dose, PipacSession, SystemicLine
from peritia.course import Calendar, CourseRefused, Cycle, Entry, cycles, icalendar, next_window, schedule
from peritia.course.conflict import conflicts
from peritia.course.icalendar import escaped, folded, uid
from peritia.knowledge import library

OX = library().regimens["pipac-oxaliplatin-120"]
STAMP = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def case(*days: date, **fields: object) -> Case:
    return Case(
        id="c1",
        primary=Primary(site="colon"),
        pipac=tuple(PipacSession(on=day, access="obtained") for day in days),
        **fields,  # pyright: ignore
    )


def kinds(on: date, *rows: Cycle, last: date | None = None) -> list[str]:
    return [one.kind for one in conflicts([on], rows, OX, library(), last=last)]


def test_the_window_is_six_to_eight_weeks_with_warnings_at_28_and_70_days() -> None:
    window = next_window(OX, date(2026, 1, 5), library())
    assert (window.earliest, window.latest) == (date(2026, 2, 16), date(2026, 3, 2))
    assert (window.warn_before, window.warn_after) == (date(2026, 2, 2), date(2026, 3, 16))
    assert window.sources == ("mayo-pipac",)
    french = next_window(library().regimens["pipac-oxaliplatin-90"], date(2026, 1, 5), library())
    assert (french.earliest, french.latest) == (date(2026, 2, 2), date(2026, 2, 16))


def test_hipec_has_no_window() -> None:
    with pytest.raises(CourseRefused, match="no interval"):
        next_window(library().regimens["hipec-mitomycin-35-dutch"], DAY, library())
    with pytest.raises(CourseRefused, match="repeated by interval"):
        schedule(case(), "hipec-mitomycin-35-dutch", DAY)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (27, ["interval-under-28-days"]),
        (28, ["outside-window"]),
        (41, ["outside-window"]),
        (42, []),
        (56, []),
        (57, ["outside-window"]),
        (70, ["outside-window"]),
        (71, ["interval-over-70-days"]),
    ],
)
def test_intervals_at_their_borders(days: int, kind: list[str]) -> None:
    assert kinds(DAY + timedelta(days=days), last=DAY) == kind


@pytest.mark.parametrize(
    ("begin", "last", "kind"),
    [
        (-16, -14, []),
        (-15, -13, ["wash-out-before"]),
        (-2, 0, ["same-day"]),
        (0, 0, ["same-day"]),
        (1, 3, ["wash-out-after"]),
        (6, 8, ["wash-out-after"]),
        (7, 9, []),
    ],
)
def test_wash_out_is_fourteen_days_before_from_the_last_day_given_and_seven_after(begin: int, last: int, kind: list[str]) -> None:
    cycle = Cycle(name="FOLFIRI", on=DAY + timedelta(days=begin), last_on=DAY + timedelta(days=last))
    assert kinds(DAY, cycle) == kind


@pytest.mark.parametrize(("gap", "kind"), [(28, []), (27, ["bevacizumab-gap"]), (13, ["bevacizumab-gap", "wash-out-before"])])
def test_bevacizumab_keeps_twenty_eight_days(gap: int, kind: list[str]) -> None:
    assert kinds(DAY, Cycle(name="FOLFIRI + bevacizumab", on=DAY - timedelta(days=gap), drugs=("bevacizumab",))) == kind


def test_a_conflict_says_how_many_days_there_are_and_how_many_are_asked_for() -> None:
    found = conflicts([DAY], [Cycle(name="FOLFOX", on=DAY - timedelta(days=10))], OX, library())
    assert [(one.days, one.wanted, one.hard, one.sources) for one in found] == [(10, 14, True, ("robella-2016",))]
    assert "FOLFOX ends 10 days before the session; 14 are asked for" in found[0].text


def test_recorded_systemic_treatment_counts_without_being_entered_again() -> None:
    line = SystemicLine(drugs=(Dose(drug="irinotecan"), Dose(drug="bevacizumab")), ended_on=DAY - timedelta(days=5))
    made = schedule(case(systemic=(line,)), OX.id, DAY)
    assert made.entries[-1].on == DAY + timedelta(days=23)
    assert made.conflicts == ()


def test_the_proposal_moves_to_the_first_day_that_no_cycle_forbids() -> None:
    last = DAY - timedelta(days=42)
    row = cycles("FOLFIRI", DAY - timedelta(days=8), every_days=28, count=2, days=3)
    made = schedule(case(last), OX.id, DAY, systemic=row)
    session = next(one for one in made.entries if one.kind == "pipac" and not one.settled)
    # The cycle ends on day -6, so that day +8 is free; it is within the window of day 0 to +14; the next begins on day +20.
    assert session.on == DAY + timedelta(days=8)
    assert made.conflicts == ()


def test_where_no_day_is_free_the_first_is_proposed_with_its_conflicts() -> None:
    row = cycles("weekly paclitaxel", DAY - timedelta(days=7), every_days=7, count=6)
    made = schedule(case(DAY - timedelta(days=42)), OX.id, DAY, systemic=row)
    assert [one.on for one in made.entries if one.kind == "pipac" and not one.settled] == [DAY]
    assert {one.kind for one in made.conflicts} == {"same-day", "wash-out-before"}


def test_booked_days_are_kept_and_judged() -> None:
    made = schedule(case(DAY - timedelta(days=14)), OX.id, DAY, booked=[DAY + timedelta(days=1)])
    assert [one.kind for one in made.conflicts] == ["interval-under-28-days"]
    with pytest.raises(CourseRefused, match="booked before"):
        schedule(case(DAY - timedelta(days=14)), OX.id, DAY, booked=[DAY - timedelta(days=20)])


def test_laboratory_and_review_stand_beside_the_sessions() -> None:
    made = schedule(case(DAY - timedelta(days=90), DAY - timedelta(days=42)), OX.id, DAY, sessions=1)
    ahead = [one for one in made.entries if not one.settled]
    session = next(one for one in ahead if one.kind == "pipac")
    lab = next(one for one in ahead if one.kind == "laboratory")
    assert (lab.on, lab.until) == (session.on - timedelta(days=7), session.on)
    assert next(one for one in ahead if one.kind == "review").title == "Review of the response at PIPAC 3"
    assert session.number == 3


@pytest.mark.parametrize(("every", "count", "days"), [(0, 1, 1), (14, -1, 1), (14, 2, 0), (14, 2, 15)])
def test_cycles_that_make_no_row_are_refused(every: int, count: int, days: int) -> None:
    with pytest.raises(CourseRefused):
        cycles("X", DAY, every_days=every, count=count, days=days)


def test_a_cycle_does_not_end_before_it_begins() -> None:
    with pytest.raises(CourseRefused):
        Cycle(name="X", on=DAY, last_on=DAY - timedelta(days=1))


@settings(max_examples=60, deadline=None)
@given(
    done=st.lists(st.integers(-300, 0), unique=True, max_size=4),
    sessions=st.integers(0, 5),
    begin=st.integers(-30, 60),
    every=st.integers(7, 28),
    count=st.integers(0, 6),
)
def test_windows_and_sessions_are_ordered(done: list[int], sessions: int, begin: int, every: int, count: int) -> None:
    row = cycles("X", DAY + timedelta(days=begin), every_days=every, count=count)
    made = schedule(case(*(DAY + timedelta(days=day) for day in done)), OX.id, DAY, systemic=row, sessions=sessions)
    assert all(one.warn_before <= one.earliest <= one.latest <= one.warn_after for one in made.windows)
    assert all(before.earliest < after.earliest for before, after in pairwise(made.windows))
    days = [one.on for one in made.entries if one.kind == "pipac"]
    assert all(before < after for before, after in pairwise(days))
    assert [one.on for one in made.entries] == sorted(one.on for one in made.entries)
    assert all(one.on >= DAY for one in made.entries if one.kind == "pipac" and not one.settled)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Calendar) == made


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_calendar_file_is_whole() -> None:
    made = schedule(
        case(DAY - timedelta(days=42)),
        OX.id,
        DAY,
        systemic=cycles("FOLFIRI; two, weekly", DAY + timedelta(days=20), every_days=14, count=1),
    )
    text = icalendar(made.entries, STAMP, key="c1")
    lines = unfolded(text)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == text.count("DTSTAMP:20261121T083000Z") == len(made.entries)
    assert "\n" not in text.replace("\r\n", "")
    assert "SUMMARY:FOLFIRI\\; two\\, weekly\\, cycle 1" in lines
    assert "DTSTART;VALUE=DATE:20261211" in lines
    assert "DTEND;VALUE=DATE:20261212" in lines
    assert "c1" not in {line.partition(":")[2] for line in lines}
    identities = re.findall(r"UID:(\S+)", text)
    assert len(set(identities)) == len(identities)


def test_a_moved_session_keeps_its_uid() -> None:
    one, other = (Entry(kind="pipac", on=day, title="PIPAC 2", number=2) for day in (DAY, DAY + timedelta(days=3)))
    assert uid(one, "c1") == uid(other, "c1")
    assert uid(one, "c1") != uid(one, "c2")


def test_a_stamp_has_a_zone_and_a_label_stands_before_the_title() -> None:
    entry = Entry(kind="pipac", on=DAY, title="PIPAC 1")
    with pytest.raises(CourseRefused, match="time zone"):
        icalendar([entry], STAMP.replace(tzinfo=None), key="c1")
    assert "SUMMARY:M.: PIPAC 1" in icalendar([entry], STAMP, key="c1", label="M.")


@given(st.text(max_size=400))
def test_lines_fold_at_75_octets_within_no_character(text: str) -> None:
    line = "SUMMARY:" + escaped(text.encode("utf-8", "ignore").decode())
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:])


@given(st.text(max_size=100))
def test_escaping_is_undone_by_the_rules_of_the_standard(text: str) -> None:
    kept = "".join(
        sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127)
    )
    undone = re.sub(r"\\([\\;,n])", lambda found: "\n" if found[1] == "n" else found[1], escaped(text))
    assert undone == kept
    assert "\n" not in escaped(text)
