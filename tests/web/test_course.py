"""From the first visit to recurrence, entered through the pages: surgery with HIPEC, follow-up, recurrence, the next board."""

from __future__ import annotations

import pytest
from web_clinic import Browser

CASE = "/patients/course-1"


@pytest.fixture
def operated(clinician: Browser) -> Browser:
    form = {
        "site": "colon",
        "id": "course-1",
        "sex": "female",
        "birth_date": "1966-02-03",
        "diagnosed_on": "2024-01-10",
        "status": "resected",
    }
    assert clinician.post("/patients/new", form).status_code == 303
    surgery = {"on": "2024-06-03", "completed": "yes", "pci": "9", "cc": "0", "hipec": "yes", "hipec_drugs-0-drug": "mitomycin"}
    surgery |= {"hipec_drugs-0-mg_per_m2": "35", "hipec_minutes": "90", "hipec_temperature_c": "42"}
    _enter(clinician, "cytoreductions", surgery)
    return clinician


def _enter(browser: Browser, section: str, form: dict[str, str]) -> None:
    answer = browser.post(f"{CASE}/enter/{section}", form)
    assert answer.status_code == 303, answer.text


def test_follow_up_is_planned_after_surgery(operated: Browser) -> None:
    text = operated.get(f"{CASE}/calendar").text
    assert "Follow-up after cytoreduction" in text
    assert "meant for this patient" in text or "may be meant" in text
    assert "CRS with HIPEC" in operated.get(f"{CASE}/course").text or "HIPEC" in operated.text


def test_recurrence_opens_its_assessment(operated: Browser) -> None:
    assert "Something points to recurrence" not in operated.get(f"{CASE}/course").text
    status = {"on": "2026-11-10", "status": "recurrent", "peritoneal": "present", "distant": "absent", "evidence": "imaging"}
    _enter(operated, "status", status)
    course = operated.get(f"{CASE}/course").text
    assert "Something points to recurrence" in course
    assert "A flag, not a diagnosis" in course
    assert "Recurrence after CRS and HIPEC" in operated.get(CASE).text
    board = operated.get(f"{CASE}/board").text
    assert "Second HIPEC" in board


def test_side_effects_are_graded_with_their_version(operated: Browser) -> None:
    wrong = {"term": "Nausea", "onset": "2026-11-02", "grade": "9", "version": "5.0"}
    answer = operated.post(f"{CASE}/enter/adverse-events", wrong)
    assert answer.status_code == 422
    assert 'value="Nausea"' in answer.text
    right = wrong | {"grade": "2", "attributions-0-to": "intraperitoneal-drug", "attributions-0-certainty": "probable"}
    _enter(operated, "adverse-events", right)
    assert "Nausea" in operated.get(f"{CASE}/course").text


def test_the_dossier_is_one_page_under_its_own_policy(operated: Browser) -> None:
    answer = operated.get(f"{CASE}/dossier")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
