"""The decision of the board: what was chosen, beside what the assessment said; a reason where it departs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from peritia.errors import PeritiaError
from peritia.on_record import Chosen, Decision
from peritia.store import Add
from peritia.web.language import _
from peritia.web.pages.case import assessed_of, day_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.telling import told
from peritia.web.writing import Written, write

router = APIRouter()
_OPEN = ("open", "open-with-flags")


@router.get("/patients/{case_id}/board/decide")
def decide_page(request: Request) -> Response:
    """The form."""
    return _form(request, {"on": house_of(request).today().isoformat()}, (), {})


@router.post("/patients/{case_id}/board/decide")
def decide(request: Request, form: Form) -> Response:
    """Record a decision. Choosing what is not open needs a reason; the choice itself is the board's."""
    house, case = house_of(request), assessed_of(request, "")
    typed = {name: form.one(name) for name in ("on", "reason", "present")}
    picked = form.many("option")
    options = {option.id: option for option in case.assessment.options}
    messages: dict[str, str] = {}
    chosen = tuple(Chosen(option=id_, name=options[id_].name, verdict=options[id_].verdict) for id_ in picked if id_ in options)
    if not chosen:
        messages["option"] = _("Choose what was decided.")
    departs = any(one.verdict not in _OPEN for one in chosen)
    if departs and len(typed["reason"]) < 10:
        names = ", ".join(one.name for one in chosen if one.verdict not in _OPEN)
        messages["reason"] = _("{names} is not open by the assessment. Say in a sentence why the board decides so.").format(names=names)
    try:
        on = day_of(typed["on"])
        if on > house.today():
            messages["on"] = _("This day lies in the future.")
    except PeritiaError:
        messages["on"] = _("Expected a day of the calendar.")
        on = house.today()
    if messages:
        return _form(request, typed, tuple(picked), messages)
    made = case.assessment.provenance
    decision = Decision(
        on=on,
        chosen=chosen,
        departs=departs,
        reason=typed["reason"][:1000],
        present=typed["present"][:300],
        program=made.program,
        knowledge_version=made.knowledge_version,
        knowledge_hash=made.knowledge_hash,
        facts_hash=made.facts_hash,
    )
    written = write(request, row_of(request), [Add(section="decisions", payload=decision)], form)
    if written.receipt is None:
        return _form(request, typed, tuple(picked), written.messages, written=written)
    request.state.session.notice = _("The decision is on record.")
    request.state.session.undo = f"/patients/{case.row.case_id}/entries/{written.receipt.entries[-1]}/undo"
    return RedirectResponse(f"/patients/{case.row.case_id}/board", status_code=303)


def _form(
    request: Request, typed: dict[str, str], picked: tuple[str, ...], messages: dict[str, str], *, written: Written | None = None
) -> Response:
    between = tuple((event, told(event.section, event.payload)) for event in written.between) if written else ()
    status = 409 if between else 422 if messages else 200
    return page(
        request,
        "decide.html.j2",
        status=status,
        c=assessed_of(request, ""),
        typed=typed,
        picked=picked,
        messages=messages,
        between=between,
        seen=written.version if written and written.version else row_of(request).version,
        tab="board",
    )
