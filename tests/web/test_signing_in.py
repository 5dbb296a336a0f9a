"""Set-up, sign-in, sessions: what an attacker would try first."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from web_clinic import PASSWORD, Browser, Clock

from peritia.web import House
from peritia.web.accounts import AccountBook, AccountError, weakness


def test_first_run_makes_the_administrator_once(app: FastAPI, house: House) -> None:
    browser = Browser(app)
    assert browser.get("/sign-in").headers["location"] == "/set-up"
    browser.get("/set-up")
    typed = {"id": "Ada", "name": "Ada", "centre": "North", "password": PASSWORD, "again": PASSWORD, "treats": "yes"}
    assert browser.post("/set-up", typed).status_code == 303
    made = house.accounts.get("ada")
    assert made is not None
    assert made.roles == ("administrator", "clinician")
    assert browser.get("/patients").status_code == 200
    other = Browser(app)
    other.get("/sign-in")
    assert other.post("/set-up", typed | {"id": "eve"}).headers["location"] == "/sign-in"
    assert len(house.accounts) == 1


def test_set_up_keeps_what_was_typed_and_says_what_is_wrong(app: FastAPI) -> None:
    browser = Browser(app)
    browser.get("/set-up")
    answer = browser.post("/set-up", {"id": "ada", "name": 'A "da" <b>', "centre": "", "password": "short", "again": "short"})
    assert answer.status_code == 422
    assert "at least 12 are needed" in answer.text
    assert "This is needed." in answer.text
    assert "A &#34;da&#34; &lt;b&gt;" in answer.text
    assert "short" not in answer.text


@pytest.mark.parametrize("refused", ["short", "password1234", "aaaaaaaaaaaaaaaa", "ada ada ada ada", "x" * 201, "qwertz123456!"])
def test_weak_passwords_are_refused(refused: str) -> None:
    assert weakness(refused, "ada", "Ada Ada")


@pytest.mark.parametrize("taken", [PASSWORD, "correct horse battery staple", "Ein Satz, den nur ich weiß"])
def test_strong_passwords_are_taken(taken: str) -> None:
    assert not weakness(taken, "ada", "Ada Lovelace")


def test_the_session_number_changes_at_sign_in(browser: Browser, house: House) -> None:
    browser.get("/sign-in")
    planted = browser.client.cookies["peritia"]
    browser.post("/sign-in", {"name": "clinician-north", "password": PASSWORD})
    assert browser.client.cookies["peritia"] != planted
    assert house.sessions.find(planted, house.now()) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    browser.get("/sign-in")
    cookie = browser.post("/sign-in", {"name": "clinician-north", "password": PASSWORD}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_wrong_name_and_wrong_password_read_alike(browser: Browser) -> None:
    browser.get("/sign-in")
    one = browser.post("/sign-in", {"name": "clinician-north", "password": "wrong"})
    two = browser.post("/sign-in", {"name": "nobody-at-all", "password": "wrong"})
    assert one.status_code == two.status_code == 401
    assert one.text.replace("clinician-north", "") == two.text.replace("nobody-at-all", "")


def test_the_door_closes_after_five_failures_and_opens_again(browser: Browser, clock: Clock) -> None:
    browser.get("/sign-in")
    for _ in range(5):
        assert browser.post("/sign-in", {"name": "nurse-north", "password": "wrong"}).status_code == 401
    closed = browser.post("/sign-in", {"name": "nurse-north", "password": PASSWORD})
    assert closed.status_code == 429
    assert int(closed.headers["retry-after"]) > 0
    assert browser.post("/sign-in", {"name": "viewer-north", "password": PASSWORD}).status_code == 303
    clock.forward(minutes=16)
    other = Browser(browser.client.app)
    assert other.sign_in("nurse-north").status_code == 303


def test_an_address_that_tries_many_names_is_stopped(clinic: FastAPI) -> None:
    browser = Browser(clinic)
    browser.get("/sign-in")
    codes = [browser.post("/sign-in", {"name": f"name-{number}", "password": "wrong"}).status_code for number in range(52)]
    assert codes[:50] == [401] * 50
    assert codes[50:] == [429] * 2


def test_a_session_ends_when_idle_and_in_any_case(clinician: Browser, clock: Clock) -> None:
    clock.forward(minutes=29)
    assert clinician.get("/patients").status_code == 200
    clock.forward(minutes=31)
    assert clinician.get("/patients").status_code == 303
    clinician.sign_in("clinician-north")
    for _ in range(30):
        clock.forward(minutes=25)
        last = clinician.get("/patients").status_code
    assert last == 303


def test_signing_out_ends_the_session_on_the_server(clinician: Browser, house: House) -> None:
    number = clinician.client.cookies["peritia"]
    clinician.get("/patients")
    clinician.post("/sign-out")
    assert house.sessions.find(number, house.now()) is None


def test_a_new_password_ends_every_other_sign_in(clinic: FastAPI, clinician: Browser) -> None:
    other = Browser(clinic)
    other.sign_in("clinician-north")
    new = "another calm sentence"
    answer = clinician.post("/account/password", {"old": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 303
    assert clinician.get("/patients").status_code == 200
    assert other.get("/patients").status_code == 303
    assert Browser(clinic).sign_in("clinician-north", new).status_code == 303


def test_a_first_password_must_be_changed(clinic: FastAPI) -> None:
    admin = Browser(clinic)
    admin.sign_in("administrator-north")
    admin.get("/administration")
    made = admin.post("/administration/accounts", {"id": "new", "name": "New", "roles": "nurse", "centres": "North"})
    first = made.text.split('<code class="big">')[1].split("<")[0]
    new = Browser(clinic)
    assert new.sign_in("new", first).status_code == 303
    assert new.get("/patients").headers["location"] == "/account"


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(browser: Browser, next_: str) -> None:
    browser.get("/sign-in", params={"next": next_})
    assert browser.post("/sign-in", {"name": "viewer-north", "password": PASSWORD, "next": next_}).headers["location"] == "/"


def test_the_last_administrator_cannot_be_lost(house: House, clinic: FastAPI) -> None:
    house.accounts.change("administrator-south", active=False)
    with pytest.raises(AccountError, match="no administrator"):
        house.accounts.change("administrator-north", roles=("viewer",))


def test_accounts_survive_a_restart(house: House, clinic: FastAPI, settings) -> None:
    again = AccountBook(settings.data / "accounts.json")
    assert again.all() == house.accounts.all()
    assert (settings.data / "accounts.json").stat().st_mode & 0o077 == 0
    assert PASSWORD not in (settings.data / "accounts.json").read_text()
