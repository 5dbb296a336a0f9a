"""Text for other engines: Spark and Trino SQL, and CQL."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from peritia.criteria import CriterionError, Declaration, cql_library, evaluate, parse, to_cql, to_sql

from .strategies import cases, examples, rows
from .test_evaluators import HARD, HARD_ROWS, HARD_TEXTS, by_duckdb

FACTS = {
    one.name: one
    for one in [
        Declaration("ecog", "int", "{score}", 0, 5, (), "ECOG performance\nstatus"),
        Declaration("creatinine", "num", "mg/dL", 0.1, 30, (), "Serum creatinine"),
        Declaration("pregnant", "bool"),
        Declaration("sex", "cat", categories=("female", "it's")),
    ]
}


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("dialect", ["spark", "trino"])
@pytest.mark.parametrize("text", HARD_TEXTS)
def test_other_dialects_read_back_to_the_same_answers(duck: duckdb.DuckDBPyConnection, text: str, dialect: str) -> None:
    """No Spark or Trino runs here: their text is read by sqlglot as that dialect, rewritten for DuckDB, and run."""
    formula = parse(text, HARD)
    written = to_sql(formula, dialect)  # type: ignore[arg-type]
    rewritten = sqlglot.transpile(written, read=dialect, write="duckdb")[0]
    assert by_duckdb(duck, rewritten, HARD, HARD_ROWS) == [evaluate(formula, row) for row in HARD_ROWS]


@examples(25)
@given(data=st.data())
def test_random_formulas_survive_other_dialects(duck: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    vocabulary, text = data.draw(cases())
    formula = parse(text, vocabulary)
    values = data.draw(st.lists(rows(vocabulary), min_size=1, max_size=4))
    for dialect in ("spark", "trino"):
        rewritten = sqlglot.transpile(to_sql(formula, dialect), read=dialect, write="duckdb")[0]
        assert by_duckdb(duck, rewritten, vocabulary, values) == [evaluate(formula, row) for row in values]


def test_sql_text() -> None:
    formula = parse("ecog <= 1 AND sex = 'it''s'", FACTS)
    assert to_sql(formula, "duckdb") == "CAST(\"ecog\" AS DOUBLE) <= 1e0 AND \"sex\" = 'it''s'"
    assert to_sql(formula, "spark") == "CAST(`ecog` AS DOUBLE) <= 1e0 AND `sex` = 'it\\'s'"
    with pytest.raises(CriterionError, match="duckdb, spark, trino"):
        to_sql(formula, "sprak")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cql"),
    [
        ("pregnant", '"pregnant"'),
        ("NOT pregnant", 'not ("pregnant")'),
        ("ecog <= 1", '"ecog" <= 1'),
        ("ecog <= 1.5", '"ecog" <= 1.5'),
        ("creatinine <= 2", '"creatinine" <= 2.0'),
        ("ecog IN (1, 2)", '("ecog" = 1 or "ecog" = 2)'),
        ("ecog NOT IN (1, 2)", 'not ("ecog" = 1 or "ecog" = 2)'),
        ("creatinine BETWEEN 1 AND 2", '("creatinine" >= 1.0 and "creatinine" <= 2.0)'),
        ("ecog * 2 - -1 > 3", '((ToDecimal("ecog") * 2.0) - -1.0) > 3.0'),
        ("sex <> 'it''s'", "\"sex\" != 'it\\'s'"),
        ("pregnant OR ecog = 1 AND ecog <> 2", '("pregnant") or (("ecog" = 1) and ("ecog" != 2))'),
    ],
)
def test_cql_text(text: str, cql: str) -> None:
    assert to_cql(parse(text, FACTS)) == cql


def test_cql_refuses_what_a_decimal_cannot_hold() -> None:
    with pytest.raises(CriterionError, match="8 places"):
        to_cql(parse("creatinine > 0.1234567891", FACTS))


def test_cql_library_is_complete() -> None:
    formulas = {'fit "enough"': parse("ecog <= 1 AND NOT pregnant", FACTS), "kidney": parse("creatinine <= 1.5", FACTS)}
    assert cql_library("Peritia", formulas, FACTS, "2026.11") == (
        "library \"Peritia\" version '2026.11'\n"
        "\n"
        "// Serum creatinine; unit mg/dL\n"
        'parameter "creatinine" Decimal\n'
        "// ECOG performance status; unit {score}\n"
        'parameter "ecog" Integer\n'
        "// pregnant\n"
        'parameter "pregnant" Boolean\n'
        "\n"
        'define "fit \\"enough\\"":\n'
        '  ("ecog" <= 1) and (not ("pregnant"))\n'
        "\n"
        'define "kidney":\n'
        '  "creatinine" <= 1.5\n'
    )


def test_cql_library_refuses_one_fact_with_two_meanings() -> None:
    other = parse("ecog <= 1", {"ecog": Declaration("ecog", "num", None, 0, 10)})
    with pytest.raises(CriterionError, match="two ways"):
        cql_library("Peritia", {"a": parse("ecog <= 1", FACTS), "b": other}, FACTS)
