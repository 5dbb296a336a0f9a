"""A leaf that ties several facts together (``pci_surgical < index_pci`` and its kin), with the known facts put in.

A comparison that is then linear, quotients with linear divisors included, becomes systems of linear inequalities.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import cast

import msgspec

from peritia.criteria.algebra import Polynomial, constant_part, difference, is_linear
from peritia.criteria.declaration import Declaration, Value
from peritia.criteria.domains import FLIPPED, OPPOSITE
from peritia.criteria.expression import Between, Comparison, Constant, Fact, Leaf, Term, node_facts
from peritia.criteria.linear import Inequality
from peritia.criteria.measure import fact_measure

Conjunct = list[Inequality]


class Relation(msgspec.Struct, frozen=True):
    """One leaf that must take the truth ``want``. ``ways``: its linear forms, one of which must hold; None when it is not linear."""

    leaf: Leaf
    want: bool
    unknown: tuple[Declaration, ...]
    ways: tuple[Conjunct, ...] | None
    words: bool


def relation(leaf: Leaf, want: bool, values: Mapping[str, Value | None]) -> Relation:
    """A leaf with the known facts put in."""
    unknown = {one.name: one for one in node_facts(leaf) if fact_measure(one)(values) is None}
    declared = tuple(unknown.values())
    words = isinstance(leaf, Comparison) and isinstance(leaf.left, Fact) and leaf.left.declaration.kind in ("cat", "bool")
    if words:
        return Relation(leaf, want, declared, None, True)
    known = {one.name: Fraction(float(cast(float, values[one.name]))) for one in node_facts(leaf) if one.name not in unknown}
    return Relation(leaf, want, declared, _ways(leaf, want, known), False)


def _ways(leaf: Leaf, want: bool, known: Mapping[str, Fraction]) -> tuple[Conjunct, ...] | None:
    """The leaf as alternatives of linear systems; None when it is not linear."""
    if isinstance(leaf, Between):
        inside = want is not leaf.negated
        low = _compared(leaf.term, ">=" if inside else "<", Constant(leaf.low), known)
        high = _compared(leaf.term, "<=" if inside else ">", Constant(leaf.high), known)
        if low is None or high is None:
            return None
        return tuple(one + other for one, other in product(low, high)) if inside else low + high
    assert isinstance(leaf, Comparison)
    return _compared(leaf.left, leaf.operator if want else OPPOSITE[leaf.operator], leaf.right, known)


def _compared(left: Term, operator: str, right: Term, known: Mapping[str, Fraction]) -> tuple[Conjunct, ...] | None:
    """``left operator right`` as linear systems: each divisor is taken once above zero and once below."""
    rational = difference(left, right, known)
    if rational is None:
        return None
    splits: list[Polynomial] = []
    for divisor in (*rational.divisors, rational.denominator):
        if constant_part(divisor) == 0:
            return ()  # a division by zero, whatever the missing facts are
        if constant_part(divisor) is None and divisor not in splits:
            splits.append(divisor)
    if not is_linear(rational.numerator) or not all(is_linear(split) for split in splits) or len(splits) > 4:
        return None
    found: list[Conjunct] = []
    for signs in product((1, -1), repeat=len(splits)):
        side = [_inequality(split, sign, strict=True) for split, sign in zip(splits, signs, strict=True)]
        fixed = constant_part(rational.denominator)
        sign = signs[splits.index(rational.denominator)] if fixed is None else (1 if fixed > 0 else -1)
        found.extend(side + way for way in _signed(rational.numerator, operator if sign > 0 else FLIPPED[operator]))
    return tuple(found)


def _signed(numerator: Polynomial, operator: str) -> list[Conjunct]:
    """``numerator operator 0`` as alternatives."""
    above, below = _inequality(numerator, 1, strict=operator == ">"), _inequality(numerator, -1, strict=operator == "<")
    if operator == "=":
        return [[above, below]]
    if operator == "<>":
        return [[_inequality(numerator, 1, strict=True)], [_inequality(numerator, -1, strict=True)]]
    return [[above]] if operator in (">", ">=") else [[below]]


def _inequality(polynomial: Polynomial, sign: int, strict: bool) -> Inequality:
    factors = {monomial[0]: factor * sign for monomial, factor in polynomial.items() if monomial}
    return Inequality(factors, polynomial.get((), Fraction(0)) * sign, strict)
