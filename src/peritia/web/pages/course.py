"""The course so far: the timeline, and what was measured again and again as charts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from peritia.web.charts import charts
from peritia.web.pages.case import On, assessed_of
from peritia.web.render import page

router = APIRouter()


@router.get("/patients/{case_id}/course")
def course(request: Request, on: On = "") -> Response:
    """Timeline and charts."""
    case = assessed_of(request, on)
    return page(request, "course.html.j2", c=case, charts=charts(case.case, case.on), tab="course")
