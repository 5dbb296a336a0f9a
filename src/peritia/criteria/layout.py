"""A formula laid out for the search of missing sets: its leaves, the cells of its facts as bits of one number, its tree."""

from __future__ import annotations

from typing import cast

import msgspec

from peritia.criteria.domains import Cell, cells, plain_test
from peritia.criteria.evaluate import Judge, leaf_judge
from peritia.criteria.expression import And, Condition, Leaf, Not, Or, node_facts
from peritia.criteria.formula import Formula

Tree = int | tuple[bool, tuple["Tree", ...]] | tuple[None, "Tree"]
"""A leaf's number; an AND (true) or OR (false) with its children; a NOT."""


class LeafPlan(msgspec.Struct, frozen=True):
    """One leaf, prepared. ``fact`` and ``masks`` (cells in which it is false, true) for a leaf of one bare fact; else fact is -1."""

    leaf: Leaf
    judge: Judge
    facts: tuple[str, ...]
    fact: int
    masks: tuple[int, int]


class Layout(msgspec.Struct, frozen=True):
    """What of the search does not depend on the patient."""

    names: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    shifts: tuple[int, ...]
    fields: tuple[int, ...]
    full: int
    leaves: tuple[LeafPlan, ...]
    tree: Tree


def layout_of(formula: Formula) -> Layout:
    """A formula's layout, made once and kept with it."""
    layout = formula.__dict__.get("_missing_layout")
    if layout is None:
        layout = formula.__dict__["_missing_layout"] = _build(formula)
    return cast(Layout, layout)


def _build(formula: Formula) -> Layout:
    leaves: dict[Leaf, int] = {}
    tree = _tree(formula.root, leaves)
    thresholds: dict[str, set[float]] = {name: set() for name in formula.facts}
    for leaf in leaves:
        plain = plain_test(leaf)
        if plain is not None:
            thresholds[plain[0].name].update(plain[1])
    found = tuple(cells(declaration, thresholds[declaration.name]) for declaration in formula.declarations)
    shifts: list[int] = []
    total = 0
    for one in found:
        shifts.append(total)
        total += len(one)
    fields = tuple(((1 << len(one)) - 1) << shift for one, shift in zip(found, shifts, strict=True))
    plans = tuple(_plan(leaf, formula.facts, found, shifts) for leaf in leaves)
    return Layout(formula.facts, found, tuple(shifts), fields, (1 << total) - 1, plans, tree)


def _tree(node: Condition, leaves: dict[Leaf, int]) -> Tree:
    if isinstance(node, And | Or):
        return isinstance(node, And), tuple(_tree(child, leaves) for child in node.children)
    if isinstance(node, Not):
        return None, _tree(node.child, leaves)
    return leaves.setdefault(node, len(leaves))


def _plan(leaf: Leaf, names: tuple[str, ...], found: tuple[tuple[Cell, ...], ...], shifts: list[int]) -> LeafPlan:
    facts = tuple(dict.fromkeys(declaration.name for declaration in node_facts(leaf)))
    plain = plain_test(leaf)
    if plain is None:
        return LeafPlan(leaf, leaf_judge(leaf), facts, -1, (0, 0))
    at = names.index(facts[0])
    truths = [plain[2](cell.sample) for cell in found[at]]
    masks = [sum(1 << (shifts[at] + place) for place, truth in enumerate(truths) if truth is want) for want in (False, True)]
    return LeafPlan(leaf, leaf_judge(leaf), facts, at, (masks[0], masks[1]))


def conjuncts(tree: Tree, want: bool) -> list[tuple[Tree, bool]]:
    """The conditions that must all come out for ``tree`` to be ``want``: an AND wanted true or an OR wanted false opens up."""
    if isinstance(tree, int):
        return [(tree, want)]
    kind, below = tree
    if kind is None:
        return conjuncts(cast(Tree, below), not want)
    if kind is not want:
        return [(tree, want)]
    return [found for child in cast("tuple[Tree, ...]", below) for found in conjuncts(child, want)]


def leaf_numbers(tree: Tree) -> list[int]:
    """The leaves from left to right; one that stands twice comes twice."""
    if isinstance(tree, int):
        return [tree]
    kind, below = tree
    if kind is None:
        return leaf_numbers(cast(Tree, below))
    return [found for child in cast("tuple[Tree, ...]", below) for found in leaf_numbers(child)]
