"""Sessions and systemic cycles on one calendar, with every conflict named. Proposes days; the team books them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from peritia.case import Case, facts
from peritia.case.treatment import Drug, PipacSession
from peritia.course.conflict import Conflict, conflicts
from peritia.course.errors import CourseRefused
from peritia.course.window import Window, days_of, next_window
from peritia.knowledge import Library, library
from peritia.knowledge.regimen import Regimen

EntryKind = Literal["pipac", "hipec", "systemic", "visit", "laboratory", "review", "window", "follow-up", "reminder"]


class Cycle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One systemic cycle: its first day, its drugs, and the last day on which something is given (a pump runs on)."""

    name: str
    on: date
    last_on: date | None = None
    drugs: tuple[Drug, ...] = ()

    def __post_init__(self) -> None:
        if self.last_on is not None and self.last_on < self.on:
            raise CourseRefused("a cycle ends before it begins", "a last day not before the first")

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.last_on or self.on


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the calendar. ``until`` is its last day. ``number`` counts within its kind; ``settled`` says it took place."""

    kind: EntryKind
    on: date
    title: str
    until: date | None = None
    number: int = 0
    settled: bool = False
    note: str = ""
    sources: tuple[str, ...] = ()


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """Entries in order of time, and what stands in conflict. ``windows`` belong to the sessions proposed, in order."""

    regimen: str
    on: date
    entries: tuple[Entry, ...]
    windows: tuple[Window, ...]
    conflicts: tuple[Conflict, ...]


def cycles(name: str, first_on: date, *, every_days: int, count: int, days: int = 1, drugs: tuple[Drug, ...] = ()) -> tuple[Cycle, ...]:
    """A row of cycles. ``days`` is how long one is given. Raises ``CourseRefused`` for numbers that make no row."""
    if every_days < 1 or count < 0 or not 1 <= days <= every_days:
        raise CourseRefused(
            "these cycles make no row", "at least one day apart, given for at least one day and no longer than the interval"
        )
    starts = [first_on + timedelta(days=every_days * number) for number in range(count)]
    last = timedelta(days=days - 1)
    return tuple(
        Cycle(name=f"{name}, cycle {number}", on=start, last_on=start + last, drugs=drugs) for number, start in enumerate(starts, start=1)
    )


def schedule(
    case: Case,
    regimen_id: str,
    on: date,
    *,
    systemic: Sequence[Cycle] = (),
    sessions: int = 1,
    booked: Sequence[date] = (),
    library_: Library | None = None,
) -> Calendar:
    """The next sessions from a day on. ``booked`` days are kept as they are; the rest is proposed.

    A proposal is the first day of its window that conflicts with no cycle; if every day does, the first of the window, with its conflicts.
    The first session of a course has no window: it may be from ``on``. Raises ``CourseRefused`` for a regimen that is not repeated.
    """
    knowledge = library_ or library()
    regimen = _pipac(knowledge, regimen_id)
    before = {one.on: one for one in case.pipac if one.on is not None and one.on <= on and one.access != "failed"}
    done = sorted(before)
    kept = sorted({day for day in booked if day not in done})
    if done and kept and kept[0] <= done[-1]:
        raise CourseRefused("a session is booked before the last one that was given", f"days after {done[-1]}")
    given = (*recorded_cycles(case, on), *systemic)
    days = list(done)
    windows: list[Window] = []
    for number in range(max(sessions, len(kept))):
        window = next_window(regimen, days[-1], knowledge) if days else None
        windows += [window] if window is not None else []
        days.append(kept[number] if number < len(kept) else _propose(window, on, days, given, regimen, knowledge))
    ahead = days[len(done) :]
    return Calendar(
        regimen=regimen.id,
        on=on,
        entries=tuple(sorted((*_entries(days, before, regimen, knowledge, case, on), *map(_cycle_entry, systemic)), key=_by_day)),
        windows=tuple(windows),
        conflicts=conflicts(ahead, given, regimen, knowledge, last=done[-1] if done else None),
    )


def _pipac(knowledge: Library, regimen_id: str) -> Regimen:
    regimen = knowledge.regimens.get(regimen_id)
    if regimen is None or regimen.interval is None:
        known = ", ".join(sorted(id_ for id_, one in knowledge.regimens.items() if one.interval is not None))
        raise CourseRefused(f"{regimen_id[:60]!r} is no regimen that is repeated by interval", f"one of {known}")
    return regimen


def _propose(
    window: Window | None, on: date, days: Sequence[date], systemic: Sequence[Cycle], regimen: Regimen, knowledge: Library
) -> date:
    first = on if window is None else max(window.earliest, on)
    last = first + timedelta(weeks=4) if window is None else max(window.latest, first)
    before = days[-1] if days else None
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if not conflicts([day], systemic, regimen, knowledge, last=before):
            return day
    return first


def recorded_cycles(case: Case, on: date) -> tuple[Cycle, ...]:
    """What is on record of systemic treatment, as its last day; a line that goes on is left to the cycles on the calendar."""
    ended = (line for line in case.systemic if line.ended_on is not None and line.ended_on <= on and not line.ongoing)
    return tuple(
        Cycle(name="last recorded systemic treatment", on=line.ended_on, drugs=tuple(dose.drug for dose in line.drugs))
        for line in ended
        if line.ended_on is not None
    )


def _entries(
    days: Sequence[date], given: Mapping[date, PipacSession], regimen: Regimen, knowledge: Library, case: Case, on: date
) -> Iterator[Entry]:
    counted = facts(case, on)["pipac_sessions"].value
    # Sessions without a date are counted by the case and have no place on a calendar; numbers go on from them.
    first = (int(counted) if isinstance(counted, int | float) else len(given)) - len(given) + 1
    for number, day in enumerate(days, start=first):
        session = given.get(day)
        if session is not None:
            note = ", ".join(dose.drug for dose in session.doses)
            yield Entry(kind="pipac", on=day, title=f"PIPAC {number}", number=number, settled=True, note=note)
            continue
        yield Entry(kind="pipac", on=day, title=f"PIPAC {number}", number=number, note=regimen.name)
        yield from _beside(day, number, regimen, knowledge)


def _beside(day: date, number: int, regimen: Regimen, knowledge: Library) -> Iterator[Entry]:
    """What belongs to a session to come: fresh laboratory values, and the review when enough sessions were given."""
    fresh = knowledge.checklists["session-plan"].limits["labs_age"]
    if fresh.value is not None:
        yield Entry(
            kind="laboratory",
            on=day - timedelta(days=days_of(fresh)),
            until=day,
            title=f"Laboratory values for PIPAC {number}",
            number=number,
            sources=tuple(str(one) for one in fresh.citations),
        )
    review = knowledge.reviews["pipac"]
    least = regimen.sessions.low if regimen.sessions is not None else None
    if least is not None and number == round(least) and review.due is not None:
        yield Entry(
            kind="review",
            on=day,
            title=f"Review of the response at PIPAC {number}",
            number=number,
            sources=tuple(str(one) for one in review.due.citations),
        )


def _cycle_entry(cycle: Cycle) -> Entry:
    return Entry(kind="systemic", on=cycle.on, until=cycle.ends, title=cycle.name)


def _by_day(entry: Entry) -> tuple[date, str, int]:
    return entry.on, entry.kind, entry.number
