"""Every criterion of the library, probed on both sides of each of its thresholds, and the mutants that the probes must tell apart.

A *probe* fixes all facts of a criterion but one, walks that one across a threshold (or over its categories), and notes the truth of the
whole criterion each time, and with the fact missing. The other facts stand so that this one decides. ``thresholds.yaml`` stores the
answers as they were reviewed; a threshold, operator or category that changes in the library changes an answer.

A *mutant* is a criterion with one threshold moved by one step of its last digit, one operator or connective exchanged, one category
dropped or added, one condition negated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import NamedTuple

import msgspec

from peritia.criteria import Formula, Truth, Value, evaluate
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
from peritia.knowledge.criterion import formula
from peritia.knowledge.files import Files
from peritia.knowledge.integrity import FORMULA_FIELDS
from peritia.knowledge.walk import parts

OPERATORS: Mapping[str, tuple[str, ...]] = {
    ">=": (">", "<"),
    ">": (">=", "<="),
    "<=": ("<", ">"),
    "<": ("<=", ">="),
    "=": ("<>", ">=", "<="),
    "<>": ("=",),
}
MOST_CONTEXTS = 60_000
QUARTER = 0.25
"""Step for thresholds on arithmetic: exact in binary, unlike a tenth."""


class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact walked with the others given.

    ``yes`` and ``no`` are its values by the truth of the criterion; ``missing`` is the truth without it.
    """

    fact: str
    given: dict[str, bool | float | str] = {}
    yes: tuple[bool | float | str, ...] = ()
    no: tuple[bool | float | str, ...] = ()
    missing: str = "unknown"

    def fits(self, criterion: Formula) -> bool:
        """Whether the criterion still answers as noted."""
        at = {**self.given}
        return (
            all(evaluate(criterion, {**at, self.fact: value}) is True for value in self.yes)
            and all(evaluate(criterion, {**at, self.fact: value}) is False for value in self.no)
            and _word(evaluate(criterion, {**at, self.fact: None})) == self.missing
        )


class Place(NamedTuple):
    """Where a criterion stands: file, path in it."""

    file: str
    path: str


def places(files: Files) -> Iterator[tuple[Place, Formula]]:
    """Every formula of every knowledge file, with its place."""
    for name, struct in files.each():
        for part in parts(struct):
            for field in FORMULA_FIELDS:
                text = getattr(part.node, field, "")
                if isinstance(text, str) and text:
                    yield Place(name, ".".join(map(str, (*part.path, field)))), formula(text)


def probes(criterion: Formula) -> tuple[Probe, ...]:
    """Probes that tell the criterion from every mutant of it that means something else."""
    found: dict[tuple[object, ...], Probe] = {}
    for leaf, swap in leaves(criterion.root):
        left = [Formula(swap(other)) for other in leaf_mutants(leaf)]
        for context in _contexts(criterion, _fact(leaf)):
            probe = _probe(criterion, leaf, context)
            killed = [mutant for mutant in left if not probe.fits(mutant)]
            if killed:
                found[(probe.fact, *sorted(context.items(), key=str), probe.yes, probe.no)] = probe
                left = [mutant for mutant in left if mutant not in killed]
            if not left:
                break
    return tuple(found.values())


def same_meaning(criterion: Formula, mutant: Formula) -> bool:
    """Whether two formulas over the same facts answer alike at and beside every threshold of the first."""
    for leaf, _ in leaves(criterion.root):
        for context in _contexts(criterion, _fact(leaf)):
            for value in (*_walk(leaf, context), None):
                at = {**context, _fact(leaf): value}
                if evaluate(criterion, at) is not evaluate(mutant, at):
                    return False
    return True


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
            for value in _beside(_declaration(leaf), getattr(leaf, field)):
                yield msgspec.structs.replace(leaf, **{field: value})
    else:
        yield from _comparison_mutants(leaf)


def _comparison_mutants(leaf: Comparison) -> Iterator[Condition]:
    if not isinstance(leaf.right, Constant) or not isinstance(leaf.left, Fact):
        yield from (msgspec.structs.replace(leaf, operator=operator) for operator in OPERATORS[leaf.operator])
        if isinstance(leaf.right, Constant) and isinstance(leaf.right.value, float):
            yield from (msgspec.structs.replace(leaf, right=Constant(leaf.right.value + step)) for step in (-QUARTER, QUARTER))
        return
    declaration, constant = _declaration(leaf), leaf.right.value
    if isinstance(constant, str):
        yield msgspec.structs.replace(leaf, operator="<>" if leaf.operator == "=" else "=")
        for other in declaration.categories:
            if other != constant:
                yield msgspec.structs.replace(leaf, right=Constant(other))
        return
    yield from (msgspec.structs.replace(leaf, operator=operator) for operator in OPERATORS[leaf.operator])
    for value in _beside(declaration, constant):
        yield msgspec.structs.replace(leaf, right=Constant(value))


