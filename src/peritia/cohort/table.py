"""A table of facts from a file: CSV or Parquet, one column a fact, one row a patient. Everything wrong with it is said at once."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import polars as pl

from peritia.case.facts import DECLARATIONS, FactDeclaration
from peritia.errors import InputRefused, Problem

IDENTIFIERS = ("id", "case_id", "patient_id")
"""Columns that name the patient and carry no fact."""


def read_table(path: Path) -> pl.DataFrame:
    """The facts in ``path`` with the identifier first, if there is one. Raises ``InputRefused`` with every problem found."""
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        problem = Problem(
            "", None, f"cannot be read as {path.suffix[1:] or 'a table'}: {type(error).__name__}", "write it as CSV (UTF-8) or Parquet"
        )
        raise InputRefused(path.name, (problem,)) from None
    problems = [problem for column in frame.columns for problem in _column_problems(frame, column)]
    if not any(column in DECLARATIONS for column in frame.columns):
        problems.append(Problem("", None, "no column carries the name of a fact", "facts are listed in the manual"))
    if problems:
        raise InputRefused(path.name, tuple(problems))
    return frame


def _read_csv(path: Path) -> pl.DataFrame:
    types: dict[str, pl.DataType | type[pl.DataType]] = {name: _type(declaration) for name, declaration in DECLARATIONS.items()}
    header = pl.read_csv(path, n_rows=0).columns
    known = {name: dtype for name, dtype in types.items() if name in header}
    return pl.read_csv(path, schema_overrides={**known, **{name: pl.String for name in IDENTIFIERS if name in header}})


def _type(declaration: FactDeclaration) -> type[pl.DataType]:
    return {"bool": pl.Boolean, "int": pl.Int64, "num": pl.Float64, "cat": pl.String}[declaration.kind]


def _column_problems(frame: pl.DataFrame, column: str) -> list[Problem]:
    if column in IDENTIFIERS:
        return []
    if column not in DECLARATIONS:
        near = get_close_matches(column, DECLARATIONS, 1)
        return [Problem(column, None, "is not a fact", f"did you mean {near[0]}?" if near else "leave it out, or name it id")]
    declaration, values = DECLARATIONS[column], frame.get_column(column)
    if values.dtype == pl.Null:
        return []
    if declaration.kind == "bool":
        return [] if values.dtype == pl.Boolean else [Problem(column, None, f"holds {values.dtype}, expected true, false or nothing")]
    if declaration.kind == "cat":
        return _category_problems(column, declaration, values)
    if not values.dtype.is_numeric():
        return [Problem(column, None, f"holds {values.dtype}, expected numbers in {declaration.unit or 'no unit'}")]
    outside = _outside(declaration, values)
    expected = f"{declaration.low:g} to {declaration.high:g} {declaration.unit or ''}".strip()
    return [Problem(column, None, f"{outside:,} values outside {expected}", "check the unit")] if outside else []


def _outside(declaration: FactDeclaration, values: pl.Series) -> int:
    low = declaration.low if declaration.low is not None else float("-inf")
    high = declaration.high if declaration.high is not None else float("inf")
    return int(((values < low) | (values > high)).sum())


def _category_problems(column: str, declaration: FactDeclaration, values: pl.Series) -> list[Problem]:
    strange = int((~values.cast(pl.String).is_in(declaration.categories)).sum())
    if not strange:
        return []
    return [Problem(column, None, f"{strange:,} values outside the fact's categories", f"one of {', '.join(declaration.categories)}")]
