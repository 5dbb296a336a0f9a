"""A record to test on SQLite always, on a real Postgres where Debian's is installed, with a clock that the test winds."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from peritia.store import Place, Record, place_of

from .postgres_server import Postgres
from .store_cast import Clock


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: these tests flush thousands of writes, and no power is cut in them."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="peritia-store-", dir=memory))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def new_place(request: pytest.FixtureRequest, folder: Path) -> Callable[[], Place]:
    """Makes places for new records, on each engine in turn."""
    numbers = count(1)

    def make() -> Place:
        own = folder / f"place{next(numbers)}"
        if request.param == "sqlite":
            return place_of(own / "record.sqlite")
        server: Postgres = request.getfixturevalue("postgres")
        return place_of(server.new_database(), key_file=own / "record.key", heads_file=own / "record.heads.jsonl")

    return make


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(new_place: Callable[[], Place]) -> Place:
    return new_place()


@pytest.fixture
def record(place: Place, clock: Clock) -> Iterator[Record]:
    with Record.open(place, clock=clock) as opened:
        yield opened


@pytest.fixture
def sqlite_place(folder: Path) -> Place:
    return place_of(folder / "own" / "record.sqlite")


@pytest.fixture
def sqlite_record(sqlite_place: Place, clock: Clock) -> Iterator[Record]:
    with Record.open(sqlite_place, clock=clock) as opened:
        yield opened
