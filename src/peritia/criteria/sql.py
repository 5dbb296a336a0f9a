"""A formula as SQL text for an engine that runs many patients: DuckDB, Spark, Trino. Written through sqlglot's own generators.

Each fact is a column of its name, NULL when unknown. Numbers are cast to DOUBLE and constants written as doubles (``4e1``), because a
decimal literal such as 0.1 is not the double 0.1. NaN, division by zero and overflow are NULL, as in ``evaluate``.
"""

from __future__ import annotations

import sys
from typing import Literal, cast

from sqlglot import exp

from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import (
    And,
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
    number_text,
)
from peritia.criteria.formula import Formula
from peritia.criteria.refusal import CriterionError, nearest

Dialect = Literal["duckdb", "spark", "trino"]
DIALECTS: tuple[str, ...] = ("duckdb", "spark", "trino")

_COMPARE: dict[str, type[exp.Binary]] = {"=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


def to_sql(formula: Formula, dialect: Dialect = "duckdb") -> str:
    """A Boolean SQL expression: TRUE, FALSE or NULL. Raises ``CriterionError`` for another dialect."""
    if dialect not in DIALECTS:
        raise CriterionError(f"{dialect!r} is not a dialect this room writes", ", ".join(DIALECTS), nearest(str(dialect), DIALECTS))
    return _condition(formula.root).sql(dialect=dialect, comments=False)


def _condition(node: Condition) -> exp.Expr:
    if isinstance(node, And | Or):
        kind = exp.And if isinstance(node, And) else exp.Or
        joined = _bracketed(node.children[0])
        for child in node.children[1:]:
            joined = kind(this=joined, expression=_bracketed(child))
        return joined
    if isinstance(node, Not):
        return exp.Not(this=exp.Paren(this=_condition(node.child)))
    return _leaf(node)


def _bracketed(node: Condition) -> exp.Expr:
    found = _condition(node)
    return exp.Paren(this=found) if isinstance(node, And | Or) else found


def _leaf(leaf: Leaf) -> exp.Expr:
    if isinstance(leaf, Held):
        return _fact(leaf.fact.declaration)
    if isinstance(leaf, Membership):
        found: exp.Expr = exp.In(this=_fact(leaf.fact.declaration), expressions=[_constant(value) for value in leaf.values])
        return exp.Not(this=found) if leaf.negated else found
    if isinstance(leaf, Between):
        found = exp.Between(this=_guarded(leaf.term), low=_constant(leaf.low), high=_constant(leaf.high))
        return exp.Not(this=found) if leaf.negated else found
    return _COMPARE[leaf.operator](this=_guarded(leaf.left), expression=_guarded(leaf.right))


def _fact(declaration: Declaration) -> exp.Expr:
    column = exp.column(declaration.name, quoted=True)
    if declaration.kind in ("bool", "cat"):
        return column
    number = exp.cast(column, "double")
    if declaration.kind == "int":
        return number
    return exp.Case().when(exp.Not(this=exp.IsNan(this=number.copy())), number)


def _guarded(term: Term) -> exp.Expr:
    """Arithmetic that ends in infinity or in no number is NULL: no such value lies within the largest double."""
    found = _term(term)
    if isinstance(term, Fact | Constant):
        return found
    finite = exp.LTE(this=exp.Abs(this=found.copy()), expression=_constant(sys.float_info.max))
    return exp.Case().when(finite, found)


def _term(term: Term) -> exp.Expr:
    if isinstance(term, Fact):
        return _fact(term.declaration)
    if isinstance(term, Constant):
        return _constant(term.value)
    if isinstance(term, Negative):
        return exp.Neg(this=exp.Paren(this=_term(term.term)))
    left, right = exp.Paren(this=_term(term.left)), exp.Paren(this=_term(term.right))
    if term.operator != "/":
        kind = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[term.operator]
        return kind(this=left, expression=right)
    # typed: both sides are DOUBLE already; without it the generators for typed engines would cast once more
    return exp.Div(this=left, expression=exp.Nullif(this=right, expression=_constant(0.0)), typed=True, safe=False)


def _constant(value: float | str) -> exp.Expr:
    if isinstance(value, str):
        return exp.Literal.string(value)
    digits = number_text(abs(value))
    number = exp.Literal.number(digits if "e" in digits else digits + "e0")
    return cast("exp.Expr", exp.Paren(this=exp.Neg(this=number)) if value < 0 else number)
