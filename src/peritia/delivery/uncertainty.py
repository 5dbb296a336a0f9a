# SciPy ships no types.
# pyright: basic
"""How sure a figure is: every parameter varied over its stated range on the fast model, bands, and which parameter matters most.

Parameters with a range are drawn evenly over it (evenly in the logarithm where it spans more than twofold), by a scrambled Sobol
sequence of fixed seed.
First-order and total indices after Saltelli (2010; recalled) and Jansen (1999; recalled): n (k + 2) runs of k parameters.
Parameters without a stated range are kept; so the bands say what the ranges say, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.delivery import Delivery
from peritia.delivery.errors import PlanRefused
from peritia.delivery.metrics import drug_metrics
from peritia.delivery.plan import Plan
from peritia.delivery.provenance import Used
from peritia.delivery.simulate import simulate

Array = NDArray[np.float64]
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Band:
    """One figure of the delivery: as planned, and what 5, 50 and 95 % of the runs stay below."""

    name: str
    planned: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Influence:
    """How much of a figure's variance one parameter explains alone (``first``) and with all its company (``total``)."""

    figure: str
    parameter: str
    first: float
    total: float


@dataclass(frozen=True)
class Uncertainty:
    """Bands of every figure; influences, largest first; the ranges that were varied; the number of runs."""

    bands: tuple[Band, ...]
    influences: tuple[Influence, ...]
    varied: tuple[Used, ...]
    runs: int


def headline(made: Delivery) -> dict[str, float]:
    """The figures that bands are given for."""
    found: dict[str, float] = {}
    for one in made.drugs:
        metrics = drug_metrics(made, one)
        found[f"{one.drug}: mean uptake, mg/m2"] = metrics.mean_mg_per_m2
        found[f"{one.drug}: coverage"] = metrics.coverage
        found[f"{one.drug}: homogeneity"] = metrics.homogeneity
        found[f"{one.drug}: worst region, mg/m2"] = metrics.worst_region_mg_per_m2
        found[f"{one.drug}: depth of a tenth, mm"] = metrics.mean_depth_tenth_mm
    for curve in made.plasma:
        found[f"{curve.drug}, {curve.species}: peak, mg/L"] = curve.peak
        found[f"{curve.drug}, {curve.species}: AUC24, mg h/L"] = curve.auc_24h
    for name in ("bath_mean_c", "core_peak_c", "clearing_min"):
        if name in made.numbers:
            found[name] = made.numbers[name]
    return found


def ranged(made: Delivery) -> tuple[Used, ...]:
    """The parameters of a result that have a stated range."""
    return tuple(one for one in made.used if one.low is not None and one.high is not None and one.high > one.low)


def uncertainty(
    plan: Plan, anatomy: Anatomy, n: int = 32, *, seed: int = 1, processes: int = 1, progress: Callable[[float], None] | None = None
) -> Uncertainty:
    """Bands and influences from ``n (k + 2)`` fast runs, on so many processes; the result does not depend on their number.

    Raises ``PlanRefused`` for an ``n`` that is not a power of two.
    """
    if n < 2 or n & (n - 1):
        raise PlanRefused(f"Found n = {n}", "a power of two", "32 for a look, 256 for a figure")
    planned = simulate(plan, anatomy)
    varied = ranged(planned)
    k = len(varied)
    points = qmc.Sobol(2 * k, scramble=True, rng=np.random.default_rng(seed)).random(n)
    first, second = points[:, :k], points[:, k:]
    mixed = [np.where(np.arange(k) == i, second, first) for i in range(k)]
    rows = np.vstack([first, second, *mixed])
    values = _run(plan, anatomy, [_values(varied, row) for row in rows], processes, progress)
    names = list(headline(planned))
    table = np.array([[row[name] for name in names] for row in values])
    a, b = table[:n], table[n : 2 * n]
    bands = tuple(
        Band(name, headline(planned)[name], *(float(part) for part in np.percentile(table[: 2 * n, i], (5, 50, 95))))
        for i, name in enumerate(names)
    )
    influences = [
        Influence(name, used.name, *_indices(a[:, i], b[:, i], table[(2 + j) * n : (3 + j) * n, i]))
        for i, name in enumerate(names)
        for j, used in enumerate(varied)
    ]
    influences.sort(key=lambda one: (names.index(one.figure), -one.total))
    return Uncertainty(bands, tuple(influences), varied, len(rows))


def _values(varied: tuple[Used, ...], point: Array) -> dict[str, float]:
    return {one.name: _at(one, float(part)) for one, part in zip(varied, point, strict=True)}


def _at(one: Used, part: float) -> float:
    assert one.low is not None
    assert one.high is not None
    if one.low > 0 and one.high > 2 * one.low:
        return float(one.low * (one.high / one.low) ** part)
    return one.low + (one.high - one.low) * part


def _indices(a: Array, b: Array, mixed: Array) -> tuple[float, float]:
    """First order (Saltelli 2010) and total (Jansen 1999) from f(A), f(B) and f(A with one column of B)."""
    variance = float(np.var(np.concatenate([a, b])))
    if variance <= 1e-24 * max(float(np.mean(a)) ** 2, 1e-300):
        return 0.0, 0.0
    return float(np.mean(b * (mixed - a)) / variance), float(0.5 * np.mean((a - mixed) ** 2) / variance)


def _one(plan: Plan, anatomy: Anatomy, overrides: Mapping[str, float]) -> dict[str, float]:
    return headline(simulate(plan, anatomy, overrides=overrides))


def _run(
    plan: Plan, anatomy: Anatomy, rows: list[dict[str, float]], processes: int, progress: Callable[[float], None] | None
) -> list[dict[str, float]]:
    work = partial(_one, plan, anatomy)
    found: list[dict[str, float]] = []
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            for result in pool.map(work, rows, chunksize=4):
                found.append(result)
                if progress:
                    progress(len(found) / len(rows))
        return found
    for row in rows:
        found.append(work(row))
        if progress:
            progress(len(found) / len(rows))
    return found
