"""Entries: added, corrected, withdrawn. Every write says which version its writer saw, and may carry a key that makes it count once."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from peritia.on_record import ENTERED as BESIDE
from peritia.store import CASE_SECTIONS, Add, Change, Correct, Withdraw
from peritia.store.event import Receipt
from peritia.store.replay import Entry
from peritia.web.api.answering import read, told
from peritia.web.api.describing import PREFIX, CaseId, EntryId, describes
from peritia.web.api.patients import author
from peritia.web.pages.case import assessed_of, row_of
from peritia.web.security.guard import account_of, case_scope, house_of

router = APIRouter(prefix=PREFIX)
ENTERED = {name: one for name, one in CASE_SECTIONS.items() if name != "predicted"} | {one.name: one for one in BESIDE}
"""Sections that a program may write. Decisions and sessions have rules of their own and are written by their pages only."""
_Version = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
_Key = Annotated[str, msgspec.Meta(max_length=200)]
_Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
_NOUNS: dict[str, Any] = {"anyOf": [{"$ref": f"#/components/schemas/{one.type.__name__}"} for one in ENTERED.values()]}
_Payload = Annotated[dict[str, Any], msgspec.Meta(extra_json_schema=_NOUNS)]


class NewEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of a section, as its noun has it."""

    section: Annotated[str, msgspec.Meta(extra_json_schema={"enum": sorted(ENTERED)})]
    payload: _Payload


class NewEntries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries to be added, all or none. ``version``: of the case, as its writer saw it; ``request``: sent twice, written once."""

    entries: Annotated[tuple[NewEntry, ...], msgspec.Meta(min_length=1, max_length=500)]
    version: _Version | None = None
    request: _Key = ""


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole entry as it should have been, and why."""

    payload: _Payload
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    version: _Version | None = None
    request: _Key = ""


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an entry should never have been there."""

    reason: _Reason
    version: _Version | None = None
    request: _Key = ""


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """The entries that stand today, and the case's version: hand it to the next write."""

    case_id: str
    version: int
    entries: tuple[Entry, ...]


@router.get("/patients/{case_id}/entries", **describes(Entries))
def entries(request: Request, case_id: CaseId) -> Response:
    """What stands."""
    case = assessed_of(request, "")
    return told(Entries(case_id=case.row.case_id, version=case.row.version, entries=case.entries))


@router.post("/patients/{case_id}/entries", **describes(Receipt, status=201, body=NewEntries, said="Written."))
def add(request: Request, case_id: CaseId, given: Annotated[NewEntries, Depends(read(NewEntries))]) -> Response:
    """Add entries, all or none."""
    for one in given.entries:
        _enterable(one.section)
    return _write(request, [Add(section=one.section, payload=one.payload) for one in given.entries], given, status=201)


@router.put("/patients/{case_id}/entries/{entry}", **describes(Receipt, body=Correction, said="Corrected."))
def correct(request: Request, case_id: CaseId, entry: EntryId, given: Annotated[Correction, Depends(read(Correction))]) -> Response:
    """Say what an entry should have been. What it was stays on record."""
    _enterable(_section_of(request, entry))
    return _write(request, [Correct(entry=entry, payload=given.payload, reason=given.reason)], given)


@router.post("/patients/{case_id}/entries/{entry}/withdraw", **describes(Receipt, body=Withdrawal, said="Withdrawn."))
def withdraw(request: Request, case_id: CaseId, entry: EntryId, given: Annotated[Withdrawal, Depends(read(Withdrawal))]) -> Response:
    """Say that an entry should never have been there."""
    _enterable(_section_of(request, entry))
    return _write(request, [Withdraw(entry=entry, reason=given.reason)], given)


def _write(request: Request, changes: list[Change], given: NewEntries | Correction | Withdrawal, *, status: int = 200) -> Response:
    row = row_of(request)
    receipt = house_of(request).record.write(
        row.case_id,
        changes,
        author=author(account_of(request), row.centre),
        expected_version=given.version,
        request=given.request,
    )
    return told(receipt, status=status)


def _section_of(request: Request, entry: str) -> str:
    return house_of(request).record.history(row_of(request).case_id, entry, scope=case_scope(request))[0].section


def _enterable(section: str) -> None:
    if section not in ENTERED:
        raise HTTPException(404, "There is no such section to enter.")
