"""Bookings of a case, and the calendar of a centre over all its cases: conflicts named, other centres' cases never."""

from __future__ import annotations

import pytest
from web_clinic import Browser

MARIA = "/patients/maria/calendar"
PIPAC = {"kind": "pipac", "first_on": "2026-12-02", "what": "pipac-oxaliplatin-120"}
CYCLES = {"kind": "systemic", "first_on": "2026-11-30", "what": "FOLFIRI", "cycles": "3", "every_days": "14", "days": "3"}


def test_a_booking_stands_on_both_calendars(clinician: Browser) -> None:
    clinician.get(MARIA)
    assert clinician.post(MARIA, PIPAC).status_code == 303
    assert clinician.post(MARIA, {**PIPAC, "kind": "visit", "first_on": "2026-12-09", "what": "Board"}).status_code == 303
    own = clinician.get(MARIA).text
    assert "PIPAC 1" in own
    assert "booked" in own
    centre = clinician.get("/calendar").text
    assert "PIPAC 1" in centre
    assert "Board" in centre
    assert "Week of 30 Nov 2026" in centre
    assert "PIPAC 1" not in clinician.get("/calendar?kind=systemic").text
    assert "PIPAC 1" not in clinician.get("/calendar?from=2027-03-01").text


def test_conflicts_are_named_on_both_calendars(clinician: Browser) -> None:
    clinician.get(MARIA)
    for form in (CYCLES, PIPAC):
        assert clinician.post(MARIA, form).status_code == 303
    for page in (MARIA, "/calendar"):
        text = clinician.get(page).text
        assert "Breaks a wash-out." in text
        assert "FOLFIRI, cycle 1 is given on the day of the session" in text


def test_two_sessions_on_one_day_are_told(clinician: Browser) -> None:
    clinician.post("/patients/new", {"site": "colon", "id": "other-1", "title": "The other"})
    for path in (MARIA, "/patients/other-1/calendar"):
        clinician.get(path)
        assert clinician.post(path, PIPAC).status_code == 303
    text = clinician.get("/calendar").text
    assert "2 sessions on one day" in text
    assert "The other" in text


def test_a_booked_day_without_a_session_is_told_later(clinician: Browser, clock) -> None:
    clinician.get(MARIA)
    clinician.post(MARIA, PIPAC)
    clock.forward(days=12)
    clinician.sign_in("clinician-north")
    assert "no session of that day is on record" in clinician.get(MARIA).text
    assert "a session was booked and none is on record" in clinician.get("/calendar").text


def test_the_other_centre_sees_none_of_it(clinic, clinician: Browser) -> None:
    clinician.get(MARIA)
    clinician.post(MARIA, PIPAC)
    south = Browser(clinic)
    south.sign_in("clinician-south")
    assert "PIPAC 1" not in south.get("/calendar").text
    assert "PIPAC" not in south.get("/calendar.ics").text


def test_the_file_holds_ids_only_where_asked(clinician: Browser) -> None:
    clinician.get(MARIA)
    clinician.post(MARIA, PIPAC)
    file = clinician.get("/calendar.ics").text
    assert file.startswith("BEGIN:VCALENDAR\r\n")
    assert file.endswith("END:VCALENDAR\r\n")
    assert file.count("BEGIN:VCALENDAR") == file.count("END:VCALENDAR") == 1
    assert "PIPAC 1" in file
    assert "maria" not in file
    assert "maria: PIPAC 1" in clinician.get("/calendar.ics?ids=yes").text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "surgery"}, "kind"),
        ({"first_on": "soon"}, "first_on"),
        ({"what": "hope"}, "what"),
        ({"what": "hipec-mitomycin-35-dutch"}, "what"),
        ({"kind": "systemic", "cycles": "two"}, "cycles"),
        ({"kind": "systemic", "cycles": "3", "every_days": ""}, "cycles"),
        ({"kind": "systemic", "cycles": "3", "every_days": "2", "days": "5"}, "cycles"),
    ],
)
def test_a_wrong_booking_is_named_at_its_field_and_nothing_is_lost(clinician: Browser, changed: dict[str, str], field: str) -> None:
    clinician.get(MARIA)
    answer = clinician.post(MARIA, {**PIPAC, "note": "Theatre 3", **changed})
    assert answer.status_code == 422
    assert f'id="book-{field}-wrong"' in answer.text
    assert 'value="Theatre 3"' in answer.text
    for name, value in changed.items():
        if name in ("what", "first_on", "cycles", "every_days", "days") and value:
            assert f'value="{value}"' in answer.text


def test_weeks_that_are_not_offered_are_refused(clinician: Browser) -> None:
    assert clinician.get("/calendar?weeks=900").status_code == 422
    assert clinician.get("/calendar?from=never").status_code == 422
