"""One patient's whole course through the pages, in a real browser: first visit, three PIPACs, response, CRS with HIPEC, recurrence.

Every page that is looked at on the way is axe-core clean, as wide as its window, says nothing on the console and asks nothing from
outside. With PERITIA_SCREENSHOTS set to a folder the walk also makes the pictures of the manual.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Playwright
from web_clinic import PASSWORD, Clock
from web_in_browser import Clinic, served, visiting

from peritia.case import Case
from peritia.store import Scope

CASE = "/patients/walk-1"
OX = "pipac-oxaliplatin-120"
MITOMYCIN = "hipec-mitomycin-35-dutch"
READINGS = {"pressure": "12", "gas flow": "0", "flow": "30", "pressure limit": "200", "core temperature": "36.4"}
BIOPSIES = ("right upper quadrant, falciform ligament", "left upper quadrant", "left lower quadrant", "pelvis, bladder fold")


@dataclass
class Walk:
    """The person who walks: a browser, the clock on the wall, the record behind it."""

    seen: Clinic
    app: FastAPI
    clock: Clock

    @property
    def today(self) -> date:
        return self.clock.now.date()

    @property
    def case(self) -> Case:
        return self.app.state.house.record.case("walk-1", scope=Scope.everywhere())

    def later(self, days: int) -> None:
        self.clock.forward(days=days)

    def laboratory(self, **more: float) -> None:
        values = {"hemoglobin": 11.9, "leukocytes": 6.1, "neutrophils": 4.0, "platelets": 220, "creatinine": 0.8, "bilirubin": 0.5}
        values |= {"alt": 22, "ast": 20, "albumin": 38} | more
        limits = {"alt-upper_limit": "35", "ast-upper_limit": "35", "bilirubin-upper_limit": "1.2"}
        self.seen.enter(f"{CASE}/panel/labs", {f"{name.replace('_', '-')}-value": f"{value:g}" for name, value in values.items()} | limits)


@pytest.fixture
def walk(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with (
        served(tmp_path_factory.mktemp("walk"), idle_minutes=10_000_000, session_hours=200_000) as (origin, app, clock),
        visiting(playwright, origin) as seen,
    ):
        yield Walk(seen, app, clock)


def test_a_whole_course_from_the_first_visit_to_recurrence(walk: Walk) -> None:
    first_visit(walk)
    board(walk)
    calendars(walk)
    first = pipac(walk, look=True, biopsies=(3, 3, 2, 4), cytology="positive")
    side_effects(walk)
    walk.later(43)
    aborted_pipac(walk)
    walk.later(6)
    pipac(walk, biopsies=(2, 2, 2, 2), cytology="positive")
    walk.later(44)
    pipac(walk, biopsies=(1, 1, 2, 1), cytology="negative")
    response(walk)
    conversion(walk)
    walk.later(30)
    hipec(walk)
    follow_up(walk)
    recurrence(walk)
    history(walk, first)


def first_visit(walk: Walk) -> None:
    seen, page = walk.seen, walk.seen.page
    seen.go("/patients")
    page.get_by_role("link", name="New case").click()
    seen.fill({"site": "colon", "sex": "female", "birth_date": "1966-02-03", "status": "resected", "diagnosed_on": "2025-02-10"})
    seen.fill({"id": "walk-1", "title": "Colon cancer, peritoneal metastases", "question": "Is PIPAC open? Could surgery follow?"})
    seen.write("Open the case")
    page.wait_for_url(f"**{CASE}")

    seen.go(f"{CASE}/enter/body")
    seen.fill({"height_cm": "1,65", "weight_kg": "60"})
    seen.write("Write")
    assert page.input_value("#height_cm") == "1,65"
    assert page.locator("#height_cm-wrong").count() == 1
    seen.check("form-refused")
    seen.fill({"height_cm": "165"})
    seen.write("Write")

    seen.enter(f"{CASE}/enter/performance", {"ecog": "1"})
    line = {"drugs-0-drug": "oxaliplatin", "drugs-0-mg_per_m2": "85", "drugs-0-cycles": "6", "drugs-1-drug": "fluorouracil"}
    line |= {"started_on": "2025-12-01", "ended_on": "2026-03-10", "setting": "palliative", "best_response": "stable"}
    seen.enter(f"{CASE}/enter/systemic", line | {"ongoing": "no", "stopped_for": "completed"})
    esas = dict.fromkeys(("tiredness", "drowsiness", "nausea", "appetite", "breath", "depression", "anxiety", "wellbeing"), "2")
    symptoms = {f"esas-{item}": value for item, value in (esas | {"pain": "3"}).items()}
    seen.enter(f"{CASE}/enter/symptoms", symptoms | {"bowel_obstruction": "none"})
    walk.laboratory(cea=18)
    for panel in ("illnesses", "allergies", "extraperitoneal"):
        seen.go(f"{CASE}/panel/{panel}")
        page.evaluate("document.querySelectorAll('main input[value=absent]').forEach((one) => one.click())")
        for choice in page.locator("main select").all():
            if "absent" in choice.locator("option").evaluate_all("all => all.map((one) => one.value)"):
                choice.select_option("absent")
        seen.write("Write")
    page.get_by_text("Written: Disease outside the peritoneum").wait_for()

    seen.go(f"{CASE}/enter/peritoneum")
    seen.fill({"method": "laparoscopy", "adhesions_prevent_access": "no", "confluent_small_bowel": "present"})
    seen.score({number: 3 if number in (0, 9, 10) else 1 for number in range(13)})
    page.get_by_text("PCI 19", exact=True).wait_for()
    seen.check("scoring-done")
    seen.write("Write")

    seen.go(f"{CASE}/enter/quality-of-life")
    seen.fill({f"items-{item}": str(2 if item < 29 else 4) for item in range(1, 31)})
    seen.check("quality-of-life")
    seen.write("Write")


def board(walk: Walk) -> None:
    seen, page = walk.seen, walk.seen.page
    seen.go(f"{CASE}/board")
    before = page.locator(".q h3").all_inner_texts()
    for _ in range(6):
        question = page.locator(".q:has(form)").first
        if not question.count():
            break
        for absent in question.locator("input[value=absent], input[value=no]").all():
            absent.evaluate("one => one.click()")
        if question.locator("input[name=method]").count():
            question.locator("input[name=method][value=laparoscopy]").evaluate("one => one.click()")
        for name, value in {"value": "4", "variant": "", "volume_ml": "400", "lvef_percent": "61"}.items():
            for field in question.locator(f"input[name={name}]").all():
                field.fill(value)
        for picked in question.locator(".pills:not(:has(input:checked:not([value=''])))").all():
            picked.locator("input").first.evaluate("one => one.click()")
        with page.expect_response("**/board/answer"):
            question.get_by_role("button").click()
        page.locator(".news").filter(has_text="").first.wait_for(state="attached")
    page.get_by_text("Written.").or_(page.locator(".news li")).first.wait_for()
    assert page.locator(".q h3").all_inner_texts() != before
    seen.check("board-answered")
    page.get_by_role("link", name="Record the decision").click()
    page.check("input[value=pipac]")
    page.check("input[value=palliative-care]")
    seen.fill({"reason": "PCI 19 with confluent small bowel: PIPAC with supportive care, response reviewed at the third session."})
    seen.write("Write the decision")
    page.locator(".decided").wait_for()
    seen.check("decided", picture=False)


def calendars(walk: Walk) -> None:
    """Cycles and a session that do not go together are named, on the case's calendar and on the centre's; the booking is then moved."""
    seen, page = walk.seen, walk.seen.page
    seen.go(f"{CASE}/calendar")
    page.get_by_text("Cycles of a systemic treatment").click()
    first = walk.today + timedelta(days=37)
    seen.fill({"kind": "systemic", "first_on": first.isoformat(), "what": "FOLFIRI", "cycles": "1", "every_days": "14", "days": "3"})
    seen.write("Book")
    seen.fill({"kind": "pipac", "first_on": (walk.today + timedelta(days=43)).isoformat(), "what": OX})
    seen.write("Book")
    assert seen.says("Breaks a wash-out.")
    seen.check("calendar")
    seen.go("/calendar?weeks=12")
    assert seen.says("Breaks a wash-out.")
    seen.check("calendar-centre")
    seen.go(f"{CASE}/calendar")
    page.get_by_text("Bookings: move or cancel").click()
    page.locator("details[open] a", has_text="FOLFIRI").click()
    page.get_by_text("Withdraw this entry").click()
    page.fill("#withdraw-reason", "The oncologist waits until after the second session.")
    seen.write("Withdraw")
    seen.go(f"{CASE}/calendar")
    assert not seen.says("Breaks a wash-out.")


def plan(walk: Walk, regimen: str) -> None:
    """Plan and open today's session; what stops it is overridden by the clinician with a reason, check by check; two people sign."""
    seen, page = walk.seen, walk.seen.page
    seen.go(f"{CASE}/session/plan?regimen={regimen}")
    if page.get_by_role("button", name="Simulate this session").count() and regimen == OX and not walk.case.pipac:
        seen.check("session-plan")
        seen.write("Simulate this session")
        page.locator("progress").or_(page.get_by_text("By region")).first.wait_for()
        seen.go(f"{CASE}/session/plan?regimen={regimen}")
    seen.write("Open the session with this plan")
    for _ in range(12):
        blocked = page.get_by_label("Override with a reason (clinician)")
        if not blocked.count():
            break
        with page.expect_navigation(wait_until="load"):
            blocked.first.fill("Settled at the table with the anaesthetist; documented in the chart.")
            page.get_by_role("button", name="Override this check").first.click()
    second(walk)
    seen.write("Sign the plan")
    assert not page.get_by_role("button", name="Sign the plan").count(), page.locator(".stop, .checks li.hard").all_inner_texts()


