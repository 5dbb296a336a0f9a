"""The course so far: sessions, side effects, the response by every definition, and whether something points to recurrence."""

from __future__ import annotations

from datetime import date

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from peritia.course import AdverseEvent, review_response, watch_recurrence
from peritia.course.recurrence import RecurrenceFlag
from peritia.course.response import ResponseReview
from peritia.web.api.answering import told
from peritia.web.api.describing import PREFIX, CaseId, Day, describes
from peritia.web.on_record import adverse_events_of, sessions_of
from peritia.web.pages.case import assessed_of

router = APIRouter(prefix=PREFIX)


class SessionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A session on record: its name, day, regimen and how it stands."""

    name: str
    on: date
    regimen: str
    route: str
    status: str


class CourseSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """What was given and what came of it, as of a day."""

    case_id: str
    version: int
    on: date
    sessions: tuple[SessionLine, ...]
    adverse_events: tuple[AdverseEvent, ...]
    review: ResponseReview
    recurrence: RecurrenceFlag


@router.get("/patients/{case_id}/course", **describes(CourseSoFar))
def course(request: Request, case_id: CaseId, on: Day = "") -> Response:
    """Sessions, side effects, review, recurrence."""
    case = assessed_of(request, on)
    events = adverse_events_of(case)
    sessions = tuple(
        SessionLine(name=name, on=one.plan.on, regimen=one.plan.regimen, route=one.plan.route, status=one.status)
        for name, one in sessions_of(case).items()
    )
    answer = CourseSoFar(
        case_id=case.row.case_id,
        version=case.row.version,
        on=case.on,
        sessions=sessions,
        adverse_events=events,
        review=review_response(case.case, case.on, adverse_events=events or None),
        recurrence=watch_recurrence(case.case, case.on),
    )
    return told(answer)
