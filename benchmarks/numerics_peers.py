"""Our flow step, parcels and columns beside their peers, in the same run: ``python -m benchmarks.numerics_peers [--scaling] [--pairs N]``.

Flow: the tank of ``validation.tank`` on a finer grid, beside buoyantBoussinesqPimpleFoam with the same cells, step and scalar. Parcels: the
frozen jet of ``validation.cloud``, beside icoUncoupledKinematicParcelFoam. Columns: beside SciPy, one by one. Each pair runs one after
the other, several times; the ratio is the median over pairs, since the machine is shared. Processor seconds stand beside wall seconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.measure import Line, machine, table
from peritia.numerics import (
    Air,
    Boundary,
    Columns,
    Flow,
    Inlet,
    Outlet,
    Profile,
    Scalar,
    advance,
    boundary_faces,
    box,
    cloud,
    fixed_walls,
    graded_edges,
)
from peritia.numerics.reference import columns as scipy_columns
from validation import cloud as jet
from validation import openfoam, tank

BOX = (72, 54, 36)  # 2.78 mm: a multiple of the tank's openings
STEP, OUR_STEPS, THEIR_STEPS = 3e-3, 40, 25
PARCEL_COUNT, PARCEL_STEP, PARCEL_STEPS = 100_000, 2e-4, 100
COLUMN_COUNT, COLUMN_NODES, COLUMN_STEP, COLUMN_STEPS = 20_000, 80, 5.0, 720


@dataclass(frozen=True)
class Used:
    """Wall and processor seconds per unit of work."""

    wall: float
    processor: float


def timed(run: Callable[[], object], units: float) -> Used:
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return Used((time.perf_counter() - wall) / units, (time.process_time() - processor) / units)


def our_tank(cells: tuple[int, int, int], threads: bool) -> tuple[Flow, Scalar]:
    """The tank of X1 on any grid whose cells divide its openings."""
    grid = box(cells, (tank.LENGTHS[0] / cells[0], tank.LENGTHS[1] / cells[1], tank.LENGTHS[2] / cells[2]))
    faces = boundary_faces(grid)
    centres = faces.centres(grid)
    inlet, outlet = tank.within(centres, tank.INLET), tank.within(centres, tank.OUTLET)
    boundary = Boundary(grid, (Inlet(faces.where(inlet), tank.inlet_speed()), Outlet(faces.where(outlet))))
    lift = (0.0, 0.0, tank.EXPANSION * tank.GRAVITY)
    flow = Flow(boundary, tank.VISCOSITY, buoyancy=lift, dtype=np.float32, threads=threads)
    diffusivity = tank.VISCOSITY / tank.PRANDTL
    walls = fixed_walls(grid, faces.where(~inlet & ~outlet), diffusivity, 0.0)
    warm = (tank.WARM - tank.WALL,)
    return flow, Scalar(boundary, 0.0, diffusivity, inflow=warm, exchange=walls, dtype=np.float32, threads=threads)


def our_steps(flow: Flow, heat: Scalar, step: float, count: int) -> None:
    for _ in range(count):
        flow.step(step, heat.values, relative=1e-2)
        heat.step((flow.fields[0], flow.fields[1], flow.fields[2]), step)


def theirs_by_step(case: Path, solver: str, ranks: int) -> Used:
    """Run a prepared case on one or two ranks; the first ten steps do not count. Processor seconds: the first rank's, times the ranks."""
    command = (solver, "-noFunctionObjects") if ranks == 1 else ("mpirun", "-np", str(ranks), "--oversubscribe", solver, "-parallel")
    stamps = openfoam.step_stamps(case, *command)
    processor, steps = openfoam.processor_per_step((case / f"log.{solver}").read_text())
    return Used((stamps[-1] - stamps[10]) / (steps - 11), processor * ranks)