def second(walk: Walk) -> None:
    if walk.seen.page.locator("#second").count():
        walk.seen.page.fill("#second", "nurse")
        walk.seen.page.fill("#second-password", PASSWORD)


def sign(walk: Walk, **more: str) -> str:
    """Write down what the step asks for and sign it; the step's own text."""
    seen, page = walk.seen, walk.seen.page
    told = page.locator("#h-step").inner_text()
    for field in page.locator("input[name^=record-]").all():
        name = (field.get_attribute("name") or "").removeprefix("record-")
        field.fill(more.get(name.replace(" ", "_"), READINGS.get(name, "yes")))
    second(walk)
    seen.write("Done, signed")
    return told


def pipac(walk: Walk, *, look: bool = False, biopsies: tuple[int, ...], cytology: str) -> str:
    """One session from plan to case, then the pathologist's answers a week later. Its name."""
    seen, page = walk.seen, walk.seen.page
    if not look:
        walk.laboratory(cea=18 - 5 * len(walk.case.pipac))
    plan(walk, OX)
    name = page.url.rsplit("/", 1)[-1]
    while not page.get_by_role("button", name="Start the aerosol").count():
        sign(walk)
    page.check("input[name=out]")
    if look:
        seen.write("Start the aerosol")
        assert seen.says("The injection is not started from outside")
        page.check("input[name=out]")
        seen.check("session-aerosol")
        seen.check_elsewhere("session-aerosol")
    page.check("input[name=remote]")
    seen.write("Start the aerosol")
    walk.clock.forward(minutes=5)
    page.check("input[name=whole]")
    page.fill("#pressure", "150")
    seen.write("The injector has stopped")
    sign(walk)
    if look:
        before = page.locator(".digits").inner_text()
        assert before in ("30:00", "29:59", "29:58")
        walk.clock.forward(minutes=12)
        page.reload()
        assert page.locator(".digits").inner_text() in ("18:00", "17:59", "17:58")
        seen.check("session-clock")
        seen.write("Done, signed")
        assert seen.says("minutes are left")
        walk.clock.forward(minutes=18)
    walk.clock.forward(minutes=30, seconds=1)
    page.reload()
    while not page.get_by_role("link", name="Take findings and doses").count():
        sign(walk)
    if look:
        seen.check("session-ended", picture=False)
    page.get_by_role("link", name="Take findings and doses").click()
    visit = sum(one.access != "failed" for one in walk.case.pipac)
    sizes = {0: (3, 2, 1), 9: (3, 1, 1), 6: (2, 1, 0)}
    seen.fill({"access": "obtained", "method": "laparoscopy", "adhesions": "some", "ascites_ml": str((400, 150, 0)[visit])})
    seen.fill({f"regions-{number}": str(sizes.get(number, (1, 1, 0))[visit]) for number in range(13)})
    seen.fill({"confluent_small_bowel": ("present", "absent", "absent")[visit], "diffuse_mesentery": "absent"})
    seen.fill({"complete_resection_expected": ("uncertain", "uncertain", "cc0")[visit]})
    seen.fill({f"biopsies-{row}-place": place for row, place in enumerate(BIOPSIES)} | {"biopsies-0-region": "1", "biopsies-3-region": "6"})
    picture = {"reference": f"archive study {visit + 1}, image 4", "region": "6", "note": "before biopsy"}
    seen.fill({f"photographs-0-{part}": text for part, text in picture.items()})
    if look:
        seen.check("findings", whole=True)
    seen.write("Write into the case")
    page.get_by_text("Taken into the case").wait_for()
    walk.later(1)
    seen.go(f"{CASE}/session/{name}/pathology")
    seen.fill({f"prgs-{row}": str(grade) for row, grade in enumerate(biopsies)} | {"result": cytology})
    if look:
        seen.check("pathology")
    seen.write("Write the answers")
    assert walk.case.regression[-1].grades == biopsies
    assert walk.case.pipac[-1].doses[0].mg == pytest.approx(199.0, abs=1.0)
    return name


