"""One patient: the truth of a formula, from closures built once per formula."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

from peritia.criteria.declaration import Truth
from peritia.criteria.expression import And, Between, Condition, Constant, Held, Leaf, Membership, Not, Or
from peritia.criteria.formula import Formula
from peritia.criteria.measure import Measure, Values, fact_measure, term_measure

Judge = Callable[[Values], Truth]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(formula: Formula, values: Values) -> Truth:
    """True, False, or None for unknown. A fact that is absent or None is unknown. Raises ``ValueRefused`` on a value of the wrong kind."""
    judge = formula.__dict__.get("_judge")
    if judge is None:
        judge = formula.__dict__["_judge"] = judge_of(formula.root)
    return cast(Judge, judge)(values)


def judge_of(node: Condition) -> Judge:
    """A closure that gives a condition's truth."""
    if isinstance(node, And):
        return _all([judge_of(child) for child in node.children])
    if isinstance(node, Or):
        return _any([judge_of(child) for child in node.children])
    if isinstance(node, Not):
        return _not(judge_of(node.child))
    return leaf_judge(node)


def _all(judges: list[Judge]) -> Judge:
    def judge(values: Values) -> Truth:
        truth: Truth = True
        for one in judges:
            found = one(values)
            if found is False:
                return False
            if found is None:
                truth = None
        return truth

    return judge


def _any(judges: list[Judge]) -> Judge:
    def judge(values: Values) -> Truth:
        truth: Truth = False
        for one in judges:
            found = one(values)
            if found is True:
                return True
            if found is None:
                truth = None
        return truth

    return judge


def _not(inner: Judge) -> Judge:
    def judge(values: Values) -> Truth:
        truth = inner(values)
        return None if truth is None else not truth

    return judge


def leaf_judge(leaf: Leaf) -> Judge:
    """A closure for one leaf: unknown as soon as one fact in it is unknown."""
    if isinstance(leaf, Held):
        return fact_measure(leaf.fact.declaration)
    if isinstance(leaf, Membership):
        return _among(fact_measure(leaf.fact.declaration), frozenset(leaf.values), leaf.negated)
    if isinstance(leaf, Between):
        return _within(term_measure(leaf.term), leaf.low, leaf.high, leaf.negated)
    compare = _COMPARE[leaf.operator]
    if isinstance(leaf.right, Constant):
        return _against(term_measure(leaf.left), compare, leaf.right.value)
    return _between_two(term_measure(leaf.left), compare, term_measure(leaf.right))


def _among(measure: Measure, among: frozenset[float | str], negated: bool) -> Judge:
    def judge(values: Values) -> Truth:
        value = measure(values)
        return None if value is None else (value in among) is not negated

    return judge


def _within(measure: Measure, low: float, high: float, negated: bool) -> Judge:
    def judge(values: Values) -> Truth:
        value = measure(values)
        return None if value is None else (low <= value <= high) is not negated

    return judge


def _against(measure: Measure, compare: Callable[[Any, Any], bool], constant: float | str) -> Judge:
    def judge(values: Values) -> Truth:
        value = measure(values)
        return None if value is None else compare(value, constant)

    return judge


def _between_two(first: Measure, compare: Callable[[Any, Any], bool], second: Measure) -> Judge:
    def judge(values: Values) -> Truth:
        left = first(values)
        if left is None:
            return None
        right = second(values)
        return None if right is None else compare(left, right)

    return judge
