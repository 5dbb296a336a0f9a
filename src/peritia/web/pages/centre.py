"""The centre's calendar: every case's sessions, cycles, visits and follow-up by week; conflicts by name; as an iCalendar file."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from peritia.course import CourseRefused, icalendar
from peritia.store.record import Record
from peritia.web.centre import CentreCalendar, CentreCalendars, Line
from peritia.web.pages.case import day_of
from peritia.web.render import page
from peritia.web.security.guard import account_of, house_of, scope_of

router = APIRouter()
WEEKS = (4, 8, 12, 26)
KINDS = {"sessions": ("pipac", "hipec"), "systemic": ("systemic",), "visits": ("visit", "follow-up", "reminder")}
_Kind = Annotated[str, Query(max_length=20)]
_Day = Annotated[str, Query(alias="from", max_length=10)]
_Weeks = Annotated[str, Query(max_length=3)]


@router.get("/calendar")
def centre_page(request: Request, first: _Day = "", weeks: _Weeks = "8", kind: _Kind = "") -> Response:
    """Week by week."""
    made = _calendar(request, first, weeks)
    shown = _of_kind(made, kind)
    return page(
        request,
        "centre.html.j2",
        calendar=made,
        weeks=_by_week(shown, made.first),
        count=len(shown),
        chosen=weeks,
        choices=WEEKS,
        kind=kind if kind in KINDS else "",
        kinds=tuple(KINDS),
        query=request.url.query,
    )


@router.get("/calendar.ics")
def centre_file(
    request: Request, first: _Day = "", weeks: _Weeks = "8", kind: _Kind = "", ids: Annotated[str, Query(max_length=3)] = ""
) -> Response:
    """The same as a file. Case ids stand in it only where they were asked for; names of patients never, since there are none."""
    shown = _of_kind(_calendar(request, first, weeks), kind)
    by_case: dict[str, list[Line]] = {}
    for line in shown:
        by_case.setdefault(line.case.case_id, []).append(line)
    now = house_of(request).now()
    texts = [icalendar((), now, key="")]
    for case_id, lines in by_case.items():
        label = case_id if ids == "yes" else ""
        texts.append(icalendar([line.entry for line in lines], now, key=case_id, label=label))
    return Response(
        _joined(texts),
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="centre.ics"'},
    )


@lru_cache(maxsize=4)
def _calendars(record: Record) -> CentreCalendars:
    return CentreCalendars(record)


def _calendar(request: Request, first: str, weeks: str) -> CentreCalendar:
    house = house_of(request)
    today = house.today()
    begin = day_of(first) if first else today
    begin -= timedelta(days=begin.weekday())
    if weeks not in {str(one) for one in WEEKS}:
        raise CourseRefused(f"'{weeks}' weeks cannot be shown", f"one of {', '.join(map(str, WEEKS))}")
    return _calendars(house.record)(scope_of(account_of(request)), today, begin, begin + timedelta(weeks=int(weeks), days=-1))


def _of_kind(made: CentreCalendar, kind: str) -> list[Line]:
    wanted = KINDS.get(kind)
    return [line for line in made.lines if wanted is None or line.entry.kind in wanted]


def _by_week(lines: list[Line], first: date) -> list[tuple[date, list[Line]]]:
    """Weeks that hold something, each with its lines; what began earlier stands in the first."""
    found: dict[date, list[Line]] = {}
    for line in lines:
        day = max(line.entry.on, first)
        found.setdefault(day - timedelta(days=day.weekday()), []).append(line)
    return sorted(found.items())


def _joined(texts: list[str]) -> str:
    """Several VCALENDARs as one: the head of the first, which is empty, and the events of all."""
    end = "END:VCALENDAR\r\n"
    head = texts[0].removesuffix(end)
    events = [text[text.index("BEGIN:VEVENT") :].removesuffix(end) for text in texts if "BEGIN:VEVENT" in text]
    return head + "".join(events) + end
