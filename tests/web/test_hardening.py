"""Headers, tokens, bounds, hostile strings, and what the logs hold."""

from __future__ import annotations

import logging
import re

import pytest
from fastapi import FastAPI
from web_clinic import Browser, Clock

from peritia.store import Scope
from peritia.store.visits import Visits, heads_of
from peritia.store.visits_audit import verify_visits
from peritia.web import House

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "'; DROP TABLE events; --",
    "\u202eabc",
    "=cmd|'/c calc'!A1",
]


def test_every_page_forbids_inline_script_and_other_origins(clinician: Browser) -> None:
    for path in ("/patients", "/patients/maria", "/patients/maria/board", "/knowledge/treatments/pipac", "/nowhere"):
        answer = clinician.get(path)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|<style", answer.text), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text), path
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_a_form_without_the_token_is_refused(clinician: Browser, house: House, token: str) -> None:
    before = house.record.version("maria", scope=Scope.everywhere())
    answer = clinician.post("/patients/maria/enter/performance", {"ecog": "2", "on": "2026-11-20"}, token=token)
    assert answer.status_code == 403
    assert house.record.version("maria", scope=Scope.everywhere()) == before


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}])
def test_a_form_of_another_site_is_refused_even_with_the_token(clinician: Browser, headers: dict[str, str]) -> None:
    assert clinician.post("/patients/maria/enter/performance", {"ecog": "2"}, headers=headers).status_code == 403


def test_another_persons_token_is_refused(clinic: FastAPI, clinician: Browser) -> None:
    other = Browser(clinic)
    other.sign_in("nurse-north")
    assert clinician.post("/sign-out", token=other.token).status_code == 403


