"""The whole library on a million synthetic rows, and beside the reference CQL engine on the same criteria and patients."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

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
    """Answers compared one by one with cql-execution; speed as a ratio. Says so where Node is absent."""
    if shutil.which("npm") is None:
        return [Line("beside cql-execution", "not run: no Node here", ">= 2,000 times")]
    if not (PEER / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], cwd=PEER, check=True, capture_output=True)
    # CQL's Decimal has eight places: values are rounded well inside them.
    facts = synthetic_facts(PATIENTS, 7, missing=0.2).with_columns(pl.col(pl.Float64).round(3))
    program = compile_many(every_formula(library()))
    ours = program.run(facts)
    theirs = _reference(facts.select(declaration.name for declaration in program.declarations))
    wrong = sum(
        mine[name] != answer[name] for mine, answer in zip(ours.iter_rows(named=True), theirs["answers"], strict=True) for name in mine
    )
    theirs_per_second = PATIENTS / theirs["evaluate_s"]
    return [
        Line(f"answers equal to cql-execution, {PATIENTS} patients x {ours.width} formulas", f"{wrong} differ", "0"),
        Line(
            "same criteria, patients/s",
            f"{ours_per_second:,.0f}",
            ">= 2,000 times",
            f"cql-execution 3.3.2: {theirs_per_second:,.0f}",
            f"{ours_per_second / theirs_per_second:,.0f} x",
        ),
    ]


def _reference(facts: pl.DataFrame) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        cql, patients = Path(folder) / "library.cql", Path(folder) / "patients.json"
        cql.write_text(assessment_cql(), encoding="utf-8")
        patients.write_text(json.dumps(facts.to_dicts()), encoding="utf-8")
        done = subprocess.run(["node", "run.mjs", str(cql), str(patients)], cwd=PEER, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)
