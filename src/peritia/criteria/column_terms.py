"""Conditions and terms as Polars expressions: Kleene AND and OR, guarded arithmetic, null for unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import And, Between, Comparison, Condition, Constant, Fact, Held, Leaf, Membership, Negative, Not, Or, Term

if TYPE_CHECKING:
    import polars as pl

    Column = Callable[[Declaration], pl.Expr]


def raw_column(declaration: Declaration) -> pl.Expr:
    """A fact's column; numbers as doubles, NaN as null."""
    import polars as pl

    column = pl.col(declaration.name)
    if declaration.kind == "int":
        return column.cast(pl.Float64)
    return column.cast(pl.Float64).fill_nan(None) if declaration.kind == "num" else column


def joined_column(kind: type, columns: list[pl.Expr]) -> pl.Expr:
    """Kleene AND and OR of nullable Boolean columns, halved again and again: Polars recurses, and a long chain would be deep."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    left, right = joined_column(kind, columns[:half]), joined_column(kind, columns[half:])
    return left & right if kind is And else left | right


def condition_column(node: Condition, column: Column) -> pl.Expr:
    """A condition's truth; ``column`` says how a fact's column is read."""
    if isinstance(node, And | Or):
        return joined_column(type(node), [condition_column(child, column) for child in node.children])
    return ~condition_column(node.child, column) if isinstance(node, Not) else leaf_column(node, column)


def leaf_column(leaf: Leaf, column: Column) -> pl.Expr:
    """A leaf's truth: null as soon as one fact in it is null."""
    if isinstance(leaf, Held):
        return column(leaf.fact.declaration)
    if isinstance(leaf, Membership):
        fact = column(leaf.fact.declaration)
        among = joined_column(Or, [fact == _constant(value) for value in leaf.values])
        return ~among if leaf.negated else among
    if isinstance(leaf, Between):
        term = _guarded(leaf.term, column)
        within = (term >= _constant(leaf.low)) & (term <= _constant(leaf.high))
        return ~within if leaf.negated else within
    return _compared(leaf, _guarded(leaf.left, column), _guarded(leaf.right, column))


def _compared(leaf: Comparison, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    if leaf.operator == "=":
        return left == right
    if leaf.operator == "<>":
        return left != right
    if leaf.operator == "<":
        return left < right
    if leaf.operator == "<=":
        return left <= right
    return left > right if leaf.operator == ">" else left >= right


def _guarded(term: Term, column: Column) -> pl.Expr:
    """Arithmetic that ends in infinity or in no number is unknown."""
    import polars as pl

    expression = _term(term, column)
    return expression if isinstance(term, Fact | Constant) else pl.when(expression.is_finite()).then(expression)


def _term(term: Term, column: Column) -> pl.Expr:
    import polars as pl

    if isinstance(term, Fact):
        return column(term.declaration)
    if isinstance(term, Constant):
        return _constant(term.value)
    if isinstance(term, Negative):
        return -_term(term.term, column)
    left, right = _term(term.left, column), _term(term.right, column)
    if term.operator == "/":
        return left / pl.when(right != 0.0).then(right)
    return {"+": left + right, "-": left - right, "*": left * right}[term.operator]


def _constant(value: float | str) -> pl.Expr:
    import polars as pl

    return pl.lit(value) if isinstance(value, str) else pl.lit(value, dtype=pl.Float64)
