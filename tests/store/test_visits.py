"""Who saw what: sealed lines; what is changed, taken out or cut off afterwards is named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from repository import REPO
from typer.testing import CliRunner

from peritia.cli_record import audit_app
from peritia.store import Record
from peritia.store.keys import new_ring
from peritia.store.visits import Visit, Visits, heads_of
from peritia.store.visits_audit import Walked, verify_visits

from .store_cast import ANNA

MAY, JUNE = datetime(2026, 5, 31, 23, 59, tzinfo=UTC), datetime(2026, 6, 1, 0, 1, tzinfo=UTC)


def visit(case: str = "maria", account: str = "anna") -> Visit:
    return Visit(at="", account=account, method="GET", route="/patients/{case_id}", case=case, status=200, ms=7.5)


@pytest.fixture
def folder_of_visits(folder: Path) -> Path:
    return folder / "access"


@pytest.fixture
def visits(sqlite_record: Record, folder_of_visits: Path) -> Visits:
    return Visits(folder_of_visits, sqlite_record.ring, heads_of(sqlite_record.place))


@pytest.fixture
def meddle(visits: Visits, sqlite_record: Record) -> Callable[..., Walked]:
    """Six visits in two months, signed; then a change to the lines of a file, then verification."""
    for number in range(6):
        visits.note(visit(f"c{number}"), MAY if number < 3 else JUNE)
    visits.close(JUNE)

    def run(month: str = "", change: Callable[[list[bytes]], list[bytes]] = list) -> Walked:
        if month:
            file = visits.folder / f"{month}.ndjson"
            file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
        return verify_visits(visits.folder, sqlite_record.ring(), visits.heads_file)

    return run


def test_untouched_visits_are_whole_and_go_on_from_month_to_month(meddle: Callable[..., Walked], visits: Visits) -> None:
    found = meddle()
    assert (found.whole, found.visits, found.last_seq, found.notes) == (True, 6, 6, ())
    assert {file.name for file in visits.folder.iterdir()} == {"2026-05.ndjson", "2026-06.ndjson"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in visits.folder.iterdir())


CHANGES: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]], str]] = {
    "a field": ("2026-05", lambda lines: [lines[0].replace(b'"anna"', b'"anne"'), *lines[1:]], "changed"),
    "a number": ("2026-06", lambda lines: [*lines[:1], lines[1].replace(b"7.5", b"7.6"), *lines[2:]], "changed"),
    "a seal taken off": ("2026-06", lambda lines: [*lines[:1], lines[1][: lines[1].index(b',"seq"')] + b"}\n", *lines[2:]], "changed"),
    "a line taken out": ("2026-05", lambda lines: [lines[0], lines[2]], "missing"),
    "a line made unreadable": ("2026-06", lambda lines: [lines[0], b"{\n", lines[2]], "missing"),
    "lines swapped": ("2026-05", lambda lines: [lines[1], lines[0], lines[2]], "missing"),
    "the beginning": ("2026-05", lambda lines: lines[1:], "missing"),
    "the end of a month": ("2026-05", lambda lines: lines[:-1], "missing"),
    "the end": ("2026-06", lambda lines: lines[:-1], "cut"),
    "a whole month": ("2026-06", lambda _: [], "cut"),
    "a key": ("2026-05", lambda lines: [line.replace(b'"key":"k1"', b'"key":"k9"') for line in lines], "foreign-key"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_done_to_the_lines_is_named(meddle: Callable[..., Walked], what: str) -> None:
    month, change, kind = CHANGES[what]
    assert kind in {one.kind for one in meddle(month, change).findings}


def test_a_file_written_anew_by_somebody_without_the_key_is_named(meddle: Callable[..., Walked], visits: Visits) -> None:
    meddle()
    stranger = new_ring()
    for file in visits.folder.iterdir():
        file.unlink()
    other = Visits(visits.folder, lambda: stranger, visits.heads_file.with_name("other"))
    for number in range(6):
        other.note(visit(f"d{number}"), MAY if number < 3 else JUNE)
    assert {one.kind for one in meddle().findings} == {"changed"}


def test_old_months_may_go_and_that_is_told(meddle: Callable[..., Walked], visits: Visits) -> None:
    (visits.folder / "2026-05.ndjson").unlink()
    found = meddle()
    assert (found.whole, found.notes) == (True, ("visits 1 to 3 are no longer kept",))


def test_the_verb_looks_at_both_chains(meddle: Callable[..., Walked], sqlite_record: Record, visits: Visits) -> None:
    asked = ["--record", str(sqlite_record.place.sqlite_file), "--visits", str(visits.folder)]
    done = CliRunner().invoke(audit_app, asked)
    assert (done.exit_code, done.stdout.splitlines()[1]) == (0, "6 visits, 3 signed heads: whole")
    meddle("2026-05", lambda lines: lines[:-1])
    done = CliRunner().invoke(audit_app, asked)
    assert (done.exit_code, "6 visits" in done.stdout, "where visit 3 is due" in done.output) == (1, False, True)
    assert json.loads(CliRunner().invoke(audit_app, [*asked, "--json"]).stdout)["visits"]["findings"][0]["kind"] == "missing"


def test_heads_that_are_gone_or_forged_are_named(meddle: Callable[..., Walked], visits: Visits) -> None:
    heads = visits.heads_file.read_bytes()
    visits.heads_file.write_bytes(heads.replace(b'"seq":6', b'"seq":5'))
    assert {one.kind for one in meddle().findings} == {"forged-head"}
    visits.heads_file.unlink()
    assert {one.kind for one in meddle().findings} == {"heads-missing"}


def test_a_turned_key_seals_from_the_next_signature_on(meddle: Callable[..., Walked], visits: Visits, sqlite_record: Record) -> None:
    sqlite_record.rotate_key(author=ANNA)
    visits.note(visit(), JUNE)
    visits.close(JUNE)
    assert meddle().whole
    assert visits.latest(JUNE)[0].key == "k2"


def test_a_clock_that_is_set_back_stays_in_the_month(meddle: Callable[..., Walked], visits: Visits) -> None:
    visits.note(visit(), MAY)
    visits.close(MAY)
    assert (meddle().whole, len(visits.latest(JUNE))) == (True, 4)


def test_a_torn_line_spoils_no_other(meddle: Callable[..., Walked], visits: Visits, sqlite_record: Record) -> None:
    with (visits.folder / "2026-06.ndjson").open("ab") as stream:
        stream.write(b'{"at":"2026')
    again = Visits(visits.folder, sqlite_record.ring, visits.heads_file)
    again.note(visit("after"), JUNE)
    again.close(JUNE)
    found = meddle()
    assert (found.whole, found.visits, found.notes) == (True, 7, ("1 lines of visits are torn",))


def test_threads_and_programs_write_one_chain(visits: Visits, sqlite_record: Record) -> None:
    others = [Visits(visits.folder, sqlite_record.ring, visits.heads_file) for _ in range(2)]

    def write(number: int) -> None:
        [visits, *others][number % 3].note(visit(f"c{number}"), JUNE)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(300)))
    for one in (visits, *others):
        one.close(JUNE)
    found = verify_visits(visits.folder, sqlite_record.ring(), visits.heads_file)
    assert (found.whole, found.visits) == (True, 300)


def test_a_killed_server_loses_no_visit(sqlite_record: Record, folder_of_visits: Path) -> None:
    code = (
        "import os, sys; from datetime import UTC, datetime; from pathlib import Path; from peritia.store import place_of\n"
        "from peritia.store.keys import read_ring; from peritia.store.visits import Visit, Visits, heads_of\n"
        "place = place_of(sys.argv[1]); visits = Visits(Path(sys.argv[2]), lambda: read_ring(place.key_file), heads_of(place))\n"
        "for number in range(100_000):\n"
        "    visits.note(Visit(at='', account='a', method='GET', route='/', case=f'c{number}', status=200, ms=1), datetime.now(UTC))\n"
        "    os.write(1, f'c{number}\\n'.encode())\n"
    )
    command = [sys.executable, "-c", code, str(sqlite_record.place.sqlite_file), str(folder_of_visits)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(REPO / "src")}) as running:
        assert running.stdout is not None
        heard = b"".join(running.stdout.readline() for _ in range(1_200))
        running.send_signal(signal.SIGKILL)
        heard += running.stdout.read()
    said = heard.decode().splitlines()
    visits = Visits(folder_of_visits, sqlite_record.ring, heads_of(sqlite_record.place))
    visits.note(visit("after"), datetime.now(UTC))
    visits.close(datetime.now(UTC))
    kept = [one.case for one in reversed(visits.latest(datetime.now(UTC), limit=200_000))]
    assert kept[: len(said)] == said
    assert len(kept) - len(said) <= 2
    assert verify_visits(folder_of_visits, sqlite_record.ring(), visits.heads_file).whole


def test_the_latest_are_found_by_case_and_by_account(visits: Visits) -> None:
    for number in range(3_000):
        visits.note(visit(f"c{number % 100}", account="ben" if number % 7 == 0 else "anna"), JUNE)
    found = visits.latest(JUNE, limit=40, case="c7")
    assert [one.seq for one in found[:3]] == [2908, 2808, 2708]
    assert len(found) == 30
    assert all(one.account == "ben" for one in visits.latest(JUNE, limit=40, account="ben"))
    assert visits.latest(MAY) == ()


def test_heads_that_cannot_be_written_are_told_and_made_good(
    visits: Visits, sqlite_record: Record, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.note(visit(), JUNE)
    kept = visits.heads_file.rename(visits.heads_file.with_suffix(".kept"))
    visits.heads_file.mkdir()
    monkeypatch.setattr("peritia.store.visits.BATCH", 1)
    visits.note(visit(), JUNE)
    until = time.monotonic() + 10
    while not caplog.records and time.monotonic() < until:
        time.sleep(0.01)
    assert "HeadNotWritten" in caplog.text
    visits.heads_file.rmdir()
    kept.rename(visits.heads_file)
    visits.note(visit(), JUNE)
    visits.sign(JUNE)
    found = verify_visits(visits.folder, sqlite_record.ring(), visits.heads_file)
    assert (found.whole, found.visits, found.notes) == (True, 3, ())
