# SciPy ships no types.
# pyright: basic
"""How sure a figure is: every parameter varied over its stated range on the fast model, bands, and which parameter matters most.

Parameters with a range are drawn evenly over it (evenly in the logarithm where it spans more than twofold), by a scrambled Sobol
sequence of fixed seed.
First-order and total indices after Saltelli (2010; recalled) and Jansen (1999; recalled): n (k + 2) runs of k parameters, each with half
the width of its 95 % interval over resampled runs. A test holds them equal to SALib's on the same runs. ``screening`` ranks by Morris'
elementary effects instead, through SALib itself, where ten runs a parameter are all that can be afforded.
Parameters without a stated range are kept; so the bands say what the ranges say, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.delivery import Delivery
from peritia.delivery.ensemble import Engine, run_all
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
    """How much of a figure's variance one parameter explains alone (``first``) and with all its company (``total``).

    ``first_half_width``, ``total_half_width``: half of the 95 % interval of each.
    """

    figure: str
    parameter: str
    first: float
    total: float
    first_half_width: float
    total_half_width: float


@dataclass(frozen=True)
class Uncertainty:
    """Bands of every figure; influences, largest first; the ranges that were varied; the number of runs."""

    bands: tuple[Band, ...]
    influences: tuple[Influence, ...]
    varied: tuple[Used, ...]
    runs: int

    def decisive(self, figure: str) -> Influence:
        """The parameter that matters most for a figure."""
        return next(one for one in self.influences if one.figure == figure)


@dataclass(frozen=True)
class Effect:
    """Morris' elementary effect of one parameter over its whole range: mean size, and spread (curvature and company)."""

    figure: str
    parameter: str
    mean_size: float
    spread: float


def headline(made: Delivery) -> dict[str, float]:
    """The figures that bands are given for."""
    found: dict[str, float] = {}
    for one in made.drugs:
        metrics = drug_metrics(made, one)
        found[f"{one.drug}: mean uptake, mg/m2"] = metrics.mean_mg_per_m2
        found[f"{one.drug}: coverage"] = metrics.coverage
        found[f"{one.drug}: homogeneity"] = metrics.homogeneity
        found[f"{one.drug}: coverage of the worst region"] = metrics.worst_region_coverage
        found[f"{one.drug}: mean uptake in it, mg/m2"] = metrics.worst_region_mg_per_m2
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
    plan: Plan,
    anatomy: Anatomy,
    n: int = 32,
    *,
    seed: int = 1,
    processes: int = 1,
    engine: Engine = "processes",
    progress: Callable[[float], None] | None = None,
) -> Uncertainty:
    """Bands and influences from ``n (k + 2)`` fast runs; the result does not depend on ``processes`` or ``engine``.

    Raises ``PlanRefused`` for an ``n`` that is not a power of two.
    """
    if n < 2 or n & (n - 1):
        raise PlanRefused(f"Found n = {n}", "a power of two", "32 for a look, 256 for a figure")
    planned = simulate(plan, anatomy)
    varied, figures = ranged(planned), headline(planned)
    rows = design(n, len(varied), seed)
    table = _runs(plan, anatomy, varied, tuple(figures), rows, processes, engine, progress)
    bands = tuple(
        Band(name, figures[name], *(float(part) for part in np.percentile(table[: 2 * n, i], (5, 50, 95))))
        for i, name in enumerate(figures)
    )
    found: list[Influence] = []
    for i, name in enumerate(figures):
        by_size = [Influence(name, used.name, *indices(table[:, i], n, j)) for j, used in enumerate(varied)]
        found.extend(sorted(by_size, key=lambda one: -one.total))
    return Uncertainty(bands, tuple(found), varied, len(rows))


