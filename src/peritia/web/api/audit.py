"""Who asked for what, and whether the lines still follow from one another."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from peritia.store.visits import Visit
from peritia.web.api.answering import told
from peritia.web.api.describing import PREFIX, describes
from peritia.web.security.guard import house_of

router = APIRouter(prefix=PREFIX)


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """The latest visits of this month, newest first; the first line that does not follow; how many events the record has."""

    visits: tuple[Visit, ...]
    broken_line: int | None
    events: int
    last_event_at: str


@router.get("/audit", **describes(Audit))
def audit(
    request: Request,
    account: Annotated[str, Query(max_length=40)] = "",
    case: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 300,
) -> Response:
    """The access journal of this month."""
    house = house_of(request)
    now, head = house.now(), house.record.head()
    visits = house.journal.latest(now, limit=limit, case=case.strip(), account=account.strip())
    return told(
        Audit(
            visits=visits,
            broken_line=house.journal.broken(now),
            events=head.seq if head else 0,
            last_event_at=head.written_at if head else "",
        )
    )
