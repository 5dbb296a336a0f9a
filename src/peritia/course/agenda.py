"""What one case puts on a centre's calendar: sessions given and booked, systemic cycles, visits, follow-up; and its conflicts by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from peritia.case import Case
from peritia.course.booking import Booking, booked_cycles, still_ahead
from peritia.course.conflict import Conflict, conflicts
from peritia.course.follow_up import FollowUpPlan, done_on_record, due, follow_up_plan
from peritia.course.schedule import Entry, recorded_cycles
from peritia.knowledge import Library, library
from peritia.knowledge.follow_up import Examination

WORDS: Mapping[Examination, str] = {
    "visit": "visit",
    "markers": "tumour markers",
    "ct-abdomen-pelvis": "CT of abdomen and pelvis",
    "ct-chest": "CT of the chest",
    "blood-count-and-kidney": "blood count and kidney values",
}
"""Examinations as a calendar names them."""


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    """One case's entries in order of time, its conflicts, and bookings whose day has passed with no session on record."""

    entries: tuple[Entry, ...]
    conflicts: tuple[Conflict, ...]
    missed: tuple[Booking, ...]


def agenda(case: Case, bookings: Sequence[Booking], on: date, library_: Library | None = None) -> Agenda:
    """A case as of a day with all that is booked for it. Only follow-up schedules known to be meant for the patient are shown."""
    knowledge = library_ or library()
    ahead = still_ahead(bookings, case, on)
    given = {one.on for one in case.pipac} | {one.on for one in case.cytoreductions}
    missed = tuple(one for one in bookings if one.kind in ("pipac", "hipec") and one.first_on < on and one.first_on not in given)
    made = [*_given(case, on), *_booked(ahead, case, knowledge), *_systemic(bookings), *_visits(bookings)]
    made += _follow_up(follow_up_plan(case, on, knowledge), bookings, case, on)
    return Agenda(
        entries=tuple(sorted(made, key=lambda one: (one.on, one.kind, one.number, one.title))),
        conflicts=tuple(_conflicts(ahead, bookings, case, on, knowledge)),
        missed=missed,
    )


def _given(case: Case, on: date) -> Iterator[Entry]:
    number = 0
    for session in sorted((one for one in case.pipac if one.on is not None and one.on <= on), key=lambda one: one.on or on):
        if session.on is None:
            continue
        if session.access == "failed":
            yield Entry(kind="pipac", on=session.on, title="PIPAC, no access", settled=True)
            continue
        number += 1
        yield Entry(kind="pipac", on=session.on, title=f"PIPAC {number}", number=number, settled=True)
    for one in case.cytoreductions:
        if one.on is not None and one.on <= on:
            yield Entry(kind="hipec", on=one.on, title="CRS with HIPEC" if one.hipec else "CRS", settled=True)


def _booked(ahead: Sequence[Booking], case: Case, knowledge: Library) -> Iterator[Entry]:
    before = sum(1 for one in case.pipac if one.access != "failed")
    numbers = {id(one): before + place for place, one in enumerate((one for one in ahead if one.kind == "pipac"), start=1)}
    for one in ahead:
        regimen = knowledge.regimens.get(one.what)
        note = ", ".join(part for part in (regimen.name if regimen else one.what, one.note) if part)
        if one.kind == "pipac":
            yield Entry(kind="pipac", on=one.first_on, title=f"PIPAC {numbers[id(one)]}", number=numbers[id(one)], note=note)
        else:
            yield Entry(kind="hipec", on=one.first_on, title="CRS with HIPEC", note=note)


def _systemic(bookings: Sequence[Booking]) -> Iterator[Entry]:
    for cycle in booked_cycles(bookings):
        yield Entry(kind="systemic", on=cycle.on, until=cycle.ends, title=cycle.name)


def _visits(bookings: Sequence[Booking]) -> Iterator[Entry]:
    for one in bookings:
        if one.kind == "visit":
            yield Entry(kind="visit", on=one.first_on, until=one.until, title=one.what or "Visit", note=one.note)


def _follow_up(plan: FollowUpPlan, bookings: Sequence[Booking], case: Case, on: date) -> Iterator[Entry]:
    """One entry for each examination and span of time, whatever the number of schedules that ask for it; all that is overdue in one.

    Once disease is back the schedules are over: what comes next is the board's. A visit is proven by its booking; where none was ever
    booked, nobody can say that one is overdue.
    """
    if plan.surgery_on is None or _is_back(case, plan.surgery_on, on):
        return
    done = done_on_record(case, on)
    visits = tuple(one.first_on for one in bookings if one.kind == "visit" and one.first_on <= on)
    late = [one for one in due(plan, on, {**done, "visit": visits}) if one.state == "overdue" and (one.what != "visit" or visits)]
    if late:
        names = ", ".join(dict.fromkeys(WORDS[one.what] for one in late))
        first = min(one.latest for one in late)
        sources = tuple(dict.fromkeys(source for one in late for source in one.sources))
        yield Entry(kind="reminder", on=on, title=f"Overdue: {names}", note=f"since {first.isoformat()}", sources=sources)
    spans: dict[Examination, list[tuple[date, date, str]]] = {}
    for schedule in plan.schedules:
        if schedule.truth is True:
            for each in schedule.appointments:
                if each.latest >= on:
                    spans.setdefault(each.what, []).append((each.earliest, each.latest, schedule.name))
    for what, found in spans.items():
        yield from _merged(what, sorted(found))


def _is_back(case: Case, surgery: date, on: date) -> bool:
    """Whether disease came back after the operation."""
    return any(one.on is not None and surgery < one.on <= on and one.status in ("recurrent", "progressing") for one in case.status)


def _merged(what: Examination, spans: Sequence[tuple[date, date, str]]) -> Iterator[Entry]:
    """Spans that overlap become one: a visit in it serves every schedule named."""
    first, last, names = spans[0][0], spans[0][1], [spans[0][2]]
    for earliest, latest, name in spans[1:]:
        if earliest < last:
            first, last = max(first, earliest), min(last, latest)
            names.append(name)
            continue
        yield _appointment(what, first, last, names)
        first, last, names = earliest, latest, [name]
    yield _appointment(what, first, last, names)


def _appointment(what: Examination, first: date, last: date, names: Sequence[str]) -> Entry:
    return Entry(
        kind="follow-up",
        on=min(first, last),
        until=last,
        title=WORDS[what][:1].upper() + WORDS[what][1:],
        note="; ".join(dict.fromkeys(names)),
    )


def _conflicts(ahead: Sequence[Booking], bookings: Sequence[Booking], case: Case, on: date, knowledge: Library) -> Iterator[Conflict]:
    """Each booked session against the cycles by its own regimen's wash-out; PIPACs also against one another."""
    systemic = (*recorded_cycles(case, on), *booked_cycles(bookings))
    given = max((one.on for one in case.pipac if one.on is not None and one.on <= on and one.access != "failed"), default=None)
    before = given
    for one in ahead:
        regimen = knowledge.regimens.get(one.what)
        if regimen is None:
            continue
        last = before if one.kind == "pipac" else None
        yield from conflicts([one.first_on], systemic, regimen, knowledge, last=last)
        if one.kind == "pipac":
            before = one.first_on
