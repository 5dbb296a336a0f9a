"""Written once, run several ways: explanation, evaluator, Polars (one and many), DuckDB. All must agree on every row."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.criteria import (
    Declaration,
    Truth,
    Value,
    ValueRefused,
    compile_many,
    conjunction,
    disjunction,
    evaluate,
    explain,
    negation,
    parse,
    to_polars,
    to_sql,
)

from .strategies import cases, examples, rows, texts

Row = Mapping[str, Value | None]
TYPES: dict[str, pl.DataType] = {"bool": pl.Boolean(), "int": pl.Int64(), "num": pl.Float64(), "cat": pl.String()}


def table(vocabulary: Mapping[str, Declaration], values: list[Row]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series([row[name] for row in values], dtype=TYPES[one.kind]) for name, one in vocabulary.items()})


SQL_TYPES = {"bool": "BOOLEAN", "int": "BIGINT", "num": "DOUBLE", "cat": "VARCHAR"}


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def by_duckdb(duck: duckdb.DuckDBPyConnection, condition: str, vocabulary: Mapping[str, Declaration], values: list[Row]) -> list[Truth]:
    columns = ", ".join(f'"{name}" {SQL_TYPES[one.kind]}' for name, one in vocabulary.items())
    duck.execute(f'CREATE OR REPLACE TEMP TABLE patients ("row" INTEGER, {columns})')
    marks = ", ".join("?" * (len(vocabulary) + 1))
    duck.executemany(f"INSERT INTO patients VALUES ({marks})", [[at, *(row[name] for name in vocabulary)] for at, row in enumerate(values)])
    found = duck.execute(f'SELECT {condition} AS truth FROM patients ORDER BY "row"').fetchall()
    return [truth for (truth,) in found]


@examples(80)
@given(data=st.data())
def test_every_evaluator_agrees(duck: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    vocabulary, text = data.draw(cases())
    formula = parse(text, vocabulary)
    values = data.draw(st.lists(rows(vocabulary), min_size=1, max_size=8))
    expected = [evaluate(formula, row) for row in values]
    frame = table(vocabulary, values)
    assert [explain(formula, row).truth for row in values] == expected
    assert frame.select(to_polars(formula).alias("truth"))["truth"].to_list() == expected
    assert compile_many({"one": formula, "other": negation(formula)}).run(frame)["one"].to_list() == expected
    assert by_duckdb(duck, to_sql(formula, "duckdb"), vocabulary, values) == expected


@examples(60)
@given(data=st.data())
def test_canonical_text_is_the_same_sql_and_parses_back(duck: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    vocabulary, text = data.draw(cases(arithmetic=False))
    formula = parse(text, vocabulary)
    assert parse(formula.text, vocabulary) == formula
    assert parse(formula.text, vocabulary).text == formula.text
    values = data.draw(st.lists(rows(vocabulary), min_size=1, max_size=5))
    expected = [evaluate(formula, row) for row in values]
    assert by_duckdb(duck, formula.text, vocabulary, values) == expected
    assert by_duckdb(duck, text, vocabulary, values) == expected


@examples(80)
@given(st.data())
def test_forgetting_is_monotone(data: st.DataObject) -> None:
    """Replacing a known value by unknown may turn an answer into unknown, never into another answer."""
    vocabulary, text = data.draw(cases())
    formula = parse(text, vocabulary)
    row = data.draw(rows(vocabulary, unknown=False))
    forgotten = data.draw(st.sets(st.sampled_from(sorted(vocabulary))))
    less = {name: None if name in forgotten else value for name, value in row.items()}
    assert evaluate(formula, less) in (None, evaluate(formula, row))
    absent = {name: value for name, value in less.items() if value is not None}
    assert evaluate(formula, absent) == evaluate(formula, less)


@examples(40)
@given(st.data(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(data: st.DataObject, chance: random.Random) -> None:
    vocabulary, text = data.draw(cases())
    values = data.draw(st.lists(rows(vocabulary), min_size=2, max_size=12))
    order = list(range(len(values)))
    chance.shuffle(order)
    program = compile_many({"one": parse(text, vocabulary)})
    straight = program.run(table(vocabulary, values))["one"].to_list()
    shuffled = program.run(table(vocabulary, [values[at] for at in order]))["one"].to_list()
    assert shuffled == [straight[at] for at in order]


@examples(40)
@given(st.data())
def test_joining_formulas_is_kleene(data: st.DataObject) -> None:
    vocabulary, first = data.draw(cases())
    one, other = parse(first, vocabulary), parse(data.draw(texts(vocabulary)), vocabulary)
    row = data.draw(rows(vocabulary))
    left, right = evaluate(one, row), evaluate(other, row)
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert evaluate(conjunction([one, other]), row) is both
    assert evaluate(disjunction([one, other]), row) is either
    assert evaluate(negation(one), row) is (None if left is None else not left)
    assert negation(negation(one)).text in (one.text, negation(negation(one)).text)


HARD = {
    one.name: one
    for one in [
        Declaration("x", "num", None, -1e300, 1e300),
        Declaration("y", "num", None, -1e300, 1e300),
        Declaration("n", "int", None, -5, 5),
        Declaration("word", "cat", categories=("it's", 'say "no"', "back\\slash", "ü")),
        Declaration("select", "bool"),
    ]
}
HARD_ROWS: list[Row] = [
    {"x": x, "y": y, "n": n, "word": word, "select": held}
    for x, y, n, word, held in [
        (0.1, 0.2, 0, "it's", True),
        (0.3, 0.1, 3, 'say "no"', False),
        (1e300, 1e300, -5, "back\\slash", None),
        (-1e300, 1e300, 5, "ü", True),
        (0.0, -0.0, 0, None, None),
        (-0.0, 0.0, None, "it's", False),
        (float("nan"), 1.0, 1, "ü", True),
        (5e-324, 1e-300, 1, "ü", True),
        (None, None, None, None, None),
    ]
]
HARD_TEXTS = [
    "x + y = 0.3",
    "x + y = 0.30000000000000004",
    "x = 0.1",
    "x * y > 1",
    "x * y - x * x = 0",
    "1 / (x * y) < 1",
    "x / y >= 0",
    "x / n > 1",
    "n / 2 = 1.5",
    "n / 2 <= 1",
    "x IN (0.1, 0, 1e300)",
    "x NOT IN (0)",
    "x BETWEEN -0.5 AND 0.3",
    "-x >= y",
    "-(-x) >= y",
    "x - -y >= -1e-300",
    "x < 1e22 AND y > -1e22",
    "word = 'it''s'",
    "word IN ('say \"no\"', 'back\\slash')",
    "word <> 'ü'",
    "select",
    "NOT select OR n = 3",
    "n = 3 AND n <> 2",
    "x / y / y < 2",
    "x / (y / n) < 2",
]


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_hard_numbers_and_words(duck: duckdb.DuckDBPyConnection, text: str) -> None:
    formula = parse(text, HARD)
    assert parse(formula.text, HARD) == formula
    expected = [evaluate(formula, row) for row in HARD_ROWS]
    frame = table(HARD, HARD_ROWS)
    assert [explain(formula, row).truth for row in HARD_ROWS] == expected
    assert frame.select(to_polars(formula).alias("truth"))["truth"].to_list() == expected
    assert compile_many({"one": formula}).run(frame)["one"].to_list() == expected
    assert by_duckdb(duck, to_sql(formula), HARD, HARD_ROWS) == expected


def test_division_by_zero_and_no_number_are_unknown() -> None:
    formula = parse("x / n > 1", HARD)
    assert evaluate(formula, {"x": 1.0, "n": 0}) is None
    assert evaluate(formula, {"x": float("nan"), "n": 1}) is None
    assert evaluate(formula, {"x": 1e300, "n": 1}) is True


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("n = 3", {"n": "3"}),
        ("n = 3", {"n": True}),
        ("select", {"select": 1}),
        ("word = 'ü'", {"word": "elsewhere"}),
        ("word = 'ü'", {"word": 1}),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_without_showing_it(text: str, row: Row) -> None:
    with pytest.raises(ValueRefused) as refused:
        evaluate(parse(text, HARD), row)
    assert "elsewhere" not in str(refused.value)


def test_columns_refuse_absent_and_unfit_columns() -> None:
    program = compile_many({"one": parse("n = 3 AND word = 'ü'", HARD)})
    with pytest.raises(ValueRefused, match="No column for word"):
        program.run(pl.DataFrame({"n": [1]}))
    with pytest.raises(ValueRefused, match=r"n \(String\)"):
        program.run(pl.DataFrame({"n": ["1"], "word": ["ü"]}))
    with pytest.raises(ValueRefused, match="outside its fact's categories") as refused:
        program.run(pl.DataFrame({"n": [1], "word": ["elsewhere"]}))
    assert "elsewhere" not in str(refused.value)
    assert program.run(pl.DataFrame({"n": [None], "word": [None]}))["one"].to_list() == [None]


def test_columns_share_work_and_count_unknown() -> None:
    vocabulary = {"a": Declaration("a", "bool"), "n": Declaration("n", "int", None, 0, 5)}
    formulas = {str(at): parse(text, vocabulary) for at, text in enumerate(["a AND n > 2", "NOT (a AND n > 2)", "a OR n > 2", "n > 2"])}
    program = compile_many(formulas)
    assert program.distinct == 5
    frame = pl.DataFrame({"a": [True, None, False, None], "n": [3, 3, None, None]})
    assert program.tally(frame, rows=3).rows() == [("0", 1, 1, 2), ("1", 1, 1, 2), ("2", 2, 0, 2), ("3", 2, 0, 2)]
    assert pl.concat(program.chunks(frame, rows=3)).equals(program.run(frame))
