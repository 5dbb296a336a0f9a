"""From a pressed button in a session to its event, and who stands behind it: the person signed in, and a second one who proves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from peritia.course import (
    CheckOverridden,
    CourseRefused,
    Event,
    FractionGiven,
    InjectionEnded,
    InjectionStarted,
    NoteWritten,
    PlanSigned,
    RowRecorded,
    Session,
    SessionAborted,
    StepSigned,
)
from peritia.course.event import SIGNING, Role
from peritia.web.house import House
from peritia.web.security.guard import Posted


class Actor(msgspec.Struct, frozen=True):
    """A person in a session."""

    by: str
    role: Role


def signers(house: House, first: Actor, form: Posted, centre: str) -> list[Actor]:
    """The person signed in; and, where a second name stands in the form, that person, by their own password.

    Raises ``CourseRefused``. The second person is held to the same throttle as at the door.
    """
    name = form.one("second").casefold()
    if not name:
        return [first]
    now = house.now()
    if house.throttle.wait(name, "tablet", now):
        raise CourseRefused("too many attempts with this name", "a signature on the person's own device", "wait a quarter of an hour")
    account = house.accounts.get(name)
    right = house.passwords.fits(account.password if account else "", form.given.get("second-password", [""])[-1])
    role = next((role for role in ("clinician", "nurse", "pharmacist") if account and role in account.roles), None)
    if account is None or not right or not account.active or role is None or centre not in account.centres or role not in SIGNING:
        house.throttle.failed(name, "tablet", now)
        raise CourseRefused("the second name or password is wrong, or the person may not sign here", "a nurse or clinician of this centre")
    return [first, Actor(account.id, role)]


SIGNED = frozenset({"sign-plan", "sign-step", "note"})
"""What a pharmacist does in a session: sign what was prepared and checked, and write it down. The rest is for who treats."""


def event_for(act: str, actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    """The event of a button. Raises ``CourseRefused`` for a button that there is not or not for this role, or a number that is none."""
    made = _ACTS.get(act)
    if actor.role == "pharmacist" and act not in SIGNED:
        raise CourseRefused("a pharmacist signs plan and steps and does nothing else in a session", "a nurse or clinician for this")
    if made is None:
        raise CourseRefused("there is no such step in a session", "one of the buttons")
    return made(actor, at, form, session)


def _sign_step(actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    recorded = {
        key.removeprefix("record-"): _reading(texts[-1])
        for key, texts in form.given.items()
        if key.startswith("record-") and texts[-1].strip()
    }
    return StepSigned(at=at, by=actor.by, role=actor.role, step=form.one("step"), recorded=recorded)


def _start(actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    out, remote = form.one("out") == "yes", form.one("remote") == "yes"
    return InjectionStarted(at=at, by=actor.by, role=actor.role, drug=form.one("drug"), everyone_out=out, remote=remote)


def _end(actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    volume, pressure = _number(form, "volume"), _number(form, "pressure")
    whole = form.one("whole") == "yes"
    return InjectionEnded(
        at=at, by=actor.by, role=actor.role, drug=form.one("drug"), volume_ml=volume, whole=whole, highest_pressure_psi=pressure
    )


def _row(actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    values = {column.name: _number(form, f"row-{column.name}") for column in session.plan.run_sheet}
    return RowRecorded(at=at, by=actor.by, role=actor.role, values={name: value for name, value in values.items() if value is not None})


def _fraction(actor: Actor, at: datetime, form: Posted, session: Session) -> Event:
    number = form.one("number")
    return FractionGiven(at=at, by=actor.by, role=actor.role, drug=form.one("drug"), number=int(number) if number.isdigit() else 0)


_ACTS: Mapping[str, Callable[[Actor, datetime, Posted, Session], Event]] = {
    "override": lambda who, at, form, _: CheckOverridden(
        at=at, by=who.by, role=who.role, check=form.one("check"), reason=form.one("reason")[:500]
    ),
    "sign-plan": lambda who, at, form, _: PlanSigned(at=at, by=who.by, role=who.role),
    "sign-step": _sign_step,
    "start": _start,
    "end": _end,
    "fraction": _fraction,
    "row": _row,
    "note": lambda who, at, form, _: NoteWritten(at=at, by=who.by, role=who.role, text=_words(form, "text")),
    "abort": lambda who, at, form, _: SessionAborted(at=at, by=who.by, role=who.role, reason=form.one("reason")[:500]),
}


def _words(form: Posted, name: str) -> str:
    text = form.one(name)[:1000]
    if not text:
        raise CourseRefused("the note is empty", "a sentence")
    return text


def _reading(text: str) -> float | str:
    plain = text.strip()[:200]
    try:
        value = float(plain)
    except ValueError:
        return plain
    return value if abs(value) < 1e9 else plain


def _number(form: Posted, name: str) -> float | None:
    text = form.one(name)
    if not text:
        return None
    value = _reading(text)
    if isinstance(value, str):
        raise CourseRefused(
            f"'{text[:30]}' is not a number", "a number, with a point before decimals", "leave it empty when it is not known"
        )
    return value
