"""Every page in a real browser: wide and light, on a phone, in the dark on a tablet; by keyboard alone, by passkey, without scripts.

Each is axe-core clean and as wide as its window, says nothing on the console and asks nothing from outside.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Playwright, ViewportSize
from web_clinic import PASSWORD, Clock
from web_in_browser import ARGUMENTS, CHROMIUM, PHONE, TABLET, WIDE, Clinic, served, visiting


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FastAPI, Clock]]:
    with served(tmp_path_factory.mktemp("clinic")) as made:
        yield made


@pytest.fixture
def wide(playwright: Playwright, server: tuple[str, FastAPI, Clock]) -> Iterator[Clinic]:
    with visiting(playwright, server[0]) as seen:
        yield seen


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
    "calendar-centre": "/calendar?weeks=26",
    "quality-of-life": "/patients/maria/enter/quality-of-life",
    "specimens": "/patients/maria/enter/specimens",
    "adverse-event": "/patients/maria/enter/adverse-events",
    "cytoreduction": "/patients/maria/enter/cytoreductions",
    "molecular": "/patients/maria/panel/molecular",
    "entry": "/patients/maria/entries/performance-23",
}


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "light"), (TABLET, "dark")], ids=["wide", "phone", "dark"])
def test_every_page_is_clean(playwright: Playwright, server: tuple[str, FastAPI, Clock], size: ViewportSize, scheme: str) -> None:
    suffix = "" if size is WIDE else "-phone" if size is PHONE else "-dark"
    with visiting(playwright, server[0], size, scheme) as seen:
        for name, path in PAGES.items():
            seen.go(path)
            seen.check(name + suffix)


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


def test_a_session_is_planned_opened_and_signed_by_keyboard(wide: Clinic) -> None:
    page = wide.page

    def reach(what: str) -> None:
        """Tab until the focus stands on a control of this name."""
        for _ in range(120):
            page.keyboard.press("Tab")
            name = page.evaluate("document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''")
            if name.strip().startswith(what):
                return
        raise AssertionError(f"the keyboard does not reach {what!r}")

    wide.go("/patients/elena/session")
    reach("Regimen")
    reach("Plan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach("Open the session with this plan")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach("Note")
    page.keyboard.type("Written without a mouse")
    reach("Write the note")
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert wide.says("Written without a mouse")
    reach("Abort the session")
    page.keyboard.press("Enter")
    reach("Reason")
    page.keyboard.type("Only tried out")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert wide.says("Aborted: Only tried out")
