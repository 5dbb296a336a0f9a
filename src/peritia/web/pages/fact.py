"""One fact: what it is, its value on every day that changed it, and all that was ever written of the entries it is read from."""

from __future__ import annotations

from datetime import date

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from peritia.case import FACTS, facts
from peritia.store.event import Scope
from peritia.web.pages.case import FactRow, assessed_of, fact_row, row_of
from peritia.web.render import page
from peritia.web.security.guard import case_scope, house_of
from peritia.web.telling import told

router = APIRouter()
DAYS = 60
"""Days looked back to: the latest on which an entry of the case took effect."""
EVENTS = 60


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """From a day on, the fact was so."""

    since: date
    row: FactRow


@router.get("/patients/{case_id}/facts/{name}")
def fact_page(request: Request, name: str) -> Response:
    """The fact over time. A fact that moves by itself (days since, age) is shown on the days on which something was entered."""
    if name not in FACTS:
        raise HTTPException(404, "There is no such fact.")
    house, row, declared = house_of(request), row_of(request), FACTS[name]
    case = assessed_of(request, "")
    days = sorted({entry.so_on for entry in case.entries if entry.so_on is not None and entry.so_on <= case.on} | {case.on})[-DAYS:]
    stretches: list[Stretch] = []
    for day in days:
        value = facts(house.record.case(row.case_id, scope=Scope.of(row.centre), as_of=day), day)[name]
        made = fact_row(value, case)
        if not stretches or (made.value, made.state, made.reason) != (
            stretches[-1].row.value,
            stretches[-1].row.state,
            stretches[-1].row.reason,
        ):
            stretches.append(Stretch(since=day, row=made))
    sections = {"body" if part == "patient" and name in ("height_cm", "weight_kg") else part for part in declared.reads}
    history = house.record.history(row.case_id, scope=case_scope(request))
    events = [(event, told(event.section, event.payload)) for event in reversed(history) if event.section in sections]
    return page(
        request,
        "fact.html.j2",
        c=case,
        fact=declared,
        standing=fact_row(case.facts[name], case),
        stretches=tuple(reversed(stretches)),
        events=events[:EVENTS],
        more=max(0, len(events) - EVENTS),
        tab="case",
    )
