"""When the next PIPAC may be: the regimen's interval, and the borders outside which the planner warns. All days count from the last one."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from peritia.course.errors import CourseRefused
from peritia.knowledge import Library
from peritia.knowledge.figure import Figure
from peritia.knowledge.regimen import Regimen


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """``earliest`` to ``latest`` by the regimen; before ``warn_before`` and after ``warn_after`` the planner warns."""

    earliest: date
    latest: date
    warn_before: date
    warn_after: date
    sources: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Whether a day lies in the regimen's window."""
        return self.earliest <= day <= self.latest


def next_window(regimen: Regimen, last: date, library: Library) -> Window:
    """The window after a session. Raises ``CourseRefused`` for a regimen without an interval (HIPEC is not repeated by interval)."""
    if regimen.interval is None:
        raise CourseRefused(f"{regimen.id} states no interval", "a PIPAC regimen with its interval")
    low, high = weeks_of(regimen.interval)
    limits = library.checklists["session-plan"].limits
    below, above = limits["pipac_interval_warn_below"], limits["pipac_interval_warn_above"]
    return Window(
        earliest=last + timedelta(days=round(7 * low)),
        latest=last + timedelta(days=round(7 * high)),
        warn_before=last + timedelta(days=days_of(below)),
        warn_after=last + timedelta(days=days_of(above)),
        sources=tuple(str(one) for one in regimen.interval.citations),
    )


def weeks_of(interval: Figure) -> tuple[float, float]:
    """Shortest and longest interval in weeks; a single value is both."""
    ends = [number for number in (interval.low, interval.value, interval.high) if number is not None]
    if not ends:
        raise CourseRefused("the interval has no number", "a regimen whose interval is known")
    return min(ends), max(ends)


def days_of(figure: Figure) -> int:
    """A figure in days. Raises ``CourseRefused`` when it holds no value."""
    if figure.value is None:
        raise CourseRefused("a number of days is not known", "a figure with a value in d")
    return round(figure.value)
