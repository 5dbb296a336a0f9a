"""Arithmetic of terms as exact fractions of polynomials, so that facts that cancel are seen and linear comparisons are solved exactly.

``left - right`` becomes numerator / denominator, each a polynomial: {monomial: coefficient}, a monomial being the sorted names in it
(() is the constant). Doubles are exact fractions, so nothing is rounded here; the evaluators round as IEEE does, which can differ in the
last digit only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from peritia.criteria.expression import Arithmetic, Constant, Fact, Negative, Term

Polynomial = dict[tuple[str, ...], Fraction]

#: Beyond this many monomials a term is no longer expanded; such terms are treated by interval bounds.
MOST_MONOMIALS = 64


class Rational(msgspec.Struct, frozen=True):
    """A numerator over a denominator, and every divisor that must not be zero for the term to have a value."""

    numerator: Polynomial
    denominator: Polynomial
    divisors: tuple[Polynomial, ...] = ()


class TooLarge(Exception):  # a signal inside this room, never shown
    """The expansion passed ``MOST_MONOMIALS``."""


def difference(left: Term, right: Term, known: Mapping[str, Fraction]) -> Rational | None:
    """``left - right`` with the known facts put in; None where the expansion grows too large."""
    try:
        return _rational(Arithmetic("-", left, right), known)
    except TooLarge:
        return None


def is_linear(polynomial: Polynomial) -> bool:
    """At most one fact in each monomial."""
    return all(len(monomial) <= 1 for monomial in polynomial)


def constant_part(polynomial: Polynomial) -> Fraction | None:
    """The value of a polynomial without facts; None when a fact is left."""
    return polynomial.get((), Fraction(0)) if all(monomial == () for monomial in polynomial) else None


def linear_range(polynomial: Polynomial, bounds: Mapping[str, tuple[float, float]]) -> tuple[Fraction | float, Fraction | float]:
    """Least and greatest value of a linear polynomial over a box; exact where the box is bounded, infinite where it is not."""
    low: Fraction | float = polynomial.get((), Fraction(0))
    high = low
    for monomial, factor in polynomial.items():
        if monomial:
            ends = [_scaled(factor, bound) for bound in bounds[monomial[0]]]
            low, high = low + min(ends), high + max(ends)
    return low, high


def _scaled(factor: Fraction, bound: float) -> Fraction | float:
    return factor * Fraction(bound) if abs(bound) != float("inf") else (bound if factor > 0 else -bound)


def _rational(term: Term, known: Mapping[str, Fraction]) -> Rational:
    one: Polynomial = {(): Fraction(1)}
    if isinstance(term, Fact):
        value = known.get(term.name)
        return Rational({(term.name,): Fraction(1)} if value is None else _cleaned({(): value}), one)
    if isinstance(term, Constant):
        return Rational(_cleaned({(): Fraction(term.value)}), one)
    if isinstance(term, Negative):
        inner = _rational(term.term, known)
        return Rational(_times(inner.numerator, {(): Fraction(-1)}), inner.denominator, inner.divisors)
    left, right = _rational(term.left, known), _rational(term.right, known)
    divisors = left.divisors + right.divisors
    if term.operator == "*":
        return Rational(_times(left.numerator, right.numerator), _times(left.denominator, right.denominator), divisors)
    if term.operator == "/":
        # a quotient's value needs its divisor's numerator to differ from zero; the divisor's own divisors are in the list already
        return Rational(_times(left.numerator, right.denominator), _times(left.denominator, right.numerator), (*divisors, right.numerator))
    sign = Fraction(1 if term.operator == "+" else -1)
    if left.denominator == right.denominator:
        return Rational(_plus(left.numerator, right.numerator, sign), left.denominator, divisors)
    numerator = _plus(_times(left.numerator, right.denominator), _times(right.numerator, left.denominator), sign)
    return Rational(numerator, _times(left.denominator, right.denominator), divisors)


def _plus(left: Polynomial, right: Polynomial, sign: Fraction) -> Polynomial:
    total = dict(left)
    for monomial, factor in right.items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * factor
    return _cleaned(total)


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for one, factor in left.items():
        for other, second in right.items():
            monomial = tuple(sorted(one + other))
            total[monomial] = total.get(monomial, Fraction(0)) + factor * second
    return _cleaned(total)


def _cleaned(polynomial: Polynomial) -> Polynomial:
    cleaned = {monomial: factor for monomial, factor in polynomial.items() if factor}
    if len(cleaned) > MOST_MONOMIALS or any(len(monomial) > MOST_MONOMIALS for monomial in cleaned):
        raise TooLarge
    return cleaned
