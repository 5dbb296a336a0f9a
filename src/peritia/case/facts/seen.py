"""The case as it can be seen on a date: entries of later days left out, the rest newest first, ready for the rules.

A *row* is one entry with its day and place. A *finding* is what a rule concludes: value, state, the rows it used, and a reason. Rows and findings
are plain tuples, since thousands of cases a second pass here.

Semantics. No entry means unknown. The newest entry that says something counts; entries without date count as older than dated ones. Entries of the
same day that disagree make the fact unknown. What was seen of the abdomen before a cytoreduction does not describe it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Literal, cast

from peritia.case.case import Case
from peritia.case.facts.calendar import UNDATED

Value = bool | int | float | str
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
Row = tuple[date, str, int, Any]
"""Day (``UNDATED`` if none), part, position in it (-1 when the part is one thing), entry."""
Finding = tuple[Value | None, Literal["known", "inferred", "assumed", "unknown"], tuple[Row, ...], str]
NO_DATE = "the entry has no date"


def known(value: Value, *rows: Row) -> Finding:
    """As recorded."""
    return (value, "known", rows, NO_DATE if rows[0][0] is UNDATED and rows[0][2] >= 0 else "")


def inferred(value: Value, reason: str, *rows: Row) -> Finding:
    """Derived by a rule, which ``reason`` names."""
    return (value, "inferred", rows, reason)


def unknown(reason: str, *rows: Row) -> Finding:
    """Not known, and why."""
    return (None, "unknown", rows, reason)


class Seen:
    """One case on one date. Everything is computed at first use and kept for the other rules."""

    __slots__ = ("_cut", "_groups", "_rows", "assume", "case", "found", "on")

    def __init__(self, case: Case, on: date, assume: bool) -> None:
        self.case = case
        self.on = on
        self.assume = assume
        self.found: dict[str, Finding] = {}
        self._rows: dict[str, list[Row]] = {}
        self._groups: dict[str, dict[str, list[Row]]] = {}
        self._cut: date | None | Literal[False] = False

    def rows(self, part: str, day: str = "on") -> list[Row]:
        """Entries of a part up to the date, newest first; ``day`` names the field that dates them."""
        rows = self._rows.get(part)
        if rows is None:
            on = self.on
            entries: Sequence[Any] = self.case.patient.body if part == "patient.body" else getattr(self.case, part)
            rows = [
                (when or UNDATED, part, place, entry)
                for place, entry in enumerate(entries)
                if (when := getattr(entry, day)) is None or when <= on
            ]
            if len(rows) > 1:
                rows.sort(key=itemgetter(0), reverse=True)
            self._rows[part] = rows
        return rows

    def one(self, part: Literal["primary", "patient", "histology", "plans"]) -> Row:
        """A part that is one thing, as a row."""
        entry = getattr(self.case, part)
        when: date | None = entry.on if part == "histology" else entry.diagnosed_on if part == "primary" else None
        return (when or UNDATED, part, -1, entry)

    def groups(self, part: str, key: str) -> dict[str, list[Row]]:
        """Entries of a part by a key field (analyte, site, illness), each newest first."""
        groups = self._groups.get(part)
        if groups is None:
            groups = self._groups[part] = {}
            for row in self.rows(part):
                groups.setdefault(getattr(row[3], key), []).append(row)
        return groups

    @property
    def cut(self) -> date | None:
        """Day of the last cytoreduction that was carried out; None without one."""
        if self._cut is False:
            self._cut = next((row[0] for row in self.rows("cytoreductions") if row[3].completed is not False), None)
        return self._cut

    def current(self, part: str) -> list[Row]:
        """Entries that describe the abdomen as it is now: those after the last cytoreduction."""
        rows, cut = self.rows(part), self.cut
        return rows if cut is None else [row for row in rows if row[0] > cut]

    def value(self, name: str) -> Value | None:
        """Value of a fact derived before."""
        finding = self.found.get(name)
        return None if finding is None else finding[0]

    def number(self, name: str) -> float | None:
        """Value of a numeric fact derived before."""
        return cast("float | None", self.value(name))

    def used(self, *names: str) -> tuple[Row, ...]:
        """The rows behind facts derived before."""
        return tuple(dict.fromkeys(row for name in names for row in self.found.get(name, _NOTHING)[2]))


_NOTHING: Finding = (None, "unknown", (), "")


def latest(rows: Sequence[Row], field: str) -> Finding | None:
    """The newest entry that fills ``field``; unknown when others of the same day fill it otherwise."""
    for place, row in enumerate(rows):
        value = getattr(row[3], field)
        if value is not None:
            for other in rows[place + 1 :]:
                if other[0] != row[0]:
                    break
                second = getattr(other[3], field)
                if second is not None and second != value:
                    return disagree(row, other)
            return known(value, row)
    return None


def disagree(*rows: Row) -> Finding:
    """Entries of one day that contradict each other."""
    return unknown("conflicting entries on the same day" if rows[0][0] is not UNDATED else "conflicting entries without date", *rows)


def latest_current(seen: Seen, part: str, field: str) -> Finding | None:
    """As ``latest``, for what a cytoreduction makes out of date."""
    finding = latest(seen.current(part), field)
    if finding is None and seen.cut is not None:
        older = latest(seen.rows(part), field)
        if older is not None:
            return before_surgery(seen, *older[2])
    return finding


def before_surgery(seen: Seen, *rows: Row) -> Finding:
    """Recorded before the last cytoreduction, hence no longer telling."""
    when = "" if seen.cut in (None, UNDATED) else f" of {seen.cut}"
    return unknown(f"recorded before the cytoreduction{when}; not recorded since", *rows)


def presence(rows: Sequence[Row] | None) -> Finding | None:
    """The newest statement of present or absent; 'not-staged' says unknown, whatever an older entry said."""
    if not rows:
        return None
    row = rows[0]
    stated = row[3].presence
    for other in rows[1:]:
        if other[0] != row[0]:
            break
        if other[3].presence != stated:
            return disagree(row, other)
    if stated == "not-staged":
        return unknown("not staged", row)
    return known(stated == "present", row)


def any_of(reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    """Kleene's OR over findings: true if one is true, false if all are false."""
    return _kleene(True, reason, findings)


def all_of(reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    """Kleene's AND over findings: false if one is false, true if all are true."""
    return _kleene(False, reason, findings)


def _kleene(decides: bool, reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    rows: list[Row] = []
    open_: Finding | None = None
    undecided = False
    for finding in findings:
        if finding is None or finding[0] is None:
            undecided = True
            open_ = open_ or finding
        elif finding[0] is decides:
            return (decides, "inferred", finding[2], reason)
        else:
            rows.extend(finding[2])
    if undecided:
        return open_
    return (not decides, "inferred", tuple(dict.fromkeys(rows)), reason)


def compared(finding: Finding | None, test: Callable[[Any], bool], reason: str) -> Finding | None:
    """A truth derived from one finding; unknown stays unknown."""
    if finding is None or finding[0] is None:
        return finding
    return (test(finding[0]), "inferred", finding[2], reason)
