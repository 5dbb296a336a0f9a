"""The course so far: timeline, charts, the response by every definition, side effects, recurrence watched for."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from peritia.course import review_response, watch_recurrence
from peritia.on_record import ADVERSE_EVENTS, SPECIMENS
from peritia.web.charts import charts
from peritia.web.on_record import adverse_events_of, quality_of_life_of
from peritia.web.pages.case import On, assessed_of
from peritia.web.quality import quality_table
from peritia.web.render import page
from peritia.web.telling import told

router = APIRouter()


@router.get("/patients/{case_id}/course")
def course(request: Request, on: On = "") -> Response:
    """Timeline, charts, review."""
    case = assessed_of(request, on)
    events, answers = adverse_events_of(case), quality_of_life_of(case)
    return page(
        request,
        "course.html.j2",
        c=case,
        charts=charts(case.case, case.on),
        review=review_response(case.case, case.on, adverse_events=events or None, qlq=answers),
        flag=watch_recurrence(case.case, case.on),
        quality=quality_table(answers),
        specimens=[(entry, entry.value) for entry in sorted(case.of(SPECIMENS.name), key=lambda one: one.value.on)],
        events=[(entry, told(entry.section, entry.value)) for entry in case.of(ADVERSE_EVENTS.name)],
        tab="course",
    )
