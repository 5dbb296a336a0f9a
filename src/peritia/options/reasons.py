"""One criterion against one case: what it says, with which facts, and what that does to the option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from peritia.case.facts import DECLARATIONS, FactValue
from peritia.criteria import Explanation, Formula, Truth, Value, evaluate, explain
from peritia.knowledge import Criterion, Library
from peritia.options.assessment import FactUsed, Node, Reason, Role
from peritia.sources import Citation

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


class Judge:
    """Evaluates criteria against one case's facts. Lives as long as one assessment; holds nothing between patients."""

    def __init__(self, facts: Mapping[str, FactValue], library: Library) -> None:
        self.library = library
        self.used: dict[str, FactUsed] = {name: fact_used(fact) for name, fact in facts.items()}
        self.values: dict[str, Value | None] = {name: fact.value for name, fact in facts.items()}

    def truth(self, formula: Formula) -> Truth:
        """True, false or unknown."""
        return evaluate(formula, self.values)

    def unknown(self, formulas: Iterable[Formula]) -> tuple[str, ...]:
        """The unknown facts that the formulas name, in order of first mention."""
        names = dict.fromkeys(name for formula in formulas for name in formula.facts)
        return tuple(name for name in names if self.values[name] is None)

    def reason(self, criterion: Criterion, role: Role) -> Reason:
        """The criterion, explained."""
        formula = criterion.formula
        explanation = explain(formula, self.values)
        return Reason(
            role=role,
            effect=_EFFECTS[role][explanation.truth],  # pyright: ignore[reportArgumentType]
            truth=explanation.truth,
            because=criterion.because,
            when=formula.text,
            tree=_node(explanation),
            facts=tuple(self.used[name] for name in formula.facts),
            sources=_written(criterion.citations),
            verified=self.library.is_verified(criterion),
            recoverable=criterion.recoverable,
            otherwise=criterion.otherwise,
            note=criterion.note,
        )


@lru_cache(maxsize=16_384)
def _written(citations: tuple[Citation, ...]) -> tuple[str, ...]:
    return tuple(map(str, citations))


def _node(explanation: Explanation) -> Node:
    return Node(
        text=explanation.text,
        truth=explanation.truth,
        operator=explanation.operator,
        children=tuple(_node(child) for child in explanation.children),
    )
