"""A session through its buttons: nothing is skipped, nobody signs twice, the clock is kept by the record."""

from __future__ import annotations

import re

import pytest
from web_clinic import PASSWORD, Browser, Clock

from peritia.store import Scope
from peritia.web import House

SESSION = "/patients/maria/session"
BIOPSIES = (("right upper quadrant", "1"), ("left flank, umbilical fold", "2"), ("pelvis", "2"))
SECOND = {"second": "nurse-north", "second-password": PASSWORD}


@pytest.fixture
def opened(clinician: Browser) -> str:
    clinician.get(f"{SESSION}/plan?regimen=pipac-oxaliplatin-120")
    answer = clinician.post(f"{SESSION}/plan", {"regimen": "pipac-oxaliplatin-120", "on": "2026-11-21", "formula": "mosteller"})
    assert answer.status_code == 303
    return answer.headers["location"]


def record(text: str) -> dict[str, str]:
    known = {"pressure": "12", "gas flow": "0", "flow": "30", "pressure limit": "200"}
    return {f"record-{name}": known.get(name, "yes") for name in re.findall(r'name="record-([^"]+)"', text)}


def step(browser: Browser, path: str, **more: str):
    page = browser.get(path).text
    answer = browser.post(f"{path}/sign-step", {"step": browser.hidden("step"), **record(page), **more})
    browser.get(path)
    return answer


def to_the_aerosol(browser: Browser, path: str) -> None:
    browser.post(f"{path}/sign-plan", SECOND)
    for _ in range(12):
        if "Start the aerosol" in browser.get(path).text:
            return
        assert step(browser, path, **SECOND).status_code == 303
    raise AssertionError("the aerosol never came")


def test_the_plan_shows_dose_and_checks(clinician: Browser) -> None:
    text = clinician.get(f"{SESSION}/plan?regimen=pipac-oxaliplatin-120").text
    assert "199.8 mg" in text
    assert "mosteller" in text
    assert clinician.get(f"{SESSION}/plan?regimen=nothing").status_code == 422
    assert clinician.get(f"{SESSION}/plan?regimen=pipac-oxaliplatin-120&formula=guess").status_code == 422


def test_a_plan_is_opened_on_its_day_only(clinician: Browser) -> None:
    form = {"regimen": "pipac-oxaliplatin-120", "on": "2026-11-20", "formula": "mosteller"}
    assert clinician.post(f"{SESSION}/plan", form).status_code == 422


def test_one_person_cannot_sign_twice(clinician: Browser, opened: str) -> None:
    clinician.get(opened)
    assert clinician.post(f"{opened}/sign-plan").status_code == 303
    assert "signed the plan already" in clinician.post(f"{opened}/sign-plan").text
    own = {"second": "clinician-north", "second-password": PASSWORD}
    assert clinician.post(f"{opened}/sign-plan", own).status_code == 409


@pytest.mark.parametrize(
    ("name", "password"), [("nurse-north", "wrong"), ("viewer-north", PASSWORD), ("nurse-south", PASSWORD), ("nobody", PASSWORD)]
)
def test_the_second_person_proves_who_they_are(clinician: Browser, opened: str, name: str, password: str) -> None:
    clinician.get(opened)
    answer = clinician.post(f"{opened}/sign-plan", {"second": name, "second-password": password})
    assert answer.status_code == 409
    assert "may not sign here" in answer.text
    assert PASSWORD not in answer.text


def test_a_session_from_plan_to_case(clinician: Browser, opened: str, clock: Clock, house: House) -> None:
    to_the_aerosol(clinician, opened)
    refused = clinician.post(f"{opened}/start", {"drug": "oxaliplatin", "remote": "yes"})
    assert "everyone out" in refused.text
    clinician.post(f"{opened}/start", {"drug": "oxaliplatin", "out": "yes", "remote": "yes"})
    clock.forward(minutes=5)
    assert "is not a number" in clinician.post(f"{opened}/end", {"drug": "oxaliplatin", "volume": "a lot"}).text
    clinician.post(f"{opened}/end", {"drug": "oxaliplatin", "whole": "yes", "pressure": "150"})
    step(clinician, opened, **SECOND)
    page = clinician.get(opened).text
    assert 'data-seconds="1800' in page
    clock.forward(minutes=12)
    reloaded = clinician.get(opened).text
    seconds = float(re.findall(r'data-seconds="([\d.]+)"', reloaded)[0])
    assert seconds == pytest.approx(18 * 60, abs=1)
    early = step(clinician, opened)
    assert early.status_code == 409
    assert "minutes are left" in early.text
    clock.forward(minutes=18, seconds=1)
    clinician.sign_in("clinician-north") if clinician.get(opened).status_code == 303 else None
    for _ in range(6):
        if "Take findings" in clinician.get(opened).text:
            break
        assert step(clinician, opened, **SECOND).status_code == 303
    assert clinician.get(f"{opened}/findings").status_code == 200
    form = {
        "access": "obtained",
        "method": "laparoscopy",
        "ascites_ml": "100",
        **{f"biopsies-{row}-place": place for row, (place, _) in enumerate(BIOPSIES)},
        **{f"biopsies-{row}-prgs": grade for row, (_, grade) in enumerate(BIOPSIES)},
        "photographs-0-reference": "study 12, image 4",
        "photographs-0-region": "6",
        **{f"regions-{n}": "1" for n in range(13)},
    }
    assert clinician.post(f"{opened}/findings", {**form, "biopsies-0-prgs": "7"}).status_code == 422
    assert clinician.post(f"{opened}/findings", form).status_code == 303
    assert clinician.post(f"{opened}/findings", form).status_code == 422, "taken over twice"
    case = house.record.case("maria", scope=Scope.everywhere())
    assert case.pipac[-1].doses[0].mg == pytest.approx(199.8, abs=0.1)
    assert case.regression[-1].grades == (1, 2, 2)
    assert sum(case.peritoneum[-1].regions.values()) == 13
    course = clinician.get("/patients/maria/course").text
    assert "left flank, umbilical fold" in course
    assert "study 12, image 4" in course