def flow_lines(pairs: int, ranks: int, place: Path) -> list[Line]:
    """Seconds per flow step with its scalar; the peer's seconds are processor seconds of each of its ranks."""
    case, peer = place / "tank", f"OpenFOAM, {ranks} ranks" if ranks > 1 else "OpenFOAM, both on one core"
    tank.write_case(case, STEP * THEIR_STEPS, BOX, STEP)
    tank.mesh(case)
    openfoam.run(case, "decomposePar")
    flow, heat = our_tank(BOX, ranks > 1)
    our_steps(flow, heat, STEP, THEIR_STEPS)
    mine: list[Used] = []
    theirs: list[Used] = []
    for _ in range(pairs):
        theirs.append(theirs_by_step(case, "buoyantBoussinesqPimpleFoam", ranks))
        mine.append(timed(lambda: our_steps(flow, heat, STEP, OUR_STEPS), OUR_STEPS))
    cells = f"{flow.grid.cells:,} cells, step {STEP * 1e3:.0f} ms"
    return [
        paired(f"Flow step with heat ({cells}), wall", [used.wall for used in mine], [used.wall for used in theirs], peer, 40),
        paired("the same, processor seconds", [used.processor for used in mine], [used.processor for used in theirs], peer, 40),
    ]


def paired(what: str, mine: list[float], theirs: list[float], peer: str, owed: int) -> Line:
    """One line: medians, and the median, smallest and largest ratio of the pairs."""
    ratios = [b / a for a, b in zip(mine, theirs, strict=True)]
    low, high = min(ratios), max(ratios)
    figure, beside = f"{statistics.median(mine) * 1e3:.3g} ms", f"{peer}: {statistics.median(theirs) * 1e3:.3g} ms"
    return Line(what, figure, f"{owed}x", beside, f"{statistics.median(ratios):.0f}x ({low:.0f} to {high:.0f})")


def many_places() -> np.ndarray:
    """Starting places spread over the jet's box."""
    spread = np.random.default_rng(5).random((PARCEL_COUNT, 3))
    return 5e-3 + spread * (np.array(jet.LENGTHS) - 1e-2)


def parcel_lines(pairs: int, ranks: int, place: Path) -> list[Line]:
    """Seconds per million parcel steps in the frozen jet (20 um), at one step length."""
    case, places = place / "cloud", many_places()
    peer = f"OpenFOAM, {ranks} ranks" if ranks > 1 else "OpenFOAM, both on one core"
    jet.write_case(case, 20e-6, places, PARCEL_STEP * PARCEL_STEPS, PARCEL_STEP, 1)
    openfoam.run(case, "blockMesh")
    openfoam.write(case, "system/decomposeParDict", "numberOfSubdomains 2; method simple; simpleCoeffs { n (1 2 1); delta 0.001; }")
    openfoam.run(case, "decomposePar")
    velocity = jet.frozen_jet()
    air = Air(Boundary(velocity.grid), velocity, gravity=(0.0, 0.0, -9.81))
    relaxation = float(np.asarray(jet.relaxation_time(20e-6, jet.DROPLET_DENSITY, jet.GAS_DENSITY * jet.GAS_VISCOSITY)))
    parcels = cloud(places, np.zeros_like(places), relaxation, reynolds_per_speed=20e-6 / jet.GAS_VISCOSITY)
    until, units = PARCEL_STEP * PARCEL_STEPS * 10, PARCEL_COUNT * PARCEL_STEPS * 10 / 1e6

    def ours() -> object:
        return advance(parcels, air, until, longest_step=PARCEL_STEP, threads=ranks > 1)

    ours()
    mine: list[Used] = []
    theirs: list[Used] = []
    for _ in range(pairs):
        theirs.append(theirs_by_step(case, "icoUncoupledKinematicParcelFoam", ranks))
        mine.append(timed(ours, units))
    what = f"{PARCEL_COUNT:,} parcels, a million steps, wall"
    other = [Used(used.wall / PARCEL_COUNT * 1e6, used.processor / PARCEL_COUNT * 1e6) for used in theirs]
    return [
        paired(what, [used.wall for used in mine], [used.wall for used in other], peer, 50),
        paired("the same, processor seconds", [used.processor for used in mine], [used.processor for used in other], peer, 50),
    ]


