"""A clinic for tests: an empty record, a clock that stands still until told, one account a role in each of two centres."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from web_clinic import CENTRES, ORIGIN, PASSWORD, Browser, Clock

from peritia.on_record import FURTHER
from peritia.patients import read
from peritia.store import Author, Record, place_of
from peritia.web import House, Settings, create_app
from peritia.web.accounts import ROLES, Account


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, hash_memory_kib=64, origin=ORIGIN)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    record = Record.open(place_of(settings.data / "record.sqlite"), clock=clock, sections=FURTHER)
    made = create_app(settings, record, clock=clock)
    yield made
    record.close()


@pytest.fixture
def house(app: FastAPI) -> House:
    return app.state.house


@pytest.fixture
def clinic(app: FastAPI, house: House) -> FastAPI:
    """One account a role in either centre (``nurse-north``), and Maria in the North."""
    kept = house.passwords.hash(PASSWORD)
    for centre in CENTRES:
        for role in ROLES:
            name = f"{role}-{centre.lower()}"
            house.accounts.add(Account(id=name, name=name, roles=(role,), centres=(centre,), password=kept))
    author = Author(by="tests", role="system", client="tests", centre="North")
    house.record.open_case(read("maria"), author=author, case_id="maria")
    return app


@pytest.fixture
def browser(clinic: FastAPI) -> Browser:
    return Browser(clinic)


@pytest.fixture
def clinician(browser: Browser) -> Browser:
    assert browser.sign_in("clinician-north").status_code == 303
    return browser
