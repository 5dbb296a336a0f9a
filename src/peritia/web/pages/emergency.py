"""Emergency access: asked for with a reason, told to the case's own centre, ended by time or by hand."""

from __future__ import annotations

import logging
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.on_record import EMERGENCIES, EmergencyAccess
from peritia.store import Scope
from peritia.store.errors import CaseUnknown
from peritia.web.language import _
from peritia.web.pages.signing_in import address_of, too_many
from peritia.web.render import page
from peritia.web.security.emergency import OPENED, Leave
from peritia.web.security.guard import Form, account_of, house_of, scope_of
from peritia.web.writing import author_for

LOG = logging.getLogger("peritia.web")
LEAST = 20
"""Letters of a reason: a word does not say why."""
router = APIRouter()


@router.get("/emergency")
def ask(request: Request) -> Response:
    """What it is, and the form."""
    return _form(request, {}, {})


@router.post("/emergency")
def open_(request: Request, form: Form) -> Response:
    """Open a case of another centre. The reason is written into its record before a page is shown."""
    house, account, now = house_of(request), account_of(request), house_of(request).now()
    typed = {"case": form.one("case")[:64], "reason": " ".join(form.one("reason").split())[:500]}
    if wait := house.throttle.wait(f"emergency {account.id}", address_of(request), now):
        return _form(request, typed, {"case": too_many(wait)})
    if len(typed["reason"]) < LEAST:
        return _form(request, typed, {"reason": _("Say in a sentence what the emergency is: the case's centre reads it.")})
    try:
        row = house.record.row(typed["case"], scope=Scope.everywhere())
    except CaseUnknown:
        house.throttle.failed(f"emergency {account.id}", address_of(request), now)
        return _form(request, typed, {"case": _("There is no case of this id anywhere. An emergency needs the exact id.")})
    if not scope_of(account).sees(row.centre):
        until = now + timedelta(minutes=_minutes(request))
        entry = EmergencyAccess(on=house.today(), by=account.id, centres=account.centres, reason=typed["reason"], until=until)
        house.record.add(row.case_id, EMERGENCIES.name, entry, author=author_for(account, row.centre))
        house.emergencies.open(Leave(account=account.id, case=row.case_id, until=until))
        request.state.case, request.state.note = row, OPENED
        LOG.warning("emergency access of %s to case %s of another centre until %s", account.id, row.case_id, until.isoformat())
    return RedirectResponse(f"/patients/{row.case_id}", status_code=303)


@router.post("/emergency/end")
def end(request: Request, form: Form) -> Response:
    """End it before its time."""
    house_of(request).emergencies.end(account_of(request).id, form.one("case"))
    request.state.session.notice = _("The emergency access has ended.")
    return RedirectResponse("/patients", status_code=303)


def _minutes(request: Request) -> int:
    minutes = house_of(request).settings.emergency_minutes
    if minutes <= 0:
        raise HTTPException(404, "There is no such page.")
    return minutes


def _form(request: Request, typed: dict[str, str], messages: dict[str, str]) -> Response:
    minutes = _minutes(request)
    return page(request, "emergency.html.j2", status=422 if messages else 200, typed=typed, messages=messages, minutes=minutes)