def screening(
    plan: Plan,
    anatomy: Anatomy,
    trajectories: int = 8,
    *,
    seed: int = 1,
    processes: int = 1,
    engine: Engine = "processes",
    progress: Callable[[float], None] | None = None,
) -> tuple[Effect, ...]:
    """Parameters by the size of their elementary effects, ``trajectories (k + 1)`` runs. Needs the optional part ``sensitivity``."""
    try:
        from SALib.analyze import morris as analysis
        from SALib.sample import morris as sample
    except ImportError:
        raise PlanRefused(
            "Found no SALib on this machine", "the optional part 'sensitivity'", "pip install 'peritia[sensitivity]'"
        ) from None
    planned = simulate(plan, anatomy)
    varied, figures = ranged(planned), headline(planned)
    problem = {"num_vars": len(varied), "names": [one.name for one in varied], "bounds": [[0.0, 1.0]] * len(varied)}
    rows = np.asarray(sample.sample(problem, trajectories, num_levels=4, seed=seed))
    table = _runs(plan, anatomy, varied, tuple(figures), rows, processes, engine, progress)
    found: list[Effect] = []
    for i, name in enumerate(figures):
        told = analysis.analyze(problem, rows, table[:, i], num_levels=4, seed=seed)
        effects = [Effect(name, used.name, float(told["mu_star"][j]), float(told["sigma"][j])) for j, used in enumerate(varied)]
        found.extend(sorted(effects, key=lambda one: -one.mean_size))
    return tuple(found)


def design(n: int, k: int, seed: int) -> Array:
    """Points in the unit cube: A (n rows), B (n), then A with each column of B in turn (n each)."""
    points = qmc.Sobol(2 * k, scramble=True, rng=np.random.default_rng(seed)).random(n)
    first, second = points[:, :k], points[:, k:]
    return np.vstack([first, second, *(np.where(np.arange(k) == i, second, first) for i in range(k))])


def indices(values: Array, n: int, column: int, resamples: int = 200) -> tuple[float, float, float, float]:
    """First-order and total index of one parameter from the values of a ``design``, and half the width of the 95 % interval of each."""
    centred = values - values.mean()
    a, b, mixed = centred[:n], centred[n : 2 * n], centred[(2 + column) * n : (3 + column) * n]
    if float(np.var(centred[: 2 * n])) <= 1e-24 * max(float(values.mean()) ** 2, 1e-300):
        return 0.0, 0.0, 0.0, 0.0
    first, total = _estimates(a[None], b[None], mixed[None])
    drawn = np.random.default_rng(0).integers(0, n, (resamples, n))
    # A handful of runs may be drawn all alike; such a sample has no variance to explain.
    varies = np.concatenate([a[drawn], b[drawn]], axis=1).var(axis=1) > 1e-9 * float(np.var(centred[: 2 * n]))
    drawn = drawn[varies]
    spread = [1.96 * float(np.std(part)) for part in _estimates(a[drawn], b[drawn], mixed[drawn])]
    return float(first[0]), float(total[0]), spread[0], spread[1]


def _estimates(a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """Saltelli's first-order and Jansen's total index of each row of runs. Values are centred, or the first would carry their mean."""
    variance = np.concatenate([a, b], axis=1).var(axis=1)
    return (b * (mixed - a)).mean(axis=1) / variance, 0.5 * ((a - mixed) ** 2).mean(axis=1) / variance


def _runs(
    plan: Plan,
    anatomy: Anatomy,
    varied: tuple[Used, ...],
    names: tuple[str, ...],
    rows: Array,
    processes: int,
    engine: Engine,
    progress: Callable[[float], None] | None,
) -> Array:
    """The figures of every row of points, one column a figure."""
    tasks = [{one.name: _at(one, float(part)) for one, part in zip(varied, row, strict=True)} for row in rows]
    values = run_all(partial(_one, plan, anatomy), tasks, processes=processes, engine=engine, progress=progress)
    return np.array([[row[name] for name in names] for row in values])


def _at(one: Used, part: float) -> float:
    assert one.low is not None
    assert one.high is not None
    if one.low > 0 and one.high > 2 * one.low:
        return float(one.low * (one.high / one.low) ** part)
    return one.low + (one.high - one.low) * part


def _one(plan: Plan, anatomy: Anatomy, overrides: Mapping[str, float]) -> dict[str, float]:
    return headline(simulate(plan, anatomy, overrides=overrides))
