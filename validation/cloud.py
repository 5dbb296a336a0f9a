"""X2: droplets in a frozen jet. Which wall they stick to, in OpenFOAM (icoUncoupledKinematicParcelFoam) and in ours.

A box of 120 x 150 x 150 mm filled with carbon dioxide; a jet driven by a force along the first 35 mm of the axis blows level against the
far wall. Our flow was run for 1.5 s and frozen (stored as ``jet.npz``). OpenFOAM gets it at cell centres of a mesh four times as fine, so
that both codes see the same gas between the faces of our grid. Parcels start at rest in a disc across the jet, 30 mm from its wall; they
are carried, fall and stick. No turbulent dispersion: what is compared is drag, gravity, interpolation and deposition.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from peritia.numerics import PAD, Air, Boundary, Cloud, Flow, Velocity, advance, box, cloud, uniform_numbers
from peritia.physics.drag import relaxation_time
from validation import openfoam

Array = NDArray[np.float64]
REFERENCE = Path(__file__).parent / "reference" / "cloud.json"

JET_FILE = Path(__file__).parent / "reference" / "jet.npz"
CELLS, SPACING = (24, 30, 30), 5e-3
LENGTHS = tuple(count * SPACING for count in CELLS)
JET, EDDY_VISCOSITY = 4e-4, 3.2e-4  # momentum flux over density m4/s2; m2/s
GAS_DENSITY, GAS_VISCOSITY, DROPLET_DENSITY = 1.757, 8.7e-6, 1000.0  # kg/m3, m2/s, kg/m3
DIAMETERS = (10e-6, 25e-6, 50e-6)  # m
FINER = 4  # OpenFOAM's mesh resolves what our parcels see between faces
PARCELS, DISC, START, UNTIL, GRAVITY = 4000, 0.008, 0.03, 4.0, 9.81
WALLS = ("xlow", "xhigh", "ylow", "yhigh", "zlow", "zhigh")


def run_jet(finer: int = 1) -> Velocity:
    """Run the jet to 1.5 s from rest, on a grid ``finer`` times as fine."""
    grid = box((CELLS[0] * finer, CELLS[1] * finer, CELLS[2] * finer), SPACING / finer)
    force = grid.zeros()
    mid = CELLS[1] // 2 * finer
    grid.inner(force)[: 7 * finer, mid - finer : mid + finer, mid - finer : mid + finer] = 1.0
    force *= JET / (force.sum() * grid.cell_volume)
    flow = Flow(Boundary(grid), EDDY_VISCOSITY, force=(force, 0.0, 0.0), threads=finer > 1)
    flow.run(1.5, courant=0.5)
    flow.make_divergence_free()
    return flow.velocity()


def coarse(velocity: Velocity, finer: int) -> Velocity:
    """The same gas on the grid of the case: the mean through each of its faces, so it stays free of divergence."""
    grid = box(CELLS, SPACING)
    parts = (grid.zeros(), grid.zeros(), grid.zeros())
    for axis, (part, whole) in enumerate(zip(parts, velocity.components, strict=True)):
        inside = tuple(slice(PAD, -PAD + 1 if way == axis else -PAD) for way in range(3))
        faces = whole[inside].take(range(0, CELLS[axis] * finer + 1, finer), axis=axis)
        for way in range(3):
            if way != axis:
                faces = faces.reshape(*faces.shape[:way], -1, finer, *faces.shape[way + 1 :]).mean(axis=way + 1)
        part[inside] = faces
    return Velocity(grid, *parts)


def store_jet(velocity: Velocity) -> None:
    """Keep one octant of the jet: it is even in y and z about the axis, and y and z may be exchanged."""
    half = CELLS[1] // 2
    along = velocity.u[PAD : -PAD + 1, PAD : PAD + half, PAD : PAD + half]
    across = velocity.v[PAD:-PAD, PAD : PAD + half + 1, PAD : PAD + half]
    np.savez_compressed(JET_FILE, along=along.astype(np.float32).round(5), across=across.astype(np.float32).round(5))


@cache
def frozen_jet() -> Velocity:
    """Read the stored jet."""
    grid = box(CELLS, SPACING)
    u, v, w = grid.zeros(), grid.zeros(), grid.zeros()
    with np.load(JET_FILE) as stored:
        along, across = stored["along"].astype(np.float64), stored["across"].astype(np.float64)
    along = np.concatenate([along, along[:, ::-1]], axis=1)
    u[PAD : -PAD + 1, PAD:-PAD, PAD:-PAD] = np.concatenate([along, along[:, :, ::-1]], axis=2)
    across = np.concatenate([across, -across[:, -2::-1]], axis=1)
    across = np.concatenate([across, across[:, :, ::-1]], axis=2)
    v[PAD:-PAD, PAD : -PAD + 1, PAD:-PAD] = across
    w[PAD:-PAD, PAD:-PAD, PAD : -PAD + 1] = across.transpose(0, 2, 1)
    return Velocity(grid, u, v, w)


def at_points(velocity: Velocity, points: Array) -> Array:
    """The velocity at points, linear between faces along each direction, as our parcels see it."""
    grid = velocity.grid
    out = np.empty((len(points), 3))
    for axis, part in enumerate(velocity.components):
        shift = np.array([0.0 if way == axis else 0.5 for way in range(3)])
        place = points / np.array(grid.spacing) + PAD - shift
        out[:, axis] = ndimage.map_coordinates(part, place.T, order=1)
    return out


def centres_in_order(cells: tuple[int, int, int], lengths: tuple[float, ...]) -> Array:
    """Cell centres of a box mesh in OpenFOAM's order: x runs fastest."""
    z, y, x = np.meshgrid(*((np.arange(n) + 0.5) * length / n for n, length in zip(cells[::-1], lengths[::-1], strict=True)), indexing="ij")
    return np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)


