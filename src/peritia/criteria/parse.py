"""From text to formula: sqlglot reads the tokens, the tree becomes our own, typed and unit-checked on the way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NoReturn

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import Parser

from peritia.criteria.check import check_constant, check_leaf, kind_sentence
from peritia.criteria.declaration import Vocabulary, declaration_of
from peritia.criteria.domains import FLIPPED
from peritia.criteria.expression import (
    And,
    Arithmetic,
    Between,
    Comparison,
    Condition,
    Constant,
    Fact,
    Held,
    Membership,
    Negative,
    Not,
    Or,
    Term,
)
from peritia.criteria.formula import Formula, flat, negated
from peritia.criteria.refusal import CriterionError
from peritia.criteria.scan import DEEPEST, nesting, scan

#: Operators in one chain of arithmetic; sums and products lean to the left, one level an operator.
LONGEST_SUM = 100

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_CONDITIONS = (*_COMPARISONS, exp.And, exp.Or, exp.Not, exp.In, exp.Between)


def parse(text: str, vocabulary: Vocabulary) -> Formula:
    """Read a criterion over the facts of ``vocabulary``. Raises ``CriterionError`` with the place of the first fault."""
    tokens = scan(text, vocabulary)
    try:
        trees = Parser().parse(tokens, text)
    except ParseError as error:
        raise _unreadable(error, text) from error
    except RecursionError:
        raise CriterionError("An expression nested too deeply to be read here", "a flatter expression", position=0, text=text) from None
    if len(trees) != 1 or trees[0] is None:
        raise CriterionError("Not one expression", "one Boolean expression over facts", position=0, text=text)
    formula = Formula(_Reader(text, vocabulary).condition(trees[0]))
    if nesting(formula.text) >= DEEPEST:  # its canonical text must parse as well
        raise CriterionError(f"More than {DEEPEST} levels of nesting", "a flatter expression", position=0, text=text)
    return formula


def _unreadable(error: ParseError, text: str) -> CriterionError:
    first = error.errors[0] if error.errors else {}
    lines = text.split("\n")
    line, column = first.get("line") or 1, first.get("col") or 1
    before = sum(len(part) + 1 for part in lines[: line - 1])
    word = str(first.get("highlight") or "")
    position = min(max(0, before + column - len(word)), max(0, len(text) - 1))
    found = f"The expression cannot be read at {word[:40]!r}" if word else "The expression cannot be read"
    return CriterionError(found, "a Boolean expression such as ecog <= 2 AND NOT pregnant", position=position, text=text)


class _Reader:
    """Walks sqlglot's tree once. Holds the text (for the place of a fault) and the vocabulary."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary

    def refuse(self, node: exp.Expr, found: str, expected: str = "", hint: str = "") -> NoReturn:
        raise CriterionError(found, expected, hint, _place(node), self.text)

    def condition(self, node: exp.Expr) -> Condition:
        """A node that has a truth."""
        node = _bare(node)
        if isinstance(node, exp.And | exp.Or):
            return self._joined(node)
        if isinstance(node, exp.Not):
            return negated(self.condition(node.this))
        if isinstance(node, exp.In):
            return self._membership(node)
        if isinstance(node, exp.Between):
            return self._between(node)
        if type(node) in _COMPARISONS:
            return self._comparison(node)
        if isinstance(node, exp.Column):
            fact = self._fact(node)
            if fact.declaration.kind != "bool":
                what = kind_sentence(fact.declaration)
                self.refuse(
                    node, f"{fact.name} alone is not a condition", "a comparison", f"{fact.name} is {what}: compare it with a value"
                )
            return Held(fact)
        if isinstance(node, exp.Literal | exp.Boolean):
            self.refuse(node, "A constant alone is not a condition", "a condition over facts")
        return self.refuse(node, "This has a value, not a truth", "a comparison, IN, BETWEEN, AND, OR or NOT")

    def _joined(self, node: exp.Expr) -> Condition:
        """AND and OR chains lean to the left; they are unrolled by a loop, not by recursion."""
        parts: list[exp.Expr] = []
        kind = type(node)
        current = node
        while isinstance(current, kind):
            parts.append(current.expression)
            current = _bare(current.this)
        parts.append(current)
        children = [self.condition(part) for part in reversed(parts)]
        return flat(And if kind is exp.And else Or, children)

    def _comparison(self, node: exp.Expr) -> Condition:
        operator = _COMPARISONS[type(node)]
        sides = [_bare(node.this), _bare(node.expression)]
        for at, side in enumerate(sides):
            if isinstance(side, exp.Boolean):
                return self._with_boolean(sides[1 - at], operator, side)
            if isinstance(side, _CONDITIONS):
                hint = "Write a < b AND b < c; write a condition bare, not = TRUE"
                self.refuse(side, "A comparison of a comparison", "two values, compared once", hint)
        left, right = self._term(sides[0], 0), self._term(sides[1], 0)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, operator = right, left, FLIPPED[operator]
            sides.reverse()
        if isinstance(left, Fact) and isinstance(right, Constant):
            self._placed(sides[1], check_constant, left.declaration, right.value)
        leaf = Comparison(operator, left, right)  # type: ignore[arg-type]  # one of the six
        self._placed(node, check_leaf, leaf)
        return leaf

    def _with_boolean(self, other: exp.Expr, operator: str, constant: exp.Expr) -> Condition:
        """``pregnant = TRUE`` and its kin become the bare fact or its negation."""
        if not isinstance(other, exp.Column):
            self.refuse(other, "TRUE and FALSE compare with a Boolean fact only", "a Boolean fact", "Write a condition bare, or after NOT")
        fact = self._fact(other)
        if fact.declaration.kind != "bool" or operator not in ("=", "<>"):
            self.refuse(other, f"{fact.name} {operator} TRUE or FALSE", f"a comparison that suits {kind_sentence(fact.declaration)}")
        return Held(fact) if constant.this is (operator == "=") else Not(Held(fact))

    def _membership(self, node: exp.In) -> Condition:
        left = _bare(node.this)
        if not isinstance(left, exp.Column) or not node.expressions or any(node.args.get(part) for part in ("query", "unnest", "field")):
            self.refuse(
                node, "IN of this shape", "fact IN (constant, constant...)", "One fact on the left, at least one constant on the right"
            )
        fact = self._fact(left)
        values: list[float | str] = []
        for item in node.expressions:
            constant = self._term(_bare(item), 0)
            if not isinstance(constant, Constant):
                self.refuse(item, "A list with something other than constants", "fact IN (constant, constant...)")
            self._placed(item, check_constant, fact.declaration, constant.value)
            if constant.value not in values:
                values.append(constant.value)
        leaf = Membership(fact, tuple(values), negated=False)
        self._placed(node, check_leaf, leaf)
        return leaf

    def _between(self, node: exp.Between) -> Condition:
        if node.args.get("symmetric"):
            self.refuse(node, "BETWEEN SYMMETRIC", "term BETWEEN low AND high")
        term = self._term(node.this, 0)
        bounds: list[float] = []
        for side in (node.args["low"], node.args["high"]):
            bound = self._term(side, 0)
            if not isinstance(bound, Constant) or isinstance(bound.value, str):
                self.refuse(
                    side, "A bound of BETWEEN that is not a number", "a number", "For bounds that are facts write a >= b AND a <= c"
                )
            if isinstance(term, Fact):
                self._placed(side, check_constant, term.declaration, bound.value)
            bounds.append(bound.value)
        leaf = Between(term, bounds[0], bounds[1], negated=False)
        self._placed(node, check_leaf, leaf)
        return leaf

    def _term(self, node: exp.Expr, depth: int) -> Term:
        """A node that has a value."""
        if depth > LONGEST_SUM:
            self.refuse(node, f"More than {LONGEST_SUM} operators in one term", "a shorter expression")
        node = _bare(node)
        if isinstance(node, exp.Column):
            return self._fact(node)
        if isinstance(node, exp.Literal):
            return Constant(node.this if node.is_string else self._number(node))
        if isinstance(node, exp.Neg):
            inner = self._term(node.this, depth + 1)
            negated = isinstance(inner, Constant) and isinstance(inner.value, float)
            return Constant(-inner.value or 0.0) if negated else Negative(inner)  # type: ignore[union-attr, operator]
        if type(node) in _ARITHMETIC:
            operator = _ARITHMETIC[type(node)]
            return Arithmetic(operator, self._term(node.this, depth + 1), self._term(node.expression, depth + 1))  # type: ignore[arg-type]
        return self.refuse(node, "This is not a value", "a fact, a number, a 'word' or arithmetic", "Conditions join with AND, OR and NOT")

    def _number(self, node: exp.Literal) -> float:
        value = float(node.this)
        if not math.isfinite(value):
            self.refuse(node, "A number too large", "a number below 1.8e308")
        return value

    def _fact(self, node: exp.Expr) -> Fact:
        identifier = node.this
        if (
            not isinstance(identifier, exp.Identifier)
            or identifier.quoted
            or node.args.get("table")
            or identifier.name not in self.vocabulary
        ):
            self.refuse(node, "This is not a declared fact", "a declared fact")
        return Fact(declaration_of(self.vocabulary[identifier.name]))

    def _placed(self, node: exp.Expr, check: Callable[..., None], *arguments: object) -> None:
        """Run a check and give its refusal this node's place."""
        try:
            check(*arguments)
        except CriterionError as error:
            raise error.placed(_place(node), self.text) from None


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _place(node: exp.Expr) -> int | None:
    """Offset of the first name or constant in a node; operators carry no place of their own."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return min(starts) if starts else 0
