"""X1: a warm jet into a box tank. The same case in OpenFOAM (buoyantBoussinesqPimpleFoam) and in ours.

A 3 L tank of 200 x 150 x 100 mm; 1.5 L/min at 43 °C enter through two by two cells (8.33 mm square) of the wall x = 0; the outlet is four
by four cells near the floor of the wall y = 150 mm; walls at 38.5 °C, as is the water at first. One constant effective viscosity stands for
turbulence in both codes: what is compared is the numerics, not a turbulence model.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peritia.numerics import Boundary, Flow, Inlet, Outlet, Scalar, Velocity, boundary_faces, box, fixed_walls
from validation import openfoam

Array = NDArray[np.float64]
REFERENCE = Path(__file__).parent / "reference" / "tank.json"

LENGTHS = (0.2, 0.15, 0.1)  # m
INLET = ((0.0, 0.05, 0.05 + 1 / 120), (0.0, 0.05 + 1 / 120, 0.05 + 2 / 120))  # low and high corner, m
OUTLET = ((0.125, 0.15, 1 / 120), (0.125 + 2 / 120, 0.15, 3 / 120))
RATE = 1.5e-3 / 60  # m3/s
WARM, WALL = 43.0, 38.5  # °C
VISCOSITY, PRANDTL, EXPANSION, GRAVITY = 2e-5, 0.9, 4.0e-4, 9.81
UNTIL = 60.0  # s
CELLS = (48, 36, 24)
PROBES = tuple((x, y, z) for x in (0.0521, 0.1479) for y in (0.0396, 0.1104) for z in (0.0271, 0.0729))  # m, cell centres of CELLS
AXIS = tuple((x, 0.0541, 0.0604) for x in (0.0104, 0.0229, 0.0396, 0.0604, 0.0813, 0.1021, 0.1313, 0.1604))


@dataclass(frozen=True)
class Record:
    """Times (s), mean temperature over the tank, temperature at the probes (°C), speed along the jet's first line (m/s)."""

    times: Array
    mean: Array
    probes: Array
    speed: Array

    def until(self, last: float) -> Record:
        """Rows up to a time."""
        keep = self.times <= last + 1e-6
        return Record(self.times[keep], self.mean[keep], self.probes[keep], self.speed[keep])


@dataclass(frozen=True)
class Difference:
    """Largest and final differences between two records: mean (K), probes averaged over the last third (K), jet (part of inlet speed)."""

    mean: float
    probes: Array
    jet: Array


def compare(ours: Record, theirs: Record) -> Difference:
    """Compare at the reference's times."""
    mean = np.interp(theirs.times, ours.times, ours.mean) - theirs.mean
    late, late_theirs = ours.times > ours.times[-1] * 2 / 3, theirs.times > theirs.times[-1] * 2 / 3
    probes = ours.probes[late].mean(axis=0) - theirs.probes[late_theirs].mean(axis=0)
    jet = (ours.speed[late].mean(axis=0) - theirs.speed[late_theirs].mean(axis=0)) / inlet_speed()
    return Difference(float(np.abs(mean).max()), probes, jet)


def inlet_speed() -> float:
    """Speed through the square inlet, m/s."""
    return RATE * 120**2


def within(centres: Array, corners: tuple[openfoam.Corner, openfoam.Corner]) -> NDArray[np.bool_]:
    """Which points lie in a box (corner, corner), its faces included."""
    low, high = np.array(corners[0]) - 1e-5, np.array(corners[1]) + 1e-5
    return np.all((centres > low) & (centres < high), axis=1)


