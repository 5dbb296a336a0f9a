"""The list of patients: search, filter, page by page; and opening a new case."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar, get_args

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from peritia.case import Case
from peritia.case.disease import Primary, PrimarySite
from peritia.case.identity import Patient
from peritia.errors import InputRefused
from peritia.store.errors import CaseExists
from peritia.web.forms import fields_of, read_fields
from peritia.web.language import _, told_error
from peritia.web.render import page
from peritia.web.security.guard import Form, account_of, house_of, scope_of
from peritia.web.writing import author_for

_T = TypeVar("_T")
router = APIRouter()
PAGE = 25
SITES: tuple[str, ...] = get_args(PrimarySite)
_PERSON = ("sex", "birth_date")
_PRIMARY = ("site", "side", "diagnosed_on", "status", "synchronous_peritoneal")


@router.get("/patients")
def patients(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    primary: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Cases of the person's centres, the last changed first."""
    house, account = house_of(request), account_of(request)
    rows = house.record.search(q, scope=scope_of(account), primary=primary if primary in SITES else None, limit=PAGE + 1, after=after)
    more = rows[PAGE - 1].place if len(rows) > PAGE else ""
    template = "patients-list.html.j2" if "HX-Request" in request.headers else "patients.html.j2"
    return page(
        request,
        template,
        rows=rows[:PAGE],
        q=q,
        primary=primary,
        sites=SITES,
        more=more,
        after=after,
        emergency_minutes=house.settings.emergency_minutes,
    )


@router.get("/patients/new")
def new_case_page(request: Request) -> Response:
    """What a case begins with."""
    return _new(request, {}, {})


@router.post("/patients/new")
def new_case(request: Request, form: Form) -> Response:
    """Open a case: the primary is all that a case needs."""
    house, account = house_of(request), account_of(request)
    typed = {name: texts[-1] for name, texts in form.given.items()}
    primary, person = (read_fields(fields, typed, today=house.today()) for fields in _fields())
    messages = {**primary.messages, **person.messages}
    centre = typed.get("centre", account.centres[0])
    if centre not in account.centres:
        messages["centre"] = _("This is not one of your centres.")
    for name, limit in (("id", 64), ("title", 120), ("question", 500)):
        if len(typed.get(name, "")) > limit:
            messages[name] = _("At most {limit} letters.").format(limit=limit)
    if not messages:
        try:
            case = Case(
                id=typed.get("id", "").strip() or None,
                title=typed.get("title", "").strip() or None,
                question=typed.get("question", "").strip() or None,
                primary=_struct(Primary, primary.payload),
                patient=_struct(Patient, person.payload),
            )
            receipt = house.record.open_case(case, author=author_for(account, centre), request=form.one("request"))
        except InputRefused as refused:
            messages |= {problem.path.rsplit(".", 1)[-1]: str(problem.message) for problem in refused.problems}
        except CaseExists as taken:
            messages["id"] = told_error(taken)
        else:
            return RedirectResponse(f"/patients/{receipt.case_id}", status_code=303)
    return _new(request, typed, messages)


def _new(request: Request, typed: dict[str, str], messages: dict[str, str]) -> Response:
    primary, person = _fields()
    status = 422 if messages else 200
    return page(request, "new-case.html.j2", status=status, primary=primary, person=person, typed=typed, messages=messages)


def _fields():
    primary = tuple(
        msgspec.structs.replace(field, needed=True) if field.name == "site" else field
        for field in fields_of(Primary)
        if field.name in _PRIMARY
    )
    person = tuple(field for field in fields_of(Patient) if field.name in _PERSON)
    return primary, person


def _struct(type_: type[_T], payload: dict[str, Any]) -> _T:
    return msgspec.convert(payload, type_)
