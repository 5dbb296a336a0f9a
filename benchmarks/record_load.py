"""A record of 100,000 cases and 2 million events, and how fast it takes, replays, finds and verifies.

``python -m benchmarks.record_load FOLDER [CASES] [EVENTS_A_CASE] [--url URL]`` makes the record in a folder (kept for load tests of the
pages) and prints the table. The generator goes past the checks of a single write: it seals and stores in batches what ``Record`` would have
stored one by one. The rate of acknowledged single writes is measured apart, through ``Record``.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.measure import Line, machine, table
from peritia.case.condition import Lab
from peritia.patients import names, read
from peritia.store import Author, Place, Record, Scope, place_of
from peritia.store.audit import verify
from peritia.store.database import writing
from peritia.store.heads import append_head
from peritia.store.index import rebuild
from peritia.store.ledger import Ledger, Note
from peritia.store.sections import CASE_SECTIONS, entries_of, payload_of, plain_of

CENTRES = ("north", "south", "east", "west")
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
BATCH = 500


def notes_of(case_id: str, number: int, count: int, templates: list[list[tuple[str, str, str]]]) -> Iterator[Note]:
    """A synthetic case: a shipped patient's first entries under another title, then laboratory results month by month."""
    template = templates[number % len(templates)]
    chance = random.Random(number)
    opening = template[: max(3, min(len(template), count - 2))]
    for version, (section, payload, so_on) in enumerate(opening, start=1):
        if section == "about":
            payload = msgspec.json.encode({"title": f"Patient {number}: {section_title(chance)}"}).decode()
        yield Note(
            case_id=case_id, version=version, action="add", section=section, entry=f"{section}-{version}", payload=payload, so_on=so_on
        )
    for version in range(len(opening) + 1, count + 1):
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(2000))
        payload = f'{{"analyte":"cea","on":"{day}","unit":"ug/L","value":{chance.uniform(1, 90):.1f}}}'
        yield Note(
            case_id=case_id,
            version=version,
            action="add",
            section="labs",
            entry=f"labs-{version}",
            payload=payload,
            so_on=day.isoformat(),
        )


def section_title(chance: random.Random) -> str:
    """Words to search for."""
    return " ".join(chance.sample(["colon", "ovary", "relapse", "ascites", "limited", "diffuse", "second", "line", "PIPAC", "HIPEC"], 4))


def generate(record: Record, cases: int, events: int) -> float:
    """Fill the record; events a second."""
    templates = [
        [(section, *payload_of(CASE_SECTIONS, section, plain_of(entry))) for section, entry in entries_of(read(name))] for name in names()
    ]
    started, at = time.perf_counter(), START
    for first in range(0, cases, BATCH):
        with writing(record.engine) as connection:
            ledger = Ledger(connection, record.ring, at)
            for number in range(first, min(cases, first + BATCH)):
                at += timedelta(seconds=90)
                author = Author(by=f"user{number % 40}", role="data-manager", client="load", centre=CENTRES[number % len(CENTRES)])
                ledger.put(list(notes_of(f"p{number:06}", number, events, templates)), author)
            head = ledger.head()
        append_head(record.place.heads_file, head)
    with writing(record.engine) as connection:
        rebuild(connection)
    return cases * events / (time.perf_counter() - started)


def milliseconds(run: Callable[[int], object], times: int) -> tuple[float, float]:
    """Median and 99th percentile."""
    found: list[float] = []
    for number in range(times):
        started = time.perf_counter()
        run(number)
        found.append((time.perf_counter() - started) * 1e3)
    return statistics.median(found), sorted(found)[int(0.99 * (times - 1))]


def measure(record: Record, cases: int, events: int, rate: float | None) -> list[Line]:
    """The table's rows."""
    chance, everywhere = random.Random(1), Scope.everywhere()
    some = [f"p{chance.randrange(cases):06}" for _ in range(200)]
    author = Author(by="load", role="data-manager", client="load", centre="north")
    own = [case_id for case_id in some if int(case_id[1:]) % len(CENTRES) == 0]
    lab = Lab(analyte="cea", value=3, unit="ug/L", on=date(2026, 1, 1))
    lines = [] if rate is None else [Line("record: generated events (sealed, stored, indexed)", f"{rate:,.0f}/s")]

    def row(what: str, run: Callable[[int], object], times: int, owed: str = "") -> None:
        median, tail = milliseconds(run, times)
        lines.append(Line(f"record of {cases:,} cases: {what}", f"{median:.1f} ms (99 %: {tail:.1f})", owed))

    row(f"replay of a case of {events} events", lambda n: record.case(some[n], scope=everywhere), 200, "20 ms")
    row("replay as known on a day", lambda n: record.case(some[n], scope=everywhere, known_on=date(2025, 1, 1)), 200, "20 ms")
    row("first page of a centre", lambda _: record.search(scope=Scope.of("south")), 50, "200 ms")
    row("search by word, one centre", lambda _: record.search("ascites relapse", scope=Scope.of("south")), 50, "200 ms")
    row("search by word that is rare, all centres", lambda n: record.search(f"{n + 31_000}:", scope=everywhere), 30, "200 ms")
    row("search that finds nothing", lambda _: record.search("no such words", scope=everywhere), 30, "200 ms")
    row("search by id", lambda n: record.search(some[n], scope=everywhere), 50, "200 ms")
    row("one acknowledged write", lambda n: record.add(own[n % len(own)], "labs", lab, author=author), 100)
    return lines


def main() -> None:
    """Make the record where none is, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", type=int, nargs="?", default=100_000)
    parser.add_argument("events", type=int, nargs="?", default=20)
    parser.add_argument("--url", help="A Postgres database instead of a SQLite file in the folder.")
    given = parser.parse_args()
    files = {"key_file": given.folder / "record.key", "heads_file": given.folder / "record.heads.jsonl"}
    place: Place = place_of(given.url or given.folder / "record.sqlite", **files)
    moment = [datetime(2026, 1, 1, tzinfo=UTC)]

    def clock() -> datetime:
        moment[0] += timedelta(seconds=1)
        return moment[0]

    with Record.open(place, clock=lambda: START) as record:
        last = record.head()
        rate = generate(record, given.cases, given.events) if last is not None and last.seq == 1 else None
    with Record.open(place, clock=clock) as record:
        lines = measure(record, given.cases, given.events, rate)
        started = time.perf_counter()
        found = verify(record.engine, record.ring(), place)
        took = time.perf_counter() - started
        lines.append(Line("record: verification of the whole chain", f"{found.events / took:,.0f} events/s, {took:.0f} s"))
    if not found.whole:
        sys.exit(f"not whole: {found.findings[0]}")
    print(f"## {machine(date.today())}, {place.url.get_backend_name()}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
