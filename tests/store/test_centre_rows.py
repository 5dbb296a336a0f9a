"""The second line of the centre's scope: on Postgres the database itself gives the daily role no row of another centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from peritia.case.condition import Lab
from peritia.patients import read
from peritia.store import Record, Scope, place_of
from peritia.store import record as records
from peritia.store.audit import verify
from peritia.store.backup import backup, restore
from peritia.store.database import narrow, reading, writing
from peritia.store.errors import CaseExists, CaseUnknown, RecordRefused
from peritia.store.event import Author
from peritia.store.privileges import grant_writer
from peritia.store.transfer import export_cases

from .postgres_server import Postgres
from .store_cast import ANNA, CARLA, NORTH, SOUTH, Clock

NUMBERS = count(1)
COUNT = "SELECT count(*), count(DISTINCT centre) FROM {}"


@pytest.fixture
def daily(postgres: Postgres, folder: Path, clock: Clock) -> Iterator[Record]:
    """The record under the daily role, with a case in the North and one in the South."""
    url, role = postgres.new_database(), f"daily_{next(NUMBERS)}"
    files = {"key_file": folder / "k.key", "heads_file": folder / "k.heads.jsonl"}
    with Record.open(place_of(url, **files), clock=clock) as owner, owner.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        grant_writer(connection, role)
    with Record.open(place_of(url.replace("postgres@", f"{role}@"), **files), clock=clock) as record:
        record.open_case(read("maria"), author=ANNA)
        record.open_case(read("anton"), author=CARLA)
        yield record


def seen(record: Record, centres: frozenset[str] | None) -> list[int]:
    with reading(record.engine, centres) as connection:
        return [connection.execute(text(COUNT.format(table))).one()[1] for table in ("events", "cases")]


def test_a_transaction_sees_the_centres_that_it_names(daily: Record) -> None:
    assert seen(daily, frozenset({"north"})) == [1, 1]
    assert seen(daily, frozenset({"north", "south"})) == [2, 2]
    assert seen(daily, frozenset({"west"})) == [0, 0]
    for nobody in ((), ("*",), ("%",), ("\x1e",), ("west\x1fnorth",), ("{north}",), ("nort_",)):
        assert seen(daily, frozenset(nobody)) == [0, 0], nobody
    assert seen(daily, None) == [3, 2]


def test_one_that_names_none_sees_nothing(daily: Record) -> None:
    with daily.engine.connect() as connection:
        for table in ("events", "cases"):
            assert connection.execute(text(COUNT.format(table))).one() == (0, 0)


def test_the_naming_ends_with_the_transaction(daily: Record) -> None:
    assert seen(daily, None) == [3, 2]
    with daily.engine.connect() as connection:  # the same connection, out of the pool
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0


def test_without_the_first_line_the_second_holds(daily: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that forgets to ask whose case it is still gives nothing away."""
    monkeypatch.setattr(Record, "_seen", lambda *_: None)
    monkeypatch.setattr(Scope, "sees", lambda *_: True)
    for forbidden in (lambda: daily.case("anton", scope=NORTH), lambda: daily.history("anton", scope=NORTH)):
        with pytest.raises(Exception, match=r"no primary|no entry"):
            forbidden()
    assert daily.entries("anton", scope=NORTH) == ()
    assert daily.case("anton", scope=SOUTH) == read("anton")
    asked: list[Scope] = []

    def forgetful(connection: object, scope: Scope, *words: object, **more: object) -> object:
        asked.append(scope)
        return search(connection, Scope.everywhere(), *words, **more)  # pyright: ignore

    search = records.index.search
    monkeypatch.setattr(records.index, "search", forgetful)
    assert [one.case_id for one in daily.search(scope=NORTH)] == ["maria"]
    assert asked == [NORTH]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO cases SELECT 'x', 'south', '', '', '', 1, '', ''",
        "UPDATE cases SET centre = 'south'",
        "INSERT INTO events SELECT (SELECT 99), 'x', 1, 'south', 'add', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''",
    ],
)
def test_no_row_goes_to_another_centre(daily: Record, statement: str) -> None:
    def run() -> None:
        with writing(daily.engine) as connection:
            narrow(connection, frozenset({"north"}))
            connection.execute(text(statement))

    with pytest.raises(RecordRefused, match=r"42501|P0001"):
        run()


def test_nothing_of_another_centre_is_changed(daily: Record) -> None:
    with writing(daily.engine) as connection:
        narrow(connection, frozenset({"north"}))
        connection.execute(text("UPDATE cases SET title = 'x' WHERE case_id = 'anton'"))
    assert daily.row("anton", scope=SOUTH).title == read("anton").title


def test_the_record_lives_its_life_under_the_rules(daily: Record, folder: Path, clock: Clock) -> None:
    lab = Lab(analyte="crp", value=4, unit="mg/L")
    for author, case_id in ((ANNA, "maria"), (CARLA, "anton"), (ANNA, "maria")):
        receipt = daily.add(case_id, "labs", lab, author=author, request=f"{author.by}-{case_id}")
        assert daily.add(case_id, "labs", lab, author=author, request=f"{author.by}-{case_id}") == receipt
    with pytest.raises(CaseUnknown):
        daily.add("anton", "labs", lab, author=ANNA)
    with pytest.raises(CaseExists):
        daily.open_case(read("anton"), author=ANNA)
    strange = Author(by="x", role="clinician", client="test", centre="*")
    with pytest.raises(CaseUnknown):
        daily.add("maria", "labs", lab, author=strange)
    with pytest.raises(CaseUnknown):
        daily.case("maria", scope=Scope.of("*"))
    assert verify(daily.engine, daily.ring(), daily.place).whole
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert export_cases(daily, ["maria"], folder / "maria.ndjson", scope=NORTH, now=now) > 1
    backup(daily, folder / "backup", now=now)
    target = place_of(folder / "copy.sqlite", key_file=daily.place.key_file, heads_file=folder / "copy.jsonl")
    restore(folder / "backup", target)
    with Record.open(target, clock=clock) as copy:
        assert copy.head() == daily.head()
