"""Who is asking; the list of cases; opening a case."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from peritia import __version__
from peritia.case import Case
from peritia.errors import InputRefused, Problem
from peritia.store.event import Author, Receipt
from peritia.store.index import CaseRow
from peritia.web.accounts import Account, Role
from peritia.web.api.answering import read, told
from peritia.web.api.describing import PREFIX, describes
from peritia.web.pages.patients import SITES
from peritia.web.security.guard import account_of, house_of, scope_of
from peritia.web.writing import author_for

router = APIRouter(prefix=PREFIX)
_Key = Annotated[str, msgspec.Meta(max_length=200)]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks. ``csrf``: to be sent as header ``X-CSRF-Token`` with every write of a session; a token needs none."""

    id: str
    name: str
    roles: tuple[Role, ...]
    centres: tuple[str, ...]
    scopes: tuple[str, ...]
    csrf: str = ""


class Patients(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the list. ``after`` is where the next page goes on; empty at the end."""

    patients: tuple[CaseRow, ...]
    after: str


class NewCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case to be opened whole. ``centre``: one of the person's; their first unless named. ``request``: sent twice, it is opened once."""

    case: Case
    centre: str = ""
    request: _Key = ""


@router.get("/me", **describes(Person))
def me(request: Request) -> Response:
    """Who is asking, and what they may do."""
    account, session, token = account_of(request), request.state.session, request.state.token
    scopes = token.scopes if token else ("read", "write")
    csrf = session.token if session else ""
    return told(Person(id=account.id, name=account.name, roles=account.roles, centres=account.centres, scopes=scopes, csrf=csrf))


@router.get("/patients", **describes(Patients))
def patients(
    request: Request,
    q: Annotated[str, Query(max_length=100, description="Words of the title, or how the id begins.")] = "",
    primary: Annotated[str, Query(max_length=40, description="Primary tumour, as coded.")] = "",
    after: Annotated[str, Query(max_length=200, description="``after`` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Cases of the person's centres, the last changed first."""
    if primary and primary not in SITES:
        raise InputRefused("query", (Problem("primary", None, "is no primary tumour", f"one of {', '.join(SITES)}"),))
    scope = scope_of(account_of(request))
    rows = house_of(request).record.search(q, scope=scope, primary=primary or None, limit=limit + 1, after=after)
    return told(Patients(patients=rows[:limit], after=rows[limit - 1].place if len(rows) > limit else ""))


@router.post("/patients", **describes(Receipt, status=201, body=NewCase, said="The case is open."))
def open_case(request: Request, given: Annotated[NewCase, Depends(read(NewCase))]) -> Response:
    """Open a case, all of it or nothing."""
    account = account_of(request)
    centre = given.centre or account.centres[0]
    if centre not in account.centres:
        raise InputRefused("body", (Problem("centre", None, "is not one of your centres"),))
    receipt = house_of(request).record.open_case(given.case, author=author(account, centre), request=given.request)
    return told(receipt, status=201)


def author(account: Account, centre: str) -> Author:
    """The person as the record names them, through this door."""
    return msgspec.structs.replace(author_for(account, centre), client=f"api {__version__}")
