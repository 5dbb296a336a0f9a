"""The board of a case on record: the same as of its file, as of a day, and as it was known on a day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from peritia.case.condition import Performance
from peritia.cli import app
from peritia.errors import PeritiaError
from peritia.patients import read
from peritia.store import Author, Record, place_of

ON = "2026-11-21"
ANNA = Author(by="anna", role="clinician", client="test", centre="north")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Maria, opened on the first of November; on the twentieth somebody writes that she lay in bed the day before."""
    moment = [datetime(2026, 11, 1, 8, tzinfo=UTC)]
    with Record.open(place_of(tmp_path / "r.sqlite"), clock=lambda: moment[0]) as made:
        made.open_case(read("maria"), author=ANNA)
        moment[0] = datetime(2026, 11, 20, 8, tzinfo=UTC)
        made.add("maria", "performance", Performance(ecog=4, on=date(2026, 11, 19)), author=ANNA)
    return tmp_path / "r.sqlite"


@pytest.fixture
def board() -> Callable[..., dict[str, Any]]:
    def run(*words: object) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["board", *map(str, words), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def ecog(assessment: dict[str, Any]) -> object:
    return next(fact["value"] for fact in assessment["facts"] if fact["name"] == "ecog")


def test_as_known_before_the_entry_it_is_the_board_of_the_file(record: Path, board: Callable[..., dict[str, Any]]) -> None:
    known = board("maria", "--record", record, "--centre", "north", "--on", ON, "--as-known", "2026-11-19")
    assert known["options"] == board("maria", "--on", ON)["options"]


def test_what_was_written_later_counts_from_its_own_day_on(record: Path, board: Callable[..., dict[str, Any]]) -> None:
    asked = ("maria", "--record", record, "--centre", "north")
    before = ecog(board("maria", "--on", ON))
    assert before != 4
    assert ecog(board(*asked, "--on", ON)) == 4
    assert ecog(board(*asked, "--on", "2026-11-18")) == before
    assert ecog(board(*asked, "--on", ON, "--as-known", "2026-11-20")) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("maria", "--as-known", "2026-11-19"), "without --record"),
        (("maria", "--record", "{}", "--centre", "south"), "no case 'maria' in your centre"),
        (("maria", "--record", "{}.none"), "no record r.sqlite.none"),
        (("maria", "--record", "{}", "--centre", "north", "--as-known", "yesterday"), "for --as-known"),
        (("maria", "--record", "{}", "--centre", "north", "--as-known", "2026-10-01"), "at that time"),
    ],
)
def test_what_the_record_cannot_answer_is_said(
    record: Path, board: Callable[..., dict[str, Any]], words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(PeritiaError, match=said):
        board(*(word.format(record) for word in words))
    assert {path.name for path in record.parent.iterdir()} == {"r.sqlite", "r.key", "r.heads.jsonl"}
