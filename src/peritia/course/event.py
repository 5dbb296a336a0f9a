"""What happens in a session, one plain value an event: who, when, what. A session is nothing but its events, in order.

``at`` carries its time zone. ``by`` names a person; two names that differ only in case or blanks are one person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from peritia.course.plan import SessionPlan

Role = Literal["clinician", "nurse", "pharmacist", "data-manager", "administrator", "viewer"]
SIGNING: frozenset[Role] = frozenset({"clinician", "nurse", "pharmacist"})
"""Who may sign."""
OVERRIDING: frozenset[Role] = frozenset({"clinician"})
"""Who may override a check."""


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    at: datetime
    by: str
    role: Role


class SessionOpened(_Event, frozen=True, kw_only=True, tag="opened"):
    """A session begins with its plan; the plan travels whole."""

    session: str
    plan: SessionPlan


class CheckOverridden(_Event, frozen=True, kw_only=True, tag="check-overridden"):
    """A clinician takes it upon themselves that one named check does not stop the session, and says why."""

    check: str
    reason: str


class PlanSigned(_Event, frozen=True, kw_only=True, tag="plan-signed"):
    """One of the two people who sign the plan."""


class StepSigned(_Event, frozen=True, kw_only=True, tag="step-signed"):
    """A step was done. ``recorded`` holds what was written down at it, by the name in the checklist."""

    step: str
    recorded: dict[str, float | str] = {}


class InjectionStarted(_Event, frozen=True, kw_only=True, tag="injection-started"):
    """The aerosol of one drug starts: everyone is out, and it is started from outside."""

    drug: str
    everyone_out: bool
    remote: bool


class InjectionEnded(_Event, frozen=True, kw_only=True, tag="injection-ended"):
    """The injector stopped. ``volume_ml`` went in, or the ``whole`` syringe; with neither said the dose given is not known."""

    drug: str
    volume_ml: float | None = None
    whole: bool = False
    highest_pressure_psi: float | None = None


class FractionGiven(_Event, frozen=True, kw_only=True, tag="fraction-given"):
    """A part of a dose went into the bath; the first starts the clock."""

    drug: str
    number: int


class RowRecorded(_Event, frozen=True, kw_only=True, tag="row-recorded"):
    """A line of the run sheet: readings by the name of their column, in its unit."""

    values: dict[str, float]


class NoteWritten(_Event, frozen=True, kw_only=True, tag="note-written"):
    """Something worth writing down."""

    text: str


class SessionAborted(_Event, frozen=True, kw_only=True, tag="aborted"):
    """The session ends early, with its reason. What has to be made safe is still done and signed."""

    reason: str


Event = (
    SessionOpened
    | CheckOverridden
    | PlanSigned
    | StepSigned
    | InjectionStarted
    | InjectionEnded
    | FractionGiven
    | RowRecorded
    | NoteWritten
    | SessionAborted
)
"""Any event of a session."""


def person(name: str) -> str:
    """One spelling for one person."""
    return " ".join(name.split()).casefold()


def encode(event: Event) -> bytes:
    """An event as JSON, for a record."""
    return msgspec.json.encode(event)


def decode(data: bytes | str) -> Event:
    """An event from JSON. Raises ``msgspec.ValidationError`` for what is none."""
    return msgspec.json.decode(data, type=Event)