def mark(velocity: Velocity) -> dict[str, float]:
    """Two numbers that tell whether the frozen jet is the one of the reference."""
    centres = velocity.at_centres()
    return {"fastest": float(np.abs(centres).max()), "kinetic energy": float(0.5 * (centres**2).sum() * velocity.grid.cell_volume)}


def places() -> Array:
    """Starting places: evenly random in the disc."""
    first, second = (uniform_numbers(PARCELS, 7, 2**41 + n) for n in range(2))
    r, angle = DISC * np.sqrt(first), 2 * np.pi * second
    middle = LENGTHS[1] / 2
    return np.stack([np.full(PARCELS, START), middle + r * np.cos(angle), middle + r * np.sin(angle)], axis=1)


def start(diameter: float) -> Cloud:
    """Parcels of one size at rest."""
    relaxation = float(np.asarray(relaxation_time(diameter, DROPLET_DENSITY, GAS_DENSITY * GAS_VISCOSITY)))
    return cloud(places(), np.zeros((PARCELS, 3)), relaxation, reynolds_per_speed=diameter / GAS_VISCOSITY)


def shares(parcels: Cloud) -> list[float]:
    """Percent on each wall of ``WALLS``, and still floating."""
    hits = np.bincount(parcels.hit_side[parcels.deposited], minlength=6)
    return [float(value) for value in (*(100 * hits / len(parcels)), 100 * parcels.floating.mean())]


def ours(velocity: Velocity | None = None) -> dict[str, list[float]]:
    """Shares by size, in the frozen jet or in another gas."""
    velocity = velocity or frozen_jet()
    air = Air(Boundary(velocity.grid), velocity, gravity=(0, 0, -GRAVITY * (1 - GAS_DENSITY / DROPLET_DENSITY)))
    return {size(d): shares(advance(start(d), air, UNTIL)) for d in DIAMETERS}


def size(diameter: float) -> str:
    """Name of a size."""
    return f"{diameter * 1e6:.0f} um"


