"""The pages' verbs for programs: the same rules, the same refusals, in JSON."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from web_clinic import ORIGIN, PASSWORD, Browser, Clock

from peritia.case import FACTS, facts
from peritia.options import Assessment, assess
from peritia.patients import read
from peritia.store import Scope
from peritia.web import House
from peritia.web.accounts import AccountError, make_token
from peritia.web.api.document import document
from peritia.web.policy import POLICY

MARIA = "/api/v1/patients/maria"


class Program:
    """A client with a token."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self.client = TestClient(app, base_url=ORIGIN, raise_server_exceptions=False)
        self.client.headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **kwargs):
        return self.client.get(path, **kwargs)

    def send(self, path: str, body: object, method: str = "POST"):
        return self.client.request(method, path, json=body)


def token_for(house: House, name: str, *scopes: str, days: int = 30) -> str:
    account = house.accounts.get(name)
    assert account is not None
    return make_token(house.accounts, account, "test", scopes or ("read", "write"), days, house.now())[0]  # pyright: ignore[reportArgumentType]


@pytest.fixture
def program(clinic: FastAPI, house: House) -> Program:
    return Program(clinic, token_for(house, "clinician-north"))


def test_a_case_is_opened_entered_corrected_withdrawn_and_read_back(program: Program, house: House) -> None:
    case = msgspec.to_builtins(read("nora"), str_keys=True) | {"id": "by-program"}
    opened = program.send("/api/v1/patients", {"case": case, "request": "one"})
    assert opened.status_code == 201
    assert program.send("/api/v1/patients", {"case": case, "request": "one"}).json() == opened.json()
    assert program.send("/api/v1/patients", {"case": case, "request": "two"}).status_code == 409
    base = "/api/v1/patients/by-program"
    version = opened.json()["version"]
    entry = {"section": "performance", "payload": {"ecog": 3, "on": "2026-11-20"}}
    written = program.send(f"{base}/entries", {"entries": [entry], "version": version})
    assert written.status_code == 201
    name = written.json()["entries"][0]
    stale = program.send(f"{base}/entries", {"entries": [entry], "version": version})
    assert (stale.status_code, stale.json()["version"]) == (409, version + 1)
    right = program.send(f"{base}/entries/{name}", {"payload": {"ecog": 1, "on": "2026-11-20"}, "reason": "misread"}, "PUT")
    assert right.status_code == 200
    known = {one["name"]: one for one in program.get(f"{base}/facts").json()["facts"]}
    assert set(known) == set(FACTS)
    assert (known["ecog"]["value"], known["ecog"]["state"]) == (1, "known")
    assert program.send(f"{base}/entries/{name}/withdraw", {"reason": ""}).status_code == 422
    assert program.send(f"{base}/entries/{name}/withdraw", {"reason": "another patient's"}).status_code == 200
    assert program.send(f"{base}/entries/{name}/withdraw", {"reason": "again"}).status_code == 409
    assert name not in [one["id"] for one in program.get(f"{base}/entries").json()["entries"]]
    actions = [one["action"] for one in program.get(f"{base}/history").json()["events"] if one["entry"] == name]
    assert actions == ["add", "correct", "withdraw"]
    event = house.record.history("by-program", scope=Scope.everywhere())[-1]
    assert (event.by, event.role, event.client.split()[0]) == ("clinician-north", "clinician", "api")


def test_an_assessment_is_the_boards_own(program: Program) -> None:
    answer = program.get(f"{MARIA}/assessment", params={"on": "2026-11-21"})
    case = read("maria")
    mine = assess(facts(case, date(2026, 11, 21)), date(2026, 11, 21))
    assert msgspec.json.decode(answer.content, type=Assessment).options == mine.options
    assert program.get(f"{MARIA}/course").json()["review"]["definitions"]
    assert program.get(MARIA).json()["row"]["centre"] == "North"
    assert [one["case_id"] for one in program.get("/api/v1/patients", params={"q": "colon"}).json()["patients"]] == ["maria"]


def test_a_token_does_what_its_person_may_and_its_scopes_allow(clinic: FastAPI, house: House) -> None:
    reader = Program(clinic, token_for(house, "clinician-north", "read"))
    assert reader.get(MARIA).status_code == 200
    body = {"entries": [{"section": "performance", "payload": {"ecog": 1}}]}
    assert "may not write" in reader.send(f"{MARIA}/entries", body).json()["detail"]
    viewer = Program(clinic, token_for(house, "viewer-north"))
    assert viewer.send(f"{MARIA}/entries", body).status_code == 403
    assert viewer.get("/api/v1/audit").status_code == 403
    foreign = Program(clinic, token_for(house, "clinician-south"))
    assert foreign.get(MARIA).status_code == 404
    assert foreign.get("/api/v1/patients").json()["patients"] == []
    assert foreign.send(f"{MARIA}/entries", body).status_code == 404
    journal = Program(clinic, token_for(house, "administrator-north")).get("/api/v1/audit").json()
    assert journal["broken_line"] is None
    assert any(one["note"].startswith("token ") and one["case"] == "maria" for one in journal["visits"])


@pytest.mark.parametrize("section", ["decisions", "session-events", "predicted", "nothing"])
def test_decisions_and_sessions_are_not_written_past_their_own_rules(program: Program, section: str) -> None:
    answer = program.send(f"{MARIA}/entries", {"entries": [{"section": section, "payload": {}}]})
    assert answer.status_code == 404


