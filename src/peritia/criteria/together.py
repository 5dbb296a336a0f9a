"""Can leaves that tie several facts together hold at once, each fact within its allowed cells?

Comparisons that are linear after the known facts are put in are decided exactly (``linear``). Equalities of categories are decided by
trial. Everything else (a product of two unknown facts) is decided by cutting the box: an interval bound rules a piece out, a sample proves
it in; after ``MOST_PIECES`` pieces without proof either way the answer is "can", because hiding an item that might decide is the worse
error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import msgspec

from peritia.criteria.declaration import Value
from peritia.criteria.domains import Cell, Interval, interval_truths
from peritia.criteria.evaluate import leaf_judge
from peritia.criteria.expression import Between, Comparison, Leaf
from peritia.criteria.linear import Inequality, solvable
from peritia.criteria.relation import Relation

MOST_PIECES = 400


class Gap(msgspec.Struct, frozen=True):
    """A run of neighbouring cells of a numeric fact."""

    low: Fraction | float
    high: Fraction | float
    low_open: bool
    high_open: bool


def can_hold(relations: Sequence[Relation], allowed: Mapping[str, Sequence[Cell]], values: Mapping[str, Value | None]) -> bool:
    """True when the unknown facts can take values in their allowed cells such that every relation has its wanted truth."""
    words = [one for one in relations if one.words]
    numbers = [one for one in relations if not one.words]
    return (not words or _words_can(words, allowed, values)) and (not numbers or _numbers_can(numbers, allowed, values))


def _words_can(relations: Sequence[Relation], allowed: Mapping[str, Sequence[Cell]], values: Mapping[str, Value | None]) -> bool:
    names = sorted({one.name for found in relations for one in found.unknown})
    judged = [(leaf_judge(one.leaf), one.want) for one in relations]
    trial = dict(values)
    for samples in product(*([cell.sample for cell in allowed[name]] for name in names)):
        trial.update(zip(names, samples, strict=True))  # type: ignore[arg-type]  # samples of categories are words or truths
        if all(judge(trial) is want for judge, want in judged):
            return True
    return False


def _numbers_can(relations: Sequence[Relation], allowed: Mapping[str, Sequence[Cell]], values: Mapping[str, Value | None]) -> bool:
    declared = {one.name: one for found in relations for one in found.unknown}
    names = sorted(declared)
    whole = frozenset(name for name in names if declared[name].kind == "int")
    for gaps in product(*(_runs(allowed[name]) for name in names)):
        box = dict(zip(names, gaps, strict=True))
        if all(one.ways is not None for one in relations):
            bounds = [bound for name, gap in box.items() for bound in _bounds(name, gap)]
            ways = product(*(one.ways or () for one in relations))
            if any(solvable([*bounds, *(line for conjunct in way for line in conjunct)], whole) for way in ways):
                return True
        elif _pieces_can(relations, box, whole, values):
            return True
    return False


def _runs(cells: Sequence[Cell]) -> list[Gap]:
    """Neighbouring cells joined; each run is one interval."""
    runs: list[Gap] = []
    for cell in cells:
        assert cell.low is not None
        assert cell.high is not None
        last = runs[-1] if runs else None
        if last is not None and last.high == cell.low and not (last.high_open and cell.low_open):
            runs[-1] = Gap(last.low, cell.high, last.low_open, cell.high_open)
        else:
            runs.append(Gap(cell.low, cell.high, cell.low_open, cell.high_open))
    return runs


def _bounds(name: str, gap: Gap) -> list[Inequality]:
    found: list[Inequality] = []
    if isinstance(gap.low, Fraction):
        found.append(Inequality({name: Fraction(1)}, -gap.low, gap.low_open))
    if isinstance(gap.high, Fraction):
        found.append(Inequality({name: Fraction(-1)}, gap.high, gap.high_open))
    return found


def _pieces_can(relations: Sequence[Relation], box: Mapping[str, Gap], whole: frozenset[str], values: Mapping[str, Value | None]) -> bool:
    """Cut the box until a sample proves it or every piece is ruled out."""
    fixed = {name: (float(value), float(value)) for name, value in values.items() if isinstance(value, int | float)}
    pending: list[dict[str, Interval]] = [{name: (float(gap.low), float(gap.high)) for name, gap in box.items()}]
    judged = [(leaf_judge(one.leaf), one.want) for one in relations]
    for _ in range(MOST_PIECES):
        if not pending:
            return False
        piece = pending.pop(0)
        if not all(one.want in _truths(one.leaf, {**fixed, **piece}) for one in relations):
            continue
        for sample in _samples(piece, whole):
            trial = {**values, **sample}
            if _inside(sample, box) and all(judge(trial) is want for judge, want in judged):
                return True
        pending.extend(_halves(piece, whole))
    return bool(pending)


def _truths(leaf: Leaf, bounds: Mapping[str, Interval]) -> frozenset[bool]:
    assert isinstance(leaf, Comparison | Between)
    return interval_truths(leaf, bounds)


def _samples(piece: Mapping[str, Interval], whole: frozenset[str]) -> list[dict[str, float]]:
    """The middle, and the two extreme corners."""
    tried = [{name: _cut(low, high) for name, (low, high) in piece.items()}]
    tried += [{name: pair[side] for name, pair in piece.items()} for side in (0, 1)]
    finite = [one for one in tried if all(math.isfinite(at) for at in one.values())]
    return [{name: float(math.floor(at)) if name in whole else at for name, at in one.items()} for one in finite]


def _inside(sample: Mapping[str, float], box: Mapping[str, Gap]) -> bool:
    for name, at in sample.items():
        gap = box[name]
        if at < gap.low or at > gap.high or (gap.low_open and at == gap.low) or (gap.high_open and at == gap.high):
            return False
    return True


def _cut(low: float, high: float) -> float:
    """A point inside an interval that may be unbounded."""
    if math.isinf(low) and math.isinf(high):
        return 0.0
    if math.isinf(high):
        return max(2 * low, 0.0) + 1
    if math.isinf(low):
        return min(2 * high, 0.0) - 1
    return low + (high - low) / 2


def _halves(piece: dict[str, Interval], whole: frozenset[str]) -> list[dict[str, Interval]]:
    """The piece cut across its widest fact; nothing when no fact can be cut."""
    name = max(sorted(piece), key=lambda one: piece[one][1] - piece[one][0])
    low, high = piece[name]
    at = _cut(low, high)
    if name in whole:
        at = float(math.floor(at))
        return [{**piece, name: (low, at)}, {**piece, name: (at + 1, high)}] if low <= at < high else []
    return [{**piece, name: (low, at)}, {**piece, name: (at, high)}] if low < at < high else []
