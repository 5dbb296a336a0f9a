"""Who asked for what: the access journal, and whether its lines still follow from one another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from peritia.web.render import page
from peritia.web.security.emergency import OPENED
from peritia.web.security.guard import house_of

router = APIRouter()
_SHOWN, _SEARCHED = 300, 20_000


@router.get("/audit")
def audit(
    request: Request, account: Annotated[str, Query(max_length=40)] = "", case: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The latest visits of this month, by person or by case."""
    house = house_of(request)
    now = house.now()
    visits = house.journal.latest(now, limit=_SHOWN, case=case.strip(), account=account.strip())
    head = house.record.head()
    return page(
        request,
        "audit.html.j2",
        visits=visits,
        opened=[one for one in house.journal.latest(now, limit=_SEARCHED) if one.note == OPENED],
        broken=house.journal.broken(now),
        by=account,
        case=case,
        events=head.seq if head else 0,
        sealed=head.written_at if head else "",
        shown=_SHOWN,
    )
