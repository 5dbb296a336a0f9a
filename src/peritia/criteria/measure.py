"""The value of a fact or a term for one patient, as closures.

Arithmetic is IEEE double arithmetic in the order written. A division by zero, and a result that is not a finite number, is unknown.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from peritia.criteria.declaration import Declaration, Value
from peritia.criteria.expression import Arithmetic, Constant, Fact, Negative, Term
from peritia.criteria.refusal import ValueRefused

Values = Mapping[str, Value | None]
Measure = Callable[[Values], Any]


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


def term_measure(term: Term) -> Measure:
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
