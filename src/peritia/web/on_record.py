"""What the record keeps beside the case, as pages read it: sessions, side effects, specimens, quality of life, bookings."""

from __future__ import annotations

from datetime import datetime, time

from peritia.case import Case
from peritia.course import AdverseEvent, Booking, Event, QlqAnswers, Session, SessionOpened, Specimens, replay
from peritia.course.event import decode
from peritia.on_record import ADVERSE_EVENTS, BOOKINGS, QUALITY_OF_LIFE, SESSION_EVENTS, SPECIMENS
from peritia.web.assessed import Assessed
from peritia.web.house import House


def sessions_of(case: Assessed) -> dict[str, Session]:
    """Every session of a case by its name, the latest first."""
    events: dict[str, list[Event]] = {}
    for entry in case.of(SESSION_EVENTS.name):
        events.setdefault(entry.value.session, []).append(decode(entry.value.event))
    return {name: replay(found) for name, found in reversed(events.items()) if isinstance(found[0], SessionOpened)}


def adverse_events_of(case: Assessed) -> tuple[AdverseEvent, ...]:
    """Every side effect on record."""
    return tuple(entry.value for entry in case.of(ADVERSE_EVENTS.name))


def specimens_of_case(case: Assessed) -> tuple[Specimens, ...]:
    """What was taken at each session, oldest first."""
    return tuple(sorted((entry.value for entry in case.of(SPECIMENS.name)), key=lambda one: one.on))


def quality_of_life_of(case: Assessed) -> tuple[QlqAnswers, ...]:
    """Every questionnaire that was answered, oldest first."""
    return tuple(sorted((entry.value for entry in case.of(QUALITY_OF_LIFE.name)), key=lambda one: one.on))


def bookings_of(case: Assessed) -> tuple[Booking, ...]:
    """What is booked, in order of time, whenever the booking was made."""
    return tuple(sorted((entry.value for entry in case.of(BOOKINGS.name)), key=lambda one: one.first_on))


def is_taken(case: Case, session: Session) -> bool:
    """Whether the case has a session of that day: a second one would count its doses twice."""
    given = case.pipac if session.plan.route == "pipac" else [entry for entry in case.cytoreductions if entry.hipec]
    return any(entry.on == session.plan.on for entry in given)


def moment(house: House) -> datetime:
    """Now, where the server stands; in the demonstration the hour of now on the day of its stories."""
    now = house.now().astimezone()
    return datetime.combine(house.today(), time(now.hour, now.minute, now.second, now.microsecond), now.tzinfo)
