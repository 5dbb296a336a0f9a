"""Sessions and side effects as they stand on record: sections of their own, beside the case."""

from __future__ import annotations

from datetime import date, datetime, time

import msgspec

from peritia.course import AdverseEvent, Event, Session, SessionOpened, replay
from peritia.course.event import decode, encode
from peritia.store.sections import section
from peritia.web.assessed import Assessed
from peritia.web.house import House


class SessionEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event of one session. ``event`` is the event's own JSON: a plan keeps what is unknown in it as unknown."""

    on: date
    session: str
    event: str


def session_event(on: date, session: str, event: Event) -> SessionEvent:
    """An event as the record keeps it."""
    return SessionEvent(on=on, session=session, event=encode(event).decode())


SESSION_EVENTS = section("session-events", SessionEvent)
ADVERSE_EVENTS = section("adverse-events", AdverseEvent)


def sessions_of(case: Assessed) -> dict[str, Session]:
    """Every session of a case by its name, the latest first."""
    events: dict[str, list[Event]] = {}
    for entry in case.of(SESSION_EVENTS.name):
        events.setdefault(entry.value.session, []).append(decode(entry.value.event))
    return {name: replay(found) for name, found in reversed(events.items()) if isinstance(found[0], SessionOpened)}


def adverse_events_of(case: Assessed) -> tuple[AdverseEvent, ...]:
    """Every side effect on record."""
    return tuple(entry.value for entry in case.of(ADVERSE_EVENTS.name))


def moment(house: House) -> datetime:
    """Now, where the server stands; in the demonstration the hour of now on the day of its stories."""
    now = house.now().astimezone()
    return datetime.combine(house.today(), time(now.hour, now.minute, now.second, now.microsecond), now.tzinfo)