def write_case(
    case: Path, diameter: float, positions: Array, until: float, step: float, finer: int = FINER, gas: Velocity | None = None
) -> None:
    """Write the OpenFOAM case of one size in the frozen jet or another gas, on a mesh ``finer`` times as fine as the grid of the case."""
    mesh = (CELLS[0] * finer, CELLS[1] * finer, CELLS[2] * finer)
    openfoam.box_mesh(case, (LENGTHS[0], LENGTHS[1], LENGTHS[2]), mesh)
    openfoam.write(
        case,
        "system/controlDict",
        f"""application icoUncoupledKinematicParcelFoam;
startFrom startTime; startTime 0; stopAt endTime; endTime {until}; deltaT {step};
writeControl runTime; writeInterval {until}; writeFormat ascii; writePrecision 7; timePrecision 8; runTimeModifiable no;""",
    )
    openfoam.write(
        case,
        "system/fvSchemes",
        """ddtSchemes { default Euler; } gradSchemes { default Gauss linear; }
divSchemes { default none; } laplacianSchemes { default none; } interpolationSchemes { default linear; } snGradSchemes { default none; }""",
    )
    openfoam.write(case, "system/fvSolution", "solvers {}")
    openfoam.write(case, "constant/g", f"dimensions [0 1 -2 0 0 0 0]; value (0 0 -{GRAVITY});", "uniformDimensionedVectorField")
    openfoam.write(case, "constant/transportProperties", f"rhoInf {GAS_DENSITY}; transportModel Newtonian; nu {GAS_VISCOSITY};")
    openfoam.write(case, "constant/turbulenceProperties", "simulationType laminar;")
    cells = at_points(gas or frozen_jet(), centres_in_order(mesh, LENGTHS))
    listed = "\n".join(openfoam.vector(row) for row in cells)
    walls = " ".join(f"{wall} {{ type noSlip; }}" for wall in WALLS)
    body = f"dimensions [0 1 -1 0 0 0 0];\ninternalField nonuniform List<vector> {len(cells)} (\n{listed}\n);\nboundaryField {{ {walls} }}"
    openfoam.write(case, "0/U", body, "volVectorField")
    openfoam.write(case, "constant/positions", f"(\n{chr(10).join(openfoam.vector(row) for row in positions)}\n)", "vectorField")
    openfoam.write(case, "constant/kinematicCloudProperties", _cloud_properties(diameter))


def _cloud_properties(diameter: float) -> str:
    patches = "\n".join(f"{wall} {{ type stick; }}" for wall in WALLS)
    return f"""solution {{ active true; coupled false; transient yes; cellValueSourceCorrection off; maxCo 0.3;
 sourceTerms {{ schemes {{}} }} interpolationSchemes {{ rho cell; U cellPoint; mu cell; }} integrationSchemes {{ U Euler; }} }}
constantProperties {{ rho0 {DROPLET_DENSITY}; }}
subModels {{
 particleForces {{ sphereDrag; gravity; }}
 injectionModels {{ spray {{ type manualInjection; massTotal 1e-9; parcelBasisType fixed; nParticle 1; SOI 0; U0 (0 0 0);
  positionsFile "positions"; sizeDistribution {{ type fixedValue; fixedValueDistribution {{ value {diameter}; }} }} }} }}
 dispersionModel none; patchInteractionModel localInteraction; localInteractionCoeffs {{ patches ({patches}); }}
 collisionModel none; stochasticCollisionModel none; surfaceFilmModel none; heatTransferModel none;
}}
cloudFunctions {{}}"""


def theirs(case: Path, diameter: float, step: float = 2e-3, finer: int = FINER, gas: Velocity | None = None) -> list[float]:
    """Run OpenFOAM for one size; shares as ours."""
    shutil.rmtree(case, ignore_errors=True)
    write_case(case, diameter, places(), UNTIL, step, finer, gas)
    openfoam.run(case, "blockMesh")
    return read(openfoam.run(case, "icoUncoupledKinematicParcelFoam"))


def read(log: str) -> list[float]:
    """Shares from what the solver last said of the parcels' fate."""
    counts: dict[str, int] = {}
    for wall, stuck in re.findall(r"patch (\w+)[^\n]*\n[^\n]*escape[^\n]*\n[^\n]*stick\s*=\s*(\d+)", log):
        counts[wall] = int(stuck)
    stuck = [100 * counts.get(wall, 0) / PARCELS for wall in WALLS]
    return [*stuck, 100 - sum(stuck)]


def store(found: dict[str, list[float]], used: dict[str, Any]) -> None:
    """Write the reference."""
    body = {
        "case": (__doc__ or "").split("\n\n")[1], "solver": "icoUncoupledKinematicParcelFoam",
        "made by": "python -m validation cloud --openfoam", "cells": [count * FINER for count in CELLS],
        "walls": [*WALLS, "floating"], "until": UNTIL, "parcels": PARCELS, "jet": mark(frozen_jet()), **used, "percent": found,
    }  # fmt: skip
    REFERENCE.write_text(json.dumps(body, indent=1) + "\n")


def reference() -> dict[str, Any]:
    """Read the stored reference."""
    return json.loads(REFERENCE.read_text())


def make(case: Path) -> dict[str, list[float]]:
    """Run OpenFOAM for every size and store the reference."""
    started = time.perf_counter()
    found = {size(d): theirs(case, d) for d in DIAMETERS}
    store(found, {"version": openfoam.version(), "seconds": round(time.perf_counter() - started, 1)})
    return found
