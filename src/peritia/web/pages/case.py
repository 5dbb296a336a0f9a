"""One case: its facts by group, each known, inferred, assumed or unknown, with origin; and its history."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from peritia.case import FACTS, FactValue
from peritia.errors import PeritiaError
from peritia.report import dossier_html
from peritia.store import CaseRow, Entry
from peritia.web.assessed import Assessed
from peritia.web.forms import LABELS, Group
from peritia.web.language import language, measured
from peritia.web.render import page
from peritia.web.security.guard import case_scope, house_of
from peritia.web.telling import told

router = APIRouter()
On = Annotated[str, Query(alias="on", max_length=10)]


class FactRow(msgspec.Struct, frozen=True, kw_only=True):
    """A fact as the page shows it: value in words, state, since when, what it came from."""

    name: str
    label: str
    value: str
    state: str
    on: date | None
    reason: str
    origins: tuple[tuple[str, str], ...]


class FactGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a group, what is not known of it, and the entries it rests on."""

    group: Group
    known: tuple[FactRow, ...]
    unknown: tuple[FactRow, ...]
    entries: tuple[tuple[Entry, str], ...]


@router.get("/patients/{case_id}")
def case_page(request: Request, on: On = "") -> Response:
    """The facts of a case."""
    case = assessed_of(request, on)
    groups = tuple(_group(group, case) for group in LABELS.groups)
    return page(request, "case.html.j2", c=case, groups=groups, tab="case")


@router.get("/patients/{case_id}/history")
def history_page(request: Request) -> Response:
    """Every event of a case, and who looked at it this month."""
    house, row = house_of(request), row_of(request)
    events = house.record.history(row.case_id, scope=case_scope(request))
    visits = house.journal.latest(house.now(), limit=60, case=row.case_id)
    lines = tuple((event, told(event.section, event.payload)) for event in reversed(events))
    return page(request, "history.html.j2", c=assessed_of(request, ""), lines=lines[:400], total=len(lines), visits=visits, tab="history")


@router.get("/patients/{case_id}/dossier")
def dossier(request: Request, on: On = "") -> Response:
    """The dossier as one page of its own, to print or to keep. Its style stands in it, so its own policy replaces the application's."""
    case = assessed_of(request, on)
    policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(dossier_html(case.dossier), headers={"Content-Security-Policy": policy})


def row_of(request: Request) -> CaseRow:
    """The case that the guard let the person see."""
    return request.state.case


def assessed_of(request: Request, on: str) -> Assessed:
    """The case as of the day asked for, or today."""
    house = house_of(request)
    return house.assessed(row_of(request), day_of(on) if on else house.today(), language())


def day_of(text: str) -> date:
    """A day from an address."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeritiaError("This is no day of the calendar", "year-month-day, such as 2026-11-21") from None


def _group(group: Group, case: Assessed) -> FactGroup:
    rows = [fact_row(case.facts[name], case) for name, fact in FACTS.items() if fact.topic in group.topics]
    entries = tuple((entry, told(entry.section, entry.value)) for entry in case.entries if entry.section in group.sections)
    return FactGroup(
        group=group,
        known=tuple(row for row in rows if row.state != "unknown"),
        unknown=tuple(row for row in rows if row.state == "unknown"),
        entries=entries,
    )


def fact_row(fact: FactValue, case: Assessed) -> FactRow:
    """A fact in words, with the entries that it comes from."""
    declared = FACTS[fact.name].declaration
    origins: dict[str, str] = {}
    for origin in fact.origins:
        entry = case.places.get(origin.path)
        if entry is not None:
            origins.setdefault(entry.id, origin.document or origin.shown or "entry")
    return FactRow(
        name=fact.name,
        label=declared.description,
        value=measured(fact.value, declared.unit),
        state=fact.state,
        on=fact.on,
        reason=fact.reason,
        origins=tuple(origins.items())[:4],
    )
