"""The manual builds, strictly, with its reference pages printed from the code and the data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

from repository import REPO

from peritia.case.facts import FACTS
from peritia.fhir.codes import code_table
from peritia.knowledge import library
from peritia.manual import write_reference
from peritia.on_record import FURTHER
from peritia.quantities.units_lab import lab_units
from peritia.store.event import ACTIONS, FIELDS, MEANINGS, Action
from peritia.store.sections import CASE_SECTIONS
from peritia.store.visits import VISIT_MEANINGS, Visit


def test_every_fact_treatment_study_and_trial_has_its_place(tmp_path: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in write_reference(tmp_path))
    assert not [name for name in FACTS if f"`{name}`" not in text and name not in text]
    named = [*library().treatments.values(), *library().studies.values(), *library().trials.values()]
    assert not [one.name for one in named if one.name not in text]


def test_the_data_dictionary_names_every_section_field_and_code(tmp_path: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in write_reference(tmp_path)}
    text = pages["dictionary.md"]
    assert (set(FIELDS), set(ACTIONS)) == (set(MEANINGS), set(get_args(Action)))
    assert set(VISIT_MEANINGS) == set(Visit.__struct_fields__)
    for section in (*CASE_SECTIONS.values(), *FURTHER):
        part = text.split(f"{{#section-{section.name}}}")[1].split("\n### ")[0]
        assert not [field for field in section.type.__struct_fields__ if f"| `{field}` |" not in part]
    assert not [name for name in lab_units().analytes if f"`{name}`" not in pages["dictionary-laboratory.md"]]
    codes = [code.code for group in code_table().groups for code in group.codes]
    assert not [code for code in codes if f"`{code}`" not in pages["dictionary-codes.md"]]
    assert "typing." not in text
    assert "<class" not in text


def test_the_manual_builds_strictly(tmp_path: Path) -> None:
    write_reference(REPO / "docs" / "reference")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
