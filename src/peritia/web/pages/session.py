"""A session: planned with its checks, opened, signed by two, run step by step, aborted or ended, taken into the case."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.course import CourseRefused, Session, SessionOpened, SessionPlan, advance, open_session, plan_session, warnings
from peritia.course.step import is_addition_step, people_needed, to_record
from peritia.course.wording import unit
from peritia.errors import PeritiaError
from peritia.knowledge import library
from peritia.on_record import SESSION_EVENTS, session_event
from peritia.store import Add
from peritia.web.acting import Actor, event_for, signers
from peritia.web.language import _, told_error
from peritia.web.on_record import is_taken, moment, sessions_of, specimens_of_case
from peritia.web.pages.case import assessed_of, day_of, row_of
from peritia.web.pages.delivery import simulated_of
from peritia.web.render import page
from peritia.web.security.guard import Form, account_of, house_of
from peritia.web.writing import author_for, write

router = APIRouter()
FORMULAS = ("mosteller", "dubois", "haycock")


@router.get("/patients/{case_id}/session")
def sessions(request: Request) -> Response:
    """Sessions so far, and the choice of a regimen for the next."""
    case = assessed_of(request, "")
    site = case.case.primary.site
    regimens = sorted(library().regimens.values(), key=lambda one: (one.context != "standard", one.name))
    meant = [one for one in regimens if not one.replaced_by and one.meant_for(site)]
    other = [one for one in regimens if not one.replaced_by and not one.meant_for(site)]
    return page(request, "sessions.html.j2", c=case, sessions=sessions_of(case), meant=meant, other=other, formulas=FORMULAS, tab="session")


@router.get("/patients/{case_id}/session/plan")
def plan_page(
    request: Request,
    regimen: Annotated[str, Query(max_length=80)],
    on: Annotated[str, Query(max_length=10)] = "",
    formula: Annotated[str, Query(max_length=20)] = "mosteller",
) -> Response:
    """What the session would give, and whether it may begin."""
    plan = _plan(request, regimen, on, formula)
    return page(
        request, "plan.html.j2", c=assessed_of(request, ""), plan=plan, session=None, sim=simulated_of(request, plan), tab="session"
    )


@router.post("/patients/{case_id}/session/plan")
def open_page(request: Request, form: Form) -> Response:
    """Open the session of today with its plan: the plan is worked out anew, not taken from the form."""
    house = house_of(request)
    plan = _plan(request, form.one("regimen"), form.one("on"), form.one("formula", "mosteller"))
    name = f"{plan.on.isoformat()}-{len(sessions_of(assessed_of(request, ''))) + 1}"
    account, row = account_of(request), row_of(request)
    by = author_for(account, row.centre)
    opened = SessionOpened(at=moment(house), by=account.id, role=cast("Any", by.role), session=name, plan=plan)
    open_session(opened)
    entry = session_event(plan.on, name, opened)
    written = write(request, row, [Add(section=SESSION_EVENTS.name, payload=entry)], form)
    if written.receipt is None:
        raise CourseRefused("somebody else wrote to this case in between", "the plan as it is now", "look at the plan again and open it")
    return RedirectResponse(f"/patients/{row.case_id}/session/{name}", status_code=303)


@router.get("/patients/{case_id}/session/{session}")
def session_page(request: Request, session: str) -> Response:
    """The session as it stands. Clocks are worked out from what is on record, so a reload loses nothing."""
    return _show(request, session, {})


@router.post("/patients/{case_id}/session/{session}/{act}")
def act(request: Request, session: str, act: str, form: Form) -> Response:
    """One event, or two where two people sign at one tablet. What the session does not allow now is refused with its reason."""
    house, account, row = house_of(request), account_of(request), row_of(request)
    standing = _session(request, session)
    actor = Actor(account.id, cast("Any", author_for(account, row.centre).role))
    at = moment(house)
    try:
        if at < standing.last_at:
            at = standing.last_at
        people = signers(house, actor, form, row.centre)[: _signatures(standing, act)]
        events = [event_for(act, one, at, form, standing) for one in people]
        after = standing
        for event in events:
            after = advance(after, event)
    except PeritiaError as refused:
        return _show(request, session, {act: f"{told_error(refused)}."}, form.given)
    changes = [Add(section=SESSION_EVENTS.name, payload=session_event(standing.plan.on, session, one)) for one in events]
    written = write(request, row, changes, form)
    if written.receipt is None:
        return _show(
            request, session, {act: _("Somebody else wrote in between. Look at the session as it is now, then do it again.")}, form.given
        )
    return RedirectResponse(f"/patients/{row.case_id}/session/{session}", status_code=303)


def _plan(request: Request, regimen: str, on: str, formula: str) -> SessionPlan:
    day = day_of(on) if on else house_of(request).today()
    if formula not in FORMULAS:
        raise CourseRefused("there is no such body surface formula", f"one of {', '.join(FORMULAS)}")
    return plan_session(assessed_of(request, day.isoformat()).case, regimen, day, formula=cast("Any", formula))


def _signatures(session: Session, act: str) -> int:
    """How many people one press of a button can sign for."""
    if act == "sign-plan":
        return 2
    step = session.current
    return people_needed(step) if act == "sign-step" and step is not None else 1


def _session(request: Request, name: str) -> Session:
    found = sessions_of(assessed_of(request, "")).get(name)
    if found is None:
        raise HTTPException(404, "There is no such session.")
    return found


def _show(request: Request, name: str, messages: dict[str, str], given: dict[str, list[str]] | Any = None) -> Response:
    house = house_of(request)
    session = _session(request, name)
    now = max(moment(house), session.last_at)
    step = session.current
    clock = session.clock
    told = warnings(session, now)
    since = max((row.at for row in session.rows), default=session.opened.at) if session.status != "ended" else now
    return page(
        request,
        "session.html.j2",
        status=409 if messages else 200,
        c=assessed_of(request, ""),
        name=name,
        session=session,
        plan=session.plan,
        step=step,
        record=[(one, session.plan.limit(step.id, one)) for one in to_record(session, step)] if step else [],
        people=people_needed(step) - len(session.signatures(step.id)) if step else 0,
        adds=session.aborted is None and step is not None and (bool(session.fractions) or is_addition_step(session, step)),
        clock=clock,
        left=clock.minutes_left(now) if clock else 0,
        ends=(clock.ends_at - now).total_seconds() if clock else 0,
        warnings=[one for one in told if one.at >= since],
        earlier=[one for one in told if one.at < since],
        messages=messages,
        at=_at(messages.get("sign-step", ""), to_record(session, step) if step else ()),
        typed={key: texts[-1] for key, texts in (given or {}).items()},
        numbers={one.id: number for number, one in enumerate(session.plan.steps, 1)},
        log=_log(session),
        unit=unit,
        sim=simulated_of(request, session.plan),
        taken=is_taken(assessed_of(request, "").case, session),
        specimens=next((one for one in specimens_of_case(assessed_of(request, "")) if one.session == name), None),
        tab="session",
    )


def _at(message: str, names: tuple[str, ...]) -> set[str]:
    """The fields that a refusal names: before its colon where it explains a limit, after it where it lists what is missing."""
    for part in (message.split(":", 1)[0], message.split(". ", 1)[0]):
        if found := {f"record-{name}" for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", part)}:
            return found
    return set()


def _log(session: Session) -> list[tuple[Any, str, str]]:
    """Signatures, injections, notes and the rest, in order of time."""
    lines: list[tuple[Any, str, str]] = [(session.opened.at, session.opened.by, _("opened the session"))]
    asked = {check.id: check.reason for check in session.plan.checks}
    lines += [
        (one.at, one.by, _("overrode '{check}': {reason}").format(check=asked.get(one.check, one.check), reason=one.reason))
        for one in session.overrides
    ]
    lines += [(one.at, one.by, _("signed the plan")) for one in session.plan_signed]
    lines += [
        (
            one.at,
            one.by,
            _("signed {step}").format(step=session.step(one.step).text)
            + "".join(f"; {key} {value}" for key, value in one.recorded.items()),
        )
        for one in session.signed
    ]
    lines += [(one.started_at, "", _("aerosol of {drug} started").format(drug=one.drug)) for one in session.injections]
    lines += [(one.ended_at, "", _("aerosol of {drug} ended").format(drug=one.drug)) for one in session.injections if one.ended_at]
    lines += [(one.at, one.by, _("part {number} of {drug} given").format(number=one.number, drug=one.drug)) for one in session.fractions]
    lines += [(one.at, one.by, ", ".join(f"{key} {value:g}" for key, value in one.values.items())) for one in session.rows]
    lines += [(one.at, one.by, one.text) for one in session.notes]
    if session.aborted is not None:
        lines.append((session.aborted.at, session.aborted.by, _("aborted: {reason}").format(reason=session.aborted.reason)))
    return sorted(lines, key=lambda line: line[0], reverse=True)
