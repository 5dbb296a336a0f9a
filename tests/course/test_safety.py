"""What a session promises, whoever presses what in which order; and that these checks would see each promise broken.

A hurried team is drawn: mostly the next right button, often a wrong one, readings on both sides of every limit. The same promises are
then looked at with one rule of the program taken out: each time some team gets past it, and the look finds it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

import pytest
from course_cases import bath_plan, double_plan, maria_blocked, maria_plan
from test_session import lived

from peritia.course import (
    CheckOverridden,
    Event,
    FractionGiven,
    InjectionEnded,
    InjectionStarted,
    PlanSigned,
    Session,
    SessionAborted,
    SessionOpened,
    SessionPlan,
    StepRefused,
    StepSigned,
    advance,
    open_session,
)
from peritia.course.event import Role
from peritia.course.session import Clock
from peritia.course.step import to_record

PEOPLE: tuple[tuple[str, Role], ...] = (
    ("ada", "clinician"),
    ("ben", "nurse"),
    ("Ada ", "nurse"),
    ("cleo", "viewer"),
    ("dan", "data-manager"),
)
PLANS: tuple[Callable[[], SessionPlan], ...] = (maria_plan, maria_blocked, double_plan, bath_plan)
TEAMS = 400


def lives(plan: SessionPlan, chance: Random) -> tuple[Session, list[Event]]:
    """A session as one hurried team leaves it, and the events that were not refused."""
    from datetime import UTC, datetime, time, timedelta

    at = datetime.combine(plan.on, time(8), UTC)
    session = open_session(SessionOpened(at=at, by="ada", role="clinician", session="s", plan=plan))
    taken: list[Event] = [session.opened]
    for _ in range(90):
        at += timedelta(minutes=chance.choice((0, 1, 1, 5, 31, 91)))
        event = pressed(session, plan, at, chance)
        try:
            session = advance(session, event)
        except StepRefused:
            continue
        taken.append(event)
    return session, taken


def pressed(session: Session, plan: SessionPlan, at, chance: Random) -> Event:
    by, role = chance.choice(PEOPLE[:2] if chance.random() < 0.8 else PEOPLE)
    if not session.is_plan_signed and chance.random() < 0.9:
        if session.plan.blocking and chance.random() < 0.6:
            reason = chance.choice(("agreed with the anaesthetist", ""))
            return CheckOverridden(at=at, by=by, role=role, check=chance.choice(session.plan.blocking).id, reason=reason)
        return PlanSigned(at=at, by=by, role=role)
    draw = chance.random()
    if draw < 0.01:
        return SessionAborted(at=at, by=by, role=role, reason="r")
    injecting = session.injecting
    if injecting is not None and draw < 0.7:
        return InjectionEnded(at=at, by=by, role=role, drug=injecting.drug, volume_ml=10)
    if plan.route == "pipac" and draw < 0.3:
        drug = plan.doses[min(len(session.injections), len(plan.doses) - 1)].drug
        return InjectionStarted(at=at, by=by, role=role, drug=drug, everyone_out=chance.random() < 0.7, remote=chance.random() < 0.7)
    if session.next_addition is not None and draw < 0.3:
        return FractionGiven(at=at, by=by, role=role, drug=session.next_addition.drug, number=session.next_addition.number)
    step = session.current if session.current is not None and chance.random() < 0.9 else chance.choice(plan.steps)
    recorded: dict[str, float | str] = {}
    for name in to_record(session, step):
        limit = plan.limit(step.id, name)
        ends = [one for one in (limit.low, limit.high) if one is not None] if limit is not None else [1.0]
        if chance.random() < 0.95:
            recorded[name] = chance.choice(ends) + chance.choice((0.0, 0.0, 0.0, 1.0, -1.0))
    return StepSigned(at=at, by=by, role=role, step=step.id, recorded=recorded)


def broken(session: Session, taken: list[Event]) -> list[str]:
    """The promises that do not hold."""
    plan, found = session.plan, list[str]()
    signers = {" ".join(one.by.split()).casefold() for one in taken if isinstance(one, PlanSigned)}
    waived = {one.check for one in taken if isinstance(one, CheckOverridden) and one.role == "clinician" and one.reason.strip()}
    begun = session.drug_is_in or bool(session.signed)
    if session.is_plan_signed and {check.id for check in plan.blocking} - waived:
        found.append("signed over a hard check that no clinician overrode with a reason")
    if session.is_plan_signed and len(signers) < 2:
        found.append("signed by one person")
    if begun and not session.is_plan_signed:
        found.append("begun without a signed plan")
    signed = [step for step in plan.steps if step.id not in session.todo and session.signatures(step.id)]
    # An abort drops steps that were half signed: they are not to be done any more, and were not.
    done = [step for step in signed if session.aborted is None or len(session.signatures(step.id)) >= 1 + step.two_people]
    for step in done:
        people = {" ".join(one.by.split()).casefold() for one in session.signatures(step.id)}
        if step.two_people and len(people) < 2:
            found.append("a step for two signed by one")
        for one in session.signatures(step.id):
            for name, value in one.recorded.items():
                limit = plan.limit(step.id, name)
                if limit is not None and limit.hard and not (isinstance(value, int | float) and limit.holds(value)):
                    found.append("a step done with a reading outside its hard limit")
            if one.role not in ("clinician", "nurse", "pharmacist"):
                found.append("signed by somebody who may not")
    if any(isinstance(one, InjectionStarted) and not (one.everyone_out and one.remote) for one in taken):
        found.append("aerosol with somebody in the room")
    held = next((step for step in done if step.timer is not None), None)
    clock = session.clock
    early = clock is not None and held is not None and any(not clock.over(one.at) for one in session.signatures(held.id))
    if early and session.aborted is None:
        found.append("the hold ended before its time")
    order = [plan.steps.index(session.step(one.step)) for one in session.signed]
    if order != sorted(order):
        found.append("steps out of order")
    return found


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.__name__)
def test_no_team_breaks_a_promise(plan: Callable[[], SessionPlan]) -> None:
    reached = 0
    for team in range(TEAMS):
        session, taken = lives(plan(), Random(team))
        assert broken(session, taken) == [], team
        assert lived(taken)[0] == session
        reached += session.drug_is_in
    assert reached > TEAMS // 40, "the teams hardly ever come as far as the drug: they try too little"


@pytest.mark.parametrize(
    ("rule", "taken_out", "promise"),
    [
        ("peritia.course.session.Session.blocking", property(lambda _: ()), "signed over a hard check"),
        ("peritia.course.advance.OVERRIDING", frozenset({"clinician", "nurse", "viewer"}), "signed over a hard check"),
        ("peritia.course.step._within", lambda *_: None, "outside its hard limit"),
        ("peritia.course.step.people_needed", lambda _: 1, "a step for two"),
        ("peritia.course.step.SIGNING", frozenset({"clinician", "nurse", "viewer"}), "who may not"),
        ("peritia.course.session.Session.is_plan_signed", property(lambda one: bool(one.plan_signed)), "signed by one person"),
        ("peritia.course.session.Clock.over", lambda *_: True, "before its time"),
    ],
)
def test_the_look_finds_each_rule_taken_out(rule: str, taken_out: object, promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # By module, since the package hands out functions of the same names as some of its modules.
    owner, _, name = rule.rpartition(".")
    place = sys.modules[owner] if owner in sys.modules else getattr(sys.modules[owner.rpartition(".")[0]], owner.rpartition(".")[2])
    honest = Clock.over
    seen: list[str] = []
    for team in range(TEAMS):
        for plan in PLANS:
            with monkeypatch.context() as patched:
                patched.setattr(place, name, taken_out)
                session, taken = lives(plan(), Random(team))
                patched.setattr(Clock, "over", honest)
                seen = broken(session, taken)
            if any(promise in one for one in seen):
                return
    raise AssertionError(f"nobody saw that {rule} was taken out")
