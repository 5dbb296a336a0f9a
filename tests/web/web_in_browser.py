"""A clinic served to a real browser, and a page that watches what it must not see."""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import ConsoleMessage, FloatRect, Page, Playwright, Request, ViewportSize
from web_clinic import PASSWORD, Clock

from peritia.on_record import FURTHER
from peritia.store import Record, Scope, place_of
from peritia.web import Settings, create_app
from peritia.web.accounts import Account
from peritia.web.demo import fill

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 820, "height": 1180}
SHOTS = os.environ.get("PERITIA_SCREENSHOTS")
"""A folder for the manual's screenshots; without it none are kept."""


class Clinic:
    """A browser page that watches what it must not see."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.wrong: list[str] = []
        self.unclean: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._asked)

    def _said(self, said: ConsoleMessage) -> None:
        """A browser notes every refused form as an error; a form that is refused is no error of the page."""
        if said.type in ("error", "warning") and not any(f"status of {code}" in said.text for code in (409, 422)):
            self.wrong.append(f"console: {said.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:")):
            self.wrong.append(f"outside: {request.url}")

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path, wait_until="load")

    def check(self, name: str, *, picture: bool = True, whole: bool = False) -> None:
        """axe-core on the page as it is, its width, and its picture. What is wrong is kept until the end, so that one look finds all."""
        # The click areas over the drawing make axe look past its white ground; its colours are measured in the report's own tests.
        found = Axe().run(self.page, context={"exclude": [["#drawing svg"]]}).response["violations"]
        for one in found:
            for node in one["nodes"][:3]:
                self.unclean.append(f"{name}: {one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.unclean.append(f"{name} is {wide} px wider than the window")
        if SHOTS and picture:
            self.page.evaluate("scrollTo(0, 0)")
            if whole:
                self.page.evaluate("document.querySelector('.standing').style.position = 'static'")
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=whole)

    def check_elsewhere(self, name: str) -> None:
        """The same page on a tablet in the dark."""
        size = self.page.viewport_size
        self.page.set_viewport_size(TABLET)
        self.page.emulate_media(color_scheme="dark")
        self.check(f"{name}-tablet")
        self.page.emulate_media(color_scheme="light")
        if size is not None:
            self.page.set_viewport_size(size)

    def shot(self, name: str, selector: str) -> None:
        """A picture of a part of the page."""
        if SHOTS:
            self.page.evaluate("document.querySelector('.standing').style.position = 'static'")  # or it stands in the picture
            box = self.page.locator(selector).first.bounding_box()
            assert box is not None
            top = self.page.evaluate("scrollY")
            clip = FloatRect(x=max(0, box["x"] - 16), y=box["y"] + top - 16, width=box["width"] + 32, height=box["height"] + 32)
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True, clip=clip)

    def write(self, button: str) -> None:
        """Press a button that sends a form, and wait for the page that answers."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def says(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def enter(self, path: str, fields: Mapping[str, str], *, button: str = "Write") -> None:
        """Open a form, fill it by its fields' names as a person would by their kind, and send it."""
        self.go(path)
        self.fill(fields)
        self.write(button)
        assert not self.page.locator(".wrong, .stop h2").count(), (path, self.page.locator(".wrong, .stop").all_inner_texts())

    def fill(self, fields: Mapping[str, str]) -> None:
        for name, value in fields.items():
            place = self.page.locator(f'main [name="{name}"]')
            kind = place.first.evaluate("one => one.type || one.tagName")
            if kind == "radio":
                self.page.locator(f'main input[name="{name}"][value="{value}"]').evaluate("one => one.click()")
            elif kind == "checkbox":
                self.page.locator(f'main input[name="{name}"][value="{value}"]').check()
            elif kind.startswith("select"):
                place.first.select_option(value)
            else:
                place.first.fill(value)

    def region(self, number: int, times: int) -> None:
        for _ in range(times):
            with self.page.expect_response("**/drawing"):
                self.page.locator(f'[data-region="{number}"]').click()

    def score(self, sizes: Mapping[int, int]) -> None:
        """Click the drawing until every region has its size; the first click on a region says 0."""
        for number, size in sizes.items():
            self.region(number, size + 1)


@contextmanager
def served(folder: Path, **settings: int) -> Iterator[tuple[str, FastAPI, Clock]]:
    """A server over an empty folder with the shipped patients, a surgeon and a nurse."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clock, origin = Clock(), f"http://localhost:{port}"
    record = Record.open(place_of(folder / "record.sqlite"), clock=clock, sections=FURTHER)
    app = create_app(Settings(data=folder, origin=origin, hash_memory_kib=64, **settings), record, clock=clock)
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
    logs = Logs()
    logging.getLogger().addHandler(logs)
    logging.getLogger("peritia").setLevel(logging.DEBUG)
    yield origin, app, clock
    logging.getLogger().removeHandler(logs)
    written = "".join([*logs.lines, *(file.read_text() for file in (folder / "access").glob("*.ndjson"))])
    entered = texts_of(record)
    serving.should_exit = True
    thread.join(10)
    assert entered
    assert not [text for text in entered if text in written], "a patient's entry stands in a log"


class Logs(logging.Handler):
    """Every line that anything logs while the server runs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''}\n")


def texts_of(record: Record) -> set[str]:
    """Every sentence that stands in any case: titles, stories, questions, reasons, notes."""
    rows = record.search(scope=Scope.everywhere(), limit=1000)
    found = "".join(event.payload + event.reason for row in rows for event in record.history(row.case_id, scope=Scope.everywhere()))
    return {text for text in re.findall(r'"([^"\\]{12,})"', found) if " " in text}


@contextmanager
def visiting(
    playwright: Playwright, origin: str, size: ViewportSize = WIDE, scheme: str = "light", name: str = "surgeon"
) -> Iterator[Clinic]:
    """A person at a browser, signed in. What the page said or asked and should not have is told at the end."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    page = browser.new_page(viewport=size, color_scheme="dark" if scheme == "dark" else "light")
    page.set_default_timeout(15_000)
    made = Clinic(page, origin)
    made.go("/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    if SHOTS and size is WIDE and scheme == "light" and name == "surgeon":
        made.check("sign-in")
    made.write("Sign in")
    try:
        yield made
    except BaseException:
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / "stopped.png"), full_page=True)
        raise
    finally:
        browser.close()
    assert not made.wrong
    assert not made.unclean, "\n".join(made.unclean)
