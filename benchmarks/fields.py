"""Whole field simulations through ``peritia simulate``: seconds and peak memory; and how far the quasi-steady bath is from the transient.

``python -m benchmarks.fields [--agreement]``. Each run is a process of its own, from reading the plan to the last figure, on the shipped
parametric abdomen. Processor seconds stand beside wall seconds, since machines are shared.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from benchmarks.measure import Line, machine, median_seconds, table
from peritia.delivery import HipecPlan, anatomy_for, read_plan, simulate
from peritia.delivery.hipec_field import QUASI_STEADY, TRANSIENT, simulate_hipec_field
from peritia.delivery.plan import Addition
from peritia.delivery.provenance import Parameters
from peritia.delivery.simulate import placed

CASE = "maria"
HIPEC_60 = "hipec-cisplatin-75-chipor"
COMPARED = ("bath_mean_c", "bath_end_c", "outflow_end_c", "coldest_twentieth_c", "warmest_twentieth_c", "core_peak_c", "heat_loss_w")


@dataclass(frozen=True)
class Run:
    """One simulation: what it is called, the plan, options of the verb, and what is owed (s)."""

    what: str
    plan: str
    options: tuple[str, ...]
    owed_s: float


RUNS = (
    Run("field PIPAC, 4 mm, 100,000 parcels", "pipac", ("--fidelity", "field", "--spacing", "4"), 60.0),
    Run("field HIPEC, 6 mm", "hipec", ("--fidelity", "field", "--spacing", "6"), 120.0),
    Run("field HIPEC, 3 mm", "hipec", ("--fidelity", "field", "--spacing", "3"), 300.0),
)


def verb(*words: str) -> list[str]:
    """The command line of this environment."""
    return [str(Path(sys.executable).with_name("peritia")), *words]


def plans(place: Path, hipec: str) -> None:
    """A plan of each kind for a shipped patient."""
    for kind, regimen in (("pipac", ()), ("hipec", ("--regimen", hipec))):
        subprocess.run(verb("plan", kind, "--case", CASE, *regimen, "--out", str(place / f"{kind}.yaml")), check=True, capture_output=True)


def timed(run: Run, place: Path) -> Line:
    """Run once; peak memory is that of the largest process so far, so the small runs come first."""
    out = place / run.what.replace(" ", "-").replace(",", "")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(verb("simulate", str(place / f"{run.plan}.yaml"), "--out", str(out), *run.options), check=True, capture_output=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figure = f"{wall:.1f} s, {processor:.1f} s of processor, peak {after.ru_maxrss / 1e6:.2f} GB, load {os.getloadavg()[0]:.1f}"
    return Line(run.what, figure, f"{run.owed_s:.0f} s", "", f"{wall / run.owed_s:.2f} of what is owed")


def fast(place: Path, kind: str) -> Line:
    """The fast fidelity within a running program: cavity at 4 mm made, simulated."""
    plan = read_plan(place / f"{kind}.yaml")
    seconds = median_seconds(lambda: simulate(plan, anatomy_for(plan)), 3)
    cavity = anatomy_for(plan)
    alone = median_seconds(lambda: simulate(plan, cavity), 3)
    return Line(f"fast {kind.upper()}, 4 mm", f"{alone:.2f} s, with the cavity made {seconds:.2f} s, load {os.getloadavg()[0]:.1f}", "1 s")


def agreement(place: Path, spacing_mm: float) -> list[Line]:
    """Quasi-steady beside transient over the first minutes, where all changes fastest."""
    found = read_plan(place / "hipec.yaml")
    assert isinstance(found, HipecPlan)
    anatomy = anatomy_for(found, spacing_m=spacing_mm / 1000)
    tips = [tuple(placed(anatomy, one) for one in way) for way in (found.inflows, found.outflows)]
    drugs = tuple(msgspec.structs.replace(one, additions=(Addition(share=1.0),)) for one in found.drugs)
    short = msgspec.structs.replace(found, drugs=drugs, minutes=5.0, preheat_minutes=1.0)
    quick, full = (
        simulate_hipec_field(short, anatomy, tips[0], tips[1], Parameters(), lambda _what, _part: None, how)
        for how in (QUASI_STEADY, TRANSIENT)
    )
    return [
        Line(f"{name}, {spacing_mm:.0f} mm, 6 min", f"{quick.numbers[name]:.3f}", "", f"transient {full.numbers[name]:.3f}")
        for name in COMPARED
    ]


def main() -> None:
    """Print the tables for ``benchmarks/RESULTS.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regimen", default=HIPEC_60, help="the HIPEC regimen")
    parser.add_argument("--only", default="", help="runs whose name holds this")
    parser.add_argument("--agreement", action="store_true", help="also quasi-steady beside transient at 6 mm (a minute or two)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        plans(place, options.regimen)
        print(f"## Field simulations ({machine(date.today())})\n")
        lines = [fast(place, kind) for kind in ("pipac", "hipec") if options.only in "fast"]
        print(table(lines + [timed(run, place) for run in RUNS if options.only in run.what]))
        if options.agreement:
            print("\n" + table(agreement(place, 6.0)))


if __name__ == "__main__":
    main()
