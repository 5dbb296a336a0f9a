"""What the run of a session warns of: readings outside the regimen's range, a line overdue, a part of the dose due, pressure too high."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from peritia.course.limit import Limit
from peritia.course.session import Session

Kind = Literal["outside-range", "overdue", "dose-due", "dose-late", "pressure-high"]


class RunWarning(msgspec.Struct, frozen=True, kw_only=True):
    """One warning. ``at`` is when it was so; for what is still so, the moment asked for."""

    kind: Kind
    text: str
    at: datetime
    sources: tuple[str, ...] = ()


def warnings(session: Session, now: datetime) -> tuple[RunWarning, ...]:
    """Every warning up to ``now``, oldest first. A warning stops nothing; an abort is the team's decision."""
    found = [*_readings(session), *_step_readings(session), *_pressures(session), *_additions(session, now), *_overdue(session, now)]
    return tuple(sorted(found, key=lambda one: one.at))


def _outside(limit: Limit, name: str, value: float, at: datetime, kind: Kind = "outside-range") -> Iterator[RunWarning]:
    if not limit.holds(value):
        yield RunWarning(kind=kind, text=f"{name} {value:g}, range {limit.text}: {limit.because}", at=at, sources=limit.sources)


def _readings(session: Session) -> Iterator[RunWarning]:
    """Lines of the run sheet count once the drug is in; warming up is no deviation."""
    clock = session.clock
    for row in session.rows:
        if clock is None or row.at < clock.started_at:
            continue
        for name, value in row.values.items():
            limit = session.plan.limit("", name)
            if limit is not None:
                yield from _outside(limit, name, value, row.at)


def _step_readings(session: Session) -> Iterator[RunWarning]:
    for one in session.signed:
        for name, value in one.recorded.items():
            limit = session.plan.limit(one.step, name)
            if limit is not None and not isinstance(value, str):
                yield from _outside(limit, name, value, one.at)


def _pressures(session: Session) -> Iterator[RunWarning]:
    limit = next((one for one in session.plan.limits if one.record == "highest pressure"), None)
    for one in session.injections:
        if limit is not None and one.ended_at is not None and one.highest_pressure_psi is not None:
            yield from _outside(limit, f"{one.drug}, highest pressure", one.highest_pressure_psi, one.ended_at, "pressure-high")


def _additions(session: Session, now: datetime) -> Iterator[RunWarning]:
    """A part of the dose is late when the next whole minute has passed; one that has not been given is due."""
    if not session.fractions or session.aborted is not None:
        return
    start = session.fractions[0].at
    for planned, given in zip(session.plan.additions, session.fractions, strict=False):
        late = (given.at - start).total_seconds() / 60 - planned.at_minutes
        if late >= 1:
            text = f"Part {planned.number} of {planned.name} was given {late:.0f} min late"
            yield RunWarning(kind="dose-late", text=text, at=given.at)
    following = session.next_addition
    if following is not None and now >= start + timedelta(minutes=following.at_minutes):
        yield RunWarning(kind="dose-due", text=f"Part {following.number} of {following.name} is due", at=now)


def _overdue(session: Session, now: datetime) -> Iterator[RunWarning]:
    clock = session.clock
    if clock is None or session.plan.route != "hipec" or session.aborted is not None or _drained(session):
        return
    for column in session.plan.run_sheet:
        last = max((row.at for row in session.rows if column.name in row.values), default=clock.started_at)
        behind = (now - max(last, clock.started_at)).total_seconds() / 60
        if behind > column.every_minutes:
            text = f"{column.name} was last written down {behind:.0f} min ago; every {column.every_minutes:g} min"
            yield RunWarning(kind="overdue", text=text, at=now, sources=tuple(str(one) for one in column.citations))


def _drained(session: Session) -> bool:
    return any(session.step(one.step).phase == "evacuation" for one in session.signed)
