"""Emergency access: a case of another centre, read for a while, with a reason, and loudly."""

from __future__ import annotations

import logging

import msgspec
import pytest
from fastapi import FastAPI
from test_policy import ROUTES, asked, filled
from web_clinic import Browser, Clock

from peritia.on_record import EMERGENCIES
from peritia.store import Scope
from peritia.web import House
from peritia.web.accounts import make_token
from peritia.web.policy import SEES, rule_for

WHY = "Perforated bowel, transferred at night, on the table now"


@pytest.fixture
def south(clinic: FastAPI) -> Browser:
    """A nurse of the South; Maria is of the North."""
    browser = Browser(clinic)
    browser.sign_in("nurse-south")
    return browser


def opened(browser: Browser) -> Browser:
    browser.get("/emergency")
    assert browser.post("/emergency", {"case": "maria", "reason": WHY}).headers["location"] == "/patients/maria"
    return browser


def test_without_a_reason_nothing_opens(south: Browser, house: House) -> None:
    south.get("/emergency")
    before = house.record.version("maria", scope=Scope.everywhere())
    assert "Say in a sentence" in south.post("/emergency", {"case": "maria", "reason": "urgent"}).text
    assert south.get("/patients/maria").status_code == 404
    assert house.record.version("maria", scope=Scope.everywhere()) == before


def test_the_reason_stands_in_the_case_before_a_page_is_read(
    south: Browser, clinic: FastAPI, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        opened(south)
    event = house.record.history("maria", scope=Scope.everywhere())[-1]
    assert (event.section, event.by, event.centre) == (EMERGENCIES.name, "nurse-south", "North")
    assert msgspec.json.decode(event.payload)["reason"] == WHY
    assert "emergency access of nurse-south to case maria" in caplog.text
    assert WHY not in caplog.text
    page = south.get("/patients/maria").text
    assert "Emergency access until" in page
    own = Browser(clinic)
    own.sign_in("viewer-north")
    assert WHY in own.get("/patients/maria").text
    assert "Opened from outside in an emergency" in own.get("/patients/maria").text


def test_every_page_is_reported_and_the_administrator_sees_it(south: Browser, clinic: FastAPI, house: House) -> None:
    opened(south)
    south.get("/patients/maria/board")
    visits = house.journal.latest(house.now(), case="maria", account="nurse-south")
    assert [visit.note for visit in visits] == ["EMERGENCY read", "EMERGENCY opened"]
    admin = Browser(clinic)
    admin.sign_in("administrator-north")
    assert "Emergency access this month" in admin.get("/audit").text


def test_it_reads_and_changes_nothing(south: Browser, house: House, clock: Clock) -> None:
    opened(south)
    account = house.accounts.get("nurse-south")
    assert account is not None
    for method, path in ROUTES:
        rule = rule_for(method, path)
        if rule is None or rule.scope != "case":
            continue
        answer = asked(south, method, path)
        reads = rule == SEES and method == "GET" and not path.startswith("/api/")
        if path.endswith(("{session}", "{number}")) or filled(path).endswith("none"):
            continue
        if reads:
            assert answer.status_code not in (403, 404) or "no case" not in answer.text, path
        else:
            assert answer.status_code in (403, 404), (method, path)
    assert house.record.history("maria", scope=Scope.everywhere())[-1].section == EMERGENCIES.name
    assert "Enter something" not in south.get("/patients/maria").text
    text, _ = make_token(house.accounts, account, "t", ("read",), 1, clock())
    program = south.client.get("/api/v1/patients/maria", headers={"authorization": f"Bearer {text}"})
    assert program.status_code == 404


def test_it_ends_by_time_by_hand_and_for_nobody_else(south: Browser, clinic: FastAPI, clock: Clock) -> None:
    opened(south)
    other = Browser(clinic)
    other.sign_in("clinician-south")
    assert other.get("/patients/maria").status_code == 404
    assert "maria" not in south.get("/patients").text
    for _ in range(3):
        clock.forward(minutes=20)
        last = south.get("/patients/maria").status_code
    assert last == 404
    opened(south)
    assert south.get("/patients/maria").status_code == 200
    assert south.post("/emergency/end", {"case": "maria"}).status_code == 303
    assert south.get("/patients/maria").status_code == 404


def test_guessing_ids_is_stopped(south: Browser) -> None:
    south.get("/emergency")
    answers = [south.post("/emergency", {"case": f"case-{number}", "reason": WHY}).text for number in range(6)]
    assert "no case of this id" in answers[4]
    assert "Too many attempts" in answers[5]


@pytest.mark.parametrize("role", ["viewer", "data-manager", "administrator"])
def test_only_who_treats_may_ask(clinic: FastAPI, role: str) -> None:
    browser = Browser(clinic)
    browser.sign_in(f"{role}-south")
    assert browser.get("/emergency").status_code == 403
    assert browser.post("/emergency", {"case": "maria", "reason": WHY}).status_code == 403


def test_an_own_case_needs_no_emergency(clinic: FastAPI, clinician: Browser, house: House) -> None:
    before = house.record.version("maria", scope=Scope.everywhere())
    opened(clinician)
    assert house.record.version("maria", scope=Scope.everywhere()) == before
    assert "Emergency access until" not in clinician.get("/patients/maria").text
