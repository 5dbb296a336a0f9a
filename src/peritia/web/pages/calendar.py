"""The calendar of a case: next sessions, systemic cycles, laboratory, reviews and follow-up; conflicts by name; as an iCalendar file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from peritia.course import Calendar, CourseRefused, Cycle, cycles, done_on_record, due, follow_up_plan, icalendar, schedule
from peritia.errors import PeritiaError
from peritia.knowledge import library
from peritia.web.assessed import Assessed
from peritia.web.pages.case import assessed_of, day_of
from peritia.web.render import page
from peritia.web.security.guard import house_of

router = APIRouter()


@router.get("/patients/{case_id}/calendar")
def calendar_page(request: Request) -> Response:
    """The calendar for what is asked in the address; without a regimen only the follow-up."""
    case, asked = assessed_of(request, ""), dict(request.query_params)
    message, made = "", None
    if asked.get("regimen"):
        try:
            made = _schedule(case, asked)
        except PeritiaError as refused:
            message = f"{refused}."
    plan = follow_up_plan(case.case, case.on)
    regimens = [(id_, one.name) for id_, one in library().regimens.items() if one.interval is not None and not one.replaced_by]
    return page(
        request,
        "calendar.html.j2",
        c=case,
        asked=asked,
        message=message,
        calendar=made,
        regimens=regimens,
        plan=plan,
        reminders=due(plan, case.on, done_on_record(case.case, case.on)),
        query=request.url.query,
        tab="calendar",
    )


@router.get("/patients/{case_id}/calendar.ics")
def calendar_file(request: Request) -> Response:
    """The same entries as a file for any calendar. It names no patient: titles say what, the id stays out."""
    case, house = assessed_of(request, ""), house_of(request)
    text = icalendar(_schedule(case, dict(request.query_params)).entries, house.now(), key=case.row.case_id)
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="course.ics"'})


def _schedule(case: Assessed, asked: Mapping[str, str]) -> Calendar:
    booked = [day_of(part) for part in asked.get("booked", "").replace(",", " ").split()]
    return schedule(
        case.case,
        asked.get("regimen", ""),
        case.on,
        systemic=_cycles(asked),
        sessions=_count(asked, "sessions", 3, most=12),
        booked=booked,
    )


def _cycles(asked: Mapping[str, str]) -> tuple[Cycle, ...]:
    if not asked.get("first"):
        return ()
    first = day_of(asked["first"])
    every, count, days = (_count(asked, name, usual, most=60) for name, usual in (("every", 14), ("count", 6), ("days", 1)))
    return cycles("Systemic", first, every_days=every, count=count, days=days)


def _count(asked: Mapping[str, Any], name: str, usual: int, *, most: int) -> int:
    text = str(asked.get(name, "")).strip()
    if not text:
        return usual
    if not text.isdigit() or not 1 <= int(text[:6]) <= most:
        raise CourseRefused(f"'{text[:20]}' cannot be used for {name}", f"a whole number from 1 to {most}")
    return int(text)
