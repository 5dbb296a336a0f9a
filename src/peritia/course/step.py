"""Signing one step of the checklist: in order, by people who may, with what has to be written down, within its limits."""

from __future__ import annotations

from msgspec.structs import replace

from peritia.course.errors import StepRefused
from peritia.course.event import SIGNING, StepSigned, person
from peritia.course.session import Session
from peritia.course.wording import unit
from peritia.knowledge.checklist import Step

INJECTED = ("start of injection", "end of injection", "highest pressure")
"""Written down by the injections themselves."""
ADDED = ("fraction", "minute")
"""Written down by the parts of the dose themselves."""


def sign_step(session: Session, event: StepSigned) -> Session:
    """One signature under the step that comes next; the step is done when as many people signed as it needs."""
    step = _next(session, event)
    if event.role not in SIGNING:
        raise StepRefused(f"a {event.role} cannot sign", "a clinician, nurse or pharmacist")
    before = session.signatures(step.id)
    if any(person(one.by) == person(event.by) for one in before):
        raise StepRefused("this person has signed this step already", "another person")
    _gate(session, step, event)
    _agree(before, event)
    _within(session, step, event)
    recorded = {name for one in (*before, event) for name in one.recorded}
    done = len(before) + 1 >= people_needed(step)
    if done and (missing := [name for name in to_record(session, step) if name not in recorded]):
        raise StepRefused(
            f"not written down: {', '.join(missing)}", "everything the step asks for", "write 'not measured' where it was not"
        )
    return replace(session, signed=(*session.signed, event), todo=session.todo[1:] if done else session.todo)


def people_needed(step: Step) -> int:
    """How many different people sign a step."""
    return 2 if step.two_people else 1


def to_record(session: Session, step: Step) -> tuple[str, ...]:
    """What a person has to write down at a step; what the session knows itself is left out."""
    known: tuple[str, ...] = ()
    if step.phase == "delivery":
        known = INJECTED
    elif step.timer is not None:
        known = ("minutes",)
    elif is_addition_step(session, step):
        known = ADDED
    return tuple(name for name in step.record if name not in known)


def is_addition_step(session: Session, step: Step) -> bool:
    """The step at which the drug enters the bath."""
    return session.plan.route == "hipec" and "fraction" in step.record


def _next(session: Session, event: StepSigned) -> Step:
    if session.current is None:
        raise StepRefused("the plan is not signed by two people yet", "two signatures under the plan")
    if event.step != session.current.id:
        raise StepRefused(
            f"the step {event.step!r} is not next", f"the step {session.current.id!r}", "steps are not skipped or signed again"
        )
    return session.current


def _gate(session: Session, step: Step, event: StepSigned) -> None:
    """What must have happened before a step can be signed."""
    if session.injecting is not None:
        raise StepRefused("the injection is not recorded as ended", "its end, with the volume that went in")
    if session.aborted is not None:
        return
    planned = session.plan.doses
    if step.phase == "delivery" and len(session.injections) < len(planned):
        raise StepRefused(f"{len(session.injections)} of {len(planned)} drugs are injected", "every drug of the plan")
    if is_addition_step(session, step) and not session.fractions:
        raise StepRefused("no drug has been added", "the first part of the dose")
    held = step.timer is not None or (session.plan.route == "hipec" and step.phase == "evacuation")
    if held:
        if session.next_addition is not None:
            raise StepRefused("not every part of the dose has been added", "the next part of the dose, or an abort with its reason")
        clock = session.clock
        if clock is not None and not clock.over(event.at):
            left = clock.minutes_left(event.at)
            raise StepRefused(f"{left:.0f} minutes are left", "the end of the time", "wait, or abort with a reason")


def _agree(before: tuple[StepSigned, ...], event: StepSigned) -> None:
    """Two people may not write down two different things."""
    for one in before:
        for name, value in event.recorded.items():
            if name in one.recorded and one.recorded[name] != value:
                raise StepRefused(f"two people wrote down different values for {name}", "one value", "look again together")


def _within(session: Session, step: Step, event: StepSigned) -> None:
    """Readings are numbers, and inside a hard limit."""
    for name, value in event.recorded.items():
        limit = session.plan.limit(step.id, name)
        if limit is None:
            continue
        if isinstance(value, str):
            if limit.hard:
                raise StepRefused(f"{name} is not a number", f"a number in {unit(limit.unit)}")
        elif limit.hard and not limit.holds(value):
            raise StepRefused(f"{name} is outside its limit: {limit.because}", limit.text, "put it right, or abort with a reason")
