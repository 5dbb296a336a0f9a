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
from peritia.criteria.domains import Cell
from peritia.criteria.evaluate import evaluate
from peritia.criteria.formula import Formula
from peritia.criteria.layout import Layout, Tree, conjuncts, layout_of, leaf_numbers
from peritia.criteria.relation import Relation, relation
from peritia.criteria.together import can_hold
from peritia.criteria.witness import Family, Merger, Witness, components, minimal, too_many

MOST_SETS = 256

Sets = tuple[tuple[str, ...], ...]


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
    search = _Search(layout_of(formula), values)
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


class _Search:
    """One formula, one patient."""

    def __init__(self, layout: Layout, values: Mapping[str, Value | None]) -> None:
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
        for at in leaf_numbers(self._layout.tree):
            if self._truths[at] is None:
                for name in self._layout.leaves[at].facts:
                    bit = self._bits[name]
                    repeated |= seen & bit
                    seen |= bit
        return ~repeated

    def parts(self, want: bool) -> tuple[Sets, ...]:
        """The minimal sets for one truth, in parts that share no fact; empty when the truth is out of reach."""
        families = [self.family(tree, wanted) for tree, wanted in conjuncts(self._layout.tree, want)]
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
        for child, wanted in conjuncts(tree, want):
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
