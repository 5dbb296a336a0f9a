"""From sqlglot's tree to our conditions, typed and unit-checked on the way."""

from __future__ import annotations

from sqlglot import exp

from peritia.criteria.check import check_constant, check_leaf, kind_sentence
from peritia.criteria.domains import FLIPPED
from peritia.criteria.expression import And, Between, Comparison, Condition, Constant, Fact, Held, Membership, Not, Or
from peritia.criteria.formula import flat, negated
from peritia.criteria.read_terms import TermReader, bare

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_CONDITIONS = (*_COMPARISONS, exp.And, exp.Or, exp.Not, exp.In, exp.Between)


class ConditionReader(TermReader):
    """Reads what has a truth. Walks the tree once."""

    def condition(self, node: exp.Expr) -> Condition:
        """A node that has a truth."""
        node = bare(node)
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
            fact = self.fact(node)
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
            current = bare(current.this)
        parts.append(current)
        children = [self.condition(part) for part in reversed(parts)]
        return flat(And if kind is exp.And else Or, children)

    def _comparison(self, node: exp.Expr) -> Condition:
        operator = _COMPARISONS[type(node)]
        sides = [bare(node.this), bare(node.expression)]
        for at, side in enumerate(sides):
            if isinstance(side, exp.Boolean):
                return self._with_boolean(sides[1 - at], operator, side)
            if isinstance(side, _CONDITIONS):
                hint = "Write a < b AND b < c; write a condition bare, not = TRUE"
                self.refuse(side, "A comparison of a comparison", "two values, compared once", hint)
        left, right = self.term(sides[0], 0), self.term(sides[1], 0)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, operator = right, left, FLIPPED[operator]
            sides.reverse()
        if isinstance(left, Fact) and isinstance(right, Constant):
            self.placed(sides[1], check_constant, left.declaration, right.value)
        leaf = Comparison(operator, left, right)  # type: ignore[arg-type]  # one of the six
        self.placed(node, check_leaf, leaf)
        return leaf

    def _with_boolean(self, other: exp.Expr, operator: str, constant: exp.Expr) -> Condition:
        """``pregnant = TRUE`` and its kin become the bare fact or its negation."""
        if not isinstance(other, exp.Column):
            self.refuse(other, "TRUE and FALSE compare with a Boolean fact only", "a Boolean fact", "Write a condition bare, or after NOT")
        fact = self.fact(other)
        if fact.declaration.kind != "bool" or operator not in ("=", "<>"):
            self.refuse(other, f"{fact.name} {operator} TRUE or FALSE", f"a comparison that suits {kind_sentence(fact.declaration)}")
        return Held(fact) if constant.this is (operator == "=") else Not(Held(fact))

    def _membership(self, node: exp.In) -> Condition:
        left = bare(node.this)
        if not isinstance(left, exp.Column) or not node.expressions or any(node.args.get(part) for part in ("query", "unnest", "field")):
            self.refuse(
                node, "IN of this shape", "fact IN (constant, constant...)", "One fact on the left, at least one constant on the right"
            )
        fact = self.fact(left)
        values: list[float | str] = []
        for item in node.expressions:
            constant = self.term(bare(item), 0)
            if not isinstance(constant, Constant):
                self.refuse(item, "A list with something other than constants", "fact IN (constant, constant...)")
            self.placed(item, check_constant, fact.declaration, constant.value)
            if constant.value not in values:
                values.append(constant.value)
        leaf = Membership(fact, tuple(values), negated=False)
        self.placed(node, check_leaf, leaf)
        return leaf

    def _between(self, node: exp.Between) -> Condition:
        if node.args.get("symmetric"):
            self.refuse(node, "BETWEEN SYMMETRIC", "term BETWEEN low AND high")
        term = self.term(node.this, 0)
        bounds: list[float] = []
        for side in (node.args["low"], node.args["high"]):
            bound = self.term(side, 0)
            if not isinstance(bound, Constant) or isinstance(bound.value, str):
                self.refuse(
                    side, "A bound of BETWEEN that is not a number", "a number", "For bounds that are facts write a >= b AND a <= c"
                )
            if isinstance(term, Fact):
                self.placed(side, check_constant, term.declaration, bound.value)
            bounds.append(bound.value)
        leaf = Between(term, bounds[0], bounds[1], negated=False)
        self.placed(node, check_leaf, leaf)
        return leaf
