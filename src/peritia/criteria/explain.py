"""One patient, with reasons: the whole tree with the truth of every node. Nothing is cut short, so that each leaf shows its own answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from peritia.criteria.declaration import Truth, Value
from peritia.criteria.evaluate import Judge, leaf_judge
from peritia.criteria.expression import And, Condition, Not, Or, children_of, node_facts, operator_of
from peritia.criteria.expression import text as canonical_text
from peritia.criteria.formula import Formula


class Explanation(msgspec.Struct, frozen=True):
    """One node: its canonical text, its truth (None is unknown), its operator, the nodes below, the facts it reads."""

    text: str
    truth: Truth
    operator: str
    children: tuple[Explanation, ...] = ()
    facts: tuple[str, ...] = ()


class _Outline(msgspec.Struct, frozen=True):
    """What of an explanation does not depend on the patient."""

    text: str
    operator: str
    facts: tuple[str, ...]
    children: tuple[_Outline, ...]
    judge: Judge | None


def explain(formula: Formula, values: Mapping[str, Value | None]) -> Explanation:
    """The explanation's root truth equals ``evaluate``. Raises ``ValueRefused`` on a value of the wrong kind."""
    outline = formula.__dict__.get("_outline")
    if outline is None:
        outline = formula.__dict__["_outline"] = _outline(formula.root)
    return _explained(cast(_Outline, outline), values)


def _outline(node: Condition) -> _Outline:
    children = tuple(_outline(child) for child in children_of(node))
    facts = tuple(sorted({declaration.name for declaration in node_facts(node)}))
    judge = None if isinstance(node, And | Or | Not) else leaf_judge(node)
    return _Outline(canonical_text(node), operator_of(node), facts, children, judge)


def _explained(outline: _Outline, values: Mapping[str, Value | None]) -> Explanation:
    if outline.judge is not None:
        return Explanation(outline.text, outline.judge(values), outline.operator, (), outline.facts)
    children = tuple(_explained(child, values) for child in outline.children)
    return Explanation(
        outline.text, _kleene(outline.operator, [child.truth for child in children]), outline.operator, children, outline.facts
    )


def _kleene(operator: str, truths: list[Truth]) -> Truth:
    if operator == "NOT":
        return None if truths[0] is None else not truths[0]
    deciding = operator == "OR"
    if deciding in truths:
        return deciding
    return None if None in truths else not deciding
