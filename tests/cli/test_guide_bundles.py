"""The two bundles of the mCODE guide, as they are, from the command line to a dossier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peritia.cli import app


@pytest.mark.parametrize("name", ["Bundle-mcode-patient-bundle-jenny-m", "Bundle-gx-genomic-bundle-adam-anyperson"])
def test_a_bundle_of_the_guide_becomes_a_dossier(name: str, shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "mcode-ig" / "stu4-examples-json" / f"{name}.json"
    result = CliRunner().invoke(app, ["board", str(source), "--on", "2026-11-21", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert {file.name for file in tmp_path.iterdir()} >= {"dossier.html", "dossier.pdf", "assessment.json"}
    verdicts = {option["id"]: option["verdict"] for option in json.loads((tmp_path / "assessment.json").read_bytes())["options"]}
    assert verdicts["palliative-care"] == "open"
    assert "open" not in {verdict for id_, verdict in verdicts.items() if id_ not in ("palliative-care", "clinical-trial")}


def test_without_a_primary_its_site_is_among_the_first_things_to_ask(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "mcode-ig" / "stu4-examples-json" / "Bundle-gx-genomic-bundle-adam-anyperson.json"
    assert CliRunner().invoke(app, ["board", str(source), "--on", "2026-11-21", "--out", str(tmp_path)]).exit_code == 0
    asked = [ask["fact"] for ask in json.loads((tmp_path / "assessment.json").read_bytes())["ask_next"]]
    assert "primary_site" in asked[:3]
