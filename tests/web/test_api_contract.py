"""Schemathesis on the interface: whatever the document allows or forbids, every answer is one that it names, and none is a failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode, checks
from web_clinic import ORIGIN, PASSWORD, Clock

from peritia.on_record import FURTHER
from peritia.patients import read
from peritia.store import Author, Record, place_of
from peritia.web import Settings, create_app
from peritia.web.accounts import ROLES, Account, make_token
from peritia.web.api.document import document

CHECKED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, str]]:
    folder, clock = tmp_path_factory.mktemp("contract"), Clock()
    record = Record.open(place_of(folder / "record.sqlite"), clock=clock, sections=FURTHER)
    app = create_app(Settings(data=folder, hash_memory_kib=64, origin=ORIGIN, hosts=("testserver",)), record, clock=clock)
    house = app.state.house
    account = Account(id="all", name="All", roles=ROLES, centres=("North",), password=house.passwords.hash(PASSWORD))
    house.accounts.add(account)
    record.open_case(read("maria"), author=Author(by="tests", role="system", client="tests", centre="North"), case_id="maria")
    text, _ = make_token(house.accounts, account, "contract", ("read", "write"), 30, clock())
    yield app, text
    record.close()


OPERATIONS = [
    (f"{found.ok().method.upper()} {found.ok().path}") for found in schemathesis.openapi.from_dict(document()).get_all_operations()
]


@pytest.fixture(scope="module")
def interface(served: tuple[FastAPI, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", served[0])


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_names(
    name: str, mode: GenerationMode, interface: schemathesis.BaseSchema, served: tuple[FastAPI, str]
) -> None:
    method, path = name.split(" ")

    @given(case=interface[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def answers(case: schemathesis.Case) -> None:
        if "case_id" in case.path_parameters and len(str(case.path_parameters["case_id"])) % 3:
            case.path_parameters["case_id"] = "maria"
        if "entry" in case.path_parameters and len(str(case.path_parameters["entry"])) % 2:
            case.path_parameters["entry"] = "performance-3"
        case.call_and_validate(headers={"authorization": f"Bearer {served[1]}"}, checks=CHECKED)

    answers()
