"""Truth tables made by others: the official CQL logic tests, and MatchMiner's and/or trees with their match paths."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import polars as pl
import pytest

from peritia.criteria import (
    CriterionError,
    Declaration,
    Formula,
    Truth,
    conjunction,
    disjunction,
    evaluate,
    explain,
    missing_sets,
    parse,
    to_polars,
    to_sql,
)

SPACE = {"t": "http://hl7.org/fhirpath/tests"}
FACTS = {name: Declaration(name, "bool") for name in ("a", "b")}
TRUTHS: dict[str, Truth] = {"true": True, "false": False, "null": None}
REWRITTEN = {
    "and": "a AND b",
    "or": "a OR b",
    "xor": "(a AND NOT b) OR (NOT a AND b)",
    "implies": "NOT a OR b",
    "not": "NOT a",
}


def _cases(path: Path) -> list[tuple[str, str, str]]:
    if not path.is_file():
        pytest.skip(f"third-party data {path.name} is absent")
    found: list[tuple[str, str, str]] = []
    for test in ElementTree.parse(path).getroot().iterfind(".//t:test", SPACE):
        parts = [test.find(f"t:{part}", SPACE) for part in ("expression", "output")]
        found.append((test.get("name", ""), *(part.text or "" if part is not None else "" for part in parts)))  # type: ignore[arg-type]
    return found


def test_official_logic_tables(shared_data: Path) -> None:
    cases = _cases(shared_data / "cql-tests" / "CqlLogicalOperatorsTest.xml")
    assert len(cases) == 39
    for name, expression, output in cases:
        words = expression.split()
        operator = words[0] if words[0] == "not" else words[1]
        operands = [words[1]] if operator == "not" else [words[0], words[2]]
        formula = parse(REWRITTEN[operator], FACTS)
        values = {fact: TRUTHS[word] for fact, word in zip(("a", "b"), operands, strict=False)}
        assert _answers(formula, {"a": None, "b": None, **values}) == {TRUTHS[output]}, name


def _answers(formula: Formula, values: dict[str, Truth]) -> set[Truth]:
    """What evaluator, explanation, Polars and DuckDB say; one element when they agree."""
    frame = pl.DataFrame({name: pl.Series([value], dtype=pl.Boolean) for name, value in values.items()})
    literals = ", ".join(f'CAST({"NULL" if value is None else value} AS BOOLEAN) AS "{name}"' for name, value in values.items())
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT {to_sql(formula)} FROM (SELECT {literals})").fetchone()
    assert row is not None
    return {evaluate(formula, values), explain(formula, values).truth, frame.select(to_polars(formula).alias("t"))["t"][0], row[0]}


def test_nullological_constructs_are_refused(shared_data: Path) -> None:
    """CQL can ask whether a value is null. The language of criteria cannot, in any spelling."""
    cases = _cases(shared_data / "cql-tests" / "CqlNullologicalOperatorsTest.xml")
    assert len(cases) == 22
    for name, expression, _ in cases:
        spelled = re.sub(r"\bnull\b", "a", expression)
        for text in (expression, spelled):
            with pytest.raises(CriterionError):
                parse(text, FACTS)
        assert name
    for text in ("a IS NULL", "a IS NOT NULL", "a IS TRUE", "a IS NOT FALSE", "COALESCE(a, b)", "IFNULL(a, b)", "NVL(a, b)", "a = NULL"):
        with pytest.raises(CriterionError):
            parse(text, FACTS)


MATCHMINER = ("and_and_and", "and_and_or", "and_or_and", "and_or_or", "or_and_and", "or_and_or", "or_or_and", "or_or_or")


@pytest.mark.parametrize("name", MATCHMINER)
def test_matchminer_paths_are_the_missing_sets(shared_data: Path, name: str) -> None:
    """With every fact unknown, the ways to match a MatchMiner tree are our minimal sets of missing facts."""
    folder = shared_data / "matchminer-v2"
    if not folder.is_dir():
        pytest.skip("third-party data matchminer-v2 is absent")
    tree = json.loads((folder / "ctml_boolean_cases" / f"{name}.json").read_text())
    paths = json.loads((folder / "get_match_paths_expected.json").read_text())[f"{name}.json"]
    expected = {frozenset(leaf for part in path["criteria_list"] for node in part["criteria"] for leaf in node) for path in paths}
    formula = _tree(tree)
    found = {frozenset(one) for one in missing_sets(formula, {}).to_true}
    assert found == {one for one in expected if not any(other < one for other in expected)}
    for one in found:
        assert evaluate(formula, dict.fromkeys(one, True)) is True


def _tree(node: dict[str, Any]) -> Formula:
    """Several keys of one node must all match; a leaf becomes a Boolean fact of its name."""
    parts: list[Formula] = []
    for key, below in node.items():
        if key in ("and", "or"):
            parts.append((conjunction if key == "and" else disjunction)(_tree(child) for child in below))
        else:
            parts.append(parse(key, {key: Declaration(key, "bool")}))
    return conjunction(parts)
