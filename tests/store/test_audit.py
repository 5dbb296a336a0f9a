"""``verify`` names what was done to the record behind the program's back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from peritia.case.condition import Performance
from peritia.errors import PeritiaError
from peritia.patients import read
from peritia.store import Place, Record
from peritia.store.audit import Verification, verify
from peritia.store.chain import hash_of
from peritia.store.database import connect
from peritia.store.errors import KeyForeign, KeyMissing, KeyUnsafe, RecordDamaged, RecordRefused, RecordShortened
from peritia.store.event import FIELDS, Event
from peritia.store.keys import new_ring, read_ring, write_ring

from .store_cast import ANNA, NORTH, Clock

TRIGGERS = {
    "sqlite": ["DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete", "DROP TRIGGER events_in_order"],
    "postgresql": ["ALTER TABLE events DISABLE TRIGGER ALL"],
}


@pytest.fixture
def meddle(record: Record) -> Callable[..., Verification]:
    """A record of some events; runs statements as somebody who owns the database but has no key, then verifies."""
    record.open_case(read("maria"), author=ANNA)
    for ecog in (0, 1, 2):
        record.add("maria", "performance", Performance(ecog=ecog), author=ANNA)

    def run(*statements: str) -> Verification:
        with record.engine.connect().execution_options(writes=True) as connection, connection.begin():
            for statement in (*TRIGGERS[record.engine.dialect.name], *statements):
                connection.exec_driver_sql(statement)
        return verify(record.engine, record.ring(), record.place)

    return run


def kinds(found: Verification) -> set[str]:
    return {one.kind for one in found.findings}


def test_an_untouched_record_is_whole(meddle: Callable[..., Verification]) -> None:
    found = meddle()
    assert found.whole
    assert found.notes == ()
    assert found.heads == 5


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "seq"])
def test_a_change_to_any_field_is_named(meddle: Callable[..., Verification], field: str) -> None:
    value = {"version": "99", "key": "'k7'"}.get(field, "'x'")
    found = meddle(f'UPDATE events SET "{field}" = {value} WHERE seq = 4')
    assert not found.whole
    kind = "foreign-key" if field == "key" else "changed"
    assert (kind, 4) in {(one.kind, one.seq) for one in found.findings}


def test_a_missing_row_is_named(meddle: Callable[..., Verification]) -> None:
    found = meddle("DELETE FROM events WHERE seq IN (5, 6)")
    assert [str(one) for one in found.findings if one.kind == "missing"] == ["missing: events 5 to 6 are missing"]


def test_a_missing_first_row_is_named(meddle: Callable[..., Verification]) -> None:
    assert ("missing", 1) in {(one.kind, one.seq) for one in meddle("DELETE FROM events WHERE seq = 1").findings}


def test_a_row_taken_out_with_the_rest_moved_up_is_named(meddle: Callable[..., Verification]) -> None:
    found = meddle("DELETE FROM events WHERE seq = 4", "UPDATE events SET seq = 4 WHERE seq = 5", "UPDATE events SET seq = 5 WHERE seq = 6")
    assert not found.whole


def test_swapped_rows_are_named(meddle: Callable[..., Verification]) -> None:
    swap = [f"UPDATE events SET seq = {to} WHERE seq = {from_}" for from_, to in ((4, -1), (6, 4), (-1, 6))]
    found = meddle(*swap)
    assert {one.message for one in found.findings if one.kind == "moved"} == {
        "event 6 stands at place 4: rows were swapped",
        "event 4 stands at place 6: rows were swapped",
    }


def test_a_cut_tail_is_named_and_stops_the_record(meddle: Callable[..., Verification], record: Record, clock: Clock) -> None:
    last = record.head().seq
    found = meddle(f"DELETE FROM events WHERE seq > {last - 2}", "UPDATE cases SET version = version - 2")
    assert "cut" in kinds(found)
    assert f"ends at event {last - 2}, signed heads speak of {last}" in next(one.message for one in found.findings if one.kind == "cut")
    with pytest.raises(RecordShortened, match="signed heads speak of"):
        Record.open(record.place, clock=clock)


def test_an_emptied_database_is_not_begun_anew(meddle: Callable[..., Verification], record: Record, clock: Clock) -> None:
    assert "cut" in kinds(meddle("DELETE FROM events"))
    with pytest.raises(RecordShortened, match="database is empty"):
        Record.open(record.place, clock=clock)


def test_an_event_sealed_with_another_key_is_named(meddle: Callable[..., Verification], record: Record, folder: Path) -> None:
    last = record.head()
    stranger = new_ring().current.secret_bytes
    forged = msgspec.structs.replace(last, seq=last.seq + 1, version=last.version + 1, by="mallory", previous=last.hash)
    forged = msgspec.structs.replace(forged, hash=hash_of(forged, stranger))
    values = ", ".join(str(value) if isinstance(value, int) else f"'{value}'" for value in (getattr(forged, name) for name in FIELDS))
    columns = ", ".join(f'"{name}"' for name in FIELDS)
    found = meddle(f"INSERT INTO events ({columns}) VALUES ({values})")
    assert ("changed", forged.seq) in {(one.kind, one.seq) for one in found.findings}


def test_a_whole_record_sealed_with_another_key_is_named(meddle: Callable[..., Verification], record: Record) -> None:
    meddle()
    ring = msgspec.structs.replace(new_ring(), chain=record.ring().chain)
    found = verify(record.engine, ring)
    assert found.findings[0].kind == "foreign-key"
    assert "another record's" in found.findings[0].message


def test_the_index_is_held_against_the_events(meddle: Callable[..., Verification], record: Record) -> None:
    assert kinds(meddle("UPDATE cases SET centre = 'south'")) == {"index"}


def test_heads_that_are_forged_torn_or_gone_are_named(meddle: Callable[..., Verification], record: Record) -> None:
    assert meddle().whole
    path = record.place.heads_file
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"chain":"x')
    found = verify(record.engine, record.ring(), record.place)
    assert found.whole
    assert found.notes == ("1 lines of the heads file are torn",)
    record.add("maria", "performance", Performance(ecog=1), author=ANNA)
    assert path.read_bytes().count(b"\n") == 7
    assert verify(record.engine, record.ring(), record.place).whole
    path.write_bytes(whole.replace(b'"seq":1,', b'"seq":2,'))
    assert "forged-head" in kinds(verify(record.engine, record.ring(), record.place))
    path.unlink()
    assert kinds(verify(record.engine, record.ring(), record.place)) == {"heads-missing"}


def test_a_turned_key_is_on_record_and_the_old_one_still_verifies(record: Record, clock: Clock) -> None:
    record.open_case(read("maria"), author=ANNA)
    assert record.rotate_key(author=ANNA) == "k2"
    record.add("maria", "performance", Performance(ecog=1), author=ANNA)
    assert record.head().key == "k2"
    assert verify(record.engine, record.ring(), record.place).whole
    with Record.open(record.place, clock=clock) as again:
        again.rotate_key(author=ANNA)
    record.add("maria", "performance", Performance(ecog=2), author=ANNA)
    assert record.head().key == "k3"
    ring = record.ring()
    without = msgspec.structs.replace(ring, keys=ring.keys[:2])
    assert "foreign-key" in kinds(verify(record.engine, without))


def test_a_rotation_cut_short_leaves_the_old_key_in_use(sqlite_record: Record) -> None:
    ring = sqlite_record.ring()
    write_ring(sqlite_record.place.key_file, ring.with_new_key(), replace=True)
    sqlite_record.open_case(read("maria"), author=ANNA)
    assert sqlite_record.head().key == "k1"
    assert verify(sqlite_record.engine, sqlite_record.ring(), sqlite_record.place).whole


def test_the_key_file_is_private_and_belongs_to_the_record(sqlite_record: Record, sqlite_place: Place, clock: Clock, folder: Path) -> None:
    assert sqlite_place.key_file.stat().st_mode & 0o777 == 0o600
    sqlite_place.key_file.chmod(0o640)
    with pytest.raises(KeyUnsafe):
        Record.open(sqlite_place, clock=clock)
    sqlite_place.key_file.rename(folder / "away")
    with pytest.raises(KeyMissing):
        Record.open(sqlite_place, clock=clock)
    assert not sqlite_place.key_file.exists()
    write_ring(sqlite_place.key_file, new_ring())
    with pytest.raises(KeyForeign, match="another record"):
        Record.open(sqlite_place, clock=clock)
    sqlite_place.key_file.write_text("{}")
    with pytest.raises(KeyForeign, match="not a key file"):
        read_ring(sqlite_place.key_file)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET by = 'x' WHERE seq = 2",
        "DELETE FROM events WHERE seq = 2",
        "DELETE FROM events",
        "TRUNCATE events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 2",
        "INSERT INTO events SELECT seq + 100, 'z', version, centre, action, section, entry, payload, so_on, reason, by, role, client,"
        " claimed_at, written_at, known_at, request, request_digest, origin, key, previous, hash FROM events WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_change(record: Record, statement: str) -> None:
    record.open_case(read("maria"), author=ANNA)
    before = record.history("maria", scope=NORTH)
    from peritia.store.database import writing

    with pytest.raises(RecordRefused), writing(record.engine) as connection:
        connection.execute(text(statement))
    assert record.history("maria", scope=NORTH) == before


def test_any_flipped_byte_of_the_file_is_named_or_touches_no_event(sqlite_record: Record, sqlite_place: Place, folder: Path) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    ring, events = sqlite_record.ring(), sqlite_record.history("maria", scope=NORTH)
    sqlite_record.close()
    file = sqlite_place.sqlite_file
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    whole, chance = file.read_bytes(), random.Random(4)
    named = 0
    for number in range(120):
        place = msgspec.structs.replace(sqlite_place, url=sqlite_place.url.set(database=str(folder / f"{number}.sqlite")))
        at = chance.randrange(len(whole))
        place.sqlite_file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        try:
            engine = connect(place.url)
            found = verify(engine, ring, place)
            if not found.whole:
                named += 1
            else:
                assert _events(place.sqlite_file) == list(events), at
            engine.dispose()
        except PeritiaError:
            named += 1
        place.sqlite_file.unlink()
    assert named > 20


def _events(file: Path) -> list[Event]:
    with closing(sqlite3.connect(file)) as connection:
        columns = ", ".join(f'"{name}"' for name in FIELDS)
        return [Event(**dict(zip(FIELDS, row, strict=True))) for row in connection.execute(f"SELECT {columns} FROM events WHERE seq > 1")]


@pytest.mark.parametrize("keep", [0, 50, 4096, 20_000, -4096])
def test_a_truncated_file_is_named(sqlite_record: Record, sqlite_place: Place, clock: Clock, keep: int) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    sqlite_record.close()
    file = sqlite_place.sqlite_file
    data = file.read_bytes()
    file.write_bytes(data[:keep])
    if keep:
        engine = connect(sqlite_place.url)
        assert not verify(engine, read_ring(sqlite_place.key_file), sqlite_place).whole
        engine.dispose()
    else:
        with pytest.raises((RecordDamaged, RecordShortened)):
            Record.open(sqlite_place, clock=clock)
    shutil.rmtree(file.parent)
