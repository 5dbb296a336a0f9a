"""Random vocabularies, formulas and rows. Thresholds and values come from a small grid, so that equalities and edges are met often."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st

from peritia.criteria import CriterionError, Declaration, parse

#: PERITIA_EXAMPLES=20 runs twenty times as many examples as the suite does every time.
FACTOR = int(os.environ.get("PERITIA_EXAMPLES", "1"))


def examples(count: int) -> settings:
    """So many examples, times the factor asked for; no deadline, as machines are shared."""
    return settings(max_examples=count * FACTOR, deadline=None)


WORDS = ("alpha", "beta", "it's")
UNITS = (None, "mg", "{score}")


@st.composite
def declarations(draw: st.DrawFn, name: str) -> Declaration:
    kind = draw(st.sampled_from(["bool", "int", "num", "cat"]))
    if kind == "bool":
        return Declaration(name, "bool")
    if kind == "cat":
        return Declaration(name, "cat", categories=WORDS[: draw(st.integers(2, 3))])
    low = draw(st.integers(-2, 1))
    return Declaration(name, kind, draw(st.sampled_from(UNITS)), low, low + draw(st.integers(2, 4)))


@st.composite
def vocabularies(draw: st.DrawFn, most: int = 5) -> dict[str, Declaration]:
    count = draw(st.integers(1, most))
    return {f"f{at}": draw(declarations(f"f{at}")) for at in range(count)}


def grid(declaration: Declaration) -> list[bool | int | float | str]:
    """Values enough to reach every cell that the constants of ``texts`` can cut, for bare comparisons."""
    if declaration.kind == "bool":
        return [False, True]
    if declaration.kind == "cat":
        return list(declaration.categories)
    low, high = (int(bound) for bound in declaration.bounds())
    if declaration.kind == "int":
        return list(range(low, high + 1))
    return [low + step / 4 for step in range(4 * (high - low) + 1)]


def constants(declaration: Declaration) -> st.SearchStrategy[str]:
    low, high = (int(bound) for bound in declaration.bounds())
    return st.sampled_from([f"{low + step / 2:g}" for step in range(2 * (high - low) + 1)])


@st.composite
def terms(draw: st.DrawFn, vocabulary: dict[str, Declaration], numeric: list[str], depth: int) -> str:
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(st.sampled_from(numeric)) if draw(st.integers(0, 3)) else draw(st.sampled_from(["1", "0.1", "2", "3.5", "1e-3"]))
    if draw(st.integers(0, 5)) == 0:
        return f"-({draw(terms(vocabulary, numeric, depth - 1))})"
    left, right = draw(terms(vocabulary, numeric, depth - 1)), draw(terms(vocabulary, numeric, depth - 1))
    return f"({left} {draw(st.sampled_from(['+', '-', '*', '/']))} {right})"


@st.composite
def leaves(draw: st.DrawFn, vocabulary: dict[str, Declaration], arithmetic: bool) -> str:
    """May be refused (units, domain, always true); the callers filter."""
    name = draw(st.sampled_from(sorted(vocabulary)))
    declaration = vocabulary[name]
    operator = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
    if declaration.kind == "bool":
        return name
    if declaration.kind == "cat":
        words = draw(st.lists(st.sampled_from(declaration.categories), min_size=1, max_size=2, unique=True))
        listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
        return f"{name} {draw(st.sampled_from(['IN', 'NOT IN']))} ({listed})"
    shape = draw(st.integers(0, 6 if arithmetic else 3))
    if shape <= 1:
        return f"{name} {operator} {draw(constants(declaration))}"
    if shape == 2:
        listed = ", ".join(draw(st.lists(constants(declaration), min_size=1, max_size=3)))
        return f"{name} {draw(st.sampled_from(['IN', 'NOT IN']))} ({listed})"
    if shape == 3:
        word = draw(st.sampled_from(["BETWEEN", "NOT BETWEEN"]))
        return f"{name} {word} {draw(constants(declaration))} AND {draw(constants(declaration))}"
    numeric = sorted(one for one, found in vocabulary.items() if found.kind in ("int", "num"))
    left, right = draw(terms(vocabulary, numeric, 2)), draw(terms(vocabulary, numeric, 1))
    return f"{left} {operator} {right}"


@st.composite
def texts(draw: st.DrawFn, vocabulary: dict[str, Declaration], depth: int = 3, arithmetic: bool = True) -> str:
    """Text of a formula; each leaf is a criterion that ``parse`` accepts."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        for _ in range(6):
            leaf = draw(leaves(vocabulary, arithmetic))
            try:
                parse(leaf, vocabulary)
            except CriterionError:
                continue
            return f"({leaf})"
        name, declaration = next(iter(vocabulary.items()))
        if declaration.kind == "bool":
            return name
        return f"{name} = 'alpha'" if declaration.kind == "cat" else f"{name} = {declaration.bounds()[0]:g}"
    kind = draw(st.sampled_from(["AND", "OR", "NOT"]))
    if kind == "NOT":
        return f"NOT ({draw(texts(vocabulary, depth - 1, arithmetic))})"
    parts = [draw(texts(vocabulary, depth - 1, arithmetic)) for _ in range(draw(st.integers(2, 3)))]
    return "(" + f" {kind} ".join(parts) + ")"


@st.composite
def rows(draw: st.DrawFn, vocabulary: dict[str, Declaration], unknown: bool = True) -> dict[str, bool | int | float | str | None]:
    absent = [None, None] if unknown else []
    return {name: draw(st.sampled_from([*absent, *grid(declaration)])) for name, declaration in vocabulary.items()}


@st.composite
def cases(draw: st.DrawFn, most: int = 5, depth: int = 3, arithmetic: bool = True) -> tuple[dict[str, Declaration], str]:
    vocabulary = draw(vocabularies(most))
    return vocabulary, draw(texts(vocabulary, depth, arithmetic))
