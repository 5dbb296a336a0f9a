"""Time between two dates as clinicians count it: completed years, calendar months, days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

UNDATED = date.min
"""Stands for an entry without date: older than every dated one."""


def years_between(start: date, end: date) -> int:
    """Completed years.

    >>> years_between(date(1960, 11, 22), date(2026, 11, 21))
    65
    """
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def months_between(start: date, end: date) -> float:
    """Calendar months: whole months, and the share of the month now running. 21 May to 21 November is exactly 6.

    >>> months_between(date(2026, 5, 21), date(2026, 11, 21)), round(months_between(date(2026, 1, 31), date(2026, 3, 15)), 2)
    (6.0, 1.48)
    """
    whole = 12 * (end.year - start.year) + end.month - start.month
    anchor = _months_after(start, whole)
    if anchor > end:
        whole -= 1
        anchor = _months_after(start, whole)
    return whole + (end - anchor).days / (_months_after(start, whole + 1) - anchor).days


def _months_after(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if start.day <= 28:
        return date(year, month + 1, start.day)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