def side_effects(walk: Walk) -> None:
    seen, day = walk.seen, walk.today.isoformat()
    events = {"term": "Abdominal pain", "onset": day, "grade": "2", "version": "5.0", "clavien_dindo": "I", "serious": "no"}
    session = walk.case.pipac[-1].on
    assert session is not None
    more = {"attributions-0-to": "intraperitoneal-drug", "attributions-0-certainty": "probable", "session_on": session.isoformat()}
    seen.enter(f"{CASE}/enter/adverse-events", events | more)
    walk.laboratory(cea=16, crp=42)


def aborted_pipac(walk: Walk) -> None:
    """The abdomen is not tight: the session ends with its reason, what makes it safe is signed, and no drug is counted."""
    seen, page = walk.seen, walk.seen.page
    walk.laboratory(cea=14)
    plan(walk, OX)
    while not page.locator('input[name="record-gas flow"]').count():
        sign(walk)
    page.fill('input[name="record-pressure"]', "12")
    page.fill('input[name="record-gas flow"]', "3")
    seen.write("Done, signed")
    assert seen.says("Gas flow is outside its limit")
    assert page.input_value('input[name="record-gas flow"]') == "3"
    seen.check("session-limit", picture=False)
    page.get_by_text("Abort the session").click()
    page.fill("#abort-reason", "The abdomen is not tight: leak at the left port, not closed by suture")
    seen.write("Abort")
    assert seen.says("Aborted: The abdomen is not tight")
    while page.get_by_role("button", name="Done, signed").count():
        sign(walk)
    page.get_by_role("link", name="Take findings and doses").click()
    seen.fill({"access": "failed", "adhesions": "prevent-access"})
    seen.write("Write into the case")
    assert walk.case.pipac[-1].access == "failed"
    assert not walk.case.pipac[-1].doses


