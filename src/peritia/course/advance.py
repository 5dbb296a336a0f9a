"""``advance``: one event takes a session one step on, or is refused. ``replay``: all events from the first.

The rules. The plan is signed by two different people, never while a hard check blocks it; only a clinician overrides a check, by its
name and with a reason. Steps are signed in their order, by people who may sign, none of them twice; a step for two people takes two.
What the checklist asks to be written down is written down before a step is done. A reading outside a hard limit keeps a step open.
Aerosol starts with everyone out, from outside, drug by drug in the planned order. A hold or a perfusion is not over before its time.
A session can be aborted at any time; what makes the room and the patient safe stays to be done. Time does not run backwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from peritia.course.delivering import end_injection, give_fraction, record_row, start_injection
from peritia.course.errors import StepRefused
from peritia.course.event import (
    OVERRIDING,
    SIGNING,
    CheckOverridden,
    Event,
    FractionGiven,
    InjectionEnded,
    InjectionStarted,
    NoteWritten,
    PlanSigned,
    RowRecorded,
    SessionAborted,
    SessionOpened,
    StepSigned,
    person,
)
from peritia.course.session import Session
from peritia.course.step import sign_step

_MAKE_SAFE = ("evacuation", "closing", "after")
_CLOSE = ("closing", "after")


def open_session(event: SessionOpened) -> Session:
    """A session with its plan. The plan is for the day on which the session is opened."""
    _by_somebody(event)
    day = event.at.date()
    if event.plan.on != day:
        raise StepRefused(
            "the plan is for another day", f"a plan for {day}", "plan the session anew; laboratory values and intervals count in days"
        )
    return Session(opened=event, last_at=event.at, todo=tuple(step.id for step in event.plan.steps))


def advance(session: Session, event: Event) -> Session:
    """The session after one more event. Raises ``StepRefused``; the session that was given stays as it was."""
    _by_somebody(event)
    if event.at < session.last_at:
        raise StepRefused("the event is older than the last one", "a time not before it", "check the clock of this device")
    if not session.todo and not isinstance(event, NoteWritten):
        raise StepRefused("the session has ended", "a note", "write what is missing as a note")
    return replace(_advanced(session, event), last_at=event.at, events=session.events + 1)


def replay(events: Iterable[Event]) -> Session:
    """The session that these events make. Raises ``StepRefused`` at the first that could not have happened."""
    session: Session | None = None
    for event in events:
        if session is None:
            if not isinstance(event, SessionOpened):
                raise StepRefused("the first event does not open a session", "the event that opens it, with its plan")
            session = open_session(event)
        else:
            session = advance(session, event)
    if session is None:
        raise StepRefused("there are no events", "at least the one that opens the session")
    return session


def _advanced(session: Session, event: Event) -> Session:
    match event:
        case SessionOpened():
            raise StepRefused("the session is open already", "one opening for each session")
        case CheckOverridden():
            return _override(session, event)
        case PlanSigned():
            return _sign_plan(session, event)
        case StepSigned():
            return sign_step(session, event)
        case InjectionStarted():
            return start_injection(session, event)
        case InjectionEnded():
            return end_injection(session, event)
        case FractionGiven():
            return give_fraction(session, event)
        case RowRecorded():
            return record_row(session, event)
        case NoteWritten():
            return replace(session, notes=(*session.notes, event))
        case SessionAborted():
            return _abort(session, event)


def _by_somebody(event: Event) -> None:
    if not person(event.by):
        raise StepRefused("nobody is named", "the person who does it")
    if event.at.tzinfo is None:
        raise StepRefused("the time has no time zone", "a time with its zone")


def _override(session: Session, event: CheckOverridden) -> Session:
    if event.role not in OVERRIDING:
        raise StepRefused(f"a {event.role} cannot override a check", "a clinician")
    if not event.reason.strip():
        raise StepRefused("the override has no reason", "the reason in a sentence")
    check = next((one for one in session.plan.blocking if one.id == event.check), None)
    if check is None:
        raise StepRefused("there is no such check to override", "a hard check of this plan that is not go")
    if not check.overridable:
        raise StepRefused("this check cannot be overridden", "what is missing, and a new plan", "nothing can be prepared while it stands")
    if session.is_plan_signed:
        raise StepRefused("the plan is signed already", "an override before the plan is signed")
    return replace(session, overrides=(*session.overrides, event))


def _sign_plan(session: Session, event: PlanSigned) -> Session:
    if event.role not in SIGNING:
        raise StepRefused(f"a {event.role} cannot sign", "a clinician, nurse or pharmacist")
    if session.aborted is not None:
        raise StepRefused("the session was aborted", "a new session")
    if open_ := session.blocking:
        names = "; ".join(check.id for check in open_)
        raise StepRefused(f"{len(open_)} hard checks block the plan: {names}", "each settled, or overridden by a clinician with a reason")
    if session.is_plan_signed:
        raise StepRefused("two people have signed the plan", "the first step")
    if any(person(one.by) == person(event.by) for one in session.plan_signed):
        raise StepRefused("this person has signed the plan already", "another person")
    return replace(session, plan_signed=(*session.plan_signed, event))


def _abort(session: Session, event: SessionAborted) -> Session:
    if session.aborted is not None:
        raise StepRefused("the session was aborted already", "the steps that make it safe")
    if event.role not in SIGNING:
        raise StepRefused(f"a {event.role} cannot abort a session", "a clinician, nurse or pharmacist")
    if not event.reason.strip():
        raise StepRefused("the abort has no reason", "the reason in a sentence")
    return replace(session, aborted=event, todo=_left_after_abort(session))


def _left_after_abort(session: Session) -> tuple[str, ...]:
    """What stays to be done: with drug in, everything from the evacuation on; with the abdomen open, the closing; else nothing."""
    entered = any(session.step(one.step).phase not in ("before", "sign-in") for one in session.signed)
    phases = _MAKE_SAFE if session.drug_is_in else _CLOSE if entered else ()
    return tuple(id_ for id_ in session.todo if session.step(id_).phase in phases)
