"""The verbs in a terminal, a whole life of a record through them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from repository import REPO
from typer.testing import CliRunner

from peritia.case import Case, read_case
from peritia.cli_record import audit_app, record_app
from peritia.errors import PeritiaError

app = typer.Typer()
app.add_typer(record_app, name="record")
app.add_typer(audit_app, name="audit")
PATIENTS = REPO / "src/peritia/patients"

Run = Callable[..., str]


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HOME", str(folder))
    for name in ("PERITIA_RECORD", "PERITIA_KEY", "PERITIA_HEADS", "PERITIA_CENTRE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, code: int = 0, **how: Any) -> str:
        result = CliRunner().invoke(app, [str(one) for one in arguments], **how)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_a_whole_life_of_a_record(run: Run, folder: Path) -> None:
    assert "version" in run("record", "open", PATIENTS / "maria.yaml")
    assert "labs-" in run("record", "add", "maria", "labs", "{analyte: crp, value: 4, unit: mg/L, on: 2026-02-01}")
    entry = run("record", "add", "maria", "labs", "-", input='{"analyte": "cea", "value": 4, "unit": "ug/L"}').split()[-1]
    run("record", "correct", "maria", entry, "{analyte: cea, value: 5, unit: ug/L}", "--reason", "typing")
    run("record", "withdraw", "maria", entry, "--reason", "other patient")
    shown = run("record", "history", "maria", entry)
    assert [line.split()[2] for line in shown.splitlines()] == ["add", "correct", "withdraw"]
    assert "maria" in run("record", "search", "maria")
    assert "labs" in run("record", "history", "maria", "--json")
    assert "whole" in run("audit", "verify")
    assert msgspec.json.decode(run("audit", "verify", "--json"))["findings_total"] == 0
    run("record", "rotate-key")
    run("record", "backup", folder / "backup")
    run("record", "export", folder / "maria.ndjson", "--case", "maria")
    other = folder / "other.sqlite"
    key = folder / ".config/peritia/record.key"
    assert "1 cases" in run("record", "import", folder / "maria.ndjson", "--record", other, "--source-key", key)
    ours = msgspec.json.decode(run("record", "case", "maria"), type=Case)
    assert msgspec.json.decode(run("record", "case", "maria", "--record", other), type=Case) == ours
    (folder / ".local/share/peritia/record.sqlite").unlink()
    assert "proven equal" in run("record", "restore", folder / "backup")
    assert msgspec.json.decode(run("record", "case", "maria"), type=Case) == ours
    assert ours != read_case(PATIENTS / "maria.yaml")
    assert len(ours.labs) == len(read_case(PATIENTS / "maria.yaml").labs) + 1


def test_key_and_heads_lie_apart_from_the_database_and_all_are_private(run: Run, folder: Path) -> None:
    run("record", "open", PATIENTS / "maria.yaml")
    assert {file.stat().st_mode & 0o777 for file in folder.rglob("*") if file.is_file()} == {0o600}
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    assert [name for name in files if not name.endswith(("-wal", "-shm"))] == [
        ".config/peritia/record.key",
        ".local/share/peritia/record.sqlite",
        ".local/state/peritia/record.heads.jsonl",
    ]


def test_verify_ends_with_one_when_the_record_is_not_whole(run: Run, folder: Path) -> None:
    run("record", "open", PATIENTS / "maria.yaml")
    with closing(sqlite3.connect(folder / ".local/share/peritia/record.sqlite")) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET by = 'x' WHERE seq = 3")
        connection.commit()
    assert "NOT whole" in run("audit", "verify", code=1)
    with pytest.raises(PeritiaError):
        run("audit", "verify", "--record", folder / "none.sqlite")


def test_another_centre_finds_nothing(run: Run) -> None:
    run("record", "open", PATIENTS / "maria.yaml", "--centre", "north")
    assert run("record", "search", "--centre", "south") == ""
    assert "maria" in run("record", "search", "--everywhere")
    with pytest.raises(PeritiaError, match="in your centre"):
        run("record", "case", "maria", "--centre", "south")
    with pytest.raises(PeritiaError, match="every centre"):
        run("record", "export", "all.ndjson")
    with pytest.raises(PeritiaError, match="YYYY-MM-DD"):
        run("record", "case", "maria", "--centre", "north", "--as-of", "yesterday")