def ours(until: float, cells: tuple[int, int, int] = CELLS, courant: float = 0.5, every: float = 0.5) -> tuple[Record, dict[str, float]]:
    """Run our flow and scalar (above the walls, as theirs); returns the record and the steps and seconds used."""
    spacing = (LENGTHS[0] / cells[0], LENGTHS[1] / cells[1], LENGTHS[2] / cells[2])
    grid = box(cells, spacing)
    faces = boundary_faces(grid)
    centres = faces.centres(grid)
    inlet, outlet = within(centres, INLET), within(centres, OUTLET)
    area = float(faces.where(inlet).areas(grid).sum())
    boundary = Boundary(grid, (Inlet(faces.where(inlet), RATE / area), Outlet(faces.where(outlet))))
    diffusivity = VISCOSITY / PRANDTL
    flow = Flow(boundary, VISCOSITY, buoyancy=(0, 0, EXPANSION * GRAVITY), dtype=np.float32)
    walls = fixed_walls(grid, faces.where(~inlet & ~outlet), diffusivity, 0.0)
    heat = Scalar(boundary, 0.0, diffusivity, inflow=(WARM - WALL,), exchange=walls, dtype=np.float32)
    rows: list[tuple[float, float, Array, Array]] = []
    steps, started = 0, time.perf_counter()
    wanted = every
    while wanted < until + 1e-9:
        while flow.time < wanted - 1e-9:
            step = min(flow.stable_step(courant), wanted - flow.time, 0.05)
            flow.step(step, heat.values, relative=1e-2)
            heat.step((flow.fields[0], flow.fields[1], flow.fields[2]), step)
            steps += 1
        rows.append((flow.time, heat.mean() + WALL, _sample(heat.inner(), PROBES, spacing) + WALL, _axis_speed(flow.velocity(), spacing)))
        wanted += every
    record = Record(*(np.array([row[column] for row in rows]) for column in range(4)))
    return record, {"steps": steps, "seconds": time.perf_counter() - started, "cells": grid.cells, "imbalance": heat.balance.error}


def _sample(values: Array, points: tuple[tuple[float, float, float], ...], spacing: tuple[float, float, float]) -> Array:
    cell = np.floor(np.array(points) / np.array(spacing)).astype(int)
    return values[cell[:, 0], cell[:, 1], cell[:, 2]]


def _axis_speed(velocity: Velocity, spacing: tuple[float, float, float]) -> Array:
    return _sample(velocity.at_centres()[..., 0], AXIS, spacing)


def write_case(case: Path, until: float, cells: tuple[int, int, int] = CELLS, step: float | None = None) -> None:
    """Write the OpenFOAM case; a fixed ``step`` (s) for timing, else by Courant number 0.7."""
    openfoam.box_mesh(case, LENGTHS, cells, walls="walls")
    openfoam.cut_patches(case, {"inlet": INLET, "outlet": OUTLET})
    points = "\n".join(openfoam.vector(point) for point in (*PROBES, *AXIS))
    pace = f"deltaT {step}; adjustTimeStep no;" if step else "deltaT 0.002; adjustTimeStep yes; maxCo 0.7; maxDeltaT 0.05;"
    functions = (
        ""
        if step
        else f"""
    mean {{ type volFieldValue; libs (fieldFunctionObjects); fields (T); operation volAverage; regionType all; writeFields no;
            writeControl adjustableRunTime; writeInterval 0.5; log no; }}
    points {{ type probes; libs (sampling); fields (T U); writeControl adjustableRunTime; writeInterval 0.5;
             probeLocations ({points}); }}"""
    )
    openfoam.write(
        case,
        "system/controlDict",
        f"""application buoyantBoussinesqPimpleFoam;
startFrom startTime; startTime 0; stopAt endTime; endTime {until}; {pace}
writeControl runTime; writeInterval {until}; writeFormat ascii; writePrecision 8; timePrecision 8; runTimeModifiable no;
functions {{ {functions} }}""",
    )
    openfoam.write(
        case,
        "system/fvSchemes",
        """ddtSchemes { default backward; }
gradSchemes { default Gauss linear; }
divSchemes { default none; div(phi,U) Gauss linearUpwind grad(U); div(phi,T) Gauss limitedLinear 1;
 div((nuEff*dev2(T(grad(U))))) Gauss linear; }
laplacianSchemes { default Gauss linear orthogonal; }
interpolationSchemes { default linear; }
snGradSchemes { default orthogonal; }""",
    )
    openfoam.write(
        case,
        "system/fvSolution",
        """solvers {
 p_rgh { solver GAMG; smoother GaussSeidel; tolerance 1e-8; relTol 0.01; }
 p_rghFinal { $p_rgh; relTol 0.001; }
 "(U|T).*" { solver smoothSolver; smoother symGaussSeidel; tolerance 1e-8; relTol 0.01; }
}
PIMPLE { momentumPredictor yes; nOuterCorrectors 1; nCorrectors 2; nNonOrthogonalCorrectors 0; pRefCell 0; pRefValue 0; }""",
    )
    openfoam.write(case, "system/decomposeParDict", "numberOfSubdomains 2; method simple; simpleCoeffs { n (2 1 1); delta 0.001; }")
    openfoam.write(case, "constant/g", f"dimensions [0 1 -2 0 0 0 0]; value (0 0 -{GRAVITY});", "uniformDimensionedVectorField")
    height = 0.5 * (OUTLET[0][2] + OUTLET[1][2])
    openfoam.write(case, "constant/hRef", f"dimensions [0 1 0 0 0 0 0]; value {height};", "uniformDimensionedScalarField")
    openfoam.write(
        case,
        "constant/transportProperties",
        f"""transportModel Newtonian;
nu {VISCOSITY}; beta {EXPANSION}; TRef 0; Pr {PRANDTL}; Prt 0.85;""",
    )
    openfoam.write(case, "constant/turbulenceProperties", "simulationType laminar;")
    _write_fields(case)