def _connective_mutants(root: Condition) -> Iterator[Condition]:
    if isinstance(root, And | Or):
        yield flat(Or if isinstance(root, And) else And, root.children)
        for position, child in enumerate(root.children):
            for other in _connective_mutants(child):
                yield flat(type(root), [*root.children[:position], other, *root.children[position + 1 :]])
    elif isinstance(root, Not):
        yield from (Not(other) for other in _connective_mutants(root.child))


def _probe(criterion: Formula, leaf: Leaf, context: Mapping[str, Value]) -> Probe:
    fact = _fact(leaf)
    answers = {value: evaluate(criterion, {**context, fact: value}) for value in _walk(leaf, context)}
    return Probe(
        fact=fact,
        given=dict(context),
        yes=tuple(value for value, truth in answers.items() if truth is True),
        no=tuple(value for value, truth in answers.items() if truth is False),
        missing=_word(evaluate(criterion, {**context, fact: None})),
    )


def _contexts(criterion: Formula, fact: str) -> Iterator[dict[str, Value]]:
    """Values of the other facts, at and beside every threshold they meet in this criterion."""
    others = [name for name in criterion.facts if name != fact]
    choices = [_told_apart(name, [leaf for leaf, _ in leaves(criterion.root) if name in _facts(leaf)]) for name in others]
    for number, values in enumerate(product(*choices)):
        assert number < MOST_CONTEXTS, f"{criterion.text}: too many combinations to probe"
        yield dict(zip(others, values, strict=True))


def _told_apart(name: str, meets: list[Leaf]) -> tuple[Value, ...]:
    """One value for each pattern of truths of the leaves that this fact meets alone; the middle of its domain where it meets another."""
    alone = [leaf for leaf in meets if _facts(leaf) == [name]]
    patterns: dict[tuple[Truth, ...], Value] = {}
    for leaf in alone:
        for value in _walk(leaf, {}):
            patterns.setdefault(tuple(evaluate(Formula(one), {name: value}) for one in alone), value)
    if len(alone) < len(meets):
        low, high = next(one for leaf in meets for one in node_facts(leaf) if one.name == name).bounds()
        patterns[(None,)] = float(round((low + high) / 2))
    return tuple(dict.fromkeys(patterns.values()))


def _walk(leaf: Leaf, context: Mapping[str, Value]) -> tuple[Value, ...]:
    """The values of its fact that show where a leaf turns."""
    declaration = _declaration(leaf)
    if isinstance(leaf, Held):
        return (False, True)
    if declaration.kind == "cat":
        return declaration.categories
    if isinstance(leaf, Membership):
        turning: tuple[float | str, ...] = leaf.values
    elif isinstance(leaf, Between):
        turning = (leaf.low, leaf.high)
    elif isinstance(leaf.left, Fact) and isinstance(leaf.right, Constant):
        turning = (leaf.right.value,)
    else:
        low, high = declaration.bounds()
        quarters = [low + step * QUARTER for step in range(round((high - low) / QUARTER) + 1)]
        truths = [evaluate(Formula(leaf), {**context, declaration.name: value}) for value in quarters]
        at = next((position for position in range(1, len(truths)) if truths[position] is not truths[position - 1]), 1)
        return tuple(quarters[max(0, at - 2) : at + 3])
    around = {value for number in turning for value in (*_beside(declaration, number), number)}
    return tuple(sorted(float(value) for value in around))


def _beside(declaration: Declaration, number: float | str) -> tuple[float, ...]:
    """One step of the last digit written to either side, within the domain; whole steps for whole numbers."""
    written = Decimal(repr(number)).normalize()
    exponent = written.as_tuple().exponent
    step = Decimal(1) if declaration.kind == "int" or not isinstance(exponent, int) or exponent >= 0 else Decimal(1).scaleb(exponent)
    low, high = declaration.bounds()
    return tuple(value for value in (float(written - step), float(written + step)) if low <= value <= high)


def _strangers(leaf: Membership) -> tuple[float | str, ...]:
    declaration = _declaration(leaf)
    if declaration.kind == "cat":
        return tuple(category for category in declaration.categories if category not in leaf.values)
    beside = {value for number in leaf.values for value in _beside(declaration, number)}
    return tuple(sorted(beside - set(leaf.values)))


def _declaration(leaf: Leaf) -> Declaration:
    """The fact that a leaf is walked along: its first."""
    return next(node_facts(leaf))


def _fact(leaf: Leaf) -> str:
    return _declaration(leaf).name


def _facts(leaf: Leaf) -> list[str]:
    return list(dict.fromkeys(declaration.name for declaration in node_facts(leaf)))


def _word(truth: Truth) -> str:
    return {True: "yes", False: "no", None: "unknown"}[truth]
