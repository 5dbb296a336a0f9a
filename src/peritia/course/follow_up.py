"""Follow-up after cytoreduction: every published schedule that fits, its appointments, and what is due on a day. None is the default."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec

from peritia.case import Case, facts
from peritia.course.kleene import all_of
from peritia.criteria import Truth
from peritia.knowledge import Library, library
from peritia.knowledge.follow_up import Examination, FollowUp, Series
from peritia.options import Reason
from peritia.options.reasons import Judge


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """One examination, from ``earliest`` to ``latest``; the two fall together where the source gives one interval."""

    what: Examination
    number: int
    earliest: date
    latest: date
    note: str = ""


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """One published schedule for this case. ``truth``: whether it is meant for the patient; appointments only where it may be."""

    id: str
    name: str
    truth: Truth
    reasons: tuple[Reason, ...]
    series: tuple[Series, ...]
    appointments: tuple[Appointment, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool


class FollowUpPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Every schedule that fits or may fit. ``why_none`` says why there is none."""

    on: date
    surgery_on: date | None
    schedules: tuple[Schedule, ...]
    why_none: str = ""


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """An examination that is due, or overdue, by one schedule."""

    schedule: str
    what: Examination
    state: Literal["due", "overdue"]
    earliest: date
    latest: date
    sources: tuple[str, ...]


def follow_up_plan(case: Case, on: date, library_: Library | None = None) -> FollowUpPlan:
    """The schedules after the last cytoreduction that was carried out by the day."""
    knowledge = library_ or library()
    surgery = max(
        (one.on for one in case.cytoreductions if one.on is not None and one.on <= on and one.completed is not False), default=None
    )
    if surgery is None:
        return FollowUpPlan(on=on, surgery_on=None, schedules=(), why_none="No dated cytoreduction that was carried out is on record")
    judge = Judge(facts(case, on), knowledge)
    fitting = tuple(made for one in knowledge.follow_ups.values() if (made := _schedule(one, judge, surgery)).truth is not False)
    none = "" if fitting else "No cited schedule is on file for this primary; the centre sets its own"
    return FollowUpPlan(on=on, surgery_on=surgery, schedules=fitting, why_none=none)


def due(plan: FollowUpPlan, on: date, done: Mapping[Examination, Sequence[date]]) -> tuple[Reminder, ...]:
    """What is due or overdue on a day, counted from the last examination of its kind since surgery, or from surgery.

    A schedule speaks only within its own years, and only where it is known to be meant for the patient.
    """
    found: list[Reminder] = []
    for schedule in plan.schedules:
        if plan.surgery_on is not None and schedule.truth is True:
            for series in schedule.series:
                found += _reminders(schedule, series, plan.surgery_on, on, done)
    return tuple(sorted(found, key=lambda one: (one.latest, one.schedule, one.what)))


def _reminders(
    schedule: Schedule, series: Series, surgery: date, on: date, done: Mapping[Examination, Sequence[date]]
) -> Iterator[Reminder]:
    if not months_after(surgery, round(series.from_months)) < on <= months_after(surgery, round(series.to_months)):
        return
    shortest, longest = _interval(series)
    for what in series.what:
        last = max((day for day in done.get(what, ()) if surgery < day <= on), default=surgery)
        earliest, latest = months_after(last, shortest), months_after(last, longest)
        if on >= earliest:
            state: Literal["due", "overdue"] = "due" if on <= latest else "overdue"
            yield Reminder(schedule=schedule.id, what=what, state=state, earliest=earliest, latest=latest, sources=schedule.sources)


def done_on_record(case: Case, on: date) -> dict[Examination, tuple[date, ...]]:
    """Examinations that the case's own entries prove: marker values, imaging of the peritoneum, staging of the lung. Visits are not."""
    markers = {one.on for one in case.labs if one.analyte in ("cea", "ca125", "ca19-9", "ca72-4") and one.value is not None}
    scans = {one.on for one in case.peritoneum if one.method in ("ct", "mri", "pet-ct")}
    scans |= {one.on for one in case.status if one.evidence == "imaging"}
    chest = {one.on for one in case.extraperitoneal if one.site == "lung" and one.presence != "not-staged"}
    proven: dict[Examination, set[date | None]] = {"markers": markers, "ct-abdomen-pelvis": scans, "ct-chest": chest}
    return {what: tuple(sorted(day for day in days if day is not None and day <= on)) for what, days in proven.items()}


def months_after(start: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _schedule(given: FollowUp, judge: Judge, surgery: date) -> Schedule:
    reasons = tuple(judge.reason(criterion, "applies") for criterion in given.applies)
    appointments = [one for series in given.series for one in _appointments(series, surgery)]
    return Schedule(
        id=given.id,
        name=given.name,
        truth=all_of(reason.truth for reason in reasons),
        reasons=reasons,
        series=given.series,
        appointments=tuple(sorted(appointments, key=lambda one: (one.latest, one.what))),
        notes=tuple(note.text for note in given.notes),
        sources=tuple(str(one) for one in given.citations),
        verified=judge.library.is_verified(given),
    )


def _appointments(series: Series, surgery: date) -> Iterator[Appointment]:
    """Planned at the longest interval: each from the one before plus the shortest, to the one before plus the longest."""
    shortest, longest = _interval(series)
    marks = range(round(series.from_months), round(series.to_months) + 1, longest)
    for number, (before, at) in enumerate(pairwise(marks), start=1):
        for what in series.what:
            yield Appointment(
                what=what,
                number=number,
                earliest=months_after(surgery, before + shortest),
                latest=months_after(surgery, at),
                note=series.note,
            )


def _interval(series: Series) -> tuple[int, int]:
    """Shortest and longest interval in whole months."""
    ends = [number for number in (series.every.low, series.every.value, series.every.high) if number is not None]
    return round(min(ends)), round(max(ends))
