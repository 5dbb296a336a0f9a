"""Faults: nothing acknowledged is lost, nothing is half-written, and what is broken is said by name."""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from repository import REPO
from sqlalchemy import event, text

from peritia.case.condition import Lab, Performance
from peritia.errors import PeritiaError
from peritia.patients import read
from peritia.store import Place, Record, place_of
from peritia.store.audit import verify
from peritia.store.errors import HeadNotWritten, RecordBusy, RecordDamaged, RecordFull, RecordRefused, RecordUnreachable, VersionConflict
from peritia.store.privileges import grant_writer

from .postgres_server import Postgres
from .store_cast import ANNA, BEN, NORTH, Clock

HERE = Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO / "src"), str(HERE)])}


def test_a_hundred_kills_in_the_middle_of_writing_lose_nothing_acknowledged(sqlite_record: Record, sqlite_place: Place) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    sqlite_record.close()
    command = [sys.executable, str(HERE / "crashing_writer.py"), str(sqlite_place.sqlite_file), "100"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=True)
    assert done.stderr == ""
    acknowledged = [line.split() for line in done.stdout.splitlines()]
    assert len(acknowledged) > 100
    with Record.open(sqlite_place, clock=Clock(datetime(2030, 1, 1, tzinfo=UTC))) as record:
        stored = {one.request: one.entry for one in record.history("maria", scope=NORTH)}
        assert [pair for pair in acknowledged if stored.get(pair[0]) != pair[1]] == []
        assert verify(record.engine, record.ring(), sqlite_place).whole


def test_a_killed_postgres_keeps_what_was_acknowledged(postgres: Postgres, folder: Path, clock: Clock) -> None:
    place = place_of(postgres.new_database(), key_file=folder / "pg.key", heads_file=folder / "pg.heads.jsonl")
    with Record.open(place, clock=clock) as record:
        record.open_case(read("maria"), author=ANNA)
        stop, acknowledged = threading.Event(), list[str]()

        def write() -> None:
            number = 0
            while not stop.is_set():
                request = f"r{number}"
                try:
                    record.add("maria", "performance", Performance(ecog=number % 5), author=ANNA, request=request)
                except RecordUnreachable:
                    time.sleep(0.05)  # and the same request again
                    continue
                acknowledged.append(request)
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        for mode in ("immediate", "fast"):
            time.sleep(0.3)
            postgres.stop(mode)
            postgres.start()
        before = len(acknowledged)
        until = time.monotonic() + 20
        while len(acknowledged) < before + 3 and time.monotonic() < until:
            time.sleep(0.05)
        stop.set()
        writer.join()
        assert len(acknowledged) >= before + 3
        written = [one.request for one in record.history("maria", scope=NORTH) if one.request]
        assert written == acknowledged
        assert verify(record.engine, record.ring(), place).whole


def test_two_writers_on_one_case_lose_nothing(record: Record) -> None:
    seen = record.open_case(read("maria"), author=ANNA).version
    before = len(record.case("maria", scope=NORTH).performance)
    conflicts: list[VersionConflict] = []

    def write(author) -> None:
        version = seen
        for number in range(8):
            while True:
                try:
                    version = record.add(
                        "maria", "performance", Performance(ecog=number % 5), author=author, expected_version=version
                    ).version
                    break
                except VersionConflict as conflict:
                    conflicts.append(conflict)
                    version = conflict.version

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [ANNA, BEN]))
    assert len(record.case("maria", scope=NORTH).performance) == before + 16
    assert conflicts
    assert all(one.between[-1].version == one.version for one in conflicts)
    assert verify(record.engine, record.ring(), record.place).whole


def test_processes_write_to_one_record_at_once(record: Record, place: Place) -> None:
    record.open_case(read("maria"), author=ANNA)
    code = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime; from store_cast import ANNA\n"
        "from peritia.case.condition import Performance; from peritia.store import Record, place_of\n"
        "place = place_of(sys.argv[1], key_file=Path(sys.argv[2]), heads_file=Path(sys.argv[3]))\n"
        "with Record.open(place, clock=lambda: datetime.now(UTC)) as record:\n"
        "    for number in range(15): record.add('maria', 'performance', Performance(ecog=number % 5), author=ANNA)\n"
    )
    where = str(place.sqlite_file or place.url.render_as_string(hide_password=False))
    command = [sys.executable, "-c", code, where, str(place.key_file), str(place.heads_file)]
    before = record.version("maria", scope=NORTH)
    running = [subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for one in running:
        _, errors = one.communicate(timeout=60)
        assert (one.returncode, errors) == (0, "")
    assert record.version("maria", scope=NORTH) == before + 45
    assert verify(record.engine, record.ring(), place).whole


def test_a_record_begun_by_several_at_once_is_begun_once(place: Place, clock: Clock) -> None:
    def begin(_: int) -> str:
        with Record.open(place, clock=Clock()) as record:
            return record.ring().chain

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(8)))) == 1
    with Record.open(place, clock=clock) as record:
        assert record.head().seq == 1
        assert verify(record.engine, record.ring(), place).whole


