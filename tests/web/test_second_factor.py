"""The second factor: set up, asked for, used once, lost; and a clinic that demands one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from pyotp import TOTP
from web_clinic import CENTRES, ORIGIN, PASSWORD, Browser, Clock

from peritia.on_record import FURTHER
from peritia.store import Record, place_of
from peritia.web import House, Settings, create_app, from_environment
from peritia.web.accounts import ROLES, Account, Passkey, make_token

KEY = Passkey(id="a", public_key="b", uses=0, label="tablet", added_at="2026-11-01T00:00:00Z")


def set_up(browser: Browser, clock: Clock) -> tuple[TOTP, list[str]]:
    page = browser.get("/account/second-factor").text
    totp = TOTP(re.findall(r'<code class="break">([A-Z2-7]{32})</code>', page)[0])
    assert 'src="data:image/svg+xml' in page
    answer = browser.post("/account/second-factor", {"code": totp.at(clock()), "password": PASSWORD})
    assert answer.status_code == 200
    return totp, re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)


def ask(clinic: FastAPI, name: str = "clinician-north") -> Browser:
    browser = Browser(clinic)
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"name": name, "password": PASSWORD}).headers["location"].startswith("/sign-in/second")
    browser.get("/sign-in/second")
    return browser


def test_the_password_alone_opens_nothing_any_more(clinic: FastAPI, clinician: Browser, clock: Clock) -> None:
    totp, codes = set_up(clinician, clock)
    assert len(set(codes)) == 10
    browser = ask(clinic)
    assert browser.get("/patients").headers["location"].startswith("/sign-in")
    assert browser.client.get("/api/v1/me").status_code == 401
    assert browser.post("/sign-in/second", {"code": "000000"}).status_code == 401
    clock.forward(seconds=30)
    assert browser.post("/sign-in/second", {"code": totp.at(clock())}).status_code == 303
    assert browser.get("/patients").status_code == 200


def test_a_code_counts_once_and_not_for_long(clinic: FastAPI, clinician: Browser, clock: Clock) -> None:
    totp, _ = set_up(clinician, clock)
    assert ask(clinic).post("/sign-in/second", {"code": totp.at(clock())}).status_code == 401, "the code that set it up"
    clock.forward(seconds=60)
    code = totp.at(clock())
    assert ask(clinic).post("/sign-in/second", {"code": code}).status_code == 303
    assert ask(clinic).post("/sign-in/second", {"code": code}).status_code == 401
    clock.forward(seconds=30)
    assert ask(clinic).post("/sign-in/second", {"code": totp.at(clock() - timedelta(seconds=30))}).status_code == 401, "older than the last"
    assert ask(clinic).post("/sign-in/second", {"code": totp.at(clock() + timedelta(seconds=30))}).status_code == 303, "a clock ahead"
    clock.forward(minutes=2)
    assert ask(clinic).post("/sign-in/second", {"code": totp.at(clock() - timedelta(seconds=60))}).status_code == 401, "too old"


def test_a_recovery_code_opens_once(clinic: FastAPI, clinician: Browser, clock: Clock, house: House) -> None:
    _, codes = set_up(clinician, clock)
    kept = (house.settings.data / "accounts.json").read_text()
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert ask(clinic).post("/sign-in/second", {"code": codes[0].upper()}).status_code == 303
    assert ask(clinic).post("/sign-in/second", {"code": codes[0]}).status_code == 401
    renewed = clinician.post("/account/second-factor/codes", {"password": PASSWORD})
    assert len(re.findall(r"<code>([a-z0-9-]{19})</code>", renewed.text)) == 10
    assert ask(clinic).post("/sign-in/second", {"code": codes[1]}).status_code == 401


def test_guessing_closes_the_door_and_a_right_password_does_not_open_it(clinic: FastAPI, clinician: Browser, clock: Clock) -> None:
    totp, _ = set_up(clinician, clock)
    clock.forward(seconds=60)
    for number in range(5):
        assert ask(clinic).post("/sign-in/second", {"code": f"{number:06}"}).status_code == 401
    browser = Browser(clinic)
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"name": "clinician-north", "password": PASSWORD}).status_code == 429
    clock.forward(minutes=16)
    assert ask(clinic).post("/sign-in/second", {"code": totp.at(clock())}).status_code == 303


def test_a_right_password_does_not_wait_for_ever(clinic: FastAPI, clinician: Browser, clock: Clock, house: House) -> None:
    totp, _ = set_up(clinician, clock)
    late, ended = ask(clinic), ask(clinic)
    account = house.accounts.get("clinician-north")
    assert account is not None
    house.accounts.change("clinician-north", epoch=account.epoch + 1)
    clock.forward(minutes=1)
    assert ended.post("/sign-in/second", {"code": totp.at(clock())}).headers["location"] == "/sign-in"
    clock.forward(minutes=5)
    assert late.post("/sign-in/second", {"code": totp.at(clock())}).headers["location"] == "/sign-in"


def test_the_session_number_changes_at_each_step(clinic: FastAPI, clinician: Browser, clock: Clock, house: House) -> None:
    totp, _ = set_up(clinician, clock)
    browser = Browser(clinic)
    browser.get("/sign-in")
    numbers = [browser.client.cookies["peritia"]]
    browser.post("/sign-in", {"name": "clinician-north", "password": PASSWORD})
    numbers.append(browser.client.cookies["peritia"])
    browser.get("/sign-in/second")
    clock.forward(seconds=60)
    browser.post("/sign-in/second", {"code": totp.at(clock())})
    numbers.append(browser.client.cookies["peritia"])
    assert len(set(numbers)) == 3
    assert not [one for one in numbers[:2] if house.sessions.find(one, house.now())]


def test_it_is_ended_with_the_password_or_taken_off_by_the_administrator(
    clinic: FastAPI, clinician: Browser, clock: Clock, house: House
) -> None:
    set_up(clinician, clock)
    assert clinician.post("/account/second-factor/remove", {"password": "wrong"}).status_code == 422
    assert clinician.post("/account/second-factor/remove", {"password": PASSWORD}).status_code == 303
    assert Browser(clinic).sign_in("clinician-north").headers["location"] == "/"
    set_up(clinician, clock)
    admin = Browser(clinic)
    admin.sign_in("administrator-north")
    admin.get("/administration/accounts/clinician-north")
    assert admin.post("/administration/accounts/clinician-north/second-factor").status_code == 303
    assert clinician.get("/patients").status_code == 303
    assert Browser(clinic).sign_in("clinician-north").headers["location"] == "/"
    assert "second factor of clinician-north taken off" in {visit.note for visit in house.journal.latest(house.now())}


@pytest.fixture
def strict(settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    """A clinic that demands a second factor of clinicians and administrators."""
    asked = from_environment(
        {"PERITIA_WEB_SECOND_FACTOR": "clinician,administrator"}, data=settings.data, origin=ORIGIN, hash_memory_kib=64
    )
    with Record.open(place_of(settings.data / "record.sqlite"), clock=clock, sections=FURTHER) as record:
        app = create_app(asked, record, clock=clock)
        house = app.state.house
        for role in ROLES:
            house.accounts.add(Account(id=role, name=role, roles=(role,), centres=CENTRES, password=house.passwords.hash(PASSWORD)))
        yield app


@pytest.mark.parametrize("role", ROLES)
def test_a_clinic_that_demands_one_lets_nobody_work_without(strict: FastAPI, role: str, clock: Clock) -> None:
    browser, house = Browser(strict), strict.state.house
    browser.sign_in(role)
    free = role not in ("clinician", "administrator")
    start = "/administration" if role == "administrator" else "/patients"
    text, _ = make_token(house.accounts, house.accounts.get(role), "t", ("read",), 1, clock())
    program = browser.client.get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).status_code
    if free:
        assert (browser.get(start).status_code, program) == (200, 200)
        return
    assert (browser.get(start).headers["location"], program) == ("/account/second-factor", 409)
    set_up(browser, clock)
    assert browser.get(start).status_code == 200


def test_where_one_is_demanded_a_passkey_is_asked_for_after_the_password(strict: FastAPI) -> None:
    strict.state.house.accounts.change("clinician", passkeys=(KEY,))
    strict.state.house.accounts.change("nurse", passkeys=(KEY,))
    browser = Browser(strict)
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"name": "clinician", "password": PASSWORD}).headers["location"].startswith("/sign-in/second")
    assert browser.get("/sign-in/second").status_code == 200
    assert browser.get("/patients").status_code == 303
    assert Browser(strict).sign_in("nurse").headers["location"] == "/"
