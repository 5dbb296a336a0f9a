"""A pharmacist signs what was prepared, and does nothing else in a session."""

from __future__ import annotations

import json

from fastapi import FastAPI
from web_clinic import PASSWORD, Browser

from peritia.on_record import SESSION_EVENTS
from peritia.store import Scope
from peritia.web import House


def events(house: House) -> list[tuple[str, str]]:
    found = [one for one in house.record.entries("maria", scope=Scope.everywhere()) if one.section == SESSION_EVENTS.name]
    return [(read["event"], read["by"]) for one in found if (read := json.loads(one.value.event))]


def test_a_pharmacist_signs_the_plan_and_starts_nothing(clinic: FastAPI, clinician: Browser, house: House) -> None:
    clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120")
    plan = {name: clinician.hidden(name) for name in ("regimen", "on", "formula", "version", "request")}
    path = clinician.post("/patients/maria/session/plan", plan).headers["location"]
    pharmacist = Browser(clinic)
    pharmacist.sign_in("pharmacist-north")
    assert pharmacist.get(path).status_code == 200
    assert pharmacist.post(f"{path}/sign-plan", {"version": pharmacist.hidden("version"), "request": "a"}).status_code == 303
    assert events(house)[-1] == ("plan-signed", "pharmacist-north")
    before = len(events(house))
    for act in ("override", "start", "end", "fraction", "row", "abort"):
        page = pharmacist.post(f"{path}/{act}", {"reason": "because it must", "drug": "oxaliplatin", "out": "yes", "remote": "yes"})
        assert page.status_code == 409, act
        assert "signs plan and steps" in page.text
    assert len(events(house)) == before


def test_a_pharmacist_is_the_second_person_at_a_tablet(clinic: FastAPI, clinician: Browser, house: House) -> None:
    clinician.get("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120")
    plan = {name: clinician.hidden(name) for name in ("regimen", "on", "formula", "version", "request")}
    path = clinician.post("/patients/maria/session/plan", plan).headers["location"]
    clinician.get(path)
    both = {"second": "pharmacist-north", "second-password": PASSWORD, "version": clinician.hidden("version"), "request": "b"}
    assert clinician.post(f"{path}/sign-plan", both).status_code == 303
    assert [by for event, by in events(house) if event == "plan-signed"] == ["clinician-north", "pharmacist-north"]


def test_a_pharmacist_enters_and_decides_nothing(clinic: FastAPI) -> None:
    pharmacist = Browser(clinic)
    pharmacist.sign_in("pharmacist-north")
    assert pharmacist.get("/").headers["location"] == "/patients"
    assert pharmacist.get("/patients/maria/enter").status_code == 403
    assert pharmacist.post("/patients/maria/session/plan").status_code == 403
    assert pharmacist.get("/patients/maria/board/decide").status_code == 403
