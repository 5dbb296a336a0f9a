"""A parsed criterion, and the joining of several into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import msgspec

from peritia.criteria.declaration import Declaration
from peritia.criteria.expression import And, Between, Condition, Membership, Not, Or, node_facts
from peritia.criteria.expression import text as canonical_text
from peritia.criteria.refusal import CriterionError


@dataclass(frozen=True)
class Formula:
    """A criterion: its tree, its canonical SQL text, its facts. Equal when the trees are equal, declarations included."""

    root: Condition

    @cached_property
    def text(self) -> str:
        """Canonical SQL text; parses back to an equal formula."""
        return canonical_text(self.root)

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """The declarations of the facts used, by name."""
        found = {declaration.name: declaration for declaration in node_facts(self.root)}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts used, sorted."""
        return tuple(declaration.name for declaration in self.declarations)

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[type[Formula], tuple[Condition]]:
        return Formula, (self.root,)  # compiled closures are cached on the formula and do not travel


def conjunction(formulas: Iterable[Formula]) -> Formula:
    """All of them hold. One formula stands for itself; none is refused."""
    return _join(formulas, And)


def disjunction(formulas: Iterable[Formula]) -> Formula:
    """At least one of them holds. One formula stands for itself; none is refused."""
    return _join(formulas, Or)


def negation(formula: Formula) -> Formula:
    """It does not hold; unknown stays unknown. Two negations cancel."""
    return Formula(formula.root.child if isinstance(formula.root, Not) else negated(formula.root))


def _join(formulas: Iterable[Formula], kind: type[And] | type[Or]) -> Formula:
    parts = tuple(formulas)
    if not parts:
        raise CriterionError("A joining of no formula", "at least one formula", "An empty list of criteria has no truth of its own")
    if len(parts) == 1:
        return parts[0]
    known: dict[str, Declaration] = {}
    for part in parts:
        for declaration in part.declarations:
            if known.setdefault(declaration.name, declaration) != declaration:
                raise CriterionError(f"{declaration.name!r} is declared in two ways", "formulas over one vocabulary")
    return Formula(flat(kind, [part.root for part in parts]))


def negated(node: Condition) -> Condition:
    """NOT IN and NOT BETWEEN are leaves of their own; every other condition is wrapped."""
    if isinstance(node, Membership | Between):
        return msgspec.structs.replace(node, negated=not node.negated)
    return Not(node)


def flat(kind: type[And] | type[Or], nodes: Iterable[Condition]) -> And | Or:
    """One n-ary node; children of the same kind are taken in, which changes nothing in Kleene logic."""
    children: list[Condition] = []
    for node in nodes:
        children.extend(node.children if isinstance(node, kind) else (node,))
    return kind(tuple(children))
