"""Witnesses: how a formula can still take a truth. A family of them is an antichain; AND merges families, OR unites them.

A witness is three whole numbers. ``facts``: a bit for each fact it needs. ``box``: for each fact the cells it may lie in, all facts side
by side in one number, all ones where the witness asks nothing. ``ties``: a bit for each relation (leaf of several facts) it relies on.
Merging is then two ORs and an AND, and one witness covers another when it needs no more facts and leaves no less room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from peritia.criteria.refusal import MissingSetsTooMany

Witness = tuple[int, int, int]
Family = list[Witness]

#: Witnesses kept in one family. More than this many ways to decide one formula help nobody.
MOST_WITNESSES = 256


def minimal(family: Family, most: int = MOST_WITNESSES) -> Family:
    """Only the witnesses that no other covers, fewest facts first. Raises ``MissingSetsTooMany`` above ``most``."""
    kept: Family = []
    for witness in sorted(set(family), key=_fewest_first):
        facts, box, ties = witness
        if any(not (f & ~facts) and not (box & ~b) and not (t & ~ties) for f, b, t in kept):
            continue
        kept.append(witness)
        if len(kept) > most:
            raise too_many(most)
    return kept


def _fewest_first(witness: Witness) -> tuple[int, int, int, int]:
    facts, box, ties = witness
    return facts.bit_count(), -box.bit_count(), ties.bit_count(), facts


def too_many(most: int) -> MissingSetsTooMany:
    """The refusal, with what to do instead."""
    return MissingSetsTooMany(
        f"More than {most} minimal sets of missing facts can decide this formula",
        f"at most {most}",
        "missing_parts gives the same answer in independent parts; or fill in some of the facts first",
    )


class Merger:
    """Merges witnesses over one layout of boxes. ``holds`` decides ties within a box; its answers are remembered."""

    def __init__(self, fields: Sequence[int], tied: Callable[[int], int], holds: Callable[[int, int], bool]) -> None:
        self._fields = fields
        self._tied = tied
        self._holds = holds
        self._remembered: dict[tuple[int, int], bool] = {}

    def merge(self, one: Witness, other: Witness) -> Witness | None:
        """Both at once; None when no value of some shared fact serves both."""
        box, ties = one[1] & other[1], one[2] | other[2]
        shared = one[0] & other[0]
        while shared:
            lowest = shared & -shared
            if not box & self._fields[lowest.bit_length() - 1]:
                return None
            shared ^= lowest
        return (one[0] | other[0], box, ties) if not ties or self.tied_can(box, ties) else None

    def tied_can(self, box: int, ties: int) -> bool:
        """True when the relations in ``ties`` can hold together within the box."""
        room = box & self._room(self._tied(ties))
        found = self._remembered.get((room, ties))
        if found is None:
            found = self._remembered[room, ties] = self._holds(box, ties)
        return found

    def _room(self, facts: int) -> int:
        room = 0
        for at, field in enumerate(self._fields):
            if facts >> at & 1:
                room |= field
        return room

    def product(self, families: Sequence[Family], full: int, forget: bool) -> Family:
        """Every merge of one witness from each family. With ``forget``, what no later family speaks of is let go."""
        ordered = sorted(families, key=len)
        later = [0] * (len(ordered) + 1)
        for at in range(len(ordered) - 1, -1, -1):
            later[at] = later[at + 1] | spoken(ordered[at])
        merged: Family = [(0, full, 0)]
        for at, family in enumerate(ordered):
            pairs = [found for one in merged for other in family if (found := self.merge(one, other)) is not None]
            if forget:
                pairs = [self._forgotten(one, later[at + 1], full) for one in pairs]
            merged = minimal(pairs)
        return merged

    def _forgotten(self, witness: Witness, later: int, full: int) -> Witness:
        """Free the facts that nothing later speaks of, unless a tie binds them to one that is spoken of."""
        facts, box, ties = witness
        needed, kept = later, 0
        while True:
            more = sum(1 << at for at in range(ties.bit_length()) if ties >> at & 1 and self._tied(1 << at) & needed)
            if more == kept:
                break
            kept = more
            needed = later | self._tied(kept)
        return facts, full & (box | ~self._room(needed)), kept


def spoken(family: Family) -> int:
    """Every fact that a family speaks of."""
    found = 0
    for witness in family:
        found |= witness[0]
    return found


def components(families: Sequence[Family]) -> list[list[Family]]:
    """Families grouped so that two groups share no fact; each group can be solved alone."""
    groups: list[tuple[int, list[Family]]] = []
    for family in families:
        facts = spoken(family)
        joined = [family]
        apart: list[tuple[int, list[Family]]] = []
        for other, members in groups:
            if other & facts:
                facts |= other
                joined = members + joined
            else:
                apart.append((other, members))
        groups = [*apart, (facts, joined)]
    return [members for _, members in groups]
