"""One case: as it stands, its facts, its assessment, its history."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from peritia.case import FACTS, Case, Conflict, FactValue, Origin
from peritia.options import Assessment
from peritia.store.event import Event
from peritia.store.index import CaseRow
from peritia.store.replay import Entry
from peritia.web.api.answering import told
from peritia.web.api.describing import PREFIX, CaseId, Day, describes
from peritia.web.pages.case import assessed_of
from peritia.web.security.guard import case_scope, house_of

router = APIRouter(prefix=PREFIX)


class OneCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as of a day: its line in the index, the case, the entries it comes from, and what does not fit together."""

    row: CaseRow
    on: date
    case: Case
    entries: tuple[Entry, ...]
    conflicts: tuple[Conflict, ...]


class OneFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact: its value and unit, whether it is known, inferred, assumed or unknown, why, since when, and the entries it comes from."""

    name: str
    description: str
    value: bool | int | float | str | None
    unit: str | None
    state: Literal["known", "inferred", "assumed", "unknown"]
    reason: str
    on: date | None
    origins: tuple[Origin, ...]


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Every fact of a case as of a day. What is unknown stands there as unknown."""

    case_id: str
    version: int
    on: date
    facts: tuple[OneFact, ...]


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Every event of a case, oldest first."""

    case_id: str
    version: int
    events: tuple[Event, ...]


@router.get("/patients/{case_id}", **describes(OneCase))
def one_case(request: Request, case_id: CaseId, on: Day = "") -> Response:
    """The case as of a day."""
    case = assessed_of(request, on)
    return told(OneCase(row=case.row, on=case.on, case=case.case, entries=case.entries, conflicts=case.conflicts))


@router.get("/patients/{case_id}/facts", **describes(CaseFacts))
def facts(request: Request, case_id: CaseId, on: Day = "") -> Response:
    """Every fact as of a day."""
    case = assessed_of(request, on)
    found = tuple(_fact(case.facts[name]) for name in FACTS)
    return told(CaseFacts(case_id=case.row.case_id, version=case.row.version, on=case.on, facts=found))


@router.get("/patients/{case_id}/assessment", **describes(Assessment))
def assessment(request: Request, case_id: CaseId, on: Day = "") -> Response:
    """Verdicts with reasons, what is missing, and the evidence that applies."""
    return told(assessed_of(request, on).assessment)


@router.get("/patients/{case_id}/history", **describes(History))
def history(request: Request, case_id: CaseId) -> Response:
    """Every event of the case."""
    row = request.state.case
    events = house_of(request).record.history(row.case_id, scope=case_scope(request))
    return told(History(case_id=row.case_id, version=row.version, events=events))


def _fact(fact: FactValue) -> OneFact:
    declared = FACTS[fact.name].declaration
    return OneFact(
        name=fact.name,
        description=declared.description,
        value=fact.value,
        unit=declared.unit,
        state=fact.state,
        reason=fact.reason,
        on=fact.on,
        origins=fact.origins,
    )
