"""Entering one thing, correcting it, withdrawing it, undoing. The form comes from the noun; a refusal keeps all that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.case.peritoneum import REGIONS
from peritia.on_record import ENTERED
from peritia.store import CASE_SECTIONS, Add, Change, Correct, Entry, Event, Section, Withdraw
from peritia.web.drawing import drawing
from peritia.web.forms import LABELS, PANELS, Field, fields_of, noun_of, read_fields, section_label, typed_from
from peritia.web.language import _, spoken
from peritia.web.pages.case import assessed_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, Posted, case_scope, house_of
from peritia.web.telling import told
from peritia.web.writing import Written, write

router = APIRouter()
_ENTERED = {name: one for name, one in CASE_SECTIONS.items() if name != "predicted"} | {one.name: one for one in ENTERED}
"""Sections that have a form. Decisions and sessions have pages of their own."""


@router.get("/patients/{case_id}/enter")
def choose(request: Request) -> Response:
    """What can be entered."""
    return page(request, "enter.html.j2", c=assessed_of(request, ""), groups=LABELS.groups, panels=PANELS, tab="case")


@router.get("/patients/{case_id}/enter/{section}")
def enter_page(request: Request, section: str) -> Response:
    """An empty form; of a section that holds one value, the form of the value that stands."""
    known = _section(section)
    case = assessed_of(request, "")
    if known.single and (standing := case.of(section)):
        return RedirectResponse(f"/patients/{case.row.case_id}/entries/{standing[0].id}", status_code=303)
    return _form(request, known, {}, {})


@router.post("/patients/{case_id}/enter/{section}")
def enter(request: Request, section: str, form: Form) -> Response:
    """Add an entry."""
    known = _section(section)
    typed = _typed(form)
    read = read_fields(fields_of(known.type), typed, today=house_of(request).today())
    if read.messages:
        return _form(request, known, typed, read.messages)
    if not read.payload:
        return _form(request, known, typed, {"": _("Nothing was typed, so nothing was written.")})
    written = write(request, row_of(request), [Add(section=section, payload=read.payload)], form)
    if written.receipt is None:
        return _form(request, known, typed, written.messages, written=written)
    return back(request, _("Written: {section}.").format(section=section_label(section)), written.receipt.entries[-1])


@router.get("/patients/{case_id}/entries/{entry}")
def entry_page(request: Request, entry: str) -> Response:
    """An entry, to be corrected or withdrawn, with all that was ever said of it."""
    found, history = _entry(request, entry)
    known = _section(history[0].section)
    typed = typed_from(fields_of(known.type), found.value) if found else {}
    return _form(request, known, typed, {}, entry=entry, history=history)


@router.post("/patients/{case_id}/entries/{entry}")
def correct(request: Request, entry: str, form: Form) -> Response:
    """Say what the entry should have been. What it was stays on record."""
    _standing, history = _entry(request, entry)
    known = _section(history[0].section)
    typed = _typed(form)
    read = read_fields(fields_of(known.type), typed, today=house_of(request).today())
    if read.messages:
        return _form(request, known, typed, read.messages, entry=entry, history=history)
    change = Correct(entry=entry, payload=read.payload, reason=form.one("reason"))
    written = write(request, row_of(request), [change], form)
    if written.receipt is None:
        return _form(request, known, typed, written.messages, written=written, entry=entry, history=history)
    return back(request, _("Corrected: {section}.").format(section=section_label(known.name)), entry)


@router.post("/patients/{case_id}/entries/{entry}/withdraw")
def withdraw(request: Request, entry: str, form: Form) -> Response:
    """Say that the entry should never have been there, and why."""
    found, history = _entry(request, entry)
    known = _section(history[0].section)
    typed = typed_from(fields_of(known.type), found.value) if found else {}
    typed["withdraw-reason"] = form.one("reason")
    written = write(request, row_of(request), [Withdraw(entry=entry, reason=form.one("reason"))], form)
    if written.receipt is None:
        messages = {"withdraw": " ".join(written.messages.values())} if written.messages else {}
        return _form(request, known, typed, messages, written=written, entry=entry, history=history)
    return back(request, _("Withdrawn: {section}.").format(section=section_label(known.name)), entry)


@router.post("/patients/{case_id}/entries/{entry}/undo")
def undo(request: Request, entry: str, form: Form) -> Response:
    """Take the last word on an entry back, by a further word: nothing is erased."""
    _standing, history = _entry(request, entry)
    written = write(request, row_of(request), [_undoing(entry, history)], form)
    if written.receipt is None:
        raise HTTPException(409, "The case has changed since. Look at the entry before taking it back.")
    return back(request, _("Taken back. The record keeps both."), "")


@router.post("/patients/{case_id}/drawing")
def draw(request: Request, form: Form) -> Response:
    """The peritoneum as it is being scored, drawn."""
    return HTMLResponse(drawing(_typed(form)))


def _undoing(entry: str, history: tuple[Event, ...]) -> Change:
    before = history[-2] if len(history) > 1 else None
    if before is None or before.action == "withdraw":
        return Withdraw(entry=entry, reason="Undone")
    return Correct(entry=entry, payload=msgspec.json.decode(before.payload), reason="Undone")


def back(request: Request, notice: str, entry: str) -> Response:
    """To the case, with a word of what was written and the way to take it back."""
    case_id = row_of(request).case_id
    request.state.session.notice = notice
    request.state.session.undo = f"/patients/{case_id}/entries/{entry}/undo" if entry else ""
    return RedirectResponse(f"/patients/{case_id}", status_code=303)


def _section(name: str) -> Section:
    if name not in _ENTERED:
        raise HTTPException(404, "There is no such form.")
    return _ENTERED[name]


def _entry(request: Request, entry: str) -> tuple[Entry | None, tuple[Event, ...]]:
    history = house_of(request).record.history(row_of(request).case_id, entry, scope=case_scope(request))
    case = assessed_of(request, "")
    return next((one for one in case.entries if one.id == entry), None), history


def _typed(form: Posted) -> dict[str, str]:
    return {name: texts[-1] for name, texts in form.given.items()}


def _form(
    request: Request,
    section: Section,
    typed: Mapping[str, str],
    messages: Mapping[str, str],
    *,
    written: Written | None = None,
    entry: str = "",
    history: tuple[Event, ...] = (),
) -> Response:
    fields: tuple[Field, ...] = fields_of(section.type)
    between = tuple((event, told(event.section, event.payload)) for event in written.between) if written else ()
    w = spoken()
    context: dict[str, Any] = {
        "c": assessed_of(request, ""),
        "section": section,
        "noun": noun_of(section),
        "fields": fields,
        "typed": typed,
        "messages": messages,
        "top": [text for name, text in messages.items() if not _has(fields, name) and name != "withdraw"],
        "between": between,
        "seen": written.version if written and written.version else row_of(request).version,
        "entry": entry,
        "history": tuple((event, told(event.section, event.payload)) for event in reversed(history)),
        "regions": tuple((number, w(f"region.{number}")) for number in range(len(REGIONS))),
        "picture": drawing(typed) if section.name == "peritoneum" else "",
        "tab": "case",
    }
    status = 409 if between else 422 if messages else 200
    return page(request, "form.html.j2", status=status, **context)


def _has(fields: tuple[Field, ...], name: str) -> bool:
    return any(field.name == name for field in fields)
