"""When the pathologist has answered: PRGS of each biopsy by its place, and cytology, taken into the case in one form."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.case.peritoneum import Cytology
from peritia.course import Specimens, graded
from peritia.on_record import SPECIMENS
from peritia.store import Add, Change, Correct, Entry
from peritia.web.forms import Field, fields_of, section_label
from peritia.web.forms.reading import read_fields
from peritia.web.language import _
from peritia.web.pages.case import assessed_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.writing import write

router = APIRouter()
_GRADES = ("1", "2", "3", "4")


@router.get("/patients/{case_id}/session/{session}/pathology")
def pathology_page(request: Request, session: str) -> Response:
    """The form: one line for each biopsy, as it stands."""
    taken = _taken(request, session).value
    typed = {f"prgs-{number}": str(one.prgs) for number, one in enumerate(taken.biopsies) if one.prgs is not None}
    return _form(request, session, taken, typed, {})


@router.post("/patients/{case_id}/session/{session}/pathology")
def pathology(request: Request, session: str, form: Form) -> Response:
    """Keep each answer; when all are there, the session's PRGS becomes an entry of the case."""
    entry = _taken(request, session)
    taken: Specimens = entry.value
    typed = {name: texts[-1].strip() for name, texts in form.given.items()}
    messages: dict[str, str] = {}
    for number in range(len(taken.biopsies)):
        if (text := typed.get(f"prgs-{number}", "")) and text not in _GRADES:
            messages[f"prgs-{number}"] = _("Found '{text}'. Expected 1 to 4.").format(text=text[:20])
    read = read_fields(_fields(), typed, today=house_of(request).today())
    messages |= read.messages
    if messages:
        return _form(request, session, taken, typed, messages)
    grades = tuple(int(text) if (text := typed.get(f"prgs-{number}", "")) else None for number in range(len(taken.biopsies)))
    changes = _changes(request, entry, graded(taken, grades, read.payload.get("document")), read.payload, form.one("reason"))
    if not changes:
        return _form(request, session, taken, typed, {"": _("Nothing is new, so nothing was written.")})
    written = write(request, row_of(request), changes, form)
    if written.receipt is None:
        refused = written.messages or {"": _("Somebody else wrote to this case in between. What you typed stands below; send it again.")}
        return _form(request, session, taken, typed, refused)
    request.state.session.notice = _("Written: what the pathologist answered.")
    return RedirectResponse(f"/patients/{row_of(request).case_id}/course", status_code=303)


def _changes(request: Request, entry: Entry, answered: Specimens, payload: dict[str, Any], reason: str) -> list[Change]:
    """The specimens with their answers; the case's PRGS of that day, new or corrected; cytology where it was given."""
    changes: list[Change] = []
    if answered != entry.value:
        changes.append(Correct(entry=entry.id, payload=answered, reason=reason or "Pathology"))
    found = answered.regression
    standing = next((one for one in assessed_of(request, "").of("regression") if one.value.on == answered.on), None)
    if found is not None and standing is None:
        changes.append(Add(section="regression", payload=found))
    elif found is not None and standing is not None and standing.value.grades != found.grades:
        changes.append(Correct(entry=standing.id, payload=found, reason=reason or "Pathology"))
    if "result" in payload:
        made = Cytology(on=answered.on, result=payload["result"], document=payload.get("document"))
        if not any(msgspec.structs.replace(one.value, document=made.document) == made for one in assessed_of(request, "").of("cytology")):
            changes.append(Add(section="cytology", payload=made))
    return changes


def _taken(request: Request, session: str) -> Entry:
    found = next((one for one in assessed_of(request, "").of(SPECIMENS.name) if one.value.session == session), None)
    if found is None:
        raise HTTPException(404, "No biopsies of this session are on record.")
    return found


def _fields() -> tuple[Field, ...]:
    found = (field for field in fields_of(Cytology) if field.name != "on")
    return tuple(msgspec.structs.replace(field, label=section_label("cytology")) if field.name == "result" else field for field in found)


def _form(request: Request, session: str, taken: Specimens, typed: dict[str, str], messages: dict[str, str]) -> Response:
    return page(
        request,
        "pathology.html.j2",
        status=422 if messages else 200,
        c=assessed_of(request, ""),
        name=session,
        taken=taken,
        fields=_fields(),
        typed=typed,
        messages=messages,
        seen=row_of(request).version,
        tab="session",
    )
