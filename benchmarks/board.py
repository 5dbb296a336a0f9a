"""One patient: the cold command, the warm assessment, and bundles from a file to verdicts."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.fhir_bundles import synthetic_bundles
from benchmarks.measure import Line, command_seconds, median_seconds
from peritia.case import facts
from peritia.cohort import assess_file
from peritia.options import assess
from peritia.patients import names, read

ON = date(2026, 11, 21)
SHORT, LONG = 120_000, 20_000


def run() -> list[Line]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        board = [sys.executable, "-m", "peritia", "board", names()[0], "--on", ON.isoformat(), "--out", folder]
        cold = command_seconds(board)
        short = SHORT / bundle_seconds(Path(folder), SHORT, short=True)
        long = LONG / bundle_seconds(Path(folder), LONG, short=False)
    cases = {name: facts(read(name), ON) for name in names()}
    warm = max(median_seconds(lambda given=given: assess(given, ON)) for given in cases.values())
    return [
        Line("`peritia board`, cold, HTML and PDF", f"{cold:.2f} s", "< 3 s"),
        Line(f"warm assessment, all reasons and missing sets, slowest of {len(cases)} patients", f"{warm * 1000:.1f} ms", "< 30 ms"),
        Line(f"FHIR bundles of 9 resources, 5.9 kB, to written verdicts; {SHORT:,}", f"{short:,.0f} patients/s", ">= 10,000 patients/s"),
        Line(f"FHIR bundles of 34 resources, 20.6 kB, to written verdicts; {LONG:,}", f"{long:,.0f} patients/s", ">= 10,000 patients/s"),
    ]


def bundle_seconds(folder: Path, count: int, *, short: bool) -> float:
    """From an NDJSON file to a Parquet file of verdicts, processes and their start included."""
    source = folder / "bundles.ndjson"
    source.write_bytes(b"\n".join(synthetic_bundles(count, 1, short=short)))
    return median_seconds(lambda: assess_file(source, folder / "verdicts.parquet", on=ON), runs=3)
