"""Sign-in, accounts, tokens, emergencies, filled in wrong: the message stands at its field, and what was typed stays."""

from __future__ import annotations

import html

import pytest
from fastapi import FastAPI

from peritia.web import House
from tests.web.web_clinic import PASSWORD, Browser

WRONG = [
    (
        "administrator",
        "/administration",
        "/administration/accounts",
        {"name": "Dr Reuter", "id": "", "centres": "North", "roles": "nurse"},
        "This is needed.",
        ("Dr Reuter", "North"),
    ),
    (
        "administrator",
        "/administration",
        "/administration/accounts",
        {"name": "Dr Reuter", "id": "a b/c", "centres": "North", "roles": "nurse"},
        "has-wrong",
        ("Dr Reuter", "a b/c"),
    ),
    (
        "administrator",
        "/administration",
        "/administration/accounts",
        {"name": "Dr Reuter", "id": "reuter", "centres": " , ", "roles": "nurse"},
        "At least one centre is needed.",
        ("Dr Reuter", "reuter"),
    ),
    (
        "administrator",
        "/administration",
        "/administration/accounts",
        {"name": "Dr Reuter", "id": "reuter", "centres": "North"},
        "At least one role is needed.",
        ("Dr Reuter", "reuter"),
    ),
    (
        "administrator",
        "/administration/accounts/nurse-north",
        "/administration/accounts/nurse-north",
        {"name": "Sister Ada", "centres": "West, East", "active": "no"},
        "At least one role is needed.",
        ("Sister Ada", "West, East"),
    ),
    (
        "clinician",
        "/account/tokens",
        "/account/tokens",
        {"label": "night export", "days": "often", "scopes": "read", "password": PASSWORD},
        "A whole number from 1",
        ("night export", "often"),
    ),
    (
        "clinician",
        "/account/tokens",
        "/account/tokens",
        {"label": "night export", "days": "7", "scopes": "read", "password": "no"},
        "This is not your present password.",
        ("night export",),
    ),
    ("clinician", "/emergency", "/emergency", {"case": "maria", "reason": "x"}, "Say in a sentence", ("maria",)),
    (
        "clinician",
        "/emergency",
        "/emergency",
        {"case": "nobody-7", "reason": "brought in bleeding, unconscious"},
        "There is no case of this id",
        ("nobody-7", "brought in bleeding, unconscious"),
    ),
]


@pytest.mark.parametrize(("role", "shown", "sent", "typed", "says", "kept"), WRONG)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    role: str, shown: str, sent: str, typed: dict[str, str], says: str, kept: tuple[str, ...], clinic: FastAPI, house: House
) -> None:
    person = Browser(clinic)
    assert person.sign_in(f"{role}-north").status_code == 303
    before = {one.id: one for one in house.accounts.all()}
    person.get(shown)
    answer = person.post(sent, typed)
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert says in text
    for word in kept:
        assert f'value="{word}"' in text or f">{word}</textarea>" in text, word
    assert {one.id: one for one in house.accounts.all()} == before


def test_a_wrong_password_leaves_the_name(clinic: FastAPI) -> None:
    person = Browser(clinic)
    answer = person.sign_in("nurse-north", "nothing of the kind")
    assert answer.status_code == 401
    assert 'value="nurse-north"' in answer.text


def test_a_new_password_that_is_refused_changes_nothing(clinician: Browser) -> None:
    clinician.get("/account")
    answer = clinician.post("/account/password", {"present": PASSWORD, "new": "short", "again": "short"})
    assert answer.status_code == 422
    assert Browser(clinician.client.app).sign_in("clinician-north").status_code == 303
