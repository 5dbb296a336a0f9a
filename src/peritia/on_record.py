"""What the record keeps of a case beside ``Case`` itself: decisions, sessions, side effects, specimens, quality of life, bookings.

Everything that opens a record opens it with ``FURTHER``: pages, the verbs in a terminal, export and import.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from peritia.course import AdverseEvent, Booking, Event, QlqAnswers, Specimens
from peritia.course.event import encode
from peritia.store.sections import Section, section


class Chosen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An option that was chosen, and its verdict on that day."""

    option: str
    name: str
    verdict: str


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the board decided, with what the assessment said at that moment.

    ``reason`` is needed when it departs: when an option was chosen that was not open. The hashes allow it to be re-run.
    """

    on: date
    chosen: tuple[Chosen, ...]
    departs: bool
    reason: str = ""
    present: str = ""
    program: str
    knowledge_version: str
    knowledge_hash: str
    facts_hash: str


class SessionEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event of one session. ``event`` is the event's own JSON: a plan keeps what is unknown in it as unknown."""

    on: date
    session: str
    event: str


class EmergencyAccess(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody of other centres opened the case in an emergency: who, from where, why, until when."""

    on: date
    by: str
    centres: tuple[str, ...]
    reason: str
    until: datetime


def session_event(on: date, session: str, event: Event) -> SessionEvent:
    """An event as the record keeps it."""
    return SessionEvent(on=on, session=session, event=encode(event).decode())


DECISIONS = section("decisions", Decision)
SESSION_EVENTS = section("session-events", SessionEvent)
ADVERSE_EVENTS = section("adverse-events", AdverseEvent)
SPECIMENS = section("specimens", Specimens)
QUALITY_OF_LIFE = section("quality-of-life", QlqAnswers)
BOOKINGS = section("bookings", Booking)
EMERGENCIES = section("emergencies", EmergencyAccess)
ENTERED = (ADVERSE_EVENTS, SPECIMENS, QUALITY_OF_LIFE, BOOKINGS)
"""Those that have a form of their own, made from their noun like any other."""

FURTHER: tuple[Section, ...] = (DECISIONS, SESSION_EVENTS, EMERGENCIES, *ENTERED)
"""All of them."""
