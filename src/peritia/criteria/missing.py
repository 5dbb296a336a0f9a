"""What would decide it? The smallest sets of missing facts that can still make a formula true, and those that can make it false.

A set S of unknown facts can make a formula true when some values of S within their domains, all other unknown facts staying unknown, make
it true in Kleene logic. Because logic is monotone, the minimal sets tell all. They are found by composition: a leaf needs all its unknown
facts; AND (or a false OR) merges one witness of each child; OR (or a false AND) takes the witnesses of any child. Shared facts are
respected through the cells of their domains: ``ecog <= 1 AND ecog >= 2`` has no witness. Exact, but for products of unknown facts: see
``relation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import cast

import msgspec

from peritia.criteria.declaration import Declaration, Truth, Value
from peritia.criteria.domains import Cell, cells, plain_test
from peritia.criteria.evaluate import Judge, evaluate, leaf_judge
from peritia.criteria.expression import And, Condition, Leaf, Not, Or, node_facts
from peritia.criteria.formula import Formula
from peritia.criteria.relation import Relation, can_hold, relation
from peritia.criteria.witness import Family, Merger, Witness, components, minimal, too_many

MOST_SETS = 256

Sets = tuple[tuple[str, ...], ...]
Tree = int | tuple[bool, tuple["Tree", ...]] | tuple[None, "Tree"]


class MissingSets(msgspec.Struct, frozen=True):
    """Minimal sets of unknown facts, smallest first, then by name. Empty when the truth is out of reach, or when nothing is undecided."""

    to_true: Sets = ()
    to_false: Sets = ()


class MissingParts(msgspec.Struct, frozen=True):
    """The same answer in parts that share no fact: one set from every part, joined, is a minimal set. Not multiplied out."""

    to_true: tuple[Sets, ...] = ()
    to_false: tuple[Sets, ...] = ()


def missing_sets(formula: Formula, values: Mapping[str, Value | None], most: int = MOST_SETS) -> MissingSets:
    """Minimal sets of unknown facts that can still decide an undecided formula. Raises ``MissingSetsTooMany`` beyond ``most`` sets."""
    parts = missing_parts(formula, values)
    return MissingSets(_multiplied(parts.to_true, most), _multiplied(parts.to_false, most))


def missing_parts(formula: Formula, values: Mapping[str, Value | None]) -> MissingParts:
    """As ``missing_sets``, factored: most AND-lists fall into many small parts. Raises ``MissingSetsTooMany`` only inside one part."""
    if evaluate(formula, values) is not None:
        return MissingParts()
    search = _Search(_layout(formula), values)
    return MissingParts(search.parts(True), search.parts(False))


def _multiplied(parts: tuple[Sets, ...], most: int) -> Sets:
    count = 1 if parts else 0
    for part in parts:
        count *= len(part)
        if count > most:
            raise too_many(most)
    if not parts:
        return ()
    joined = [tuple(sorted(name for part in chosen for name in part)) for chosen in product(*parts)]
    return tuple(sorted(joined, key=lambda names: (len(names), names)))


class _LeafPlan(msgspec.Struct, frozen=True):
    """One leaf, prepared. ``fact`` and ``masks`` (cells in which it is false, true) for a leaf of one bare fact; else fact is -1."""

    leaf: Leaf
    judge: Judge
    facts: tuple[str, ...]
    fact: int
    masks: tuple[int, int]


class _Layout(msgspec.Struct, frozen=True):
    """What of the search does not depend on the patient."""

    names: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    shifts: tuple[int, ...]
    fields: tuple[int, ...]
    full: int
    leaves: tuple[_LeafPlan, ...]
    tree: Tree


def _layout(formula: Formula) -> _Layout:
    layout = formula.__dict__.get("_missing_layout")
    if layout is None:
        layout = formula.__dict__["_missing_layout"] = _build(formula)
    return cast(_Layout, layout)


def _build(formula: Formula) -> _Layout:
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
    return _Layout(formula.facts, found, tuple(shifts), fields, (1 << total) - 1, plans, tree)


def _tree(node: Condition, leaves: dict[Leaf, int]) -> Tree:
    if isinstance(node, And | Or):
        return isinstance(node, And), tuple(_tree(child, leaves) for child in node.children)
    if isinstance(node, Not):
        return None, _tree(node.child, leaves)
    return leaves.setdefault(node, len(leaves))


def _plan(leaf: Leaf, names: tuple[str, ...], found: tuple[tuple[Cell, ...], ...], shifts: list[int]) -> _LeafPlan:
    facts = tuple(dict.fromkeys(declaration.name for declaration in node_facts(leaf)))
    plain = plain_test(leaf)
    if plain is None:
        return _LeafPlan(leaf, leaf_judge(leaf), facts, -1, (0, 0))
    at = names.index(facts[0])
    truths = [plain[2](cell.sample) for cell in found[at]]
    masks = [sum(1 << (shifts[at] + place) for place, truth in enumerate(truths) if truth is want) for want in (False, True)]
    return _LeafPlan(leaf, leaf_judge(leaf), facts, at, (masks[0], masks[1]))


class _Search:
    """One formula, one patient."""

    def __init__(self, layout: _Layout, values: Mapping[str, Value | None]) -> None:
        self._layout = layout
        self._values = values
        self._truths: list[Truth] = [plan.judge(values) for plan in layout.leaves]
        self._bits = {name: 1 << at for at, name in enumerate(layout.names)}
        self._once = self._used_once()
        self._relations: dict[int, tuple[Relation, int]] = {}
        self._merger = Merger(layout.fields, self._tied, self._holds)

    def _used_once(self) -> int:
        """Facts that stand in one undecided leaf only: their values never meet another condition."""
        seen = repeated = 0
        for at in _leaves(self._layout.tree):
            if self._truths[at] is None:
                for name in self._layout.leaves[at].facts:
                    bit = self._bits[name]
                    repeated |= seen & bit
                    seen |= bit
        return ~repeated

    def parts(self, want: bool) -> tuple[Sets, ...]:
        """The minimal sets for one truth, in parts that share no fact; empty when the truth is out of reach."""
        families = [self.family(tree, wanted) for tree, wanted in _conjuncts(self._layout.tree, want)]
        pending = [family for family in families if family is not None]
        if not all(pending):
            return ()
        parts: list[Sets] = []
        for group in components(pending):
            found = self._merger.product(group, self._layout.full, forget=True)
            if not found:
                return ()
            parts.append(self._named(found))
        return tuple(sorted(parts, key=lambda part: (len(part), part)))

    def _named(self, family: Family) -> Sets:
        sets = minimal([(facts, 0, 0) for facts, _, _ in family])
        named = [tuple(name for name in self._layout.names if facts & self._bits[name]) for facts, _, _ in sets]
        return tuple(sorted(named, key=lambda names: (len(names), names)))

    def family(self, tree: Tree, want: bool) -> Family | None:
        """Witnesses for a truth of a node; None when it has that truth already, empty when it cannot take it."""
        if isinstance(tree, int):
            return self._leaf(tree, want)
        kind, below = tree
        if kind is None:
            return self.family(cast(Tree, below), not want)
        children = cast("tuple[Tree, ...]", below)
        return self._all(tree, want) if kind is want else self._any(children, want)

    def _all(self, tree: Tree, want: bool) -> Family | None:
        pending: list[Family] = []
        for child, wanted in _conjuncts(tree, want):
            family = self.family(child, wanted)
            if family is not None:
                if not family:
                    return []
                pending.append(family)
        return self._merger.product(pending, self._layout.full, forget=False) if pending else None

    def _any(self, children: tuple[Tree, ...], want: bool) -> Family | None:
        found: Family = []
        for child in children:
            family = self.family(child, want)
            if family is None:
                return None
            found.extend(family)
        return minimal(found)

    def _leaf(self, at: int, want: bool) -> Family | None:
        truth = self._truths[at]
        if truth is not None:
            return None if truth is want else []
        plan = self._layout.leaves[at]
        if plan.fact < 0:
            return self._tie(at, want)
        bit, mask = 1 << plan.fact, plan.masks[want]
        if not mask:
            return []
        full = self._layout.full
        return [(bit, full if bit & self._once else full & ~self._layout.fields[plan.fact] | mask, 0)]

    def _tie(self, at: int, want: bool) -> Family:
        """A leaf of several facts or with arithmetic: its unknown facts together, tied by the leaf."""
        tie = 1 << (2 * at + want)
        facts = self._tied(tie)
        if not facts or not self._merger.tied_can(self._layout.full, tie):
            return []
        witness: Witness = (facts, self._layout.full, 0 if not facts & ~self._once else tie)
        return [witness]

    def _relation(self, number: int) -> tuple[Relation, int]:
        found = self._relations.get(number)
        if found is None:
            made = relation(self._layout.leaves[number // 2].leaf, bool(number % 2), self._values)
            found = self._relations[number] = (made, sum(self._bits[one.name] for one in made.unknown))
        return found

    def _tied(self, ties: int) -> int:
        """The unknown facts that the relations in ``ties`` speak of."""
        facts = 0
        for number in range(ties.bit_length()):
            if ties >> number & 1:
                facts |= self._relation(number)[1]
        return facts

    def _holds(self, box: int, ties: int) -> bool:
        relations = [self._relation(number)[0] for number in range(ties.bit_length()) if ties >> number & 1]
        allowed = {one.name: self._allowed(one, box) for found in relations for one in found.unknown}
        return can_hold(relations, allowed, self._values)

    def _allowed(self, declaration: Declaration, box: int) -> list[Cell]:
        at = self._layout.names.index(declaration.name)
        shift = self._layout.shifts[at]
        return [cell for place, cell in enumerate(self._layout.cells[at]) if box >> (shift + place) & 1]


def _conjuncts(tree: Tree, want: bool) -> list[tuple[Tree, bool]]:
    """The conditions that must all come out for ``tree`` to be ``want``: an AND wanted true or an OR wanted false opens up."""
    if isinstance(tree, int):
        return [(tree, want)]
    kind, below = tree
    if kind is None:
        return _conjuncts(cast(Tree, below), not want)
    if kind is not want:
        return [(tree, want)]
    return [found for child in cast("tuple[Tree, ...]", below) for found in _conjuncts(child, want)]


def _leaves(tree: Tree) -> list[int]:
    if isinstance(tree, int):
        return [tree]
    kind, below = tree
    if kind is None:
        return _leaves(cast(Tree, below))
    return [found for child in cast("tuple[Tree, ...]", below) for found in _leaves(child)]
