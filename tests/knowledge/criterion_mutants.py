"""The mutants of a criterion: one threshold moved by one step, one operator, category, negation or connective changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from peritia.criteria import Formula
from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import (
    And,
    Between,
    Comparison,
    Condition,
    Constant,
    Fact,
    Held,
    Leaf,
    Membership,
    Not,
    Or,
    children_of,
    node_facts,
)
from peritia.criteria.formula import flat

OPERATORS: Mapping[str, tuple[str, ...]] = {
    ">=": (">", "<"),
    ">": (">=", "<="),
    "<=": ("<", ">"),
    "<": ("<=", ">="),
    "=": ("<>", ">=", "<="),
    "<>": ("=",),
}
QUARTER = 0.25
"""Step for thresholds on arithmetic: exact in binary, unlike a tenth."""


def mutants(criterion: Formula) -> Iterator[Formula]:
    """The criterion with one thing changed: a threshold by one step, an operator, a category, a negation, a connective."""
    for leaf, swap in leaves(criterion.root):
        for other in leaf_mutants(leaf):
            yield Formula(swap(other))
    yield from (Formula(root) for root in _connective_mutants(criterion.root))


def leaves(root: Condition) -> Iterator[tuple[Leaf, Swap]]:
    """Every leaf, with the function that puts another condition in its place."""
    if isinstance(root, And | Or | Not):
        for position, child in enumerate(children_of(root)):
            for leaf, swap in leaves(child):
                yield leaf, Swap(root, position, swap)
    else:
        yield root, Swap(root, 0, None)


class Swap:
    """Rebuilds a condition with one leaf exchanged."""

    def __init__(self, node: Condition, position: int, inner: Swap | None) -> None:
        self.node, self.position, self.inner = node, position, inner

    def __call__(self, other: Condition) -> Condition:
        if self.inner is None:
            return other
        children = list(children_of(self.node))
        children[self.position] = self.inner(other)
        if isinstance(self.node, Not):
            child = children[0]
            return child.child if isinstance(child, Not) else Not(child)
        return flat(type(self.node), children)


def leaf_mutants(leaf: Leaf) -> Iterator[Condition]:
    """A leaf's mutants that stay within the fact's domain."""
    if isinstance(leaf, Held):
        yield Not(leaf)
    elif isinstance(leaf, Membership):
        yield msgspec.structs.replace(leaf, negated=not leaf.negated)
        if len(leaf.values) > 1:
            for gone in leaf.values:
                yield msgspec.structs.replace(leaf, values=tuple(value for value in leaf.values if value != gone))
        yield from (msgspec.structs.replace(leaf, values=(*leaf.values, new)) for new in _strangers(leaf))
    elif isinstance(leaf, Between):
        yield msgspec.structs.replace(leaf, negated=not leaf.negated)
        for field in ("low", "high"):
            for value in beside(declaration_of(leaf), getattr(leaf, field)):
                yield msgspec.structs.replace(leaf, **{field: value})
    else:
        yield from _comparison_mutants(leaf)


def _comparison_mutants(leaf: Comparison) -> Iterator[Condition]:
    if not isinstance(leaf.right, Constant) or not isinstance(leaf.left, Fact):
        yield from (msgspec.structs.replace(leaf, operator=operator) for operator in OPERATORS[leaf.operator])
        if isinstance(leaf.right, Constant) and isinstance(leaf.right.value, float):
            yield from (msgspec.structs.replace(leaf, right=Constant(leaf.right.value + step)) for step in (-QUARTER, QUARTER))
        return
    declaration, constant = declaration_of(leaf), leaf.right.value
    if isinstance(constant, str):
        yield msgspec.structs.replace(leaf, operator="<>" if leaf.operator == "=" else "=")
        for other in declaration.categories:
            if other != constant:
                yield msgspec.structs.replace(leaf, right=Constant(other))
        return
    yield from (msgspec.structs.replace(leaf, operator=operator) for operator in OPERATORS[leaf.operator])
    for value in beside(declaration, constant):
        yield msgspec.structs.replace(leaf, right=Constant(value))


def _connective_mutants(root: Condition) -> Iterator[Condition]:
    if isinstance(root, And | Or):
        yield flat(Or if isinstance(root, And) else And, root.children)
        for position, child in enumerate(root.children):
            for other in _connective_mutants(child):
                yield flat(type(root), [*root.children[:position], other, *root.children[position + 1 :]])
    elif isinstance(root, Not):
        yield from (Not(other) for other in _connective_mutants(root.child))


def beside(declaration: Declaration, number: float | str) -> tuple[float, ...]:
    """One step of the last digit written to either side, within the domain; whole steps for whole numbers."""
    written = Decimal(repr(number)).normalize()
    exponent = written.as_tuple().exponent
    step = Decimal(1) if declaration.kind == "int" or not isinstance(exponent, int) or exponent >= 0 else Decimal(1).scaleb(exponent)
    low, high = declaration.bounds()
    return tuple(value for value in (float(written - step), float(written + step)) if low <= value <= high)


def _strangers(leaf: Membership) -> tuple[float | str, ...]:
    declaration = declaration_of(leaf)
    if declaration.kind == "cat":
        return tuple(category for category in declaration.categories if category not in leaf.values)
    beside = {value for number in leaf.values for value in beside(declaration, number)}
    return tuple(sorted(beside - set(leaf.values)))


def declaration_of(leaf: Leaf) -> Declaration:
    """The fact that a leaf is walked along: its first."""
    return next(node_facts(leaf))


def fact_of(leaf: Leaf) -> str:
    return declaration_of(leaf).name


def facts_of(leaf: Leaf) -> list[str]:
    return list(dict.fromkeys(declaration.name for declaration in node_facts(leaf)))
