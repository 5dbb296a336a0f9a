"""Is a leaf well typed? Kinds, units, domains, and whether it can both hold and fail. Refusals carry no place; the reader adds it."""

from __future__ import annotations

from peritia.criteria.algebra import constant_part, difference, is_linear, linear_range
from peritia.criteria.declaration import Declaration
from peritia.criteria.domains import can_be, interval_truths, possible_truths
from peritia.criteria.expression import (
    Between,
    Comparison,
    Constant,
    Fact,
    Leaf,
    Negative,
    Term,
    node_facts,
    number_text,
    term_facts,
    term_text,
)
from peritia.criteria.expression import text as canonical_text
from peritia.criteria.refusal import CriterionError, nearest
from peritia.criteria.units import BARE, Unit, read_unit, times, unit_text

_KINDS = {"bool": "true or false", "int": "a whole number", "num": "a number", "cat": "one of named categories"}


def kind_sentence(declaration: Declaration) -> str:
    """What a fact is, for a message."""
    return _KINDS[declaration.kind]


def check_constant(declaration: Declaration, value: float | str) -> None:
    """A constant that meets a fact directly is a category of it or a number within its domain."""
    name = declaration.name
    if declaration.kind == "bool":
        raise CriterionError(f"{name} compared with a constant", "the bare fact, as it is true or false", f"Write {name} or NOT {name}")
    if declaration.kind == "cat":
        if not isinstance(value, str):
            raise CriterionError(f"{name} compared with a number", f"one of {_listed(declaration)}", "Categories stand in single quotes")
        if value not in declaration.categories:
            raise CriterionError(
                f"{value[:40]!r} is not a category of {name}", _listed(declaration), nearest(value, declaration.categories)
            )
        return
    if isinstance(value, str):
        raise CriterionError(f"{name} compared with a word", f"a number, as {name} is {kind_sentence(declaration)}")
    low, high = declaration.bounds()
    if not low <= value <= high:
        unit = f" {declaration.unit}" if declaration.unit not in (None, "", "1") else ""
        found = f"{number_text(value)} lies outside the domain of {name}"
        raise CriterionError(found, f"a number within {_bound(low)} to {_bound(high)}{unit}")


def check_leaf(leaf: Leaf) -> None:
    """Kinds and units agree, and the leaf can hold and can fail."""
    if isinstance(leaf, Comparison):
        _check_kinds(leaf)
    elif isinstance(leaf, Between):
        if isinstance(leaf.term, Constant):
            raise CriterionError("A comparison without a fact", "at least one fact")
        unit_of(leaf.term)
        if leaf.low > leaf.high:
            raise CriterionError(f"BETWEEN {number_text(leaf.low)} AND {number_text(leaf.high)}", "the lower bound first")
    truths = can_be(leaf)
    if truths is None and isinstance(leaf, Comparison | Between):
        truths = _truths_of_many(leaf)
    if truths is not None and len(truths) == 1:
        holds = "always holds" if True in truths else "can never hold"
        found = f"{_clipped(canonical_text(leaf))} {holds} for any value in the domain"
        raise CriterionError(found, "a condition that some patients meet and some do not", _domains(leaf))


def unit_of(term: Term) -> Unit | None:
    """The unit of a numeric term; None for bare numbers, which take the other side's. Raises on words, categories and unlike units."""
    if isinstance(term, Constant):
        if isinstance(term.value, str):
            raise CriterionError("A word where a number is needed", "a number or a numeric fact")
        return None
    if isinstance(term, Fact):
        if term.declaration.kind not in ("int", "num"):
            raise CriterionError(f"{term.name} is {kind_sentence(term.declaration)}", "a number here")
        return read_unit(term.declaration.unit)
    if isinstance(term, Negative):
        return unit_of(term.term)
    left, right = unit_of(term.left), unit_of(term.right)
    if term.operator in ("+", "-"):
        return _same(left, right, f"{_clipped(term_text(term.left))} and {_clipped(term_text(term.right))}")
    if term.operator == "/" and term.right == Constant(0.0):
        raise CriterionError("A division by zero", "a divisor that is not zero")
    if left is None and right is None:
        return None
    return times(left or BARE, right or BARE, 1 if term.operator == "*" else -1)


