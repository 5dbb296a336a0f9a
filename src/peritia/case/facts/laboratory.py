"""The newest usable laboratory value of an analyte, in the unit of its fact; and why there is none."""

from __future__ import annotations

from datetime import date

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.row import Finding, Row, disagree, inferred, unknown
from peritia.case.facts.seen import Seen
from peritia.quantities.units import UnitError
from peritia.quantities.units_lab import factor_and_bounds, lab_units, lab_value

_DAYS = DEFINITIONS.staleness.days
_SAME = 0.01
"""Two results of one day that differ by less, relative to the first, are one result in two units or two roundings."""


def stale(seen: Seen, day: date, name: str) -> str | None:
    """Why a dated result no longer counts, if it does not."""
    limit = _DAYS.get(name)
    if limit is None or day is UNDATED or (age := (seen.on - day).days) <= limit:
        return None
    return f"stale: {age} days old, counts for {limit}"


def lab(seen: Seen, analyte: str) -> Finding | None:
    """Newest value of an analyte in the unit of its fact. Unknown when cut off by a comparator, without or with a wrong unit, or stale."""
    rows = seen.groups["labs"].get(analyte)
    if not rows:
        return None
    memo = seen.memo
    if rows[0] not in memo:
        memo[rows[0]] = _newest(seen, analyte, rows)
    return memo[rows[0]]


def _newest(seen: Seen, analyte: str, rows: list[Row]) -> Finding | None:
    if rows[0].entry.value is None:
        rows = [row for row in rows if row.entry.value is not None]
        if not rows:
            return None
    row = rows[0]
    first = _converted(seen, analyte, row)
    if first.value is not None:
        for other in rows[1:]:
            if other.day != row.day:
                break
            if other.entry.value is None:
                continue
            second = _converted(seen, analyte, other)
            if second.value is None or abs(float(second.value) - float(first.value)) > _SAME * abs(float(first.value)):
                return disagree(row, other)
    return first


def _converted(seen: Seen, analyte: str, row: Row) -> Finding:
    """One result in the unit of its fact, or why it gives none."""
    entry = row.entry
    if entry.comparator is not None:
        return unknown(f"recorded only as {entry.comparator} {entry.value:g}", row)
    try:
        factor, low, high = factor_and_bounds(analyte, entry.unit)
        value = entry.value * factor
        if not low <= value <= high:
            lab_value(analyte, entry.value, entry.unit)  # says what is wrong
    except UnitError as error:
        return unknown(f"unit or value: {error.found}", row)
    limit = _DAYS.get(analyte)
    if limit is None or row.day is UNDATED or (seen.on - row.day).days <= limit:
        return Finding(value, "known", (row,), row.note)
    return unknown(stale(seen, row.day, analyte) or "", row)


def times_upper_limit(seen: Seen, analyte: str) -> Finding | None:
    """Newest value as a multiple of the laboratory's own upper limit, which stands in the same entry and unit."""
    finding = lab(seen, analyte)
    if finding is None or finding.value is None:
        return finding
    row = finding.rows[0]
    limit = row.entry.upper_limit
    if limit is None or limit <= 0:
        return unknown("the laboratory's upper limit is not recorded", row)
    return inferred(row.entry.value / limit, "over the laboratory's upper limit", row)


def bounds(analyte: str) -> tuple[float, float]:
    """Domain of the fact: what the table of laboratory units holds for possible."""
    entry = lab_units().analytes[analyte]
    return entry.low, entry.high


def days_of(analyte: str) -> int:
    """Days for which a result counts."""
    return DEFINITIONS.staleness.days[analyte]
