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
from peritia.case.facts.row import Finding, Row, Value

Part = Literal[
    "primary", "patient", "histology", "molecular", "peritoneum", "ascites", "cytology", "regression", "extraperitoneal", "status",
    "performance", "labs", "heart", "illnesses", "symptoms", "allergies", "preferences", "systemic", "cytoreductions", "pipac",
    "radiation", "never", "plans",
]  # fmt: skip
PARTS: tuple[Part, ...] = (
    "primary", "patient", "histology", "molecular", "peritoneum", "ascites", "cytology", "regression", "extraperitoneal", "status",
    "performance", "labs", "heart", "illnesses", "symptoms", "allergies", "preferences", "systemic", "cytoreductions", "pipac",
    "radiation", "never", "plans",
)  # fmt: skip
KEYS = {
    "labs": "analyte", "illnesses": "name", "allergies": "substance", "extraperitoneal": "site", "molecular": "marker",
    "preferences": "about",
}  # fmt: skip
"""The field by which entries of a part are told apart."""
T = TypeVar("T")
_DAY = attrgetter("day")


class Seen:
    """One case on one date. Everything is worked out at first use and kept for the other rules.

    ``rows[part]``: entries up to the date, newest first. ``groups[part][key]``: the same by key. ``current[part]``: those after the last
    cytoreduction. ``found``: what has been concluded so far. ``memo``: what rules share, see ``once``.
    """

    __slots__ = ("case", "current", "found", "groups", "memo", "on", "rows")

    def __init__(self, case: Case, on: date) -> None:
        self.case = case
        self.on = on
        self.found: dict[str, Finding] = {}
        self.rows = _Rows(case, on)
        self.groups = _Groups(self.rows)
        self.current = _Current(self.rows)
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


class _Rows(dict[str, list[Row]]):
    """Rows of each part, made when first asked for."""

    __slots__ = ("case", "on")

    def __init__(self, case: Case, on: date) -> None:
        super().__init__()
        self.case = case
        self.on = on

    def __missing__(self, part: str) -> list[Row]:
        on = self.on
        rows: list[Row] = []
        dated_by = "started_on" if part == "systemic" else "on"
        entries: tuple[Any, ...] = self.case.patient.body if part == "patient.body" else getattr(self.case, part)
        for place, entry in enumerate(entries):
            when = getattr(entry, dated_by)
            if when is None:
                rows.append(Row(UNDATED, part, place, entry))
            elif when <= on:
                rows.append(Row(when, part, place, entry))
        if len(rows) > 1:
            rows.sort(key=_DAY, reverse=True)
            if part not in KEYS:
                _settle_ties(rows)
        self[part] = rows
        return rows


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

    __slots__ = ("rows",)

    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, part: str) -> dict[str, list[Row]]:
        key = KEYS[part]
        groups: dict[str, list[Row]] = {}
        for row in self.rows[part]:
            name = getattr(row.entry, key)
            if name in groups:
                groups[name].append(row)
            else:
                groups[name] = [row]
        for rows in groups.values():
            if len(rows) > 1:
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
        memo: dict[Any, T] = seen.memo
        if work in memo:
            return memo[work]
        result = memo[work] = work(seen)
        return result

    kept.__doc__ = work.__doc__
    return kept