def test_one_request_sent_by_many_at_once_is_written_once(record: Record) -> None:
    record.open_case(read("maria"), author=ANNA)
    lab = Lab(analyte="crp", value=4, unit="mg/L")
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda _: record.add("maria", "labs", lab, author=ANNA, request="once"), range(8)))
    assert len(set(receipts)) == 1
    assert len([one for one in record.history("maria", scope=NORTH) if one.request == "once"]) == 1


def test_a_full_database_writes_nothing_by_halves(sqlite_record: Record, sqlite_place: Place) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)

    @event.listens_for(sqlite_record.engine, "begin")
    def _bound(connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

    before = sqlite_record.head()
    story = {"title": "t", "story": "x" * 200_000}
    with pytest.raises(RecordFull):
        sqlite_record.add("maria", "about", story, author=ANNA, request="big")
    assert sqlite_record.head() == before
    assert sqlite_record.case("maria", scope=NORTH) == read("maria")
    event.remove(sqlite_record.engine, "begin", _bound)
    sqlite_record.engine.dispose()
    assert sqlite_record.add("maria", "about", story, author=ANNA, request="big").version == before.version + 1
    assert verify(sqlite_record.engine, sqlite_record.ring(), sqlite_place).whole


def test_a_disk_that_takes_no_more_loses_nothing_acknowledged(sqlite_record: Record, sqlite_place: Place) -> None:
    """A child process may not write files beyond a size; each write before that is acknowledged and must stand."""
    sqlite_record.open_case(read("maria"), author=ANNA)
    sqlite_record.close()
    code = (
        "import sys; from datetime import UTC, datetime; from store_cast import ANNA\n"
        "from peritia.store import Record, place_of; from peritia.errors import PeritiaError\n"
        "with Record.open(place_of(sys.argv[1]), clock=lambda: datetime.now(UTC)) as record:\n"
        "    for number in range(400):\n"
        "        try: print(record.add('maria', 'about', {'story': 'x' * 5000}, author=ANNA).entries[0], flush=True)\n"
        "        except PeritiaError as error: print(type(error).__name__); break\n"
    )

    def bound() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    command = [sys.executable, "-c", code, str(sqlite_place.sqlite_file)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=bound)
    *acknowledged, last = done.stdout.split()
    assert last == "RecordFull", done
    assert len(acknowledged) > 3
    with Record.open(sqlite_place, clock=Clock(datetime(2030, 1, 1, tzinfo=UTC))) as record:
        stored = [one.entry for one in record.history("maria", scope=NORTH) if one.section == "about"]
        assert stored[1 : 1 + len(acknowledged)] == acknowledged
        assert verify(record.engine, record.ring(), sqlite_place).whole


def test_a_disk_that_is_really_full_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """A file system of three megabytes, in a mount namespace of its own: database, heads and visits all find it full."""
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a mount namespace")
    command = ["unshare", "-rm", sys.executable, str(HERE / "full_disk.py"), str(tmp_path)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert set(told["errors"]) <= {"RecordFull", "HeadNotWritten"}
    assert "RecordFull" in told["errors"]
    assert len(told["errors"]) == 6
    assert told["unseen"] >= 5
    assert len(told["acknowledged"]) > 20
    assert set(told["acknowledged"]) <= set(told["stored"])
    assert len(told["stored"]) == len(set(told["stored"]))
    assert told["acknowledged"][-5:] == [f"after{number}" for number in range(5)]
    assert (told["standing"], told["whole"], told["visits_whole"]) == ("t", True, True)


def test_a_head_that_cannot_be_written_is_said_and_made_good(record: Record, place: Place) -> None:
    record.open_case(read("maria"), author=ANNA)
    kept = place.heads_file.rename(place.heads_file.with_suffix(".kept"))
    place.heads_file.mkdir()
    lab = Lab(analyte="crp", value=4, unit="mg/L")
    with pytest.raises(HeadNotWritten, match="events are stored"):
        record.add("maria", "labs", lab, author=ANNA, request="r")
    place.heads_file.rmdir()
    kept.rename(place.heads_file)
    assert verify(record.engine, record.ring(), place).notes
    record.add("maria", "labs", lab, author=ANNA, request="r")
    assert verify(record.engine, record.ring(), place).notes == ()
    assert len([one for one in record.history("maria", scope=NORTH) if one.request == "r"]) == 1


def test_a_writer_that_waits_too_long_is_told(sqlite_record: Record, sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    sqlite_record.engine.dispose()
    monkeypatch.setattr("peritia.store.database._PRAGMAS", ("PRAGMA busy_timeout=50",))
    from peritia.store.database import connect, writing

    first, second = connect(sqlite_place.url), connect(sqlite_place.url)
    with writing(first), pytest.raises(RecordBusy), writing(second):
        pass
    first.dispose()
    second.dispose()


def test_a_file_that_is_no_database_is_named(sqlite_place: Place, clock: Clock) -> None:
    sqlite_place.sqlite_file.parent.mkdir(parents=True)
    sqlite_place.sqlite_file.write_bytes(b"no database at all" * 500)
    with pytest.raises(RecordDamaged, match="SQLITE_NOTADB"):
        Record.open(sqlite_place, clock=clock)


def test_a_folder_that_cannot_be_written_to_is_named(folder: Path, clock: Clock) -> None:
    (folder / "file").write_text("")
    with pytest.raises(RecordUnreachable, match="cannot be made"):
        Record.open(place_of(folder / "file" / "record.sqlite", key_file=folder / "k"), clock=clock)


def test_a_server_that_is_not_there_is_named(folder: Path, clock: Clock) -> None:
    with pytest.raises(RecordUnreachable, match="does not answer"):
        Record.open(place_of(f"postgresql://nobody@/none?host={folder}", key_file=folder / "k"), clock=clock)


def test_the_writer_s_role_cannot_switch_the_rules_off(postgres: Postgres, folder: Path, clock: Clock) -> None:
    url = postgres.new_database()
    place = place_of(url, key_file=folder / "k.key", heads_file=folder / "k.heads.jsonl")
    with Record.open(place, clock=clock) as owner, owner.engine.begin() as connection:
        connection.execute(text("CREATE ROLE clinic_writer LOGIN"))
        grant_writer(connection, "clinic_writer")
    mine = place_of(url.replace("postgres@", "clinic_writer@"), key_file=place.key_file, heads_file=place.heads_file)
    with Record.open(mine, clock=clock) as record:
        record.open_case(read("maria"), author=ANNA)
        record.add("maria", "performance", Performance(ecog=1), author=ANNA)
        from peritia.store.database import writing

        for statement in (
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "DROP TABLE events",
            "UPDATE events SET by = ''",
            "DELETE FROM events",
            "TRUNCATE events",
        ):
            with pytest.raises(RecordRefused, match="42501"), writing(record.engine) as connection:
                connection.execute(text(statement))
        assert verify(record.engine, record.ring(), mine).whole


SECRET = "Zebrafink"


def test_no_patient_value_stands_in_an_error_or_a_log(
    record: Record, caplog: pytest.LogCaptureFixture, new_place: Callable[[], Place], clock: Clock
) -> None:
    caplog.set_level(logging.DEBUG)
    record.open_case(read("maria"), author=ANNA)
    seen = record.version("maria", scope=NORTH)
    record.add("maria", "about", {"title": SECRET, "story": SECRET}, author=ANNA, request="r")
    attempts: list[Callable[[], object]] = [
        lambda: record.add("maria", "about", {"title": SECRET, "tale": 3}, author=ANNA),
        lambda: record.add("maria", "about", {"title": [SECRET]}, author=ANNA),
        lambda: record.add("maria", "about", {"title": "t", "story": SECRET + "\ud800"}, author=ANNA),
        lambda: record.add("maria", "about", {"title": SECRET}, author=BEN, expected_version=seen),
        lambda: record.add("maria", "about", {"title": SECRET + "2"}, author=ANNA, request="r"),
        lambda: record.open_case(read("maria"), author=ANNA),
        lambda: _write_badly(record),
    ]
    for attempt in attempts:
        with pytest.raises(PeritiaError) as error:
            attempt()
        assert SECRET not in str(error.value)
        assert error.value.__cause__ is None
    assert SECRET not in caplog.text


def _write_badly(record: Record) -> None:
    from peritia.store.database import writing

    with writing(record.engine) as connection:
        connection.execute(text("UPDATE events SET payload = :secret"), {"secret": SECRET})
