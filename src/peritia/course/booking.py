"""What is booked ahead: a session, a row of systemic cycles, a visit. A booking proposes nothing and gives nothing; it holds a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec

from peritia.case import Case
from peritia.case.treatment import Drug
from peritia.course.errors import CourseRefused
from peritia.course.schedule import Cycle, cycles

BookedKind = Literal["pipac", "hipec", "systemic", "visit"]


class Booking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One booking from ``first_on`` on. ``what``: the regimen of a session, the name of a systemic treatment, the purpose of a visit.

    ``cycles``, ``every_days`` and ``days`` make the row of a systemic treatment: how often, how far apart, for how long each.
    Raises ``CourseRefused`` for a row that is none.
    """

    first_on: date
    kind: BookedKind
    what: str = ""
    drug: Drug | None = None
    cycles: int = 1
    every_days: int | None = None
    days: int = 1
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind != "systemic" and self.cycles != 1:
            raise CourseRefused(f"{self.cycles} cycles of a {self.kind}", "cycles for a systemic treatment only")
        if self.cycles > 1 and self.every_days is None:
            raise CourseRefused("several cycles without an interval", "the days from one cycle to the next")
        if self.kind == "systemic":
            self.row()

    def row(self) -> tuple[Cycle, ...]:
        """The cycles of a systemic treatment; none of anything else."""
        if self.kind != "systemic":
            return ()
        given = (self.drug,) if self.drug is not None else ()
        every = self.every_days if self.every_days is not None else self.days
        return cycles(self.what or "Systemic", self.first_on, every_days=every, count=self.cycles, days=self.days, drugs=given)

    @property
    def until(self) -> date:
        """Its last day."""
        row = self.row()
        return row[-1].ends if row else self.first_on + timedelta(days=self.days - 1)


def booked_cycles(bookings: Iterable[Booking]) -> tuple[Cycle, ...]:
    """Every systemic cycle that is booked, in order of time."""
    return tuple(sorted((cycle for one in bookings for cycle in one.row()), key=lambda cycle: cycle.on))


def still_ahead(bookings: Iterable[Booking], case: Case, on: date) -> tuple[Booking, ...]:
    """Bookings of sessions that were not given by the day: those of the day itself or later, on no day of a session on record."""
    done = {one.on for one in case.pipac} | {one.on for one in case.cytoreductions}
    return tuple(one for one in bookings if one.kind in ("pipac", "hipec") and one.first_on >= on and one.first_on not in done)