def column_lines(pairs: int, threads: bool) -> list[Line]:
    """Seconds for 20,000 columns of 80 nodes over 60 minutes; SciPy does 40 of them and is scaled."""
    profile = Profile(graded_edges(1e-5, 4e-3, COLUMN_NODES), 2.5e-10, sink=1.2e-3)
    few = 4

    def ours() -> None:
        columns = Columns(profile, COLUMN_COUNT, threads=threads)
        for _ in range(COLUMN_STEPS):
            columns.step(COLUMN_STEP, 1.0)

    def theirs() -> None:
        for _ in range(few):
            free, bound = np.zeros(COLUMN_NODES), np.zeros(COLUMN_NODES)
            for _ in range(COLUMN_STEPS):
                free, bound = scipy_columns.implicit_step(profile, free, bound, 1.0, COLUMN_STEP)

    def adaptive() -> None:
        for _ in range(few):
            scipy_columns.accurate(profile, 1.0, 3600.0)

    Columns(profile, COLUMN_COUNT, threads=threads).step(COLUMN_STEP, 1.0)
    mine, banded, stiff = [], [], []
    for _ in range(pairs):
        mine.append(timed(ours, COLUMN_COUNT))
        banded.append(timed(theirs, few))
        stiff.append(timed(adaptive, few))
    what = f"A column of {COLUMN_NODES} nodes over 60 min in {COLUMN_STEPS} steps, one of {COLUMN_COUNT:,}, processor seconds"
    return [
        paired(what, [used.processor for used in mine], [used.processor for used in banded], "SciPy solve_banded, same steps", 10),
        paired("the same", [used.processor for used in mine], [used.processor for used in stiff], "SciPy BDF to 1e-8, dense", 10),
    ]


def scaling_lines() -> list[Line]:
    """Milliseconds per flow step with heat from 8 mm to 2 mm in a box of 200 x 152 x 104 mm, and per simulated second at Courant 0.5."""
    lines: list[Line] = []
    for millimetres in (8, 4, 2):
        cells = (200 // millimetres, 152 // millimetres, 104 // millimetres)
        grid = box(cells, millimetres * 1e-3)
        faces = boundary_faces(grid)
        centres = faces.centres(grid)
        near = np.all(np.abs(centres[:, 1:] - np.array([0.072, 0.048])) < 0.008, axis=1)
        inlet, outlet = faces.where(near & (centres[:, 0] < 1e-6)), faces.where(near & (centres[:, 0] > 0.2 - 1e-6))
        speed = tank.RATE / float(inlet.areas(grid).sum())
        boundary = Boundary(grid, (Inlet(inlet, speed), Outlet(outlet)))
        lift = (0.0, 0.0, tank.EXPANSION * tank.GRAVITY)
        flow = Flow(boundary, tank.VISCOSITY, buoyancy=lift, reference_temperature=tank.WALL, dtype=np.float32)
        heat = Scalar(boundary, tank.WALL, tank.VISCOSITY, inflow=(tank.WARM,), dtype=np.float32)
        step = 0.4 * millimetres * 1e-3 / speed
        our_steps(flow, heat, step, 20)
        used = timed(lambda f=flow, h=heat, s=step: our_steps(f, h, s, 30), 30)
        figure = f"{used.wall * 1e3:.2f} ms a step, {used.wall / step:.2f} s a simulated second"
        lines.append(Line(f"{millimetres} mm, {grid.cells:,} cells", figure, "", f"{used.wall / grid.cells * 1e9:.0f} ns a cell and step"))
    return lines


def main() -> None:
    """Print the tables for ``benchmarks/RESULTS.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--ranks", type=int, default=2, choices=(1, 2), help="OpenFOAM's ranks; 1 also keeps ours to one thread")
    parser.add_argument("--scaling", action="store_true", help="also 8, 4 and 2 mm")
    options = parser.parse_args()
    lines = column_lines(options.pairs, options.ranks > 1)
    if openfoam.present():
        with tempfile.TemporaryDirectory() as place:
            lines += flow_lines(options.pairs, options.ranks, Path(place))
            lines += parcel_lines(options.pairs, options.ranks, Path(place))
    else:
        print("OpenFOAM is not installed: its lines are left out.\n")
    print(f"## Numerics beside peers ({machine(date.today())})\n")
    print(table(lines))
    if options.scaling:
        print("\n" + table(scaling_lines()))


if __name__ == "__main__":
    main()
