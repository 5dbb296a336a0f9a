"""A cohort: formulas as Polars expressions, one column in, one nullable Boolean column out; and many formulas at once with shared work.

A fact is a column of its own name; null (and NaN) is unknown. Numbers are cast to doubles, so that whole numbers, decimals and constants
meet as they do in ``evaluate``. ``compile_many`` builds each distinct leaf and each distinct joining once, level by level, and streams by
row chunks, so that memory depends on the chunk and not on the cohort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import (
    And,
    Between,
    Comparison,
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
from peritia.criteria.refusal import CriterionError, ValueRefused

if TYPE_CHECKING:
    import polars as pl

    Column = Callable[[Declaration], pl.Expr]

ROWS_AT_ONCE = 100_000


def to_polars(formula: Formula) -> pl.Expr:
    """One formula over a frame whose columns carry the facts' names: true, false or null."""
    return _condition(formula.root, _raw)


def compile_many(formulas: Mapping[str, Formula]) -> Columns:
    """Many formulas as one program. Raises ``CriterionError`` when two of them declare one fact differently."""
    declared: dict[str, Declaration] = {}
    for formula in formulas.values():
        for declaration in formula.declarations:
            if declared.setdefault(declaration.name, declaration) != declaration:
                raise CriterionError(f"{declaration.name!r} is declared in two ways", "formulas over one vocabulary")
    numbers: dict[Condition, int] = {}
    levels: list[list[pl.Expr]] = [[]]
    depths: list[int] = []
    roots = tuple(_placed(formula.root, numbers, levels, depths) for formula in formulas.values())
    return Columns(tuple(formulas), tuple(declared[name] for name in sorted(declared)), tuple(tuple(level) for level in levels), roots)


@dataclass(frozen=True)
class Columns:
    """A compiled program. ``names`` are the formulas' names, ``declarations`` the facts that a frame must hold."""

    names: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    _levels: tuple[tuple[pl.Expr, ...], ...]
    _roots: tuple[int, ...]

    @property
    def distinct(self) -> int:
        """How many distinct conditions are computed; what several formulas share counts once."""
        return sum(len(level) for level in self._levels)

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One nullable Boolean column a formula, rows in the frame's order. Raises ``ValueRefused`` on absent or unfit columns."""
        import polars as pl

        state = self._prepared(frame)
        for at, level in enumerate(self._levels):
            state = state.select(level) if at == 0 else state.with_columns(level)
        return state.select(pl.col(str(root)).alias(name) for name, root in zip(self.names, self._roots, strict=True))

    def chunks(self, frame: pl.DataFrame, rows: int = ROWS_AT_ONCE) -> Iterator[pl.DataFrame]:
        """``run`` over consecutive slices of at most ``rows`` rows."""
        for start in range(0, frame.height, rows):
            yield self.run(frame.slice(start, rows))

    def tally(self, frame: pl.DataFrame, rows: int = ROWS_AT_ONCE) -> pl.DataFrame:
        """Patients per formula for whom it is true, false, unknown. The three sum to the rows; unknown is never dropped."""
        import polars as pl

        true, false = [0] * len(self.names), [0] * len(self.names)
        for part in self.chunks(frame, rows):
            held = part.sum().row(0)
            known = part.count().row(0)
            true = [total + (count or 0) for total, count in zip(true, held, strict=True)]
            false = [total + count - (yes or 0) for total, count, yes in zip(false, known, held, strict=True)]
        unknown = [frame.height - yes - no for yes, no in zip(true, false, strict=True)]
        return pl.DataFrame({"formula": self.names, "true": true, "false": false, "unknown": unknown})

    def _prepared(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The fact columns in the types the leaves expect."""
        import polars as pl

        absent = [declaration.name for declaration in self.declarations if declaration.name not in frame.columns]
        if absent:
            hint = "Add a column of nulls for a fact that nobody recorded"
            raise ValueRefused(
                f"No column for {', '.join(absent[:8])}{' ...' if len(absent) > 8 else ''}", "a column for every fact used", hint
            )
        unfit = [one.name for one in self.declarations if not _fits(one, frame.schema[one.name])]
        if unfit:
            named = ", ".join(f"{name} ({frame.schema[name]})" for name in unfit[:8])
            raise ValueRefused(f"Columns of an unfit type: {named}", "Boolean, number or text columns, as the facts are declared")
        try:
            return frame.select(_typed(declaration) for declaration in self.declarations)
        except pl.exceptions.InvalidOperationError:
            raise ValueRefused("A category column holds a word outside its fact's categories", "declared categories or null") from None


def _fits(declaration: Declaration, dtype: pl.DataType) -> bool:
    import polars as pl

    if dtype == pl.Null:
        return True
    if declaration.kind == "bool":
        return dtype == pl.Boolean
    if declaration.kind == "cat":
        return dtype == pl.String or dtype == pl.Categorical or dtype == pl.Enum
    return dtype.is_numeric()


def _typed(declaration: Declaration) -> pl.Expr:
    import polars as pl

    if declaration.kind in ("int", "num"):
        return _raw(declaration)
    return pl.col(declaration.name).cast(pl.Boolean if declaration.kind == "bool" else pl.Enum(declaration.categories))


def _raw(declaration: Declaration) -> pl.Expr:
    """A fact's column; numbers as doubles, NaN as null."""
    import polars as pl

    column = pl.col(declaration.name)
    if declaration.kind == "int":
        return column.cast(pl.Float64)
    return column.cast(pl.Float64).fill_nan(None) if declaration.kind == "num" else column


def _ready(declaration: Declaration) -> pl.Expr:
    import polars as pl

    return pl.col(declaration.name)


def _placed(node: Condition, numbers: dict[Condition, int], levels: list[list[pl.Expr]], depths: list[int]) -> int:
    """The number of a node's column; a node met before keeps its number. Children stand one level below at least."""
    import polars as pl

    if node in numbers:
        return numbers[node]
    if isinstance(node, And | Or | Not):
        below = [_placed(child, numbers, levels, depths) for child in (node.children if isinstance(node, And | Or) else (node.child,))]
        depth = 1 + max(depths[at] for at in below)
        columns = [pl.col(str(at)) for at in below]
        expression = ~columns[0] if isinstance(node, Not) else _joined(type(node), columns)
    else:
        depth, expression = 0, _leaf(node, _ready)
    while len(levels) <= depth:
        levels.append([])
    number = numbers[node] = len(depths)
    depths.append(depth)
    levels[depth].append(expression.alias(str(number)))
    return number


def _joined(kind: type, columns: list[pl.Expr]) -> pl.Expr:
    """Kleene AND and OR of nullable Boolean columns, halved again and again: Polars recurses, and a long chain would be deep."""
    if len(columns) == 1:
        return columns[0]
    half = len(columns) // 2
    left, right = _joined(kind, columns[:half]), _joined(kind, columns[half:])
    return left & right if kind is And else left | right


def _condition(node: Condition, column: Column) -> pl.Expr:
    if isinstance(node, And | Or):
        return _joined(type(node), [_condition(child, column) for child in node.children])
    return ~_condition(node.child, column) if isinstance(node, Not) else _leaf(node, column)


def _leaf(leaf: Leaf, column: Column) -> pl.Expr:
    if isinstance(leaf, Held):
        return column(leaf.fact.declaration)
    if isinstance(leaf, Membership):
        fact = column(leaf.fact.declaration)
        among = _joined(Or, [fact == _constant(value) for value in leaf.values])
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
