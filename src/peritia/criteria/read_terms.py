"""From sqlglot's tree to our terms: facts, constants, arithmetic, each with its place in the text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NoReturn

from sqlglot import exp

from peritia.criteria.declaration import Vocabulary, declaration_of
from peritia.criteria.expression import Arithmetic, Constant, Fact, Negative, Term
from peritia.criteria.refusal import CriterionError

#: Operators in one chain of arithmetic; sums and products lean to the left, one level an operator.
LONGEST_SUM = 100

_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


class TermReader:
    """Reads what has a value. Holds the text (for the place of a fault) and the vocabulary."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary

    def refuse(self, node: exp.Expr, found: str, expected: str = "", hint: str = "") -> NoReturn:
        """Refuse with the place of this node."""
        raise CriterionError(found, expected, hint, place(node), self.text)

    def term(self, node: exp.Expr, depth: int) -> Term:
        """A node that has a value."""
        if depth > LONGEST_SUM:
            self.refuse(node, f"More than {LONGEST_SUM} operators in one term", "a shorter expression")
        node = bare(node)
        if isinstance(node, exp.Column):
            return self.fact(node)
        if isinstance(node, exp.Literal):
            return Constant(node.this if node.is_string else self._number(node))
        if isinstance(node, exp.Neg):
            inner = self.term(node.this, depth + 1)
            negated = isinstance(inner, Constant) and isinstance(inner.value, float)
            return Constant(-inner.value or 0.0) if negated else Negative(inner)  # type: ignore[union-attr, operator]
        if type(node) in _ARITHMETIC:
            operator = _ARITHMETIC[type(node)]
            return Arithmetic(operator, self.term(node.this, depth + 1), self.term(node.expression, depth + 1))  # type: ignore[arg-type]
        return self.refuse(node, "This is not a value", "a fact, a number, a 'word' or arithmetic", "Conditions join with AND, OR and NOT")

    def _number(self, node: exp.Literal) -> float:
        value = float(node.this)
        if not math.isfinite(value):
            self.refuse(node, "A number too large", "a number below 1.8e308")
        return value

    def fact(self, node: exp.Expr) -> Fact:
        """A bare name that is declared."""
        identifier = node.this
        if (
            not isinstance(identifier, exp.Identifier)
            or identifier.quoted
            or node.args.get("table")
            or identifier.name not in self.vocabulary
        ):
            self.refuse(node, "This is not a declared fact", "a declared fact")
        return Fact(declaration_of(self.vocabulary[identifier.name]))

    def placed(self, node: exp.Expr, check: Callable[..., None], *arguments: object) -> None:
        """Run a check and give its refusal this node's place."""
        try:
            check(*arguments)
        except CriterionError as error:
            raise error.placed(place(node), self.text) from None


def bare(node: exp.Expr) -> exp.Expr:
    """The node without its parentheses."""
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def place(node: exp.Expr) -> int | None:
    """Offset of the first name or constant in a node; operators carry no place of their own."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return min(starts) if starts else 0