def _same(left: Unit | None, right: Unit | None, what: str) -> Unit | None:
    if left is not None and right is not None and left != right:
        raise CriterionError(
            f"Unlike units: {what} are in {unit_text(left)} and {unit_text(right)}", "equal units", "Units are not converted"
        )
    return right if left is None else left


def _check_kinds(leaf: Comparison) -> None:
    left, right = leaf.left, leaf.right
    if isinstance(left, Constant):
        raise CriterionError("A comparison without a fact", "at least one fact")
    words = [side for side in (left, right) if isinstance(side, Fact) and side.declaration.kind in ("cat", "bool")]
    if not words and not (isinstance(right, Constant) and isinstance(right.value, str)):
        _same(unit_of(left), unit_of(right), f"{_clipped(term_text(left))} and {_clipped(term_text(right))}")
        if not any(True for side in (left, right) for _ in term_facts(side)):
            raise CriterionError("A comparison without a fact", "at least one fact")
        return
    if not isinstance(left, Fact) or not isinstance(right, Fact | Constant):
        raise CriterionError(f"{_clipped(canonical_text(leaf))} mixes a number with a word", "two numbers or two words")
    if isinstance(right, Constant):
        check_constant(left.declaration, right.value)
    elif left.declaration.kind != right.declaration.kind or set(left.declaration.categories) != set(right.declaration.categories):
        raise CriterionError(
            f"{left.name} is {kind_sentence(left.declaration)}, {right.name} is {kind_sentence(right.declaration)}",
            "two facts of one kind, with the same categories",
        )
    if leaf.operator not in ("=", "<>"):
        raise CriterionError(f"{leaf.operator} between words", "= or <>", "Categories have no order")


def _truths_of_many(leaf: Comparison | Between) -> frozenset[bool]:
    """Truths of a leaf of several facts or with arithmetic: exact where linear, by interval bounds elsewhere."""
    if isinstance(leaf, Between):
        return interval_truths(leaf)
    if isinstance(leaf.left, Fact) and leaf.left.declaration.kind in ("cat", "bool"):
        same = leaf.left == leaf.right
        return frozenset({leaf.operator == "="}) if same else frozenset({True, False})
    rational = difference(leaf.left, leaf.right, {})
    if rational is None:
        return interval_truths(leaf)
    if constant_part(rational.numerator) is not None and constant_part(rational.denominator) is not None:
        raise CriterionError(f"The facts in {_clipped(canonical_text(leaf))} cancel out", "a condition that depends on a fact")
    if rational.divisors or not is_linear(rational.numerator):
        return interval_truths(leaf)
    low, high = linear_range(rational.numerator, {name: fact.bounds() for name, fact in _facts(leaf).items()})
    return possible_truths(leaf.operator, (low, high), (0.0, 0.0))  # type: ignore[arg-type]  # fractions compare exactly with floats


def _facts(leaf: Leaf) -> dict[str, Declaration]:
    return {declaration.name: declaration for declaration in node_facts(leaf)}


def _domains(leaf: Leaf) -> str:
    parts: list[str] = []
    for declaration in list(_facts(leaf).values())[:3]:
        if declaration.kind == "cat":
            parts.append(f"{declaration.name} is one of {_listed(declaration)}")
        elif declaration.kind != "bool":
            low, high = declaration.bounds()
            parts.append(f"{declaration.name} runs from {_bound(low)} to {_bound(high)}")
    return "; ".join(parts)


def _bound(bound: float) -> str:
    return "unbounded" if bound in (float("inf"), float("-inf")) else number_text(bound)


def _listed(declaration: Declaration) -> str:
    shown = [repr(category) for category in declaration.categories[:12]]
    return ", ".join(shown) + (" ..." if len(declaration.categories) > 12 else "")


def _clipped(shown: str) -> str:
    return shown if len(shown) <= 80 else shown[:77] + "..."
