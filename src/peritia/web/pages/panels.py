"""Panels: a whole laboratory report, or every site of a staging, in one table."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from peritia.store import Add
from peritia.web.forms import PANELS, panel_of, section_label
from peritia.web.forms.panel import read_panel
from peritia.web.language import plural
from peritia.web.pages.case import assessed_of, row_of
from peritia.web.pages.entering import back
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.telling import told
from peritia.web.writing import Written, write

router = APIRouter()


@router.get("/patients/{case_id}/panel/{section}")
def panel_page(request: Request, section: str) -> Response:
    """An empty panel."""
    return _panel(request, section, {}, {})


@router.post("/patients/{case_id}/panel/{section}")
def enter_panel(request: Request, section: str, form: Form) -> Response:
    """Add an entry for every row that was filled, all or none."""
    typed = {name: texts[-1] for name, texts in form.given.items()}
    if section not in PANELS:
        raise HTTPException(404, "There is no such form.")
    found, messages = read_panel(panel_of(section), typed, today=house_of(request).today())
    if messages:
        return _panel(request, section, typed, messages)
    written = write(request, row_of(request), [Add(section=section, payload=payload) for payload in found], form)
    if written.receipt is None:
        return _panel(request, section, typed, {"": " ".join(written.messages.values())} if written.messages else {}, written=written)
    count = len(written.receipt.entries)
    told_count = plural("Written: {section}, {count} entry.", "Written: {section}, {count} entries.", count)
    return back(request, told_count.format(section=section_label(section), count=count), "")


def _panel(request: Request, section: str, typed: dict[str, str], messages: dict[str, str], *, written: Written | None = None) -> Response:
    if section not in PANELS:
        raise HTTPException(404, "There is no such form.")
    between = tuple((event, told(event.section, event.payload)) for event in written.between) if written else ()
    status = 409 if between else 422 if messages else 200
    return page(
        request,
        "panel.html.j2",
        status=status,
        c=assessed_of(request, ""),
        panel=panel_of(section),
        title=section_label(section),
        typed=typed,
        messages=messages,
        between=between,
        seen=written.version if written and written.version else row_of(request).version,
        tab="case",
    )
