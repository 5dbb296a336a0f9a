"""One patient: the truth of a formula, from closures built once per formula.

Arithmetic is IEEE double arithmetic in the order written. A division by zero, and a result that is not a finite number, is unknown.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, cast

from peritia.criteria.declaration import Declaration, Truth, Value
from peritia.criteria.expression import (
    And,
    Arithmetic,
    Between,
    Condition,
    Constant,
    Fact,
    Held,
    Leaf,
    Membership,
    Negative,
    Not,
    Or,
    Term,
)
from peritia.criteria.formula import Formula
from peritia.criteria.refusal import ValueRefused

Values = Mapping[str, Value | None]
Judge = Callable[[Values], Truth]
Measure = Callable[[Values], Any]

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
        return _within(_guarded(leaf.term), leaf.low, leaf.high, leaf.negated)
    compare = _COMPARE[leaf.operator]
    if isinstance(leaf.right, Constant):
        return _against(_guarded(leaf.left), compare, leaf.right.value)
    return _between_two(_guarded(leaf.left), compare, _guarded(leaf.right))


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


def fact_measure(declaration: Declaration) -> Measure:
    """A closure that reads one fact: its value, None for unknown (NaN is unknown), ``ValueRefused`` for another kind."""
    name, kind = declaration.name, declaration.kind
    categories = frozenset(declaration.categories)

    def number(values: Values) -> float | None:
        value = values.get(name)
        kind_found = type(value)
        if kind_found is float or (value is not None and kind_found is not int and isinstance(value, float)):
            return value if value == value else None  # type: ignore[return-value]
        if value is None or kind_found is int:
            return value  # type: ignore[return-value]
        raise _wrong(name, "a number", kind_found)

    def truth(values: Values) -> bool | None:
        value = values.get(name)
        if value is None or value is True or value is False:
            return value
        raise _wrong(name, "true or false", type(value))

    def word(values: Values) -> str | None:
        value = values.get(name)
        if value is None or value in categories:
            return value  # type: ignore[return-value]
        raise _wrong(name, "one of its categories", type(value))

    return {"bool": truth, "cat": word}.get(kind, number)


def _wrong(name: str, expected: str, found: type) -> ValueRefused:
    return ValueRefused(f"The fact {name} holds a value of type {found.__name__} that it cannot take", expected)


def _guarded(term: Term) -> Measure:
    """A term's value; arithmetic that ends in infinity or in no number is unknown."""
    measure = _measure(term)
    if isinstance(term, Fact | Constant):
        return measure

    def guarded(values: Values) -> float | None:
        value = measure(values)
        return value if value is not None and math.isfinite(value) else None

    return guarded


def _measure(term: Term) -> Measure:
    if isinstance(term, Fact):
        return fact_measure(term.declaration)
    if isinstance(term, Constant):
        constant = term.value
        return lambda values: constant
    if isinstance(term, Negative):
        inner = _measure(term.term)
        return lambda values: None if (value := inner(values)) is None else -float(value)
    return _arithmetic(term)


def _arithmetic(term: Arithmetic) -> Measure:
    first, second = _measure(term.left), _measure(term.right)
    calculate = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": _quotient}[term.operator]

    def measure(values: Values) -> float | None:
        left = first(values)
        if left is None:
            return None
        right = second(values)
        return None if right is None else calculate(float(left), float(right))

    return measure


def _quotient(left: float, right: float) -> float | None:
    return None if right == 0 else left / right
