"""The two small things every rule handles: a row (one entry, with its day and place) and a finding (what a rule concludes).

Thousands of cases a second pass here; none of these can be part of a cycle, so the garbage collector need not watch them.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from peritia.case.facts.calendar import UNDATED

Value = bool | int | float | str
State = Literal["known", "inferred", "assumed", "unknown"]
NO_DATE = "the entry has no date"


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where a fact came from: the entry, its date, its document, and the value as it was recorded."""

    path: str
    on: date | None = None
    document: str = ""
    shown: str = ""


class Row(msgspec.Struct, eq=False, gc=False):
    """One entry of a case. ``day`` is ``UNDATED`` if it has none; ``place`` is -1 where the part of the case is one thing.

    ``note`` is what a fact taken from it must say: that an entry of a list has no date. Two rows are equal only if they are the same row.
    """

    day: date
    part: str
    place: int
    entry: Any
    note: str = ""
    origin: Origin | None = None


class Finding(msgspec.Struct, frozen=True, gc=False):
    """What a rule concludes of a fact, and the rows it used."""

    value: Value | None
    state: State
    rows: tuple[Row, ...] = ()
    reason: str = ""


def known(value: Value, *rows: Row) -> Finding:
    """As recorded."""
    return Finding(value, "known", rows, rows[0].note)


def inferred(value: Value, reason: str, *rows: Row) -> Finding:
    """Derived by a rule, which ``reason`` names."""
    return Finding(value, "inferred", rows, reason)


def unknown(reason: str, *rows: Row) -> Finding:
    """Not known, and why."""
    return Finding(None, "unknown", rows, reason)


def disagree(*rows: Row) -> Finding:
    """Entries of one day that contradict each other."""
    return unknown("conflicting entries on the same day" if rows[0].day is not UNDATED else "conflicting entries without date", *rows)
