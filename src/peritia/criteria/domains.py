"""What values a fact or a term can take, and whether a comparison can hold and can fail within them.

A domain is cut at a comparison's thresholds into cells (a point, a gap between two points, a category). Within one cell the comparison
does not change, so one sample a cell tells all: exact, for whole numbers too (no whole number lies between 2 and 3).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import Arithmetic, Between, Comparison, Constant, Fact, Held, Leaf, Membership, Negative, Term

Interval = tuple[float, float]


class Cell(msgspec.Struct, frozen=True):
    """A piece of a domain on which no comparison changes. ``low`` and ``high`` bound a gap, are equal for a point, None for a category."""

    sample: Fraction | str | bool
    low: Fraction | float | None = None
    high: Fraction | float | None = None
    low_open: bool = False
    high_open: bool = False


def cells(declaration: Declaration, thresholds: Iterable[float]) -> tuple[Cell, ...]:
    """The non-empty cells of a fact's domain, in order, cut at ``thresholds``."""
    if declaration.kind == "bool":
        return (Cell(False), Cell(True))
    if declaration.kind == "cat":
        return tuple(Cell(category) for category in declaration.categories)
    low, high = declaration.bounds()
    whole = declaration.kind == "int"
    points = sorted({Fraction(point) for point in thresholds if low <= point <= high and math.isfinite(point)})
    found: list[Cell] = []
    edge: Fraction | float = _exact(low)
    edge_open = math.isinf(low)
    for point in points:
        _add_gap(found, edge, point, edge_open, True, whole)
        if not whole or point.denominator == 1:
            found.append(Cell(point, point, point))
        edge, edge_open = point, True
    _add_gap(found, edge, _exact(high), edge_open, math.isinf(high), whole)
    return tuple(found)


def _exact(bound: float) -> Fraction | float:
    return bound if math.isinf(bound) else Fraction(bound)


def _add_gap(found: list[Cell], low: Fraction | float, high: Fraction | float, low_open: bool, high_open: bool, whole: bool) -> None:
    sample = sample_between(low, high, low_open, high_open, whole)
    if sample is not None:
        found.append(Cell(sample, low, high, low_open, high_open))


def sample_between(low: Fraction | float, high: Fraction | float, low_open: bool, high_open: bool, whole: bool) -> Fraction | None:
    """Some number between the bounds, a whole one where asked; None when there is none."""
    if low > high or (low == high and (low_open or high_open)):
        return None
    if not whole:
        return _middle(low, high)
    if isinstance(low, float) or isinstance(high, float):
        middle = _middle(low, high)
        return Fraction(math.floor(middle)) if isinstance(low, float) else Fraction(math.ceil(middle))
    first = math.floor(low) + 1 if low_open else math.ceil(low)
    last = math.ceil(high) - 1 if high_open else math.floor(high)
    return Fraction(first) if first <= last else None


def _middle(low: Fraction | float, high: Fraction | float) -> Fraction:
    """A number strictly between two different bounds, or the one they share; a float bound here is infinite."""
    if isinstance(low, float) and isinstance(high, float):
        return Fraction(0)
    if isinstance(low, float):
        return Fraction(high) - 1
    if isinstance(high, float):
        return Fraction(low) + 1
    return Fraction(low + high) / 2


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def plain_test(leaf: Leaf) -> tuple[Declaration, Sequence[float], Callable[[Any], bool]] | None:
    """A leaf about one bare fact and constants: the fact, its thresholds, the test on a value. None for every other leaf."""
    if isinstance(leaf, Held):
        return leaf.fact.declaration, (), bool
    if isinstance(leaf, Membership):
        among = frozenset(leaf.values)
        numbers = [value for value in leaf.values if isinstance(value, float)]
        negated = leaf.negated
        return leaf.fact.declaration, numbers, lambda value: (value in among) is not negated
    if isinstance(leaf, Between):
        low, high, outside = leaf.low, leaf.high, leaf.negated
        if isinstance(leaf.term, Fact):
            return leaf.term.declaration, (low, high), lambda value: (low <= value <= high) is not outside
        return None
    if isinstance(leaf.left, Fact) and isinstance(leaf.right, Constant):
        constant, compare = leaf.right.value, COMPARE[leaf.operator]
        return leaf.left.declaration, () if isinstance(constant, str) else (constant,), lambda value: compare(value, constant)
    return None


def can_be(leaf: Leaf) -> frozenset[bool] | None:
    """Which truths a leaf about one bare fact can take within the domain; None for leaves of more than one fact or with arithmetic."""
    plain = plain_test(leaf)
    if plain is None:
        return None
    declaration, thresholds, test = plain
    return frozenset(test(cell.sample) for cell in cells(declaration, thresholds))


def term_interval(term: Term, bounds: Mapping[str, Interval] | None = None) -> Interval:
    """Bounds of a numeric term over ``bounds``, else over its facts' domains. Never too narrow; too wide where a fact stands twice."""
    if isinstance(term, Fact):
        return term.declaration.bounds() if bounds is None else bounds[term.name]
    if isinstance(term, Constant):
        value = float(term.value)
        return value, value
    if isinstance(term, Negative):
        low, high = term_interval(term.term, bounds)
        return -high, -low
    return combine(term, term_interval(term.left, bounds), term_interval(term.right, bounds))


def combine(term: Arithmetic, left: Interval, right: Interval) -> Interval:
    """Interval arithmetic for one operator. Rounding to nearest is monotone, so bounds of computed values are computed bounds."""
    if term.operator == "+":
        return _outward(left[0] + right[0], left[1] + right[1])
    if term.operator == "-":
        return _outward(left[0] - right[1], left[1] - right[0])
    if term.operator == "*":
        corners = [_product(a, b) for a in left for b in right]
        return min(corners), max(corners)
    if right[0] <= 0 <= right[1]:
        return -math.inf, math.inf
    corners = [_quotient(a, b) for a in left for b in right]
    return min(corners), max(corners)


def _outward(low: float, high: float) -> Interval:
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _product(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def _quotient(left: float, right: float) -> float:
    return (
        (0.0 if math.isinf(right) else left / right)
        if math.isfinite(left) or math.isfinite(right)
        else math.copysign(math.inf, left * right)
    )


def interval_truths(leaf: Comparison | Between, bounds: Mapping[str, Interval] | None = None) -> frozenset[bool]:
    """Truths that interval bounds leave possible for a leaf with arithmetic or several facts; both, unless one is proved impossible."""
    if isinstance(leaf, Comparison):
        return possible_truths(leaf.operator, term_interval(leaf.left, bounds), term_interval(leaf.right, bounds))
    low, high = term_interval(leaf.term, bounds)
    inside = {True} if leaf.low <= low and high <= leaf.high else {False} if high < leaf.low or low > leaf.high else {True, False}
    return frozenset(truth is not leaf.negated for truth in inside)


def possible_truths(operator: str, left: Interval, right: Interval) -> frozenset[bool]:
    """Truths of ``left operator right`` that the bounds leave possible."""
    if operator in (">", ">="):
        return possible_truths(FLIPPED[operator], right, left)
    if operator == "<>":
        return frozenset(not truth for truth in possible_truths("=", left, right))
    if operator == "=":
        if left[0] == left[1] == right[0] == right[1]:
            return frozenset({True})
        return frozenset({False}) if left[1] < right[0] or left[0] > right[1] else frozenset({True, False})
    always = left[1] < right[0] or (operator == "<=" and left[1] == right[0])
    never = left[0] > right[1] or (operator == "<" and left[0] == right[1])
    return frozenset({True}) if always else frozenset({False}) if never else frozenset({True, False})
