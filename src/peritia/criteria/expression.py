"""The nodes of a criterion, and their canonical text. Terms have a value; conditions have a truth. All frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from peritia.criteria.declaration import Declaration

ComparisonOperator = Literal["=", "<>", "<", "<=", ">", ">="]
ArithmeticOperator = Literal["+", "-", "*", "/"]


class Fact(msgspec.Struct, frozen=True):
    """A declared fact, as a term."""

    declaration: Declaration

    @property
    def name(self) -> str:
        """The declared name."""
        return self.declaration.name


class Constant(msgspec.Struct, frozen=True):
    """A number or a word written in the criterion. Numbers are doubles."""

    value: float | str


class Negative(msgspec.Struct, frozen=True):
    """Minus a term."""

    term: Term


class Arithmetic(msgspec.Struct, frozen=True):
    """Two terms joined by + - * or /; unknown when either is unknown, or when a divisor is zero."""

    operator: ArithmeticOperator
    left: Term
    right: Term


class Comparison(msgspec.Struct, frozen=True):
    """Two terms compared; unknown when either is unknown. A constant stands on the right."""

    operator: ComparisonOperator
    left: Term
    right: Term


class Held(msgspec.Struct, frozen=True):
    """A Boolean fact standing bare: ``pregnant``."""

    fact: Fact


class Membership(msgspec.Struct, frozen=True):
    """A fact among constants (or not among them)."""

    fact: Fact
    values: tuple[float | str, ...]
    negated: bool


class Between(msgspec.Struct, frozen=True):
    """A term within two constants, both included (or outside them)."""

    term: Term
    low: float
    high: float
    negated: bool


class Not(msgspec.Struct, frozen=True):
    """Kleene negation: unknown stays unknown."""

    child: Condition


class And(msgspec.Struct, frozen=True):
    """Kleene conjunction: false if one is false, else unknown if one is unknown, else true."""

    children: tuple[Condition, ...]


class Or(msgspec.Struct, frozen=True):
    """Kleene disjunction: true if one is true, else unknown if one is unknown, else false."""

    children: tuple[Condition, ...]


Term = Fact | Constant | Negative | Arithmetic
Leaf = Comparison | Held | Membership | Between
Condition = Comparison | Held | Membership | Between | Not | And | Or

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def number_text(value: float) -> str:
    """The shortest text that reads back as the same double; whole numbers without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def value_text(value: float | str) -> str:
    """A constant as written in canonical text."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else number_text(value)


def term_text(term: Term, strength: int = 0) -> str:
    """Canonical text of a term, in brackets where it binds weaker than ``strength`` needs."""
    if isinstance(term, Fact):
        return term.name
    if isinstance(term, Constant):
        return value_text(term.value)
    if isinstance(term, Negative):
        inner = term_text(term.term, 3)
        return f"-({inner})" if inner.startswith("-") else f"-{inner}"  # "--" would start an SQL comment
    own = _STRENGTH[term.operator]
    text = f"{term_text(term.left, own)} {term.operator} {term_text(term.right, own + 1)}"
    return f"({text})" if own < strength else text


def text(node: Condition) -> str:
    """Canonical SQL text: parses back to the same node. Mixed AND and OR always carry brackets."""
    if isinstance(node, Held):
        return node.fact.name
    if isinstance(node, Comparison):
        return f"{term_text(node.left)} {node.operator} {term_text(node.right)}"
    if isinstance(node, Membership):
        values = ", ".join(value_text(value) for value in node.values)
        return f"{node.fact.name} {'NOT IN' if node.negated else 'IN'} ({values})"
    if isinstance(node, Between):
        word = "NOT BETWEEN" if node.negated else "BETWEEN"
        return f"{term_text(node.term)} {word} {number_text(node.low)} AND {number_text(node.high)}"
    if isinstance(node, Not):
        return f"NOT {_bracketed(node.child, (Held,))}"
    joiner = " AND " if isinstance(node, And) else " OR "
    return joiner.join(_bracketed(child, (Held, Comparison, Membership, Between, Not)) for child in node.children)


def _bracketed(node: Condition, bare: tuple[type, ...]) -> str:
    return text(node) if isinstance(node, bare) else f"({text(node)})"


def operator_of(node: Condition) -> str:
    """The word for what a node does, as explanations show it."""
    if isinstance(node, Comparison):
        return node.operator
    if isinstance(node, Membership):
        return "NOT IN" if node.negated else "IN"
    if isinstance(node, Between):
        return "NOT BETWEEN" if node.negated else "BETWEEN"
    return {Held: "FACT", Not: "NOT", And: "AND", Or: "OR"}[type(node)]


def children_of(node: Condition) -> tuple[Condition, ...]:
    """The conditions directly below; none for a leaf."""
    if isinstance(node, And | Or):
        return node.children
    return (node.child,) if isinstance(node, Not) else ()


def term_facts(term: Term) -> Iterator[Declaration]:
    """Every fact of a term, from left to right, repeats included."""
    if isinstance(term, Fact):
        yield term.declaration
    elif isinstance(term, Negative):
        yield from term_facts(term.term)
    elif isinstance(term, Arithmetic):
        yield from term_facts(term.left)
        yield from term_facts(term.right)


def node_facts(node: Condition) -> Iterator[Declaration]:
    """Every fact of a condition, from left to right, repeats included."""
    if isinstance(node, Held | Membership):
        yield node.fact.declaration
    elif isinstance(node, Comparison):
        yield from term_facts(node.left)
        yield from term_facts(node.right)
    elif isinstance(node, Between):
        yield from term_facts(node.term)
    else:
        for child in children_of(node):
            yield from node_facts(child)