def _write_fields(case: Path) -> None:
    def put(name: str, dimensions: str, inside: str, inlet: str, outlet: str, walls: str, kind: str = "volScalarField") -> None:
        patches = f"inlet {{ {inlet} }} outlet {{ {outlet} }} walls {{ {walls} }}"
        openfoam.write(case, f"0/{name}", f"dimensions {dimensions};\ninternalField uniform {inside};\nboundaryField {{ {patches} }}", kind)

    warm, wall = WARM - WALL, 0.0  # temperature above the walls: what is left of the divergence then carries no heat of its own
    still = "type fixedFluxPressure; value uniform 0;"
    put("U", "[0 1 -1 0 0 0 0]", "(0 0 0)", f"type fixedValue; value uniform ({inlet_speed():.9g} 0 0);",
        "type pressureInletOutletVelocity; value uniform (0 0 0);", "type noSlip;", "volVectorField")  # fmt: skip
    put("T", "[0 0 0 1 0 0 0]", str(wall), f"type fixedValue; value uniform {warm};",
        f"type inletOutlet; inletValue uniform {wall}; value uniform {wall};", f"type fixedValue; value uniform {wall};")  # fmt: skip
    put("p_rgh", "[0 2 -2 0 0 0 0]", "0", still, "type fixedValue; value uniform 0;", still)
    free = "type calculated; value uniform 0;"
    put("alphat", "[0 2 -1 0 0 0 0]", "0", free, free, free)


def mesh(case: Path) -> None:
    """Make the mesh and its patches."""
    openfoam.run(case, "blockMesh")
    openfoam.run(case, "topoSet")
    openfoam.run(case, "createPatch", "-overwrite")


def theirs(case: Path, until: float, cells: tuple[int, int, int] = CELLS) -> tuple[Record, dict[str, Any]]:
    """Run OpenFOAM; returns its record and what it used."""
    shutil.rmtree(case, ignore_errors=True)
    write_case(case, until, cells)
    mesh(case)
    started = time.perf_counter()
    log = openfoam.run(case, "buoyantBoussinesqPimpleFoam")
    used = {"seconds": time.perf_counter() - started, "steps": openfoam.processor_per_step(log)[1], "version": openfoam.version()}
    return read(case), used


def read(case: Path) -> Record:
    """Read what the function objects wrote."""
    mean = openfoam.series(case / "postProcessing/mean/0/volFieldValue.dat")
    heat = openfoam.series(case / "postProcessing/points/0/T")
    speed = openfoam.series(case / "postProcessing/points/0/U")
    first = 0 if mean[0, 0] > 0 else 1
    count = len(PROBES)
    return Record(
        mean[first:, 0], mean[first:, 1] + WALL, heat[-len(mean) + first :, 1 : 1 + count] + WALL,
        speed[-len(mean) + first :, 1 + 3 * count :: 3],
    )  # fmt: skip


def store(record: Record, used: dict[str, Any]) -> None:
    """Write the reference."""
    body = {
        "case": (__doc__ or "").split("\n\n")[1], "solver": "buoyantBoussinesqPimpleFoam",
        "made by": "python -m validation tank --openfoam", "cells": CELLS,
        "schemes": "backward; linearUpwind (U), limitedLinear 1 (T); PIMPLE 1 x 2; Courant 0.7; laminar", **used,
        "times": record.times.round(3).tolist(), "mean": record.mean.round(4).tolist(), "probe places": PROBES, "axis places": AXIS,
        "probes": record.probes.round(3).tolist(), "speed": record.speed.round(4).tolist(),
    }  # fmt: skip
    REFERENCE.write_text(json.dumps(body) + "\n")


def reference() -> Record:
    """Read the stored reference."""
    body = json.loads(REFERENCE.read_text())
    return Record(*(np.array(body[name]) for name in ("times", "mean", "probes", "speed")))
