"""One criterion against one case: what it says, with which facts, and what that does to the option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from peritia.case.facts import DECLARATIONS, FactValue
from peritia.criteria import Explanation, Formula, Truth, Value, evaluate, explain
from peritia.knowledge import Criterion, Library
from peritia.options.assessment import FactUsed, Node, Reason, Role

_EFFECTS: Mapping[Role, Mapping[Truth, str]] = {
    "applies": {True: "for", False: "against", None: "open-question"},
    "requires": {True: "for", False: "against", None: "open-question"},
    "excludes": {True: "against", False: "for", None: "open-question"},
    "refusal": {True: "against", False: "for", None: "open-question"},
    "cautions": {True: "flag", False: "no-flag", None: "flag-unknown"},
}
"""What a criterion's truth does to an option, by its role."""


def fact_used(fact: FactValue) -> FactUsed:
    """The fact as a reader of the assessment sees it."""
    declaration = DECLARATIONS[fact.name]
    return FactUsed(
        name=fact.name,
        description=declaration.description,
        value=fact.value,
        unit=declaration.unit,
        state=fact.state,
        reason=fact.reason,
        shown=fact.origins[0].shown if fact.origins else "",
        on=fact.on,
        paths=tuple(origin.path for origin in fact.origins),
    )


class _Standing(msgspec.Struct, frozen=True):
    """What of a reason does not depend on the patient."""

    formula: Formula
    sources: tuple[str, ...]
    verified: bool


class Judge:
    """Evaluates criteria against one case's facts. Lives as long as one assessment; holds nothing of a patient beyond it."""

    def __init__(self, facts: Mapping[str, FactValue], library: Library) -> None:
        self.library = library
        self.used: dict[str, FactUsed] = {name: fact_used(fact) for name, fact in facts.items()}
        self.values: dict[str, Value | None] = {name: fact.value for name, fact in facts.items()}
        self._standing: dict[Criterion, _Standing] = library.__dict__.setdefault("_standing", {})  # kept with the library, for all patients

    def truth(self, formula: Formula) -> Truth:
        """True, false or unknown."""
        return evaluate(formula, self.values)

    def unknown(self, formulas: Iterable[Formula]) -> tuple[str, ...]:
        """The unknown facts that the formulas name, in order of first mention."""
        names = dict.fromkeys(name for formula in formulas for name in formula.facts)
        return tuple(name for name in names if self.values[name] is None)

    def _stand(self, criterion: Criterion) -> _Standing:
        sources = tuple(map(str, criterion.citations))
        made = _Standing(criterion.formula, sources, self.library.is_verified(criterion))
        self._standing[criterion] = made
        return made

    def reason(self, criterion: Criterion, role: Role) -> Reason:
        """The criterion, explained."""
        standing = self._standing.get(criterion) or self._stand(criterion)
        formula, used = standing.formula, self.used
        explanation = explain(formula, self.values)
        return Reason(
            role=role,
            effect=_EFFECTS[role][explanation.truth],  # pyright: ignore[reportArgumentType]
            truth=explanation.truth,
            because=criterion.because,
            when=formula.text,
            tree=_node(explanation),
            facts=tuple([used[name] for name in formula.facts]),
            sources=standing.sources,
            verified=standing.verified,
            recoverable=criterion.recoverable,
            otherwise=criterion.otherwise,
            note=criterion.note,
        )


def _node(explanation: Explanation) -> Node:
    children = tuple([_node(child) for child in explanation.children]) if explanation.children else ()
    return Node(text=explanation.text, truth=explanation.truth, operator=explanation.operator, children=children)
