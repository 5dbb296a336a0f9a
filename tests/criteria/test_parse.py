"""What the language reads, how it writes it back, and what it refuses, where and why."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peritia.criteria import CriterionError, Declaration, conjunction, disjunction, negation, parse
from peritia.criteria.units import read_unit, times, unit_text

from .strategies import cases, examples

FACTS = {
    one.name: one
    for one in [
        Declaration("ecog", "int", "{score}", 0, 5, description="ECOG performance status"),
        Declaration("pci", "int", "{score}", 0, 39),
        Declaration("index_pci", "int", "{score}", 0, 39),
        Declaration("creatinine", "num", "mg/dL", 0.1, 30),
        Declaration("weight", "num", "kg", 20, 300),
        Declaration("height", "num", "cm", 50, 250),
        Declaration("dose", "num", "mg/m2", 0, 2000),
        Declaration("ratio", "num", "1"),
        Declaration("pregnant", "bool"),
        Declaration("left", "bool"),
        Declaration("sex", "cat", categories=("female", "male")),
        Declaration("obstruction", "cat", categories=("none", "partial", "complete")),
        Declaration("kras", "cat", categories=("wild-type", "mutated")),
        Declaration("nras", "cat", categories=("mutated", "wild-type")),
    ]
}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("ecog<=1", "ecog <= 1"),
        ("1 >= ecog", "ecog <= 1"),
        ("ecog == 1 or ecog != 3", "ecog = 1 OR ecog <> 3"),
        ("ecog <= 1.50", "ecog <= 1.5"),
        ("dose <= 1e2", "dose <= 100"),
        ("pregnant = true", "pregnant"),
        ("pregnant <> TRUE", "NOT pregnant"),
        ("FALSE = pregnant", "NOT pregnant"),
        ("not not pregnant", "NOT (NOT pregnant)"),
        ("left", "left"),
        ("pregnant = left", "pregnant = left"),
        ("not sex = 'male'", "NOT (sex = 'male')"),
        ("not ecog in (1, 2, 1)", "ecog NOT IN (1, 2)"),
        ("obstruction in ('none','partial')", "obstruction IN ('none', 'partial')"),
        ("not (pci between 3 and 10)", "pci NOT BETWEEN 3 AND 10"),
        ("pregnant and left or ecog = 1", "(pregnant AND left) OR ecog = 1"),
        ("(pregnant and (left and ecog = 1))", "pregnant AND left AND ecog = 1"),
        ("weight/(height/100*height/100) >= 30", "weight / (height / 100 * height / 100) >= 30"),
        ("pci - (index_pci - 2) > -3", "pci - (index_pci - 2) > -3"),
        ("(pci - index_pci) - 2 > -(3)", "pci - index_pci - 2 > -3"),
        ("-(-ecog) < 2", "-(-ecog) < 2"),
        ("pci < index_pci", "pci < index_pci"),
        ("kras = nras", "kras = nras"),
        ("dose / 450 >= 0.8", "dose / 450 >= 0.8"),
        ("ratio > 1e22", "ratio > 1e+22"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    formula = parse(text, FACTS)
    assert formula.text == canonical
    assert parse(canonical, FACTS) == formula


REFUSED = [
    # what could turn unknown into an answer
    ("ecog IS NULL", 5, "IS"),
    ("ecog IS NOT NULL", 5, "unknown fact stays unknown"),
    ("pregnant IS TRUE", 9, "IS"),
    ("ecog = NULL", 7, "NULL"),
    ("ecog IN (1, NULL)", 12, "NULL"),
    ("COALESCE(ecog, 1) = 1", 0, "Functions"),
    ("IFNULL(ecog, 1) = 1", 0, "Functions"),
    ("NVL(ecog, 1) = 1", 0, "unknown fact stays unknown"),
    ("CASE WHEN pregnant THEN left END", 0, "CASE"),
    ("IF(pregnant, left, left)", 0, "IF"),
    ("ecog <=> 1", 5, "null-safe"),
    ("ecog IS DISTINCT FROM 1", 5, "IS"),
    # what reaches beyond one patient's facts
    ("(SELECT 1) = ecog", 1, "sub-query"),
    ("ecog IN (SELECT 1)", 9, "sub-query"),
    ("EXISTS (SELECT 1)", 0, "EXISTS"),
    ("CURRENT_DATE = ecog", 0, "not a declared fact"),
    ("abs(ecog) = 1", 0, "Functions"),
    ("CAST(ecog AS int) = 1", 0, "cast"),
    ("ecog::int = 1", 4, "cast"),
    ("sex LIKE 'f%'", 4, "LIKE"),
    ("ecog % 2 = 1", 5, "remainder"),
    ("pregnant XOR left", 9, "NOT a AND b"),
    ("pregnant || left", 9, "Write OR"),
    ("!pregnant", 0, "Write NOT"),
    ("pregnant; left", 8, "one expression"),
    ("pregnant -- always", 0, "comment"),
    ("patient.ecog = 1", 0, "not a declared fact"),
    ('sex = "female"', 6, "single quotes"),
    # names
    ("ecg <= 1", 0, "Did you mean ecog"),
    ("ECOG <= 1", 0, "Did you mean ecog"),
    ("sex = 'femal'", 6, "Did you mean female"),
    # kinds and units
    ("ecog", 0, "alone is not a condition"),
    ("ecog AND pregnant", 0, "alone is not a condition"),
    ("TRUE", 0, "constant alone"),
    ("ecog + 1", 0, "a value, not a truth"),
    ("pregnant = 1", 11, "Write pregnant or NOT pregnant"),
    ("pregnant > TRUE", 0, "suits true or false"),
    ("ecog = 'one'", 7, "compared with a word"),
    ("sex = 1", 6, "compared with a number"),
    ("sex < 'male'", 0, "no order"),
    ("sex = kras", 0, "same categories"),
    ("sex + 1 = 2", 0, "a number here"),
    ("ecog + 'x' > 1", 0, "word where a number"),
    ("creatinine < ecog", 0, "Unlike units"),
    ("pregnant AND weight + height > 3", 13, "kg and cm"),
    ("weight / height < dose", 0, "kg/cm and mg/m2"),
    ("1 < ecog < 3", 0, "a < b AND b < c"),
    ("(ecog = 1) = (pci = 1)", 1, "comparison of a comparison"),
    ("pci BETWEEN 1 AND index_pci", 18, "write a >= b AND a <= c"),
    ("pci BETWEEN SYMMETRIC 1 AND 3", 12, "not a declared fact"),
    ("ecog IN (pci)", 9, "other than constants"),
    ("ecog IN ()", 0, "at least one constant"),
    ("(ecog, pci) = (1, 2)", 1, "not a value"),
    # domains
    ("ecog <= 7", 8, "0 to 5"),
    ("pregnant AND ecog IN (1, 7)", 25, "0 to 5"),
    ("creatinine BETWEEN 0 AND 2", 19, "0.1 to 30 mg/dL"),
    ("ecog >= 0", 0, "always holds"),
    ("ecog > 5", 0, "can never hold"),
    ("ecog = 1.5", 0, "can never hold"),
    ("ecog BETWEEN 1.2 AND 1.8", 0, "can never hold"),
    ("ecog NOT IN (0, 1, 2, 3, 4, 5)", 0, "always holds"),
    ("sex IN ('female', 'male')", 0, "always holds"),
    ("pci BETWEEN 9 AND 3", 0, "lower bound first"),
    ("pci - index_pci > 39", 0, "can never hold"),
    ("weight * 2 >= 20", 0, "always holds"),
    ("ecog = ecog", 0, "cancel out"),
    ("pci + 1 > pci", 0, "cancel out"),
    ("kras <> kras", 0, "can never hold"),
    ("ecog / 0 > 1", 0, "division by zero"),
    ("1 < 2", 0, "without a fact"),
    ("ratio > 1e999", 8, "too large"),
    # grammar
    ("", None, "empty"),
    ("   ", None, "empty"),
    ("pregnant left", 9, "No operator between"),
    ("(pregnant", 1, "not closed"),
    ("pregnant)", 8, "without an opening"),
    ("pregnant AND", 9, "cannot be read"),
    ("AND pregnant", 4, "cannot be read"),
    ("ecog = .5", 7, "Write 0.5"),
    ("ecog = 1_0", 8, "not a declared fact"),
    ("sex = 'male", 6, "does not end"),
    ("ecog ~ 1", 5, "no meaning"),
    ("ecog\n  <= 1 AND\n  pregnnt", 18, "Did you mean pregnant"),
]


@pytest.mark.parametrize(("text", "position", "says"), REFUSED)
def test_refusals_say_what_and_where(text: str, position: int | None, says: str) -> None:
    with pytest.raises(CriterionError) as refused:
        parse(text, FACTS)
    assert says.lower() in str(refused.value).lower()
    assert refused.value.position == position


def test_the_caret_stands_under_the_fault() -> None:
    with pytest.raises(CriterionError) as refused:
        parse("ecog <= 1\nAND pregnnt", FACTS)
    assert (refused.value.line, refused.value.column) == (2, 5)
    assert str(refused.value).endswith("    AND pregnnt\n        ^")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 40 + "pregnant" + ")" * 40,
        "NOT " * 40 + "pregnant",
        "-(" * 40 + "ecog" + ")" * 40 + " > 1",
        "ecog" + " + ecog" * 200 + " > 1",
        "pregnant AND " * 10_000 + "left",
        "pregnant AND (left OR " * 17 + "left" + ")" * 17 + ")" * 17,
        "x" * 60_000,
        "'" * 9_999,
    ],
)
def test_huge_and_deep_texts_are_refused_plainly(text: str) -> None:
    with pytest.raises(CriterionError):
        parse(text, FACTS)


def test_long_chains_are_read() -> None:
    assert len(parse("pregnant" + " AND left" * 3000, FACTS).root.children) == 3001  # type: ignore[union-attr]


SOUP = (
    "ecog pci sex pregnant AND OR NOT IN BETWEEN ( ) , = <> < >= + - * / 1 0.5 'male' NULL IS CASE WHEN END TRUE "
    "' \" -- /* ; :: . SELECT f( [ { date interval € |"
)
WORDS = st.sampled_from(SOUP.split())


@examples(150)
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40))
@example("date '2020-01-01' = ecog")
@example("interval '1' day > ecog")
@example("ecog = 1e5.3")
@example("\x00")
@example("{{ ecog }}")
@example("ecog BETWEEN 1 AND")
def test_nothing_but_a_criterion_error_ever_escapes(text: str) -> None:
    try:
        formula = parse(text, FACTS)
    except CriterionError as error:
        assert str(error)  # noqa: PT017
    else:
        assert parse(formula.text, FACTS) == formula


@examples(60)
@given(cases())
def test_formulas_survive_pickling_and_joining(case: tuple[dict[str, Declaration], str]) -> None:
    vocabulary, text = case
    formula = parse(text, vocabulary)
    assert pickle.loads(pickle.dumps(formula)) == formula
    assert formula.facts == tuple(sorted(formula.facts))
    joined = disjunction([conjunction([formula, formula]), negation(formula)])
    assert joined.facts == formula.facts
    assert parse(joined.text, vocabulary).text == joined.text


def test_joining_refuses_nothing_and_two_meanings() -> None:
    with pytest.raises(CriterionError, match="no formula"):
        conjunction([])
    other = parse("ecog <= 1", {"ecog": Declaration("ecog", "num", None, 0, 10)})
    with pytest.raises(CriterionError, match="two ways"):
        disjunction([parse("ecog <= 1", FACTS), other])


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("mL/min", "mL/min", True),
        ("mL/min/{1.73_m2}", "mL/min", False),
        ("10*9/L", "10*9/L", True),
        ("10*9/L", "10*6/L", False),
        ("1", None, True),
        ("{score}", "{count}", False),
        ("kg.m-2", "kg/m2", True),
        ("mm[Hg]", "mm[Hg]", True),
        ("?!", "?!", True),
    ],
)
def test_units_are_compared_by_their_parts(one: str, other: str | None, equal: bool) -> None:
    assert (read_unit(one) == read_unit(other)) is equal


def test_units_multiply_and_divide() -> None:
    assert unit_text(times(read_unit("kg"), read_unit("m2"), -1)) == "kg/m2"
    assert times(read_unit("mg/m2"), read_unit("m2")) == read_unit("mg")
    assert unit_text(read_unit("1")) == "no unit"


@pytest.mark.parametrize(
    ("kind", "low", "high", "categories"),
    [("flag", None, None, ()), ("cat", None, None, ()), ("cat", None, None, ("a", "a")), ("int", 3, 1, ()), ("int", 0, 1e300, ())],
)
def test_declarations_refuse_the_impossible(kind: str, low: float | None, high: float | None, categories: tuple[str, ...]) -> None:
    with pytest.raises(CriterionError):
        Declaration("fact", kind, None, low, high, categories)  # type: ignore[arg-type]
