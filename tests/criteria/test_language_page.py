"""Every example of docs/language.md is run; the page cannot drift from the language."""

from __future__ import annotations

import doctest
import re
from itertools import product
from pathlib import Path

import pytest

from peritia.criteria import CriterionError, Declaration, Truth, Value, evaluate, missing_sets, parse

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "language.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def lines(kind: str) -> list[str]:
    return [line for block in blocks(kind) for line in block.splitlines() if line.strip()]


def declared() -> dict[str, Declaration]:
    """The page's own table of facts."""
    found: dict[str, Declaration] = {}
    for name, kind, unit, domain in re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|([^|]*)\|$", PAGE, flags=re.MULTILINE):
        numeric = kind in ("int", "num")
        low, high = (float(bound) for bound in domain.split("..")) if numeric else (None, None)
        categories = tuple(word.strip() for word in domain.split(",")) if kind == "cat" else ()
        found[name] = Declaration(name, kind, unit.strip() or None, low, high, categories)  # type: ignore[arg-type]
    return found


FACTS = declared()
ANSWERS: dict[str, Truth] = {"true": True, "false": False, "unknown": None}


def known(text: str) -> dict[str, Value | None]:
    """``ecog = 0, pregnant = false`` as values."""
    found: dict[str, Value | None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, value = (side.strip() for side in part.split("="))
        found[name] = value == "true" if FACTS[name].kind == "bool" else value if FACTS[name].kind == "cat" else int(value)
    return found


def test_the_page_declares_its_facts() -> None:
    assert len(FACTS) == 14


@pytest.mark.parametrize("line", lines("criteria"))
def test_accepted(line: str) -> None:
    text, _, canonical = (part.strip() for part in line.partition("->"))
    assert parse(text, FACTS).text == (canonical or text)


@pytest.mark.parametrize("line", lines("refused"))
def test_refused(line: str) -> None:
    with pytest.raises(CriterionError):
        parse(line, FACTS)


@pytest.mark.parametrize("line", lines("truth"))
def test_truth(line: str) -> None:
    text, values, answer = (part.strip() for part in line.split("|"))
    assert evaluate(parse(text, FACTS), known(values)) is ANSWERS[answer]


@pytest.mark.parametrize("line", lines("missing"))
def test_missing(line: str) -> None:
    text, values, to_true, to_false = (part.strip() for part in line.split("|"))
    found = missing_sets(parse(text, FACTS), known(values))
    assert [" + ".join(names) for names in found.to_true] == _sets(to_true)
    assert [" + ".join(names) for names in found.to_false] == _sets(to_false)


def _sets(shown: str) -> list[str]:
    return [part.strip() for part in shown.partition(":")[2].split(";") if part.strip()]


def test_the_printed_truth_table_is_the_language() -> None:
    vocabulary = {name: Declaration(name, "bool") for name in ("a", "b")}
    formulas = [parse(text, vocabulary) for text in ("a AND b", "a OR b", "NOT a")]
    rows = re.findall(r"^\| (true|false|unknown) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", PAGE, flags=re.MULTILINE)
    assert {(a, b) for a, b, *_ in rows} == set(product(ANSWERS, repeat=2))
    for a, b, *answers in rows:
        values = {"a": ANSWERS[a], "b": ANSWERS[b]}
        assert [evaluate(formula, values) for formula in formulas] == [ANSWERS[answer] for answer in answers]


def test_python_examples() -> None:
    source = "\n".join(blocks("python"))
    example = doctest.DocTestParser().get_doctest(source, {}, "language.md", "docs/language.md", 0)
    report: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=report.append)
    assert outcome.attempted > 10
    assert not outcome.failed, "".join(report)
