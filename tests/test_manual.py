"""The manual builds, strictly, with its reference pages printed from the code and the data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from repository import REPO

from peritia.case.facts import FACTS
from peritia.knowledge import library
from peritia.manual import write_reference


def test_every_fact_treatment_study_and_trial_has_its_place(tmp_path: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in write_reference(tmp_path))
    assert not [name for name in FACTS if f"`{name}`" not in text and name not in text]
    named = [*library().treatments.values(), *library().studies.values(), *library().trials.values()]
    assert not [one.name for one in named if one.name not in text]


def test_the_manual_builds_strictly(tmp_path: Path) -> None:
    write_reference(REPO / "docs" / "reference")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