def test_a_session_can_be_aborted_with_a_reason(clinician: Browser, opened: str) -> None:
    to_the_aerosol(clinician, opened)
    assert "no reason" in clinician.post(f"{opened}/abort", {"reason": ""}).text
    assert clinician.post(f"{opened}/abort", {"reason": "The abdomen is not tight"}).status_code == 303
    page = clinician.get(opened).text
    assert "Aborted: The abdomen is not tight" in page
    assert "Trocars out only when no gas is left" in page


def test_a_viewer_sees_and_signs_nothing(clinic, clinician: Browser, opened: str) -> None:
    viewer = Browser(clinic)
    viewer.sign_in("viewer-north")
    assert "Sign the plan" not in viewer.get(opened).text
    assert viewer.post(f"{opened}/sign-plan").status_code == 403


def test_no_sign_off_while_a_hard_check_blocks(clinic, clinician: Browser, house: House) -> None:
    clinician.post("/patients/new", {"site": "colon", "id": "bare"})
    path = "/patients/bare/session"
    form = {"regimen": "pipac-oxaliplatin-120", "on": "2026-11-21", "formula": "mosteller"}
    opened = clinician.post(f"{path}/plan", form).headers["location"]
    page = clinician.get(opened).text
    assert "What stops the session" in page
    assert clinician.post(f"{opened}/sign-plan", SECOND).status_code == 409
    nurse = Browser(clinic)
    nurse.sign_in("nurse-north")
    check = re.findall(r'name="check" value="([^"]+)"', page)[0].replace("&gt;", ">").replace("&lt;", "<").replace("&#39;", "'")
    nurse.get(opened)
    assert "cannot override" in nurse.post(f"{opened}/override", {"check": check, "reason": "because"}).text


def test_calendar_and_its_file(clinician: Browser) -> None:
    query = "regimen=pipac-oxaliplatin-120&first=2026-11-30&sessions=2"
    assert "PIPAC 1" in clinician.get(f"/patients/maria/calendar?{query}").text
    file = clinician.get(f"/patients/maria/calendar.ics?{query}")
    assert file.headers["content-type"].startswith("text/calendar")
    assert file.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "maria" not in file.text
    assert "cannot be used" in clinician.get("/patients/maria/calendar?regimen=pipac-oxaliplatin-120&sessions=999").text


def test_biopsies_wait_for_the_pathologist_and_keep_their_places(clinician: Browser, opened: str, clock: Clock, house: House) -> None:
    to_the_aerosol(clinician, opened)
    clinician.post(f"{opened}/start", {"drug": "oxaliplatin", "out": "yes", "remote": "yes"})
    clinician.post(f"{opened}/end", {"drug": "oxaliplatin", "whole": "yes"})
    clock.forward(minutes=10)
    step(clinician, opened, **SECOND)
    clock.forward(minutes=25)
    for _ in range(6):
        if "Take findings" in clinician.get(opened).text:
            break
        assert step(clinician, opened, **SECOND).status_code == 303
    form = {"access": "obtained", **{f"biopsies-{row}-place": place for row, (place, _) in enumerate(BIOPSIES)}}
    assert clinician.post(f"{opened}/findings", form).status_code == 303
    before = len(house.record.case("maria", scope=Scope.everywhere()).regression)
    path = f"{opened}/pathology"
    assert "3 of 3 biopsies awaited" in clinician.get(opened).text
    assert clinician.post(path, {"prgs-0": "5", "prgs-1": "2"}).status_code == 422
    assert clinician.post(path, {"prgs-0": "1", "prgs-1": "2"}).status_code == 303
    assert len(house.record.case("maria", scope=Scope.everywhere()).regression) == before, "the mean of some is not the session's mean"
    assert clinician.post(path, {"prgs-0": "1", "prgs-1": "2", "prgs-2": "2", "result": "negative"}).status_code == 303
    assert clinician.post(path, {"prgs-0": "1", "prgs-1": "2", "prgs-2": "3", "reason": "Second reading"}).status_code == 303
    case = house.record.case("maria", scope=Scope.everywhere())
    assert len(case.regression) == before + 1
    assert case.regression[-1].grades == (1, 2, 3)
    assert case.cytology[-1].result == "negative"
    assert clinician.get(f"{SESSION}/2026-01-01-9/pathology").status_code == 404
