"""The case as it can be seen on a date: entries of later days left out, the rest newest first, ready for the rules.

Semantics. No entry means unknown. The newest entry that says something counts; entries without date count as older than
dated ones. Entries of the same day that disagree make the fact unknown. What was seen of the abdomen before a cytoreduction
does not describe it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import Any, Literal, TypeVar

import msgspec

from peritia.case.case import Case
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.row import NO_DATE, Finding, Row, Value

Part = Literal[
    "primary", "patient", "histology", "molecular", "peritoneum", "ascites", "cytology", "regression", "extraperitoneal", "status",
    "performance", "labs", "heart", "illnesses", "symptoms", "allergies", "preferences", "systemic", "cytoreductions", "pipac",
    "radiation", "never", "plans", "predicted",
]  # fmt: skip
PARTS: tuple[Part, ...] = (
    "primary", "patient", "histology", "molecular", "peritoneum", "ascites", "cytology", "regression", "extraperitoneal", "status",
    "performance", "labs", "heart", "illnesses", "symptoms", "allergies", "preferences", "systemic", "cytoreductions", "pipac",
    "radiation", "never", "plans", "predicted",
)  # fmt: skip
KEYS = {
    "labs": "analyte", "illnesses": "name", "allergies": "substance", "extraperitoneal": "site", "molecular": "marker",
    "preferences": "about", "predicted": "technique",
}  # fmt: skip
"""The field by which entries of a part are told apart."""
_IN_THE_ABDOMEN = ("cytoreduction", "hipec", "pipac")
T = TypeVar("T")
_DAY = attrgetter("day")
_KEY_OF: dict[str, Callable[[Row], str]] = {part: attrgetter(f"entry.{field}") for part, field in KEYS.items()}


class Seen:
    """One case on one date. Everything is worked out at first use and kept for the other rules.

    ``rows[part]``: entries up to the date, newest first. ``groups[part][key]``: the same by key. ``current[part]``: those after the last
    cytoreduction. ``found``: what has been concluded so far. ``never``: what is
    stated never to have been given. ``memo``: what rules share, see ``once``.
    """

    __slots__ = ("case", "current", "found", "groups", "memo", "never", "on", "rows")

    def __init__(self, case: Case, on: date) -> None:
        self.case = case
        self.on = on
        self.found: dict[str, Finding] = {}
        self.groups = _Groups(case, on)
        self.rows = _Rows(case, on, self.groups)
        self.current = _Current(self.rows)
        self.never: dict[str, Row] = _never(self.rows["never"]) if case.never else {}
        self.memo: dict[Hashable, Any] = {}

    @property
    def cut(self) -> date | None:
        """Day of the last cytoreduction that was carried out; None without one."""
        return self.current.cut

    def one(self, part: Literal["primary", "patient", "histology", "plans"]) -> Row:
        """A part that is one thing, as a row."""
        row = self.memo.get(part)
        if row is None:
            entry = getattr(self.case, part)
            when: date | None = entry.on if part == "histology" else entry.diagnosed_on if part == "primary" else None
            row = self.memo[part] = Row(when or UNDATED, part, -1, entry)
        return row

    def value(self, name: str) -> Value | None:
        """Value of a fact derived before."""
        finding = self.found.get(name)
        return None if finding is None else finding.value

    def number(self, name: str) -> float | None:
        """Value of a numeric fact derived before."""
        finding = self.found.get(name)
        return None if finding is None else finding.value  # pyright: ignore[reportReturnType]

    def used(self, *names: str) -> tuple[Row, ...]:
        """The rows behind facts derived before."""
        found = self.found
        return tuple(dict.fromkeys([row for name in names if name in found for row in found[name].rows]))


def _never(rows: list[Row]) -> dict[str, Row]:
    """What was never given, by kind. Who never had an operation on the abdomen never had one with a treatment in it."""
    stated: dict[str, Row] = {row.entry.kind: row for row in rows}
    if "abdominal-surgery" in stated:
        for kind in _IN_THE_ABDOMEN:
            stated.setdefault(kind, stated["abdominal-surgery"])
    return stated


class _Rows(dict[str, list[Row]]):
    """Rows of each part, made when first asked for."""

    __slots__ = ("case", "groups", "on")

    def __init__(self, case: Case, on: date, groups: _Groups) -> None:
        super().__init__()
        self.case = case
        self.on = on
        self.groups = groups

    def __missing__(self, part: str) -> list[Row]:
        if part != "patient.body" and not getattr(self.case, part):
            rows = self[part] = []
            return rows
        if part in KEYS:
            rows = [row for group in self.groups[part].values() for row in group]
        elif part == "systemic":
            lines = enumerate(self.case.systemic)
            rows = [
                _row(line.started_on, part, place, line) for place, line in lines if line.started_on is None or line.started_on <= self.on
            ]
        else:
            rows = _rows_of(self.case.patient.body if part == "patient.body" else getattr(self.case, part), part, self.on)
        if len(rows) > 1:
            rows.sort(key=_DAY, reverse=True)
            _settle_ties(rows)
        self[part] = rows
        return rows


def _rows_of(entries: tuple[Any, ...], part: str, on: date) -> list[Row]:
    """Rows of entries that a field ``on`` dates, leaving out those of later days."""
    return [
        Row(day, part, place, entry) if day is not None else Row(UNDATED, part, place, entry, NO_DATE)
        for place, entry in enumerate(entries)
        if (day := entry.on) is None or day <= on
    ]


def _row(day: date | None, part: str, place: int, entry: Any) -> Row:
    return Row(UNDATED, part, place, entry, NO_DATE) if day is None else Row(day, part, place, entry)


def _settle_ties(rows: list[Row]) -> None:
    """Put entries of one day in an order that does not depend on where they were written."""
    for one, other in pairwise(rows):
        if one.day == other.day:
            rows.sort(key=_day_and_content, reverse=True)
            return


def _day_and_content(row: Row) -> tuple[date, bytes]:
    return row.day, msgspec.json.encode(row.entry)


class _Groups(dict[str, dict[str, list[Row]]]):
    """Rows of each part by key, newest first."""

    __slots__ = ("case", "on")

    def __init__(self, case: Case, on: date) -> None:
        super().__init__()
        self.case = case
        self.on = on

    def __missing__(self, part: str) -> dict[str, list[Row]]:
        key_of = _KEY_OF[part]
        groups: dict[str, list[Row]] = {}
        for row in _rows_of(getattr(self.case, part), part, self.on):
            key = key_of(row)
            if key in groups:
                groups[key].append(row)
            else:
                groups[key] = [row]
        if len(groups) < len(getattr(self.case, part)):
            for rows in groups.values():
                if len(rows) > 1:
                    rows.sort(key=_DAY, reverse=True)
                    _settle_ties(rows)
        self[part] = groups
        return groups


class _Current(dict[str, list[Row]]):
    """Rows of each part that describe the abdomen as it is now."""

    __slots__ = ("cut", "rows")

    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self.rows = rows
        self.cut: date | None = None
        for row in rows["cytoreductions"] if rows.case.cytoreductions else ():
            if row.entry.completed is not False:
                self.cut = row.day
                break

    def __missing__(self, part: str) -> list[Row]:
        rows, cut = self.rows[part], self.cut
        rows = rows if cut is None else [row for row in rows if row.day > cut]
        self[part] = rows
        return rows


def once(work: Callable[[Seen], T]) -> Callable[[Seen], T]:
    """Do the work at the first call for a case; give the kept result afterwards."""

    def kept(seen: Seen) -> T:
        result: T | None = seen.memo.get(work)
        if result is None:
            result = seen.memo[work] = work(seen)
        return result

    kept.__doc__ = work.__doc__
    return kept
