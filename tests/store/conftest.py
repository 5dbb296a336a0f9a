"""A record to test on SQLite always, on a real Postgres where Debian's is installed, with a clock that the test winds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from postgres_server import Postgres
from store_cast import Clock

from peritia.store import Place, Record, place_of


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("Postgres is absent: scripts/install-test-tools.sh installs Debian's package")
    server = Postgres(programs[-1].parent)
    yield server
    server.stop("immediate")
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Place]:
    """Makes places for new records, on each engine in turn."""
    numbers = count(1)

    def make() -> Place:
        folder = tmp_path / f"place{next(numbers)}"
        if request.param == "sqlite":
            return place_of(folder / "record.sqlite")
        server: Postgres = request.getfixturevalue("postgres")
        return place_of(server.new_database(), key_file=folder / "record.key", heads_file=folder / "record.heads.jsonl")

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
def sqlite_place(tmp_path: Path) -> Place:
    return place_of(tmp_path / "own" / "record.sqlite")


@pytest.fixture
def sqlite_record(sqlite_place: Place, clock: Clock) -> Iterator[Record]:
    with Record.open(sqlite_place, clock=clock) as opened:
        yield opened
