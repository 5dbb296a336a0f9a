"""The whole library on a million synthetic rows, and beside the reference CQL engine on the same criteria and patients."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.measure import Line, median_seconds
from peritia.cohort import assess_frame, assessment_cql
from peritia.cohort.synthetic import synthetic_facts
from peritia.criteria import compile_many
from peritia.knowledge import library
from peritia.options.formulas import every_formula

ROWS = 1_000_000
PATIENTS = 300
PEER = Path(__file__).parent / "cql_peer"


def run() -> list[Line]:
    """The rows of the table."""
    seconds = bulk_seconds()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    formulas = every_formula(library())
    criteria = sum(len(t.requires) + len(t.excludes) + len(t.cautions) + len(t.applies) for t in library().treatments.values())
    lines = [
        Line(f"{ROWS:,} rows x whole library ({len(formulas)} formulas from {criteria}+ criteria)", f"{seconds:.2f} s", "< 15 s"),
        Line("peak memory of that run", f"{memory:.1f} GB", "< 16 GB"),
    ]
    return lines + cql_lines(ROWS / seconds)


def bulk_seconds() -> float:
    """Verdicts for a million rows, in memory."""
    facts = pl.concat([synthetic_facts(ROWS // 10, seed) for seed in range(10)])
    return median_seconds(lambda: assess_frame(facts, library()), runs=3)


def cql_lines(ours_per_second: float) -> list[Line]:
    """Answers of both CQL engines compared with ours one by one, and speed as a ratio."""
    # CQL's Decimal has eight places: values are rounded well inside them.
    facts = synthetic_facts(PATIENTS, 7, missing=0.2).with_columns(pl.col(pl.Float64).round(3))
    program = compile_many(every_formula(library()))
    ours = program.run(facts)
    asked = facts.select(declaration.name for declaration in program.declarations)
    lines: list[Line] = []
    for name, owed, command in (("cql-execution 3.3.2", ">= 2,000 times", _javascript()), ("ms-cql-sdk 0.7.1", "", _python())):
        if command is None:
            lines.append(Line(f"beside {name}", "not run: it cannot be had here", owed))
            continue
        theirs = _reference(command, asked)
        wrong = sum(
            mine[key] != other[key] for mine, other in zip(ours.iter_rows(named=True), theirs["answers"], strict=True) for key in mine
        )
        per_second = PATIENTS / theirs["evaluate_s"]
        lines += [
            Line(f"answers equal to {name}, {PATIENTS} patients x {ours.width} formulas", f"{wrong} differ", "0"),
            Line(
                "same criteria, patients/s",
                f"{ours_per_second:,.0f}",
                owed,
                f"{name}: {per_second:,.0f}",
                f"{ours_per_second / per_second:,.0f} x",
            ),
        ]
    return lines


def _javascript() -> list[str] | None:
    """The reference engine, put in place where Node is there."""
    if shutil.which("npm") is None:
        return None
    if not (PEER / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], cwd=PEER, check=True, capture_output=True)
    return ["node", "run.mjs"]


def _python() -> list[str] | None:
    """The engine from PyPI in an environment of its own, put in place where it installs."""
    python = PEER / ".venv" / "bin" / "python"
    if not (PEER / ".venv" / "installed").is_file():
        made = subprocess.run([sys.executable, "-m", "venv", str(PEER / ".venv")], check=False, capture_output=True)
        wanted = ["-m", "pip", "install", "--quiet", "ms-cql-sdk==0.7.1"]
        if made.returncode or subprocess.run([str(python), *wanted], check=False, capture_output=True).returncode:
            return None
        (PEER / ".venv" / "installed").touch()
    return [str(python), "run_ms.py"]


def _reference(command: list[str], facts: pl.DataFrame) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        cql, patients = Path(folder) / "library.cql", Path(folder) / "patients.json"
        cql.write_text(assessment_cql(), encoding="utf-8")
        patients.write_text(json.dumps(facts.to_dicts()), encoding="utf-8")
        done = subprocess.run([*command, str(cql), str(patients)], cwd=PEER, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
