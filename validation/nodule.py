"""X3: pressure and drug in a spherical tumour nodule. The same equations in FiPy and in ours.

    div(K grad p) = S (p - pe),    dC/dt = D lap C - div(u C) - k C - uptake,    dB/dt = uptake = V C / (h + C),    u = -K grad p

Nodule of 1 mm radius under a bath at concentration 1; the pressure at its rim is that of the cavity. Ours: the closed form of the pressure
(``physics.interstitial_pressure``) gives the velocity, ``numerics.Columns`` carries the drug. FiPy solves both on an independent grid
(control volumes in r, 800 cells, weighted by r squared).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peritia.numerics import Columns, Profile, graded_edges
from peritia.physics import interstitial_pressure

Array = NDArray[np.float64]
REFERENCE = Path(__file__).parent / "reference" / "nodule.json"
RADIUS = 1e-3  # m
CONDUCTIVITY, CONDUCTANCE, EFFECTIVE = 3.1e-14, 2.1e-11 * 2e4, 1533.0  # K m2/(Pa s), S = Lp S/V 1/(Pa s), pe Pa
PLACES = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8]) * 1e-3  # depth below the rim, m
TIMES = (600.0, 1800.0, 3600.0)


@dataclass(frozen=True)
class Nodule:
    """One case: pressure in the cavity (Pa), D (m2/s), k (1/s), saturable uptake V (1/s x unit) and h (unit; bath = 1)."""

    name: str
    cavity: float
    diffusivity: float
    loss: float
    most: float = 0.0
    half: float = 1.0


CASES = (
    Nodule("cisplatin, no pressure in the cavity", 0.0, 2.5e-10, 1.2e-3),
    Nodule("cisplatin under 12 mmHg", 1600.0, 2.5e-10, 1.2e-3),
    Nodule("doxorubicin under 12 mmHg, saturable uptake", 1600.0, 3.4e-10, 5e-4, 2e-3, 0.3),
)


@dataclass(frozen=True)
class Result:
    """Pressure at ``PLACES`` (Pa); free and bound drug at ``TIMES`` by ``PLACES``; drug held by volume of nodule at ``TIMES``."""

    pressure: list[float]
    free: list[list[float]]
    bound: list[list[float]]
    held: list[float]


def worst(ours: Result, theirs: Result) -> dict[str, float]:
    """Largest differences in percent of the largest value of each quantity (pressure: of pe)."""

    def percent(a: Any, b: Any, scale: float) -> float:
        return float(np.abs(np.asarray(a) - np.asarray(b)).max() / scale * 100)

    bound = max(float(np.max(theirs.bound)), 1e-300)
    relative = np.abs(np.array(ours.held) / np.array(theirs.held) - 1).max() * 100
    return {
        "pressure": percent(ours.pressure, theirs.pressure, EFFECTIVE), "free": percent(ours.free, theirs.free, 1.0),
        "bound": percent(ours.bound, theirs.bound, bound), "held": float(relative),
    }  # fmt: skip


def ours(case: Nodule, nodes: int = 80, step: float = 5.0) -> Result:
    """Closed form for the pressure, columns for the drug."""
    edges = graded_edges(4e-6, RADIUS, nodes)
    a = float(interstitial_pressure.modulus(RADIUS, CONDUCTANCE, CONDUCTIVITY))

    def pressure(depth: Array) -> Array:
        return interstitial_pressure.sphere_pressure(1 - depth / RADIUS, a, EFFECTIVE, case.cavity)

    inwards = -interstitial_pressure.sphere_velocity(1 - edges / RADIUS, RADIUS, a, CONDUCTIVITY, EFFECTIVE, case.cavity)
    profile = Profile(
        edges, case.diffusivity, flow=inwards, sink=case.loss, most=case.most, half=case.half, shape=2, radius=RADIUS
    )  # fmt: skip
    columns = Columns(profile, 1)
    free: list[list[float]] = []
    bound: list[list[float]] = []
    held: list[float] = []
    now = 0.0
    for until in TIMES:
        while now < until - 1e-9:
            columns.step(step, 1.0)
            now += step
        free.append(_at_places(profile.centres, columns.values()[0], surface=1.0))
        bound.append(_at_places(profile.centres, columns.bound()[0]))
        held.append(float(columns.amount()[0] * 3 / RADIUS))
    return Result(pressure(PLACES).tolist(), free, bound, held)


def _at_places(depth: Array, values: Array, surface: float | None = None) -> list[float]:
    from scipy.interpolate import PchipInterpolator

    x, y = (depth, values) if surface is None else (np.concatenate([[0.0], depth]), np.concatenate([[surface], values]))
    return [float(v) for v in PchipInterpolator(x, y, extrapolate=True)(PLACES)]


def theirs(case: Nodule, cells: int = 400, steps: tuple[float, ...] = (1.0, 4.0, 6.0)) -> Result:
    """FiPy on an even grid in r, every term multiplied by r squared; lengths in mm, since its solvers stop at an absolute residual."""
    from fipy import CellVariable, CentralDifferenceConvectionTerm, DiffusionTerm, FaceVariable, Grid1D, ImplicitSourceTerm, TransientTerm
    from fipy.solvers.scipy import LinearLUSolver

    exact = LinearLUSolver(tolerance=1e-13)  # at its default it keeps the old value once a step changes little
    rim, conductivity, diffusivity = RADIUS * 1e3, CONDUCTIVITY * 1e6 / CONDUCTANCE, case.diffusivity * 1e6
    mesh = Grid1D(nx=cells, dx=rim / cells)
    r, face = mesh.cellCenters[0], mesh.faceCenters[0]
    pressure = CellVariable(mesh=mesh, value=EFFECTIVE)
    pressure.constrain(case.cavity, mesh.facesRight)
    weight = CellVariable(mesh=mesh, value=(r**2 + (rim / cells) ** 2 / 12).value)  # mean of r squared over the cell
    balance = DiffusionTerm(coeff=conductivity * face**2) - ImplicitSourceTerm(coeff=weight) + EFFECTIVE * weight == 0
    balance.solve(var=pressure, solver=exact)
    velocity = FaceVariable(mesh=mesh, rank=1, value=(-conductivity * CONDUCTANCE * face**2 * pressure.faceGrad[0]).value[None, :])
    free = CellVariable(mesh=mesh, value=0.0, hasOld=True)
    bound = CellVariable(mesh=mesh, value=0.0)
    free.constrain(1.0, mesh.facesRight)
    uptake = case.most / (case.half + free.old)
    equation = (
        TransientTerm(coeff=weight) == DiffusionTerm(coeff=diffusivity * face**2) - CentralDifferenceConvectionTerm(coeff=velocity)
        - ImplicitSourceTerm(coeff=weight * (case.loss + uptake))
    )  # fmt: skip
    out: tuple[list[list[float]], list[list[float]], list[float]] = ([], [], [])
    now, volume = 0.0, np.asarray(weight.value) * rim / cells * 3 / rim**3
    depth = (rim - np.asarray(r.value)[::-1]) * 1e-3
    for until, step in zip(TIMES, steps, strict=True):
        while now < until - 1e-9:
            free.updateOld()
            equation.solve(var=free, dt=step, solver=exact)
            bound.setValue(bound.value + step * case.most / (case.half + free.old.value) * free.value)
            now += step
        out[0].append(_at_places(depth, np.asarray(free.value)[::-1], surface=1.0))
        out[1].append(_at_places(depth, np.asarray(bound.value)[::-1]))
        out[2].append(float(((free.value + bound.value) * volume).sum()))
    places = np.interp(PLACES, np.concatenate([[0.0], depth]), np.concatenate([[case.cavity], np.asarray(pressure.value)[::-1]]))
    return Result(places.tolist(), *out)


def store(results: dict[str, Result], version: str) -> None:
    """Write the reference."""

    def short(value: Any) -> Any:
        return [short(part) for part in value] if isinstance(value, list) else float(f"{value:.7g}")

    body = {
        "case": (__doc__ or "").split("\n\n")[2], "solver": f"FiPy {version}", "made by": "python -m validation nodule --fipy",
        "places": PLACES.tolist(), "times": TIMES,
        "results": {name: {key: short(part) for key, part in asdict(result).items()} for name, result in results.items()},
    }  # fmt: skip
    REFERENCE.write_text(json.dumps(body) + "\n")


def reference() -> dict[str, Result]:
    """Read the stored reference, by the name of the case."""
    body = json.loads(REFERENCE.read_text())
    return {name: Result(**result) for name, result in body["results"].items()}
