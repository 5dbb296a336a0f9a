"""The board: the assessment, live while facts are entered; the next questions are its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from peritia.store import CASE_SECTIONS, Add, Entry
from peritia.web.assessed import Assessed
from peritia.web.forms import fields_of, read_fields
from peritia.web.language import _
from peritia.web.pages.case import On, assessed_of
from peritia.web.questions import questions, verdict_words
from peritia.web.render import page
from peritia.web.security.guard import Form, account_of, house_of, scope_of
from peritia.web.telling import told
from peritia.web.writing import write

router = APIRouter()


class Change(msgspec.Struct, frozen=True):
    """An option whose verdict has just changed."""

    option: str
    name: str
    before: str
    after: str


@router.get("/patients/{case_id}/board")
def board(request: Request, on: On = "") -> Response:
    """Verdicts, why, what is missing, and the next questions."""
    case = assessed_of(request, on)
    return page(request, "board.html.j2", **_context(case, live=not on))


@router.post("/patients/{case_id}/board/answer")
def answer(request: Request, form: Form) -> Response:
    """One of the questions, answered: the entry is written and the board drawn anew, with what changed."""
    section = form.one("section")
    if section not in CASE_SECTIONS or section == "predicted":
        raise HTTPException(404, "There is no such form.")
    before = assessed_of(request, "")
    typed = {name: texts[-1] for name, texts in form.given.items()}
    fields = fields_of(CASE_SECTIONS[section].type)
    read = read_fields(fields, typed, today=house_of(request).today())
    messages = read.messages or _nothing(read.payload, form.one("asked").split())
    between = ()
    if not messages:
        written = write(request, before.row, [Add(section=section, payload=read.payload)], form)
        messages, between = written.messages, written.between
        if written.receipt is not None:
            request.state.case = house_of(request).record.row(before.row.case_id, scope=scope_of(account_of(request)))
    if "HX-Request" not in request.headers and not messages and not between:
        return RedirectResponse(f"/patients/{before.row.case_id}/board", status_code=303)
    after = assessed_of(request, "")
    context = _context(after, live=True) | {
        "messages": messages,
        "typed": typed,
        "asked": form.one("fact"),
        "changes": (moved := changes(before, after)),
        "moved": {one.option: one.before for one in moved},
        "written": not messages and not between,
        "between": tuple((event, told(event.section, event.payload)) for event in between),
    }
    status = 422 if messages else 409 if between else 200
    template = "board-live.html.j2" if "HX-Request" in request.headers else "board.html.j2"
    return page(request, template, status=status, **context)


def changes(before: Assessed, after: Assessed) -> tuple[Change, ...]:
    """The options whose verdict is another now."""
    was = {option.id: option.verdict for option in before.assessment.options}
    return tuple(
        Change(option.id, option.name, verdict_words(was[option.id]), verdict_words(option.verdict))
        for option in after.assessment.options
        if was.get(option.id, option.verdict) != option.verdict
    )


def decisions(case: Assessed) -> tuple[Entry, ...]:
    """What was decided, the latest first."""
    return tuple(sorted(case.of("decisions"), key=lambda entry: (entry.so_on, entry.known_at), reverse=True))


def _nothing(payload: Mapping[str, object], asked: list[str]) -> dict[str, str]:
    return {asked[0]: _("Nothing was typed, so nothing was written.")} if asked and not any(name in payload for name in asked) else {}


def _context(case: Assessed, *, live: bool) -> dict[str, Any]:
    return {
        "c": case,
        "questions": questions(case) if live else (),
        "live": live,
        "decisions": decisions(case),
        "messages": {},
        "typed": {},
        "asked": "",
        "changes": (),
        "moved": {},
        "written": False,
        "between": (),
        "tab": "board",
    }
