"""A clinic's day in a real browser. Every page is axe-core clean, says nothing on the console and asks nothing from outside."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import ConsoleMessage, Page, Playwright, Request, ViewportSize
from web_clinic import PASSWORD, Clock

from peritia.on_record import FURTHER
from peritia.store import Record, place_of
from peritia.web import Settings, create_app
from peritia.web.accounts import Account
from peritia.web.demo import fill

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SHOTS = os.environ.get("PERITIA_SCREENSHOTS")
"""A folder for the manual's screenshots; without it none are kept."""


class Clinic:
    """A browser page that watches what it must not see."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.wrong: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._asked)

    def _said(self, said: ConsoleMessage) -> None:
        """A browser notes every refused form as an error; a form that is refused is no error of the page."""
        if said.type in ("error", "warning") and "status of 422" not in said.text:
            self.wrong.append(f"console: {said.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:")):
            self.wrong.append(f"outside: {request.url}")

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def check(self, name: str) -> None:
        """axe-core on the page as it is, and its picture."""
        # The click areas over the drawing make axe look past its white ground; its colours are measured in the report's own tests.
        found = Axe().run(self.page, context={"exclude": [["#drawing svg"]]}).response["violations"]
        places = [(one["id"], node["html"][:160], node.get("failureSummary", "")[:200]) for one in found for node in one["nodes"][:3]]
        assert not places, (name, places)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the window"
        if SHOTS:
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))

    def write(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state("networkidle")

    def region(self, number: int, times: int) -> None:
        for _ in range(times):
            with self.page.expect_response("**/drawing"):
                self.page.locator(f'[data-region="{number}"]').click()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FastAPI, Clock]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder, clock, origin = tmp_path_factory.mktemp("clinic"), Clock(), f"http://localhost:{port}"
    record = Record.open(place_of(folder / "record.sqlite"), clock=clock, sections=FURTHER)
    app = create_app(Settings(data=folder, origin=origin, hash_memory_kib=64), record, clock=clock)
    house = app.state.house
    kept = house.passwords.hash(PASSWORD)
    people = {"surgeon": ("Dr Ada Surgeon", ("clinician", "administrator")), "nurse": ("Nurse Grace", ("nurse",))}
    for name, (told, roles) in people.items():
        house.accounts.add(Account(id=name, name=told, roles=roles, centres=("Demo",), password=kept))
    fill(record)
    serving = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False))
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.02)
    yield origin, app, clock
    serving.should_exit = True
    thread.join(10)


def clinic(playwright: Playwright, origin: str, size: ViewportSize = WIDE, scheme: str = "light") -> Iterator[Clinic]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_page(viewport=size, color_scheme="dark" if scheme == "dark" else "light")
    page.set_default_timeout(8000)
    made = Clinic(page, origin)
    made.go("/sign-in")
    page.fill("#name", "surgeon")
    page.fill("#password", PASSWORD)
    if SHOTS and size is WIDE and scheme == "light":
        made.check("sign-in")
    made.write("Sign in")
    page.wait_for_url("**/patients")
    yield made
    browser.close()
    assert not made.wrong


@pytest.fixture
def wide(playwright: Playwright, server: tuple[str, FastAPI, Clock]) -> Iterator[Clinic]:
    yield from clinic(playwright, server[0])


PAGES = {
    "patients": "/patients",
    "case": "/patients/maria",
    "board": "/patients/maria/board",
    "course": "/patients/helena/course",
    "history": "/patients/maria/history",
    "session-plan": "/patients/maria/session/plan?regimen=pipac-oxaliplatin-120",
    "sessions": "/patients/maria/session",
    "calendar": "/patients/maria/calendar?regimen=pipac-oxaliplatin-120&first=2026-11-30",
    "form": "/patients/maria/enter/symptoms",
    "systemic": "/patients/maria/enter/systemic",
    "scoring": "/patients/maria/enter/peritoneum",
    "laboratory": "/patients/maria/panel/labs",
    "staging": "/patients/maria/panel/extraperitoneal",
    "decide": "/patients/maria/board/decide",
    "new-case": "/patients/new",
    "knowledge": "/knowledge",
    "criteria": "/knowledge/treatments/pipac",
    "source": "/knowledge/sources/prodige-7",
    "accounts": "/administration",
    "audit": "/audit",
    "account": "/account",
    "choose": "/patients/maria/enter",
}


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "light"), (WIDE, "dark")], ids=["wide", "phone", "dark"])
def test_every_page_is_clean(playwright: Playwright, server: tuple[str, FastAPI, Clock], size: ViewportSize, scheme: str) -> None:
    suffix = "" if (size, scheme) == (WIDE, "light") else "-phone" if size is PHONE else "-dark"
    for made in clinic(playwright, server[0], size, scheme):
        wrong = []
        for name, path in PAGES.items():
            made.go(path)
            try:
                made.check(name + suffix)
            except AssertionError as error:
                wrong.append(str(error)[:700])
        assert not wrong, "\n".join(wrong)


def test_a_day_in_the_clinic(wide: Clinic, server: tuple[str, FastAPI, Clock]) -> None:
    page, clock = wide.page, server[2]
    page.get_by_role("link", name="New case").click()
    page.select_option("#site", "colon")
    page.check("input[name=sex][value=female]", force=True)
    page.fill("#birth_date", "1966-02-03")
    page.fill("#title", "Colon cancer, new peritoneal disease")
    page.fill("#question", "Is PIPAC open?")
    page.fill("#id", "day-1")
    wide.write("Open the case")
    page.wait_for_url("**/patients/day-1")

    wide.go("/patients/day-1/enter/body")
    page.fill("#height_cm", "1,65")
    page.fill("#weight_kg", "60")
    wide.write("Write")
    assert page.input_value("#height_cm") == "1,65"
    wide.check("form-refused")
    page.fill("#height_cm", "165")
    wide.write("Write")
    page.get_by_text("Written: Height and weight.").wait_for()

    wide.go("/patients/day-1/enter/peritoneum")
    page.check("input[name=method][value=laparoscopy]", force=True)
    for number in range(13):
        wide.region(number, 3 if number == 0 else 2)
    page.get_by_text("PCI 14", exact=True).wait_for()
    wide.check("scoring-done")
    wide.write("Write")

    wide.go("/patients/day-1/panel/labs")
    for analyte, value in {
        "hemoglobin": 11.9,
        "leukocytes": 6,
        "neutrophils": 4,
        "platelets": 220,
        "creatinine": 0.8,
        "bilirubin": 0.5,
    }.items():
        page.fill(f'[name="{analyte}-value"]', str(value))
    wide.write("Write")
    page.get_by_text("6 entries").wait_for()

    wide.go("/patients/day-1/board")
    before = page.locator(".q h3").all_inner_texts()
    answered = 0
    for _ in range(4):
        question = page.locator(".q:has(form):has(input[value=absent])").first
        if question.count() == 0:
            break
        for absent in question.locator("input[value=absent]").all():
            absent.check(force=True)
        if question.locator("input[name=method]").count():
            question.locator("input[name=method][value=laparoscopy]").check(force=True)
        with page.expect_response("**/board/answer"):
            question.get_by_role("button").click()
        page.get_by_text("Written.").or_(page.locator(".news li")).first.wait_for()
        answered += 1
    assert answered
    assert page.locator(".q h3").all_inner_texts() != before
    wide.check("board-answered")

    page.get_by_role("link", name="Record the decision").click()
    page.check("input[value=pipac]")
    page.check("input[value=palliative-care]")
    page.fill("#reason", "The board of 21 November prefers PIPAC with systemic treatment.")
    wide.write("Write the decision")
    page.locator(".decided").wait_for()
    wide.check("decided")

    wide.go("/patients/maria/session/plan?regimen=pipac-oxaliplatin-120")
    wide.write("Open the session with this plan")
    _sign_to_the_end(wide, clock)
    page.get_by_role("link", name="Take findings and doses").click()
    page.check("input[name=access][value=obtained]", force=True)
    page.fill("#grades", "2 2 3")
    wide.write("Write into the case")
    page.get_by_text("Taken into the case").wait_for()
    wide.go("/patients/maria/course")
    wide.check("course-after")


def _sign_to_the_end(wide: Clinic, clock: Clock) -> None:
    page = wide.page
    known = {"record-pressure": "12", "record-gas flow": "0", "record-flow": "30", "record-pressure limit": "200"}

    def second() -> None:
        if page.locator("#second").count():
            page.fill("#second", "nurse")
            page.fill("#second-password", PASSWORD)

    second()
    wide.write("Sign the plan")
    for _ in range(20):
        if page.get_by_role("link", name="Take findings and doses").count():
            return
        if page.get_by_role("button", name="Start the aerosol").count():
            page.check("input[name=out]")
            page.check("input[name=remote]")
            wide.check("session-aerosol")
            wide.write("Start the aerosol")
            clock.forward(minutes=5)
            page.check("input[name=whole]")
            page.fill("#pressure", "150")
            wide.write("The injector has stopped")
        for field in page.locator("input[name^=record-]").all():
            field.fill(known.get(field.get_attribute("name") or "", "yes"))
        second()
        wide.write("Done, signed")
        if page.locator(".clock:not(.over)").count():
            first = page.locator(".digits").inner_text()
            page.reload()
            assert page.locator(".digits").inner_text() <= first
            wide.check("session-clock")
            clock.forward(minutes=29)
            page.reload()
            clock.forward(minutes=2)
            page.reload()
            wide.check("session-time-over")
    raise AssertionError("the session did not end")


def test_the_keyboard_alone_is_enough(wide: Clinic) -> None:
    page = wide.page
    wide.go("/patients/maria/board")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("(document.activeElement.closest('.q')?.id || document.activeElement.textContent.trim()).slice(0, 40)"))
        marked = "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
        bare = page.evaluate(f"{marked} || document.activeElement.closest('.pill') ? '' : document.activeElement.outerHTML")
        assert not bare
    assert any(one.startswith("q-") for one in seen)
    assert "Record the decision" in seen or len(seen) > 15


def test_a_passkey_is_made_used_and_bound_to_its_account(playwright: Playwright, server: tuple[str, FastAPI, Clock]) -> None:
    origin = server[0]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_page()
    page.set_default_timeout(8000)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**kind, "automaticPresenceSimulation": True}})
    page.goto(f"{origin}/sign-in")
    page.fill("#name", "nurse")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{origin}/account")
    page.fill("#label", "Ward tablet")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey was added.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/patients")
    assert page.get_by_text("Nurse Grace").count() == 1
    page.goto(f"{origin}/account")
    page.get_by_role("button", name="Remove Ward tablet").click()
    page.get_by_text("The passkey was removed.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("was not taken").wait_for()
    browser.close()


def test_pages_work_without_scripts(playwright: Playwright, server: tuple[str, FastAPI, Clock]) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server[0]}/sign-in")
    page.fill("#name", "surgeon")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{server[0]}/patients/nora/enter/performance")
    page.check("input[name=frail][value=no]", force=True)
    page.fill("#ecog", "1")
    page.get_by_role("button", name="Write", exact=True).click()
    assert page.get_by_text("Written: Performance.").count() == 1
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_text("Taken back.").count() == 1
    browser.close()
