"""A checklist: what is done in which order, what is checked before it may begin, what ends it; the numbers a plan is held to."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure
from peritia.sources import Citation, Status, cite

Phase = Literal["before", "sign-in", "access", "assessment", "set-up", "delivery", "hold", "perfusion", "evacuation", "closing", "after"]


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step. ``critical`` steps stop the session when they fail; ``record`` names what is written down; ``two_people`` sign together."""

    id: str
    phase: Phase
    text: str
    source: str | tuple[str, ...]
    patient: str = ""
    critical: bool = False
    two_people: bool = False
    record: tuple[str, ...] = ()
    limits: tuple[Figure, ...] = ()
    timer: Figure | None = None
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column of a run sheet, written down every ``every_minutes``."""

    name: str
    unit: str
    every_minutes: float
    source: str | tuple[str, ...]
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Checklist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Steps in order. ``go`` are criteria that must hold on the day, ``cautions`` are shown; ``abort`` ends the session.

    ``run_sheet`` are the columns recorded in time; ``agreed`` and ``not_agreed`` say what a consensus decided and what it left open.
    """

    id: str = ""
    name: str
    treatment: str = ""
    steps: tuple[Step, ...] = ()
    go: tuple[Criterion, ...] = ()
    cautions: tuple[Criterion, ...] = ()
    abort: tuple[Claim, ...] = ()
    run_sheet: tuple[Column, ...] = ()
    limits: dict[str, Figure] = {}
    agreed: tuple[Claim, ...] = ()
    not_agreed: tuple[Claim, ...] = ()
    safety: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        seen = [step.id for step in self.steps]
        if len(seen) != len(set(seen)):
            raise ValueError("two steps have one id")