def test_bodies_above_the_limit_are_refused(clinician: Browser) -> None:
    assert clinician.post("/patients/maria/enter/performance", {"document": "x" * 1_100_000}).status_code == 413
    sent = (b"a" * 65536 for _ in range(40))
    answer = clinician.client.post("/sign-out", content=sent, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (403, 413)


def test_an_unknown_host_is_refused(clinician: Browser) -> None:
    assert clinician.get("/patients", headers={"host": "evil.example"}).status_code == 421


def test_files_are_not_taken(clinician: Browser) -> None:
    answer = clinician.client.post("/patients/maria/enter/performance", data={"csrf": clinician.token}, files={"f": b"x"})
    assert answer.status_code in (400, 403, 422)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_text(clinician: Browser, text: str) -> None:
    answer = clinician.post("/patients/maria/enter/about", {"title": text, "question": text})
    assert answer.status_code == 303
    entry = answer.headers["location"]
    for path in (entry, "/patients", "/patients/maria/board", "/patients/maria/history"):
        page = clinician.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "49" not in clinician.get("/patients/maria").text.split("<main")[1].split("</p>")[0]


@pytest.mark.parametrize(
    "path", ["/patients/..%2f..%2fetc", "/patients/maria%00", "/static/..%2f..%2fapp.py", "/static/app.py", "/knowledge/__class__"]
)
def test_strange_paths_are_not_found(clinician: Browser, path: str) -> None:
    assert clinician.get(path).status_code == 404


def test_strange_queries_do_not_break_the_list(clinician: Browser) -> None:
    for query in ({"q": "%_\\"}, {"primary": "nothing"}, {"after": "garbage"}, {"q": "ß" * 100}):
        assert clinician.get("/patients", params=query).status_code in (200, 422)


def test_logs_hold_ids_and_no_patient(clinician: Browser, house: House, caplog: pytest.LogCaptureFixture, settings) -> None:
    with caplog.at_level(logging.DEBUG):
        clinician.get("/patients", params={"q": "Zebrafish"})
        clinician.get("/patients/maria")
        clinician.post("/patients/maria/enter/performance", {"ecog": "9", "document": "Zebrafish 1"})
        clinician.post("/patients/maria/enter/performance", {"ecog": "2", "document": "Zebrafish 2", "on": "2026-11-20"})
    journal = "".join(file.read_text() for file in (settings.data / "access").iterdir())
    ours = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "peritia.web" in {record.name for record in caplog.records}
    assert "Zebrafish" not in ours + journal
    assert "Colon" not in ours + journal
    assert '"route":"/patients/{case_id}"' in journal
    assert '"case":"maria"' in journal


def test_what_nobody_foresaw_shows_a_number_and_no_detail(app: FastAPI, clinician: Browser, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the patient Maria Zebrafish")

    app.state.house.record.search = broken
    answer = clinician.get("/patients")
    assert answer.status_code == 500
    assert "Tell your administrator the number" in answer.text
    assert "Zebrafish" not in answer.text + caplog.text


def test_a_changed_line_of_the_journal_shows(clinician: Browser, house: House, clock: Clock, settings) -> None:
    clinician.get("/patients/maria")
    assert house.journal.broken(clock()) is None
    house.journal.close(clock())
    file = next((settings.data / "access").iterdir())
    lines = file.read_bytes().splitlines(keepends=True)

    def found() -> tuple[int | None, set[str]]:
        ring, heads = house.record.ring(), heads_of(house.record.place)
        broken = Visits(file.parent, house.record.ring, heads).broken(clock())
        return broken, {one.kind for one in verify_visits(file.parent, ring, heads).findings}

    assert found() == (None, set())
    file.write_bytes(b"".join([lines[0].replace(b"GET", b"PUT"), *lines[1:]]))
    assert found() == (1, {"changed"})
    file.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert found() == (2, {"missing"})
    file.write_bytes(b"".join(lines[1:]))
    assert found() == (None, {"missing"})
    file.write_bytes(b"".join(lines[:-1]))
    assert found() == (None, {"cut"})


CANARY = "Zebrafish"
"""A word that nothing but a patient's entries holds."""


def test_no_log_holds_a_value_after_every_page_was_asked(
    clinic: FastAPI, clinician: Browser, house: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], settings
) -> None:
    """The word stands in every text that can be entered, in addresses and refused forms; then in no log, no journal, on no console."""
    sections = [name for name, one in house.record.sections.items() if name not in ("decisions", "session-events", "predicted")]
    with caplog.at_level(logging.DEBUG):
        for section in sections:
            page = clinician.get(f"/patients/maria/enter/{section}")
            if page.status_code == 303:
                page = clinician.get(page.headers["location"])
            names = set(re.findall(r'<(?:input|textarea)[^>]*name="([^"]+)"', page.text)) - {
                "csrf",
                "version",
                "request",
                "language",
                "back",
            }
            for _ in range(2):
                clinician.post(f"/patients/maria/enter/{section}", dict.fromkeys(names, CANARY))
        entered = {"title": f"{CANARY} 1", "question": f"{CANARY}?", "story": CANARY}
        assert clinician.post("/patients/maria/enter/about", entered).status_code == 303
        for route in clinic.routes:
            for path in {getattr(inner, "path", "") for inner in getattr(getattr(route, "original_router", None), "routes", [route])}:
                asked = path.replace("{case_id}", "maria").replace("{", "").replace("}", "")
                clinician.get(asked, params={"q": CANARY, "on": CANARY, "case": CANARY, "regimen": CANARY})
        clinician.client.post("/api/v1/patients/maria/entries", content=f'{{"entries": "{CANARY}"')
        clinician.client.post(f"/api/v1/patients/{CANARY}/entries", json={"entries": [CANARY]})
    assert CANARY in clinician.get("/patients").text
    ours = "".join(f"{one.getMessage()} {one.exc_text}" for one in caplog.records if not one.name.startswith("httpx"))
    journal = "".join(file.read_text() for file in (settings.data / "access").iterdir())
    said = "".join(capfd.readouterr())
    assert len(ours) > 1000
    assert CANARY not in ours + journal + said


def test_a_calendar_file_cannot_be_bent_by_a_title(clinician: Browser) -> None:
    what = "Visit\r\nEND:VCALENDAR\r\nATTACH:https://evil.example"
    clinician.post("/patients/maria/calendar", {"kind": "visit", "what": what, "first_on": "2026-12-01", "note": what})
    for path in ("/patients/maria/calendar.ics", "/calendar.ics"):
        file = clinician.get(path, params={"regimen": "pipac-oxaliplatin-120"}).text
        assert len(re.findall(r"^END:VCALENDAR", file, re.MULTILINE)) == 1
        assert not re.search(r"^ATTACH", file, re.MULTILINE)
