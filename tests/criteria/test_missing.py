"""Missing sets against brute force, and the cases one would ask first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.criteria import CriterionError, Declaration, Formula, MissingSetsTooMany, Value, evaluate, missing_parts, missing_sets, parse

from .strategies import cases, examples, grid, rows

FACTS = {
    one.name: one
    for one in [
        Declaration("ecog", "int", "{score}", 0, 5),
        Declaration("pci", "int", "{score}", 0, 39),
        Declaration("index_pci", "int", "{score}", 0, 39),
        Declaration("pregnant", "bool"),
        Declaration("refuses", "bool"),
        Declaration("creatinine", "num", "mg/dL", 0.1, 30),
        Declaration("albumin", "num", "g/L", 5, 70),
        Declaration("kras", "cat", categories=("wild-type", "mutated")),
        Declaration("nras", "cat", categories=("wild-type", "mutated")),
    ]
}


@pytest.mark.parametrize(
    ("text", "values", "to_true", "to_false"),
    [
        ("ecog <= 1", {}, [("ecog",)], [("ecog",)]),
        ("ecog <= 1", {"ecog": 0}, [], []),
        ("ecog <= 1 AND ecog >= 2", {}, [], [("ecog",)]),
        ("ecog > 2 AND ecog < 4 AND ecog <> 3", {}, [], [("ecog",)]),
        ("creatinine > 2 AND creatinine < 4 AND creatinine <> 3", {}, [("creatinine",)], [("creatinine",)]),
        ("ecog <= 1 AND NOT pregnant", {}, [("ecog", "pregnant")], [("ecog",), ("pregnant",)]),
        ("ecog <= 1 AND NOT pregnant", {"ecog": 1}, [("pregnant",)], [("pregnant",)]),
        ("ecog <= 1 AND (ecog >= 1 OR pregnant)", {}, [("ecog",)], [("ecog",)]),
        ("ecog <= 1 AND (ecog >= 2 OR pregnant)", {}, [("ecog", "pregnant")], [("ecog",)]),
        ("pci < index_pci", {"index_pci": 0}, [], [("pci",)]),
        ("pci < index_pci", {"index_pci": 1}, [("pci",)], [("pci",)]),
        ("pci < index_pci AND index_pci <= 1 AND pci >= 1", {}, [], [("index_pci",), ("pci",)]),
        ("pci < index_pci AND index_pci < pci", {}, [], [("index_pci", "pci")]),
        ("2 * pci = 7 AND pregnant", {}, [], [("pci",), ("pregnant",)]),
        ("2 * pci = 2 * index_pci + 1", {}, [], [("index_pci", "pci")]),
        ("pci / index_pci <= 0.5 AND index_pci = 0", {}, [], [("index_pci",)]),
        ("pci / index_pci <= 0.5", {"index_pci": 0}, [], []),
        ("kras = nras AND kras = 'mutated' AND nras = 'wild-type'", {}, [], [("kras",), ("nras",)]),
        ("creatinine * creatinine > 100 AND creatinine < 10 AND pregnant", {}, [], [("creatinine",), ("pregnant",)]),
        (
            "(pregnant OR refuses OR ecog > 1) AND (pregnant OR kras = 'mutated')",
            {},
            [("pregnant",), ("ecog", "kras"), ("kras", "refuses")],
            None,
        ),
    ],
)
def test_asked_cases(text: str, values: dict[str, int], to_true: list[tuple[str, ...]], to_false: list[tuple[str, ...]] | None) -> None:
    found = missing_sets(parse(text, FACTS), values)
    assert list(found.to_true) == to_true
    if to_false is not None:
        assert list(found.to_false) == to_false


def _brute(
    formula: Formula, values: Mapping[str, Value | None], want: bool, vocabulary: Mapping[str, Declaration]
) -> tuple[tuple[str, ...], ...]:
    unknown = [name for name in formula.facts if values.get(name) is None]
    found: list[tuple[str, ...]] = []
    for size in range(1, len(unknown) + 1):
        for names in combinations(unknown, size):
            if any(set(one) <= set(names) for one in found):
                continue
            for chosen in product(*(grid(vocabulary[name]) for name in names)):
                if evaluate(formula, {**values, **dict(zip(names, chosen, strict=True))}) is want:
                    found.append(names)
                    break
    return tuple(sorted(found, key=lambda names: (len(names), names)))


@examples(150)
@given(st.data())
def test_sound_and_minimal_against_brute_force(data: st.DataObject) -> None:
    vocabulary, text = data.draw(cases(most=4, arithmetic=False))
    formula = parse(text, vocabulary)
    values = data.draw(rows(vocabulary))
    found = missing_sets(formula, values)
    undecided = evaluate(formula, values) is None
    assert found.to_true == (_brute(formula, values, True, vocabulary) if undecided else ())
    assert found.to_false == (_brute(formula, values, False, vocabulary) if undecided else ())


@examples(60)
@given(st.data())
def test_arithmetic_never_misses_a_set(data: st.DataObject) -> None:
    """With arithmetic a grid cannot reach every value, so brute force is a lower bound: what it finds must be covered."""
    vocabulary, text = data.draw(cases(most=3, depth=2))
    formula = parse(text, vocabulary)
    values = data.draw(rows(vocabulary))
    found = missing_sets(formula, values)
    if evaluate(formula, values) is not None:
        assert found.to_true == found.to_false == ()
        return
    for want, sets in ((True, found.to_true), (False, found.to_false)):
        for names in _brute(formula, values, want, vocabulary):
            assert any(set(one) <= set(names) for one in sets)
        assert all(not set(one) < set(other) for one in sets for other in sets)


@examples(60)
@given(st.data())
def test_whole_number_arithmetic_against_brute_force(data: st.DataObject) -> None:
    """Linear comparisons of whole-number facts: the grid is the whole domain, so brute force is exact."""
    vocabulary = {name: Declaration(name, "int", None, 0, 4) for name in ("a", "b", "c")}
    operator = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    leaf = st.builds(
        lambda x, s, y, o, k: f"{x} {s} {y} {o} {k}",
        st.sampled_from(["a", "b", "2 * a", "3 * c"]),
        st.sampled_from(["+", "-", "/"]),
        st.sampled_from(["b", "c", "2 * b"]),
        operator,
        st.sampled_from(["0.5", "1", "2", "3"]),
    )
    parts = data.draw(st.lists(leaf, min_size=1, max_size=3))
    text = data.draw(st.sampled_from([" AND ", " OR "])).join(parts)
    try:
        formula = parse(text, vocabulary)
    except CriterionError:  # always holds, never holds, or the facts cancel out
        return
    values = data.draw(rows(vocabulary))
    if evaluate(formula, values) is None:
        found = missing_sets(formula, values)
        assert found.to_true == _brute(formula, values, True, vocabulary)
        assert found.to_false == _brute(formula, values, False, vocabulary)


def test_too_many_is_refused_and_parts_still_answer() -> None:
    vocabulary = {f"b{at}": Declaration(f"b{at}", "bool") for at in range(40)}
    formula = parse(" AND ".join(f"(b{at} OR b{at + 1})" for at in range(0, 40, 2)), vocabulary)
    with pytest.raises(MissingSetsTooMany, match="256"):
        missing_sets(formula, {})
    parts = missing_parts(formula, {})
    assert len(parts.to_true) == 20
    assert parts.to_true[0] == (("b0",), ("b1",))
    assert len(parts.to_false) == 1
    assert len(parts.to_false[0]) == 20


@examples(80)
@given(st.data())
def test_parts_multiply_out_to_the_sets(data: st.DataObject) -> None:
    vocabulary, text = data.draw(cases(arithmetic=False))
    formula = parse(text, vocabulary)
    parts = missing_parts(formula, {})
    whole = missing_sets(formula, {})
    joined = sorted({tuple(sorted(name for part in chosen for name in part)) for chosen in product(*parts.to_true)} - {()})
    assert joined == sorted(whole.to_true)
