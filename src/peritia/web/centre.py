"""A centre's calendar: what every case of it puts there. Cases are found by the kinds of entries that make a calendar, once."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock

import msgspec

from peritia.course import Agenda, agenda
from peritia.course.conflict import Conflict
from peritia.course.schedule import Entry
from peritia.on_record import BOOKINGS
from peritia.store.errors import CaseUnknown
from peritia.store.event import Scope
from peritia.store.index import CaseRow
from peritia.store.record import Record

_MAKING = ("pipac", "cytoreductions", BOOKINGS.name)
_KEPT = 20_000
MOST = 2_000
"""Cases that one calendar reads; more are told, not left out in silence."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry and whose it is."""

    case: CaseRow
    entry: Entry


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A conflict and whose it is."""

    case: CaseRow
    conflict: Conflict


class Full(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which more than one session is booked: nobody's wash-out, but one room and one team."""

    on: date
    cases: tuple[CaseRow, ...]


class CentreCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """Everything from a day to a day. ``left_out``: cases that were not read, since there were too many."""

    first: date
    last: date
    lines: tuple[Line, ...]
    conflicts: tuple[Named, ...]
    full: tuple[Full, ...]
    missed: tuple[tuple[CaseRow, date, str], ...]
    left_out: int = 0


class CentreCalendars:
    """Reads, and remembers each case's part by its version and the day."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._cases: set[str] = set()
        self._reached = 0
        self._kept: OrderedDict[tuple[str, int, date], Agenda] = OrderedDict()
        self._lock = Lock()

    def __call__(self, scope: Scope, on: date, first: date, last: date) -> CentreCalendar:
        """The calendar of the centres in ``scope`` as it stands on a day."""
        rows = [row for row in (self._row(id_, scope) for id_ in self._found()) if row is not None]
        rows.sort(key=lambda row: row.updated_at, reverse=True)
        parts = [(row, self._part(row, on)) for row in rows[:MOST]]
        lines = [
            Line(case=row, entry=one) for row, part in parts for one in part.entries if one.on <= last and (one.until or one.on) >= first
        ]
        return CentreCalendar(
            first=first,
            last=last,
            lines=tuple(sorted(lines, key=lambda one: (max(one.entry.on, first), one.entry.kind, one.case.case_id))),
            conflicts=tuple(Named(case=row, conflict=one) for row, part in parts for one in part.conflicts if first <= one.on <= last),
            full=_full(lines),
            missed=tuple((row, one.first_on, one.what) for row, part in parts for one in part.missed),
            left_out=max(0, len(rows) - MOST),
        )

    def _found(self) -> tuple[str, ...]:
        with self._lock:
            self._reached, more = self._record.cases_touched(_MAKING, self._reached)
            self._cases |= more
            return tuple(self._cases)

    def _row(self, case_id: str, scope: Scope) -> CaseRow | None:
        try:
            return self._record.row(case_id, scope=scope)
        except CaseUnknown:
            return None

    def _part(self, row: CaseRow, on: date) -> Agenda:
        key = (row.case_id, row.version, on)
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        scope = Scope.of(row.centre)
        entries = self._record.entries(row.case_id, scope=scope, as_of=on)
        bookings = sorted((one.value for one in entries if one.section == BOOKINGS.name), key=lambda one: one.first_on)
        made = agenda(self._record.case(row.case_id, scope=scope, as_of=on), bookings, on)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def _full(lines: Iterable[Line]) -> tuple[Full, ...]:
    """Days with more than one session to come."""
    sessions = [line for line in lines if line.entry.kind in ("pipac", "hipec") and not line.entry.settled]
    days = Counter(line.entry.on for line in sessions)
    return tuple(
        Full(on=day, cases=tuple(line.case for line in sessions if line.entry.on == day))
        for day, count in sorted(days.items())
        if count > 1
    )
