"""Choose among plans: every candidate on the fast model, those outside the safety limits left out, the best by one stated figure.

A full grid over the named fields is run; it is small (places, devices, a few flows) and hides nothing: all candidates are returned in
order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import msgspec

from peritia.delivery.anatomy import Anatomy, PlacementRefused
from peritia.delivery.delivery import Delivery
from peritia.delivery.errors import PlanRefused
from peritia.delivery.metrics import drug_metrics
from peritia.delivery.plan import Plan
from peritia.delivery.simulate import simulate

Aim = Literal["coverage", "homogeneity", "worst-region"]


@dataclass(frozen=True, eq=False)
class Candidate:
    """One plan: what was changed, its figure (higher is better), and why it was left out, if it was."""

    changes: Mapping[str, Any]
    plan: Plan
    figure: float | None
    refused: str = ""


def aimed(made: Delivery, aim: Aim) -> float:
    """The figure of the first drug that is aimed at."""
    metrics = drug_metrics(made, made.drugs[0])
    return {"coverage": metrics.coverage, "homogeneity": metrics.homogeneity, "worst-region": metrics.worst_region_mg_per_m2}[aim]


def optimise(
    plan: Plan,
    anatomy: Anatomy,
    *,
    over: Mapping[str, Sequence[Any]],
    aim: Aim = "coverage",
    limits: Mapping[str, float] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Candidate, ...]:
    """Candidates over the grid of ``over`` (fields of the plan and the values to try), the best first, those left out last.

    ``limits`` are upper bounds on figures of ``Delivery.numbers`` (``core_peak_c`` ...). The volume of the cavity is the anatomy's and
    is not varied.
    Raises ``PlanRefused`` when a field is unknown or nothing is left.
    """
    unknown = set(over) - set(plan.__struct_fields__)
    if unknown or not over:
        raise PlanRefused(
            f"Found {', '.join(sorted(unknown)) or 'nothing'} to vary", "fields of the plan", ", ".join(plan.__struct_fields__)
        )
    grid = list(product(*over.values()))
    found: list[Candidate] = []
    for index, values in enumerate(grid):
        found.append(_tried(plan, anatomy, dict(zip(over, values, strict=True)), aim, limits or {}))
        if progress:
            progress((index + 1) / len(grid))
    if all(one.figure is None for one in found):
        raise PlanRefused("Every candidate was left out", "wider limits or other places", found[0].refused)
    return tuple(sorted(found, key=lambda one: -one.figure if one.figure is not None else float("inf")))


def _tried(plan: Plan, anatomy: Anatomy, changes: dict[str, Any], aim: Aim, limits: Mapping[str, float]) -> Candidate:
    changed: Plan = msgspec.structs.replace(plan, **changes)
    try:
        made = simulate(changed, anatomy)
    except PlacementRefused as refused:
        return Candidate(changes, changed, None, str(refused))
    broken = [f"{name} {made.numbers[name]:.4g} above {bound:g}" for name, bound in limits.items() if made.numbers[name] > bound]
    return Candidate(changes, changed, None if broken else aimed(made, aim), "; ".join(broken))
