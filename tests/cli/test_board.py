"""The two verbs a newcomer runs, as whole processes: what they write, what they say, how they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repository import REPO

ON = ("--on", "2026-11-21")


def peritia(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "NO_COLOR": "1", "COLUMNS": "160"}
    command = [sys.executable, "-m", "peritia", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_board_writes_dossier_leaflet_and_json_for_a_shipped_patient(tmp_path: Path) -> None:
    done = peritia("board", "maria", *ON, "--out", tmp_path / "board")
    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "board").iterdir()}
    assert {"dossier.html", "dossier.pdf", "leaflet.html", "leaflet.pdf", "assessment.json"} <= written
    assert "PIPAC" in done.stdout
    assert "Not a medical device" in done.stdout


def test_board_prints_the_assessment_as_json(tmp_path: Path) -> None:
    done = peritia("board", "maria", *ON, "--json", cwd=tmp_path)
    assessment = json.loads(done.stdout)
    assert {option["id"] for option in assessment["options"]} >= {"pipac", "crs-hipec", "palliative-care"}
    assert assessment["provenance"]["knowledge_hash"]
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_and_the_case_file_lead_to_the_same_board(tmp_path: Path) -> None:
    bundle = tmp_path / "maria.json"
    assert peritia("bundle", "maria", "--out", bundle).returncode == 0
    one, other = (json.loads(peritia("board", case, *ON, "--json").stdout) for case in ("maria", bundle))
    assert [(o["id"], o["verdict"]) for o in one["options"]] == [(o["id"], o["verdict"]) for o in other["options"]]


BAD = {
    "broken.yaml": (b"primary: {site: colon\nlabs: [", "line"),
    "wrong-type.yaml": (b"primary: {site: colon}\nperformance: [{ecog: good}]\n", "performance"),
    "unknown-field.yaml": (b"primary: {site: colon}\nperfomance: []\n", "performance"),
    "unknown-site.yaml": (b"primary: {site: colonn}\n", "colon"),
    "unit.yaml": (b"primary: {site: colon}\nlabs: [{analyte: creatinine, value: 1, unit: parsec}]\n", "parsec|unit"),
    "not-utf8.yaml": (b"primary: {site: colon}\ntitle: \xff\xfe\n", "UTF-8"),
    "deep.json": (b"[" * 100_000, "deep|nest"),
    "two-values.json": (
        json.dumps(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [
                    {"resource": {"resourceType": "Patient", "id": "p"}},
                    {
                        "resource": {
                            "resourceType": "Observation",
                            "id": "o",
                            "status": "final",
                            "subject": {"reference": "Patient/p"},
                            "code": {"coding": [{"system": "http://loinc.org", "code": "89247-1"}]},
                            "valueInteger": 1,
                            "valueString": "1",
                        }
                    },
                ],
            }
        ).encode(),
        "value",
    ),
    "two-patients.json": (
        json.dumps(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": {"resourceType": "Patient", "id": "p"}}, {"resource": {"resourceType": "Patient", "id": "q"}}],
            }
        ).encode(),
        "patient",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_message_exit_two_and_nothing_written(tmp_path: Path, name: str) -> None:
    import re

    text, said = BAD[name]
    (tmp_path / name).write_bytes(text)
    done = peritia("board", tmp_path / name, *ON, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stdout + done.stderr
    assert re.search(said, done.stderr, re.IGNORECASE), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(200_000_000)
    done = peritia("board", huge, *ON, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "MB" in done.stderr or "bytes" in done.stderr


def test_a_patient_that_is_not_shipped_and_a_day_that_is_none_are_explained(tmp_path: Path) -> None:
    assert "maria" in peritia("board", "mari", *ON, "--out", tmp_path).stderr
    wrong_day = peritia("board", "maria", "--on", "yesterday", "--out", tmp_path)
    assert wrong_day.returncode == 2
    assert "YYYY-MM-DD" in wrong_day.stderr


def test_the_command_line_starts_without_what_only_some_verbs_need() -> None:
    heavy = {"fastapi", "sqlalchemy", "numba", "scipy", "polars", "duckdb", "uvicorn", "pyvista"}
    listing = "import sys, peritia.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src")}
    done = subprocess.run([sys.executable, "-c", listing], env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert heavy & set(done.stdout.split()) == set()
