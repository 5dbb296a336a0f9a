"""The session sheet as plain rows, and the verbs of the course in a terminal."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import typer
from course_cases import DAY, Script, bath_plan, maria_blocked, maria_plan
from typer.testing import CliRunner

from peritia.cli_course import mount
from peritia.course import SessionAborted, SessionSheet, replay, session_sheet
from peritia.course.event import encode
from peritia.course.wording import unit
from peritia.errors import PeritiaError

OX = ("--regimen", "pipac-oxaliplatin-120")
ON = ("--on", str(DAY))


def test_the_sheet_of_a_plan_has_every_check_worst_first_and_empty_lines_to_sign() -> None:
    sheet = session_sheet(maria_blocked())
    assert sheet.answer == "no-go"
    assert sheet.checks[0].mark == "stop"
    assert len(sheet.checks) == len(maria_blocked().checks)
    assert [row.people for row in sheet.steps][:2] == [2, 2]
    assert not any(row.signed or row.done for row in sheet.steps)
    assert "not a medical device" in sheet.notice
    assert sheet.status is None


def test_an_override_is_printed_with_who_and_why() -> None:
    session = replay(Script(maria_blocked()).override_all().sign_plan().events)
    sheet = session_sheet(session.plan, session)
    assert (sheet.answer, sheet.status) == ("go", "signed")
    row = next(row for row in sheet.checks if row.id == "laboratory-age")
    assert row.mark == "overridden"
    assert row.override == "seen on paper (Ada, clinician, 08:01)"
    assert sheet.plan_signed == ("Ada, clinician, 08:02", "Ben, nurse, 08:03")


def test_the_sheet_of_a_run_shows_signatures_readings_and_warnings() -> None:
    script = Script(bath_plan()).override_all().until_drug().add(0).row(inflow_temperature=43.5)
    session = replay(script.events)
    sheet = session_sheet(session.plan, session, script.at + timedelta(minutes=40))
    assert sheet.run_rows[0][0] == f"{script.at:%H:%M}"
    assert "43.5" in sheet.run_rows[0]
    assert {"outside-range", "overdue", "dose-due"} <= {one.kind for one in sheet.warnings}
    assert sheet.steps[0].done
    assert "inflow temperature (°C)" in sheet.run_columns
    assert msgspec.json.decode(msgspec.json.encode(sheet), type=SessionSheet) == sheet


def test_an_aborted_session_says_why() -> None:
    script = Script(maria_plan()).sign_plan()
    script.events.append(SessionAborted(at=script.tick(), by="Ada", role="clinician", reason="no access"))
    session = replay(script.events)
    assert session_sheet(session.plan, session).aborted == "no access"


@pytest.mark.parametrize(("ucum", "written"), [("mm[Hg]", "mmHg"), ("[psi]", "psi"), ("Cel", "°C"), ("mg/m2", "mg/m2"), ("{score}", "")])
def test_units_are_written_as_on_the_ward(ucum: str, written: str) -> None:
    assert unit(ucum) == written


@pytest.fixture
def verbs() -> typer.Typer:
    app = typer.Typer()
    mount(app)
    return app


def told(verbs: typer.Typer, *words: str, code: int = 0) -> str:
    done = CliRunner(env={"COLUMNS": "160"}).invoke(verbs, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_plan_prints_doses_checks_and_the_notice(verbs: typer.Typer) -> None:
    text = told(verbs, "session", "plan", "maria", *OX, *ON)
    assert "199.8 mg" in text
    assert "31 of 33 checks are go" in text
    assert "not a medical device" in text
    assert "mmHg" in text
    assert "mm[Hg]" not in text


def test_plan_ends_with_one_when_the_session_may_not_go_ahead(verbs: typer.Typer) -> None:
    text = told(verbs, "session", "plan", "maria", *OX, "--on", "2026-11-24", code=1)
    assert "STOP" in text
    assert "older than 7 days" in text


def test_plan_takes_what_is_known_now(verbs: typer.Typer) -> None:
    text = told(verbs, "session", "plan", "maria", *OX, *ON, "--last-systemic", "2026-11-15", code=1)
    assert "Less than 14 days since the last systemic treatment" in text
    assert "grade 2 or more" in told(verbs, "session", "plan", "maria", *OX, *ON, "--set", "neuropathy_grade=2")


def test_plan_as_json_is_the_plan(verbs: typer.Typer) -> None:
    plan = json.loads(told(verbs, "session", "plan", "maria", *OX, *ON, "--json"))
    assert plan["regimen"] == "pipac-oxaliplatin-120"


def test_sheet_prints_the_checklist_and_a_session_from_its_events(verbs: typer.Typer, tmp_path: Path) -> None:
    assert "zero-flow test" in told(verbs, "session", "sheet", "maria", *OX, *ON)
    events = tmp_path / "session.ndjson"
    events.write_bytes(b"\n".join(encode(event) for event in Script(maria_plan()).whole_pipac()))
    text = told(verbs, "session", "sheet", "maria", *OX, *ON, "--events", str(events))
    assert "Ben, nurse" in text


def test_schedule_names_conflicts_and_writes_the_file(verbs: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "course.ics"
    row = "FOLFIRI + bev:2026-12-01:14:6:3:irinotecan+bevacizumab"
    text = told(verbs, "schedule", "maria", *OX, *ON, "--sessions", "2", "--cycles", row, "--ics", str(file))
    assert "bevacizumab-gap" in text
    data = file.read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"maria" not in data


def test_response_and_follow_up_are_printed(verbs: typer.Typer) -> None:
    text = told(verbs, "response", "elena", *ON)
    assert "prgs-drop-ge-1" in text
    assert "Discuss cytoreduction" in text
    assert json.loads(told(verbs, "response", "elena", *ON, "--json"))["due"] is True
    assert "Opens the recurrence assessment" in told(verbs, "follow-up", "greta", *ON)
    assert "No cited schedule" in told(verbs, "follow-up", "chiara", *ON)


@pytest.mark.parametrize(
    "words",
    [
        ("session", "plan", "maria", "--regimen", "nope", *ON),
        ("session", "plan", "maria", *OX, "--on", "soon"),
        ("session", "plan", "maria", *OX, *ON, "--set", "ecog"),
        ("session", "plan", "nobody", *OX, *ON),
        ("schedule", "maria", *OX, *ON, "--cycles", "FOLFIRI"),
        ("schedule", "maria", *OX, *ON, "--cycles", "F:2026-12-01:14:6:3:sugar"),
        ("session", "sheet", "maria", *OX, *ON, "--events", "missing.ndjson"),
    ],
)
def test_wrong_words_are_refused_with_what_would_be_right(verbs: typer.Typer, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(verbs, list(words))
    assert isinstance(done.exception, PeritiaError)
    assert "Expected" in str(done.exception)