def test_a_token_ends_by_its_day_by_hand_and_with_the_password(clinic: FastAPI, house: House, clock: Clock) -> None:
    text = token_for(house, "nurse-north", days=1)
    program = Program(clinic, text)
    assert program.get("/api/v1/me").json()["id"] == "nurse-north"
    assert text.split("_")[2] not in (house.settings.data / "accounts.json").read_text()
    account = house.accounts.get("nurse-north")
    assert account is not None
    house.accounts.change("nurse-north", epoch=account.epoch + 1)
    assert program.get("/api/v1/me").status_code == 401
    other = Program(clinic, token_for(house, "nurse-north", days=1))
    assert other.get("/api/v1/me").status_code == 200
    clock.forward(days=2)
    assert other.get("/api/v1/me").status_code == 401
    third = Program(clinic, token_for(house, "nurse-north"))
    house.accounts.change("nurse-north", active=False)
    assert third.get("/api/v1/me").status_code == 401


def test_wrong_tokens_are_told_apart_from_none_and_close_the_address(clinic: FastAPI, house: House) -> None:
    none = TestClient(clinic, base_url=ORIGIN).get("/api/v1/me")
    assert (none.status_code, none.headers["www-authenticate"]) == (401, "Bearer")
    right = token_for(house, "nurse-north")
    wrong = Program(clinic, right[:-1] + ("A" if right[-1] != "A" else "B"))
    codes = [wrong.get("/api/v1/me").status_code for _ in range(51)]
    assert codes == [401] * 50 + [429]


def test_a_token_opens_no_page(clinic: FastAPI, house: House) -> None:
    program = Program(clinic, token_for(house, "clinician-north"))
    program.client.follow_redirects = False
    assert program.get("/patients").headers["location"].startswith("/sign-in")


def test_a_session_writes_with_its_token_in_a_header_only(clinician: Browser) -> None:
    body = {"entries": [{"section": "performance", "payload": {"ecog": 1, "on": "2026-11-20"}}]}
    assert clinician.client.post(f"{MARIA}/entries", json=body).status_code == 403
    csrf = clinician.client.get("/api/v1/me").json()["csrf"]
    assert clinician.client.post(f"{MARIA}/entries", json=body, headers={"x-csrf-token": csrf}).status_code == 201
    evil = {"x-csrf-token": csrf, "origin": "https://evil.example"}
    assert clinician.client.post(f"{MARIA}/entries", json=body, headers=evil).status_code == 403


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"entries": []}, "entries"),
        ({"entries": [{"section": "performance", "payload": {"ecog": 9}}]}, "ecog"),
        ({"entries": [{"section": "performance", "payload": {"ecog": 1}}, {"section": "labs", "payload": {"value": "x"}}]}, "[1].value"),
        ({"entries": [{"section": "performance", "payload": {}}], "extra": 1}, ""),
        ({"entries": [{"section": "performance", "payload": {"on": "2026-02-30"}}], "version": -1}, "version"),
    ],
)
def test_what_is_wrong_is_named_with_its_path(program: Program, body: object, path: str, house: House) -> None:
    before = house.record.version("maria", scope=Scope.everywhere())
    answer = program.send(f"{MARIA}/entries", body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert path in " ".join(one["path"] for one in answer.json()["problems"])
    assert house.record.version("maria", scope=Scope.everywhere()) == before


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"entries": [{"section": "labs", "payload": {"a": ' + b"[" * 100_000, "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b'{"reason": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(program: Program, content: bytes, kind: str, status: int) -> None:
    headers = {"content-type": kind} if kind else {}
    assert program.client.post(f"{MARIA}/entries", content=content, headers=headers).status_code == status


def test_the_document_names_every_operation_and_nothing_outside(clinic: FastAPI) -> None:
    answer = TestClient(clinic, base_url=ORIGIN).get("/api/v1/openapi.json")
    assert answer.json() == msgspec.json.decode(msgspec.json.encode(document()))
    named = {f"{method.upper()} {path}" for path, methods in answer.json()["paths"].items() for method in methods}
    assert named == {one for one in POLICY if "/api/" in one} - {"GET /api/v1/openapi.json"}
    assert "http://" not in answer.text
    assert "https://" not in answer.text


def test_tokens_are_made_with_the_password_shown_once_and_revoked(clinic: FastAPI, clinician: Browser) -> None:
    clinician.get("/account/tokens")
    typed = {"label": "Registry", "days": "30", "scopes": "read"}
    assert "not your present password" in clinician.post("/account/tokens", {**typed, "password": "wrong"}).text
    assert "1 to 90" in clinician.post("/account/tokens", {**typed, "password": PASSWORD, "days": "4000"}).text
    page = clinician.post("/account/tokens", {**typed, "password": PASSWORD})
    text = page.text.split('<code class="break">')[1].split("<")[0]
    program = Program(clinic, text)
    assert program.get("/api/v1/me").json()["scopes"] == ["read"]
    assert text not in clinician.get("/account/tokens").text
    assert clinician.post("/account/tokens/revoke", {"token": text.split("_")[1]}).status_code == 303
    assert program.get("/api/v1/me").status_code == 401


def test_an_account_holds_a_bounded_number_of_tokens(clinic: FastAPI, house: House) -> None:
    for _ in range(20):
        token_for(house, "viewer-north")
    with pytest.raises(AccountError, match="20 tokens"):
        token_for(house, "viewer-north")
