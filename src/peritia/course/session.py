"""A session in progress: what is signed, what comes next, which clock runs. Made from its events by ``advance`` and ``replay``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from peritia.course.check import Check
from peritia.course.event import (
    CheckOverridden,
    FractionGiven,
    NoteWritten,
    PlanSigned,
    RowRecorded,
    SessionAborted,
    SessionOpened,
    StepSigned,
)
from peritia.course.plan import Addition, SessionPlan
from peritia.knowledge.checklist import Step

Status = Literal["open", "signed", "running", "aborted", "ended"]


class Injection(msgspec.Struct, frozen=True, kw_only=True):
    """The aerosol of one drug: when, how much, at which highest pressure."""

    drug: str
    started_at: datetime
    ended_at: datetime | None = None
    volume_ml: float | None = None
    whole: bool = False
    highest_pressure_psi: float | None = None


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The time of hold or perfusion, worked out from its start; it needs no running program and survives a reload."""

    started_at: datetime
    ends_at: datetime

    def minutes_left(self, now: datetime) -> float:
        """Minutes until it is over; 0 when it is."""
        return max(0.0, (self.ends_at - now).total_seconds() / 60)

    def over(self, now: datetime) -> bool:
        """Whether the time is up."""
        return now >= self.ends_at


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """``todo`` are the steps still to be signed, in order; ``signed`` every signature given. Frozen: an event makes a new one."""

    opened: SessionOpened
    last_at: datetime
    todo: tuple[str, ...]
    overrides: tuple[CheckOverridden, ...] = ()
    plan_signed: tuple[PlanSigned, ...] = ()
    signed: tuple[StepSigned, ...] = ()
    injections: tuple[Injection, ...] = ()
    fractions: tuple[FractionGiven, ...] = ()
    rows: tuple[RowRecorded, ...] = ()
    notes: tuple[NoteWritten, ...] = ()
    aborted: SessionAborted | None = None
    events: int = 1

    @property
    def plan(self) -> SessionPlan:
        """What was planned."""
        return self.opened.plan

    @property
    def status(self) -> Status:
        """open: the plan is not signed by two; signed: it is; running; aborted: still to be made safe; ended."""
        if not self.todo:
            return "ended"
        if self.aborted is not None:
            return "aborted"
        if self.signed or self.injections or self.fractions:
            return "running"
        return "signed" if self.is_plan_signed else "open"

    @property
    def is_plan_signed(self) -> bool:
        """Two different people have signed the plan."""
        return len(self.plan_signed) >= 2

    @property
    def blocking(self) -> tuple[Check, ...]:
        """Checks that keep the plan from being signed: hard, not go, and not overridden."""
        waived = {one.check for one in self.overrides}
        return tuple(check for check in self.plan.blocking if check.id not in waived)

    @property
    def current(self) -> Step | None:
        """The step that comes next; none when all is done or the plan is not signed."""
        return self.step(self.todo[0]) if self.todo and (self.is_plan_signed or self.aborted is not None) else None

    def step(self, id_: str) -> Step:
        """A step of the checklist. Raises ``KeyError``."""
        return {step.id: step for step in self.plan.steps}[id_]

    def signatures(self, step: str) -> tuple[StepSigned, ...]:
        """Who signed a step."""
        return tuple(one for one in self.signed if one.step == step)

    @property
    def injecting(self) -> Injection | None:
        """The aerosol that runs now."""
        return next((one for one in self.injections if one.ended_at is None), None)

    @property
    def drug_is_in(self) -> bool:
        """Whether any drug has entered the abdomen."""
        return bool(self.injections or self.fractions)

    @property
    def next_addition(self) -> Addition | None:
        """The part of a dose that goes into the bath next."""
        given = len(self.fractions)
        return self.plan.additions[given] if given < len(self.plan.additions) else None

    @property
    def clock(self) -> Clock | None:
        """Hold: from the end of the last aerosol. Perfusion: from the first part of the dose. None before it, or without a time."""
        minutes = self.plan.hold_minutes
        started = self._clock_started_at
        return None if minutes is None or started is None else Clock(started_at=started, ends_at=started + timedelta(minutes=minutes))

    @property
    def _clock_started_at(self) -> datetime | None:
        if self.plan.route == "hipec":
            return self.fractions[0].at if self.fractions else None
        if len(self.injections) < len(self.plan.doses) or not self.injections:
            return None
        return self.injections[-1].ended_at