def response(walk: Walk) -> None:
    seen, page = walk.seen, walk.seen.page
    seen.go(f"{CASE}/enter/quality-of-life")
    seen.fill({f"items-{item}": str(1 if item < 29 else 6) for item in range(1, 31)})
    seen.write("Write")
    seen.go(f"{CASE}/course")
    text = page.locator("body").inner_text()
    for told in ("prgs-mean-le-2", "prgs-drop-ge-1", "combined-mean-le-2-and-cytology-negative", "archive study 3, image 4", "better"):
        assert told in text, told
    met = page.locator("tr", has=page.get_by_text("PRGS · prgs-mean-le-2", exact=True)).locator("td").first.inner_text()
    assert met == "yes"
    seen.check("course")
    seen.shot("response", "#h-review >> xpath=..")
    seen.shot("quality-of-life-scales", "#h-quality >> xpath=../..")
    seen.go(f"{CASE}/session/plan?regimen={OX}&on=2026-11-21")
    page.get_by_text("By region").first.wait_for()
    page.locator(".map img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.map img').naturalWidth > 0")
    seen.check("delivery", picture=False)
    seen.shot("delivery", "#delivery")


def conversion(walk: Walk) -> None:
    """Downstaged: the board decides for cytoreduction with HIPEC, with its reason where the assessment does not say open."""
    seen, page = walk.seen, walk.seen.page
    seen.go(f"{CASE}/board/decide")
    page.check("input[value=crs-hipec]")
    seen.fill({"reason": "Response by every definition, PCI 0, complete resection expected: conversion to CRS with HIPEC."})
    seen.write("Write the decision")
    assert page.locator(".decided").count() == 2


