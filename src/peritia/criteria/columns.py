"""A cohort: formulas as Polars expressions, one column in, one nullable Boolean column out; and many formulas at once with shared work.

A fact is a column of its own name; null (and NaN) is unknown. Numbers are cast to doubles, so that whole numbers, decimals and constants
meet as they do in ``evaluate``. ``compile_many`` builds each distinct leaf and each distinct joining once, level by level, and streams by
row chunks, so that memory depends on the chunk and not on the cohort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peritia.criteria.column_terms import condition_column, joined_column, leaf_column, raw_column
from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import And, Condition, Not, Or
from peritia.criteria.formula import Formula
from peritia.criteria.refusal import CriterionError, ValueRefused

if TYPE_CHECKING:
    import polars as pl

ROWS_AT_ONCE = 100_000


def to_polars(formula: Formula) -> pl.Expr:
    """One formula over a frame whose columns carry the facts' names: true, false or null."""
    return condition_column(formula.root, raw_column)


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
        return raw_column(declaration)
    return pl.col(declaration.name).cast(pl.Boolean if declaration.kind == "bool" else pl.Enum(declaration.categories))


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
        expression = ~columns[0] if isinstance(node, Not) else joined_column(type(node), columns)
    else:
        depth, expression = 0, leaf_column(node, _ready)
    while len(levels) <= depth:
        levels.append([])
    number = numbers[node] = len(depths)
    depths.append(depth)
    levels[depth].append(expression.alias(str(number)))
    return number
