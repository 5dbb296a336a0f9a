"""Has a system of linear inequalities a solution, some unknowns being whole numbers? Exact.

Fourier-Motzkin elimination over fractions: to drop x, each lower bound of x is set below each upper bound. What remains without unknowns
decides. Going back, a value is chosen for each unknown; an unknown that must be whole and is not splits the system in two (at most 2^k
times for bounded unknowns; a stated bound stops it). Systems here have a handful of unknowns: the facts that one or two criteria share.
"""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec

from peritia.criteria.domains import sample_between

#: Splits on whole numbers tried before a system is held solvable.
MOST_SPLITS = 200


class Inequality(msgspec.Struct, frozen=True):
    """Sum of factor times unknown, plus constant, is at least zero (greater than zero when ``strict``)."""

    factors: dict[str, Fraction]
    constant: Fraction
    strict: bool = False


def solvable(system: list[Inequality], whole: frozenset[str]) -> bool:
    """True when some values satisfy every inequality. Beyond ``MOST_SPLITS`` splits the answer is True, unproved."""
    pending = [system]
    for _ in range(MOST_SPLITS):
        if not pending:
            return False
        current = pending.pop()
        solution = _solution(current, whole)
        if solution is None:
            continue
        broken = next((name for name in sorted(whole & solution.keys()) if solution[name].denominator != 1), None)
        if broken is None:
            return True
        below = Fraction(math.floor(solution[broken]))
        pending.append([*current, Inequality({broken: Fraction(-1)}, below)])
        pending.append([*current, Inequality({broken: Fraction(1)}, -below - 1)])
    return bool(pending)


def _solution(system: list[Inequality], whole: frozenset[str]) -> dict[str, Fraction] | None:
    """One solution in fractions, whole where the bounds at hand allow; None when there is none."""
    if any(not one.factors and (one.constant < 0 or (one.strict and one.constant == 0)) for one in system):
        return None
    unknowns = {name for one in system for name in one.factors}
    if not unknowns:
        return {}
    name = min(sorted(unknowns), key=lambda unknown: _cost(system, unknown))
    lower = [one for one in system if one.factors.get(name, 0) > 0]
    upper = [one for one in system if one.factors.get(name, 0) < 0]
    rest = [one for one in system if name not in one.factors]
    solution = _solution(rest + [_joined(low, high, name) for low in lower for high in upper], whole)
    if solution is None:
        return None
    for one in lower + upper:  # unknowns that fell away are free
        for other in one.factors.keys() - {name}:
            solution.setdefault(other, Fraction(0))
    solution[name] = _chosen(name, lower, upper, solution, name in whole)
    return solution


def _cost(system: list[Inequality], name: str) -> int:
    lower = sum(one.factors.get(name, 0) > 0 for one in system)
    upper = sum(one.factors.get(name, 0) < 0 for one in system)
    return lower * upper


def _joined(low: Inequality, high: Inequality, name: str) -> Inequality:
    """The inequality without ``name`` that follows from a lower and an upper bound of it."""
    first, second = -high.factors[name], low.factors[name]
    factors = {other: factor * first for other, factor in low.factors.items()}
    for other, factor in high.factors.items():
        factors[other] = factors.get(other, Fraction(0)) + factor * second
    kept = {other: factor for other, factor in factors.items() if factor}
    return Inequality(kept, low.constant * first + high.constant * second, low.strict or high.strict)


def _chosen(name: str, lower: list[Inequality], upper: list[Inequality], solution: dict[str, Fraction], whole: bool) -> Fraction:
    below = max((_bound(one, name, solution) for one in lower), default=(-math.inf, True))
    above = min(((bound, not strict) for bound, strict in (_bound(one, name, solution) for one in upper)), default=(math.inf, False))
    low, high, low_open, high_open = below[0], above[0], below[1], not above[1]
    found = sample_between(low, high, low_open, high_open, whole=True) if whole else None
    if found is None:
        found = sample_between(low, high, low_open, high_open, whole=False)
    assert found is not None  # the eliminated system holds exactly when this gap is not empty
    return found


def _bound(one: Inequality, name: str, solution: dict[str, Fraction]) -> tuple[Fraction | float, bool]:
    rest = one.constant + sum((factor * solution[other] for other, factor in one.factors.items() if other != name), Fraction(0))
    return -rest / one.factors[name], one.strict