def hipec(walk: Walk) -> None:
    """The run sheet from the first line to the last: readings every five minutes, three parts of the drug, ninety minutes, drain."""
    seen, page = walk.seen, walk.seen.page
    walk.laboratory(cea=4)
    plan(walk, MITOMYCIN)
    while not page.get_by_role("button", name="Part 1 of").count():
        sign(walk, inflow_temperature="41.8", outflow_temperature="41.2", CC="0", residual_mm="0", PCI_regions="4")
    seen.check("hipec-before", picture=False)
    given = minutes = 0
    while minutes <= 90:
        part = page.get_by_role("button", name=f"Part {given + 1} of")
        if part.count() and minutes in (0, 30, 60):
            with page.expect_navigation(wait_until="load"):
                part.click()
            given += 1
        warm = min(minutes, 10) / 10
        line = {"inflow temperature": 41.8, "outflow temperature": 40 + 1.6 * warm, "abdominal temperature": 40.2 + 1.8 * warm}
        line |= {"bladder temperature": 36.5 + 1.8 * warm, "core temperature": 36.4 + 2.1 * warm, "flow": 1500}
        line |= {"intra-abdominal pressure": 8, "mean arterial pressure": 72}
        if minutes % 15 == 0:
            line["urine output"] = 50
        if minutes == 45:
            line["inflow temperature"] = 39.0
        page.evaluate(
            "line => Object.entries(line).forEach(([name, value]) => { document.querySelector(`[name='row-${name}']`).value = value; })",
            {name: f"{value:.1f}" for name, value in line.items()},
        )
        seen.write("Write the line")
        if minutes == 45:
            page.reload()
            assert seen.says("Inflow temperature 39")
            seen.check("hipec-running")
            seen.check_elsewhere("hipec-running")
            seen.write("Done, signed") if not page.locator("input[name^=record-]").count() else sign(walk)
        walk.clock.forward(minutes=5)
        minutes += 5
    assert given == 3
    page.reload()
    while not page.get_by_role("link", name="Take findings and doses").count():
        sign(walk)
    assert page.locator("table.sheet tbody tr").count() == 19
    seen.check("hipec-ended")
    page.get_by_role("link", name="Take findings and doses").click()
    seen.fill({"pci": "4", "cc": "0", "residual_mm": "0", "clavien_dindo": "II"})
    seen.write("Write into the case")
    entry = walk.case.cytoreductions[-1]
    assert entry.hipec is True
    assert entry.hipec_minutes == pytest.approx(95, abs=1)
    assert entry.hipec_temperature_c == pytest.approx(41.65, abs=0.1)
    assert [dose.drug for dose in entry.hipec_drugs] == ["mitomycin"]
    assert entry.hipec_drugs[0].mg_per_m2 == pytest.approx(35, abs=0.1)


def follow_up(walk: Walk) -> None:
    seen = walk.seen
    seen.go(f"{CASE}/calendar")
    assert seen.says("Resected colorectal cancer, ASCO")
    seen.check("follow-up")
    seen.go("/calendar?weeks=26")
    assert seen.says("Colon cancer, peritoneal metastases")


def recurrence(walk: Walk) -> None:
    """A marker raised twice and a scan: the course says so by itself, and the board assesses the recurrence."""
    seen, page = walk.seen, walk.seen.page
    walk.later(120)
    walk.laboratory(cea=3)
    seen.go(f"{CASE}/course")
    assert not seen.says("Something points to recurrence")
    for _ in range(2):
        walk.later(92)
        walk.laboratory(cea=12)
    seen.go(f"{CASE}/course")
    assert seen.says("Something points to recurrence")
    seen.check("recurrence")
    day = walk.today.isoformat()
    seen.enter(
        f"{CASE}/enter/status", {"on": day, "status": "recurrent", "peritoneal": "present", "distant": "absent", "evidence": "imaging"}
    )
    seen.go(f"{CASE}/course")
    page.get_by_role("link", name="To the board: recurrence assessed").click()
    assert page.locator("tr", has_text="Second HIPEC").count()
    seen.check("board-recurrence")
    seen.go(CASE)
    assert seen.says("Recurrence after CRS and HIPEC.")
    seen.check("case")


def history(walk: Walk, first: str) -> None:
    """Undo is a further word: what was entered, corrected and taken back all stand in the history."""
    seen, page = walk.seen, walk.seen.page
    seen.enter(f"{CASE}/enter/performance", {"ecog": "3"})
    seen.write("Undo")
    assert walk.case.performance[-1].ecog == 1
    seen.go(f"{CASE}/history")
    assert page.locator("tr", has_text="Undone").count() == 1
    seen.check("history", picture=False)
    seen.go(f"{CASE}/session/{first}")
    assert seen.says("Findings and doses are in the case.")
