"""The calendar of a case: what is booked, what the interval proposes, cycles, follow-up; conflicts by name; as an iCalendar file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from peritia.course import (
    Booking,
    Calendar,
    CourseRefused,
    Cycle,
    agenda,
    booked_cycles,
    cycles,
    done_on_record,
    due,
    follow_up_plan,
    icalendar,
    schedule,
    still_ahead,
)
from peritia.errors import PeritiaError
from peritia.knowledge import library
from peritia.on_record import BOOKINGS
from peritia.store import Add
from peritia.web.assessed import Assessed
from peritia.web.forms import fields_of, read_fields
from peritia.web.language import _, told_error
from peritia.web.on_record import bookings_of
from peritia.web.pages.case import assessed_of, day_of, row_of
from peritia.web.render import page
from peritia.web.security.guard import Form, house_of
from peritia.web.writing import write

router = APIRouter()


@router.get("/patients/{case_id}/calendar")
def calendar_page(request: Request) -> Response:
    """What stands, and a proposal for what is asked in the address."""
    return _show(request, {}, {})


@router.post("/patients/{case_id}/calendar")
def book(request: Request, form: Form) -> Response:
    """Book a session, a row of cycles or a visit. It stands at once on the centre's calendar."""
    typed = {name: texts[-1] for name, texts in form.given.items()}
    read = read_fields(fields_of(Booking), typed, today=house_of(request).today())
    messages = dict(read.messages)
    if not messages:
        try:
            booking = msgspec.convert(read.payload, Booking)
            _known(booking)
        except CourseRefused as refused:
            messages["what" if "regimen" in str(refused) else "cycles"] = f"{told_error(refused)}."
        except msgspec.ValidationError as refused:
            messages["days"] = str(refused)
    if messages:
        return _show(request, typed, messages)
    written = write(request, row_of(request), [Add(section=BOOKINGS.name, payload=read.payload)], form)
    if written.receipt is None:
        again = {"": _("Somebody else wrote to this case in between. What you typed stands below; send it again.")}
        return _show(request, typed, written.messages or again)
    session = request.state.session
    session.notice = _("Booked.")
    session.undo = f"/patients/{row_of(request).case_id}/entries/{written.receipt.entries[-1]}/undo"
    return RedirectResponse(f"/patients/{row_of(request).case_id}/calendar", status_code=303)


@router.get("/patients/{case_id}/calendar.ics")
def calendar_file(request: Request) -> Response:
    """The same entries as a file for any calendar. It names no patient: titles say what, the id stays out."""
    case, house, asked = assessed_of(request, ""), house_of(request), dict(request.query_params)
    found = _schedule(case, asked).entries if asked.get("regimen") else agenda(case.case, bookings_of(case), case.on).entries
    text = icalendar(found, house.now(), key=case.row.case_id)
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="course.ics"'})


def _known(booking: Booking) -> None:
    """A booked session names a regimen of its route."""
    if booking.kind not in ("pipac", "hipec"):
        return
    regimen = library().regimens.get(booking.what)
    if regimen is None or regimen.route != booking.kind:
        known = ", ".join(id_ for id_, one in library().regimens.items() if one.route == booking.kind and not one.replaced_by)
        raise CourseRefused(f"{booking.what[:60]!r} is no regimen of a {booking.kind.upper()}", f"one of {known}")


def _show(request: Request, typed: Mapping[str, str], messages: Mapping[str, str]) -> Response:
    case, asked = assessed_of(request, ""), dict(request.query_params)
    message, made = "", None
    if asked.get("regimen"):
        try:
            made = _schedule(case, asked)
        except PeritiaError as refused:
            message = f"{told_error(refused)}."
    plan = follow_up_plan(case.case, case.on)
    booked = list(case.of(BOOKINGS.name))
    return page(
        request,
        "calendar.html.j2",
        status=422 if messages else 200,
        c=case,
        asked=asked,
        message=message,
        calendar=made,
        agenda=agenda(case.case, bookings_of(case), case.on),
        booked=sorted(booked, key=lambda entry: entry.value.first_on),
        fields={field.name: field for field in fields_of(Booking)},
        regimens=[one for one in library().regimens.values() if not one.replaced_by],
        typed=typed,
        messages=messages,
        seen=row_of(request).version,
        plan=plan,
        reminders=due(plan, case.on, done_on_record(case.case, case.on)),
        query=request.url.query,
        tab="calendar",
    )


def _schedule(case: Assessed, asked: Mapping[str, str]) -> Calendar:
    """A proposal by a regimen's interval around what is booked and what is asked for in the address."""
    bookings = bookings_of(case)
    booked = [day_of(part) for part in asked.get("booked", "").replace(",", " ").split()]
    booked += [one.first_on for one in still_ahead(bookings, case.case, case.on) if one.kind == "pipac"]
    return schedule(
        case.case,
        asked.get("regimen", ""),
        case.on,
        systemic=(*booked_cycles(bookings), *_cycles(asked)),
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
