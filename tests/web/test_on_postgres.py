"""The pages over Postgres: the same walks as over SQLite, and a database that is restarted while people work."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from store.postgres_server import Postgres
from test_course import (  # noqa: F401  (collected here once more, over the application below)
    operated,
    test_recurrence_opens_its_assessment,
    test_side_effects_are_graded_with_their_version,
)
from test_forms import (  # noqa: F401
    test_a_decision_that_departs_needs_a_reason,
    test_a_form_sent_twice_is_written_once,
    test_an_entry_is_written_corrected_undone_and_withdrawn,
    test_the_board_is_drawn_anew_when_a_question_is_answered,
    test_the_case_as_of_an_earlier_day,
    test_the_second_writer_is_shown_what_changed_and_loses_nothing,
)
from test_policy import test_an_unknown_case_reads_like_a_foreign_one  # noqa: F401
from test_session_pages import opened, test_a_session_from_plan_to_case  # noqa: F401
from test_together import (  # noqa: F401
    test_many_readers_see_one_case,
    test_of_two_writers_at_the_same_moment_one_is_asked_to_look,
)
from web_clinic import Browser, Clock

from peritia.on_record import FURTHER
from peritia.store import Record, Scope, place_of
from peritia.store.audit import verify
from peritia.store.visits_audit import verify_visits
from peritia.web import House, Settings, create_app


@pytest.fixture
def app(settings: Settings, clock: Clock, postgres: Postgres) -> Iterator[FastAPI]:
    files = {"key_file": settings.data / "record.key", "heads_file": settings.data / "record.heads.jsonl"}
    record = Record.open(place_of(postgres.new_database(), **files), clock=clock, sections=FURTHER)
    made = create_app(settings, record, clock=clock)
    yield made
    record.close()


# A cursor on the server that was killed cannot be closed any more; psycopg says so when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_restarted_database_is_said_and_nothing_acknowledged_is_lost(clinic: FastAPI, house: House, postgres: Postgres) -> None:
    people = [Browser(clinic) for _ in range(4)]
    for browser in people:
        assert browser.sign_in("clinician-north").status_code == 303
    stop, codes, acknowledged = threading.Event(), set[int](), list[str]()

    def work(number: int) -> None:
        browser, count = people[number], 0
        while not stop.is_set():
            codes.add(browser.get("/patients/maria/board").status_code)
            page = browser.get("/patients/maria/enter/performance")
            codes.add(page.status_code)
            if page.status_code != 200:
                time.sleep(0.05)
                continue
            form = {name: browser.hidden(name) for name in ("version", "request")} | {"ecog": "1", "document": f"{number}-{count}"}
            while not stop.is_set():  # the same form again until it is answered: it is written once
                code = browser.post("/patients/maria/enter/performance", form).status_code
                codes.add(code)
                if code == 303:
                    acknowledged.append(form["document"])
                if code != 503:
                    break
                time.sleep(0.05)
            count += 1

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(work, number) for number in range(4)]
        for mode in ("immediate", "fast"):
            time.sleep(1)
            postgres.stop(mode)
            time.sleep(0.3)
            postgres.start()
        before, until = len(acknowledged), time.monotonic() + 20
        while len(acknowledged) < before + 4 and time.monotonic() < until:
            time.sleep(0.05)
        stop.set()
        for one in running:
            one.result()
    assert codes <= {200, 303, 409, 503}
    assert 503 in codes
    assert len(acknowledged) >= before + 4
    entries = house.record.entries("maria", scope=Scope.everywhere())
    written = [one.value.document for one in entries if one.section == "performance" and one.value.document and "-" in one.value.document]
    assert set(acknowledged) <= set(written)
    assert len(written) == len(set(written))
    assert verify(house.record.engine, house.record.ring(), house.record.place).whole
    house.journal.close(house.now())
    assert verify_visits(house.journal.folder, house.record.ring(), house.journal.heads_file).whole
