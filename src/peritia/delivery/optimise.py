"""Choose among plans: every candidate on the fast model, those outside the safety limits left out, the best by one stated figure; and the
best of them again at field fidelity.

A full grid over the named fields is run; it is small (places, devices, a few flows) and hides nothing: all candidates are returned in
order. What the fast model liked and the field model breaks a limit of is named so, and the next one is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any, Literal

import msgspec

from peritia.delivery.anatomy import Anatomy, PlacementRefused
from peritia.delivery.delivery import Delivery
from peritia.delivery.ensemble import Engine, run_all
from peritia.delivery.errors import PlanRefused
from peritia.delivery.metrics import drug_metrics
from peritia.delivery.plan import Plan
from peritia.delivery.simulate import Progress, simulate

Aim = Literal["coverage", "homogeneity", "worst-region"]
Changes = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Candidate:
    """One plan: what was changed, its figure on the fast model (higher is better) and, where it was run, at field fidelity; and why it was
    left out, if it was.
    """

    changes: Mapping[str, Any]
    plan: Plan
    figure: float | None
    refused: str = ""
    field_figure: float | None = None


@dataclass(frozen=True, eq=False)
class Confirmed:
    """The candidate that is chosen, its delivery at field fidelity, and those before it that broke a limit there."""

    candidate: Candidate
    delivery: Delivery
    broken: tuple[Candidate, ...]


def aimed(made: Delivery, aim: Aim) -> float:
    """The figure of the first drug that is aimed at."""
    metrics = drug_metrics(made, made.drugs[0])
    return {"coverage": metrics.coverage, "homogeneity": metrics.homogeneity, "worst-region": metrics.worst_region_coverage}[aim]


def optimise(
    plan: Plan,
    anatomy: Anatomy,
    *,
    over: Mapping[str, Sequence[Any]],
    aim: Aim = "coverage",
    limits: Mapping[str, float] | None = None,
    processes: int = 1,
    engine: Engine = "processes",
    progress: Callable[[float], None] | None = None,
) -> tuple[Candidate, ...]:
    """Candidates over the grid of ``over`` (fields of the plan and the values to try), the best first, those left out last.

    ``limits`` are upper bounds on figures of ``Delivery.numbers`` (``core_peak_c`` ...). The volume of the cavity is the anatomy's and
    is not varied. ``processes`` and ``engine`` as in ``ensemble.run_all``; the result does not depend on them.
    Raises ``PlanRefused`` when a field or limit is unknown or nothing is left.
    """
    unknown = set(over) - set(plan.__struct_fields__)
    if unknown or not over:
        raise PlanRefused(
            f"Found {', '.join(sorted(unknown)) or 'nothing'} to vary", "fields of the plan", ", ".join(plan.__struct_fields__)
        )
    grid = [dict(zip(over, values, strict=True)) for values in product(*over.values())]
    work = partial(_tried, plan, anatomy, aim, dict(limits or {}))
    found = run_all(work, grid, processes=processes, engine=engine, progress=progress)
    if all(one.figure is None for one in found):
        raise PlanRefused("Every candidate was left out", "wider limits or other places", found[0].refused)
    return tuple(sorted(found, key=lambda one: -one.figure if one.figure is not None else float("inf")))


def confirm(
    candidates: Sequence[Candidate],
    anatomy: Anatomy,
    *,
    aim: Aim = "coverage",
    limits: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Confirmed:
    """The best candidate whose run at field fidelity keeps the limits. Raises ``PlanRefused`` when none does."""
    broken: list[Candidate] = []
    for one in candidates:
        if one.figure is None:
            continue
        made = simulate(one.plan, anatomy, fidelity="field", progress=progress)
        beyond = _beyond(made, limits or {})
        told = replace(one, field_figure=aimed(made, aim), refused=f"at field fidelity: {beyond}" if beyond else "")
        if not beyond:
            return Confirmed(told, made, tuple(broken))
        broken.append(told)
    raise PlanRefused(
        "Every candidate broke a limit at field fidelity", "wider limits or other places", broken[0].refused if broken else ""
    )


def _tried(plan: Plan, anatomy: Anatomy, aim: Aim, limits: Mapping[str, float], changes: Changes) -> Candidate:
    try:
        changed = msgspec.convert({**msgspec.to_builtins(plan), **changes}, type(plan))
    except msgspec.ValidationError as wrong:
        raise PlanRefused(f"Found {changes}", f"values that the plan's fields take: {wrong}") from None
    try:
        made = simulate(changed, anatomy)
    except PlacementRefused as refused:
        return Candidate(changes, changed, None, str(refused))
    beyond = _beyond(made, limits)
    return Candidate(changes, changed, None if beyond else aimed(made, aim), beyond)


def _beyond(made: Delivery, limits: Mapping[str, float]) -> str:
    """Which limits a delivery passes."""
    strange = sorted(set(limits) - set(made.numbers))
    if strange:
        raise PlanRefused(f"Found a limit on {', '.join(strange)}", f"one of {', '.join(sorted(made.numbers))}")
    return "; ".join(f"{name} {made.numbers[name]:.4g} above {bound:g}" for name, bound in limits.items() if made.numbers[name] > bound)
