"""Several people at once: writers of one case, and a page's time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from web_clinic import Browser

from peritia.store import Scope
from peritia.web import House


def test_of_two_writers_at_the_same_moment_one_is_asked_to_look(clinic: FastAPI, house: House) -> None:
    people = [Browser(clinic) for _ in range(4)]
    forms = []
    for number, browser in enumerate(people):
        browser.sign_in("clinician-north")
        browser.get("/patients/maria/enter/performance")
        form = {
            "seen": browser.hidden("seen"),
            "request": browser.hidden("request"),
            "ecog": str(number),
            "on": f"2026-11-{10 + number}",
        }
        forms.append(form)
    with ThreadPoolExecutor(4) as pool:
        codes = list(
            pool.map(lambda pair: pair[0].post("/patients/maria/enter/performance", pair[1]).status_code, zip(people, forms, strict=True))
        )
    assert sorted(codes) == [303, 409, 409, 409]
    written = [one for one in house.record.entries("maria", scope=Scope.everywhere()) if one.section == "performance"]
    assert len(written) == 2


def test_many_readers_see_one_case(clinic: FastAPI) -> None:
    people = [Browser(clinic) for _ in range(6)]
    for browser in people:
        browser.sign_in("viewer-north")
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda browser: browser.get("/patients/maria/board").status_code, people))
    assert codes == [200] * 6
