"""Every criterion of the library, probed on both sides of each of its thresholds, until the probes tell it from all its mutants.

A *probe* fixes all facts of a criterion but one, walks that one across a threshold (or over its categories), and notes the truth of the
whole criterion each time, and with the fact missing. The other facts stand so that this one decides. ``thresholds.yaml`` stores the
answers as they were reviewed; a threshold, operator or category that changes in the library changes an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

import msgspec
from criterion_mutants import QUARTER, beside, declaration_of, fact_of, facts_of, leaf_mutants, leaves

from peritia.criteria import Formula, Truth, Value, evaluate
from peritia.criteria.expression import (
    Between,
    Constant,
    Fact,
    Held,
    Leaf,
    Membership,
    node_facts,
)
from peritia.knowledge.criterion import formula
from peritia.knowledge.files import Files
from peritia.knowledge.integrity import FORMULA_FIELDS
from peritia.knowledge.walk import parts

MOST_CONTEXTS = 60_000


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
        for context in _contexts(criterion, fact_of(leaf)):
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
        for context in _contexts(criterion, fact_of(leaf)):
            for value in (*_walk(leaf, context), None):
                at = {**context, fact_of(leaf): value}
                if evaluate(criterion, at) is not evaluate(mutant, at):
                    return False
    return True


def _probe(criterion: Formula, leaf: Leaf, context: Mapping[str, Value]) -> Probe:
    fact = fact_of(leaf)
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
    choices = [_told_apart(name, [leaf for leaf, _ in leaves(criterion.root) if name in facts_of(leaf)]) for name in others]
    for number, values in enumerate(product(*choices)):
        assert number < MOST_CONTEXTS, f"{criterion.text}: too many combinations to probe"
        yield dict(zip(others, values, strict=True))


def _told_apart(name: str, meets: list[Leaf]) -> tuple[Value, ...]:
    """One value for each pattern of truths of the leaves that this fact meets alone; the middle of its domain where it meets another."""
    alone = [leaf for leaf in meets if facts_of(leaf) == [name]]
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
    declaration = declaration_of(leaf)
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
    around = {value for number in turning for value in (*beside(declaration, number), number)}
    return tuple(sorted(float(value) for value in around))


def _word(truth: Truth) -> str:
    return {True: "yes", False: "no", None: "unknown"}[truth]
