"""After a session: what was found and given becomes entries of the case, once, from one form."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.case.peritoneum import REGIONS
from peritia.case.treatment import Cytoreduction
from peritia.course import Findings, Session, bath_record, doses_given, entries, specimens_of
from peritia.errors import PeritiaError
from peritia.knowledge import library
from peritia.on_record import SPECIMENS
from peritia.store import Add
from peritia.web.drawing import drawing
from peritia.web.forms import Field, fields_of, read_fields
from peritia.web.language import _, plural, spoken, told_error
from peritia.web.on_record import is_taken, sessions_of
from peritia.web.pages.case import assessed_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.writing import write

router = APIRouter()
_FOUND = (
    "access", "method", "adhesions", "regions", "confluent_small_bowel", "diffuse_mesentery", "complete_resection_expected", "ascites_ml",
    "ascites_cause", "cytology", "biopsies", "photographs", "document",
)  # fmt: skip
_AFTER_HIPEC = ("pci", "cc", "residual_mm", "clavien_dindo", "document")


@router.get("/patients/{case_id}/session/{session}/findings")
def findings_page(request: Request, session: str) -> Response:
    """The form."""
    return _form(request, _ended(request, session), session, {"method": "laparoscopy"}, {})


@router.post("/patients/{case_id}/session/{session}/findings")
def findings(request: Request, session: str, form: Form) -> Response:
    """Write the entries that follow, all or none."""
    ended = _ended(request, session)
    typed = {name: texts[-1] for name, texts in form.given.items()}
    read = read_fields(_fields(ended), typed, today=house_of(request).today())
    messages = dict(read.messages)
    if is_taken(assessed_of(request, "").case, ended):
        messages[""] = _(
            "The case has a session of this day already: a second one would count its doses twice. Correct that entry instead."
        )
    changes: list[Add] = []
    if not messages:
        try:
            changes = _pipac(ended, session, read.payload) if ended.plan.route == "pipac" else _hipec(ended, read.payload)
        except (PeritiaError, msgspec.ValidationError) as refused:
            messages[""] = told_error(refused) if isinstance(refused, PeritiaError) else str(refused)
    if messages:
        return _form(request, ended, session, typed, messages)
    written = write(request, row_of(request), changes, form)
    if written.receipt is None:
        messages = written.messages or {"": _("Somebody else wrote to this case in between. What you typed stands below; send it again.")}
        return _form(request, ended, session, typed, messages)
    request.state.session.notice = plural("Taken into the case: {n} entry.", "Taken into the case: {n} entries.", len(changes)).format(
        n=len(changes)
    )
    return RedirectResponse(f"/patients/{row_of(request).case_id}", status_code=303)


def _pipac(session: Session, name: str, payload: dict[str, Any]) -> list[Add]:
    found = msgspec.convert({**payload, "on": session.plan.on.isoformat()}, Findings, strict=False)
    field = library().regimens[session.plan.regimen].electrostatic if session.plan.regimen in library().regimens else None
    made = entries(found, doses=doses_given(session), electrostatic=field)
    changes = [Add(section=section, payload=one) for section in made.__struct_fields__ for one in getattr(made, section)]
    taken = specimens_of(found, name)
    return [*changes, Add(section=SPECIMENS.name, payload=taken)] if taken is not None else changes


def _hipec(session: Session, payload: dict[str, Any]) -> list[Add]:
    given = bath_record(session)
    entry = msgspec.convert({**payload, "on": session.plan.on.isoformat()}, Cytoreduction)
    entry = msgspec.structs.replace(
        entry, completed=True, hipec=True, hipec_drugs=given.drugs, hipec_minutes=given.minutes, hipec_temperature_c=given.temperature_c
    )
    return [Add(section="cytoreductions", payload=entry)]


def _ended(request: Request, name: str) -> Session:
    found = sessions_of(assessed_of(request, "")).get(name)
    if found is None or found.status != "ended":
        raise HTTPException(404, "There is no such session, or it has not ended.")
    return found


def _fields(session: Session) -> tuple[Field, ...]:
    if session.plan.route == "hipec":
        return tuple(field for field in fields_of(Cytoreduction) if field.name in _AFTER_HIPEC)
    by_name = {field.name: field for field in fields_of(Findings)}
    return tuple(by_name[name] for name in _FOUND)


def _form(request: Request, session: Session, name: str, typed: dict[str, str], messages: dict[str, str]) -> Response:
    w = spoken()
    return page(
        request,
        "findings.html.j2",
        status=422 if messages else 200,
        c=assessed_of(request, ""),
        name=name,
        session=session,
        given=doses_given(session),
        fields=_fields(session),
        typed=typed,
        messages=messages,
        seen=row_of(request).version,
        regions=tuple((number, w(f"region.{number}")) for number in range(len(REGIONS))),
        picture=drawing(typed),
        tab="session",
    )
