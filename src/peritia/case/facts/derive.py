"""From a case on a date to every declared fact.

The rules run in an order in which each finds what it builds on. A rule whose parts of the case are all empty is not run; which rules those are is
worked out once for each pattern of empty parts. ``facts`` gives values with state, origin and reason; ``fact_row`` the bare values, for many cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from peritia.case.case import Case
from peritia.case.condition import Lab
from peritia.case.facts import (  # the import declares them; this is the order in which facts are listed
    patient, primary, histology, molecular, peritoneum, ascites, extraperitoneal, fitness, organs, illnesses, symptoms, systemic, tallies, procedures,
    recurrence, allergy, wishes,
)  # fmt: skip  # isort: skip
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import REGISTRY, Derive, Fact, FactDeclaration, FactValue, Origin
from peritia.case.facts.seen import PARTS, Finding, Row, Seen, Value

TOPICS = (
    patient, primary, histology, molecular, peritoneum, ascites, extraperitoneal, fitness, organs, illnesses, symptoms, systemic, procedures, tallies,
    recurrence, allergy, wishes,
)  # fmt: skip
_LATER = ("pseudomyxoma",)
"""Facts that build on a topic listed after theirs: peritoneal disease is derived first."""


def _listed() -> dict[str, Fact]:
    order = [topic.__name__.rsplit(".", 1)[-1] for topic in TOPICS]
    return {name: REGISTRY[name] for name in sorted(REGISTRY, key=lambda name: order.index(REGISTRY[name].topic))}


FACTS: Mapping[str, Fact] = MappingProxyType(_listed())
"""Every fact by name, in the order in which it is shown."""
DECLARATIONS: Mapping[str, FactDeclaration] = MappingProxyType({name: fact.declaration for name, fact in FACTS.items()})
"""The vocabulary of the criteria language."""

_Step = tuple[str, Derive, float, float]
_NONE: dict[str, Value | None] = dict.fromkeys(FACTS)
_UNKNOWN: dict[str, FactValue] = {name: FactValue(name, None, "unknown", (), "not recorded") for name in FACTS}
_PLANS: dict[int, tuple[_Step, ...]] = {}


def _in_order() -> list[Fact]:
    """Facts in the order of derivation."""
    first = ["peritoneal_disease_present"]
    return [FACTS[name] for name in first] + [fact for name, fact in FACTS.items() if name not in first]


_ORDER = _in_order()


def _plan(case: Case) -> tuple[_Step, ...]:
    """The rules that can say something of this case."""
    mask = 0
    for bit, part in enumerate(PARTS):
        if getattr(case, part):
            mask |= 1 << bit
    plan = _PLANS.get(mask)
    if plan is None:
        filled = {part for bit, part in enumerate(PARTS) if mask >> bit & 1}
        plan = tuple(_step(fact) for fact in _ORDER if not fact.reads or filled.intersection(fact.reads))
        _PLANS[mask] = plan
    return plan


def _step(fact: Fact) -> _Step:
    low, high = fact.declaration.low, fact.declaration.high
    return (fact.declaration.name, fact.rule, float("-inf") if low is None else low, float("inf") if high is None else high)


def _found(case: Case, on: date, assume: bool) -> tuple[Seen, tuple[_Step, ...]]:
    seen = Seen(case, on, assume)
    found = seen.found
    plan = _plan(case)
    for name, rule, low, high in plan:
        finding = rule(seen)
        if finding is not None:
            value = finding[0]
            if isinstance(value, float | int) and not low <= value <= high:
                finding = (None, "unknown", finding[2], f"impossible: outside {low:g} to {high:g}")
            found[name] = finding
    return seen, plan


def facts(case: Case, on: date, *, assume: bool = True) -> dict[str, FactValue]:
    """Every declared fact of a case on a date, in order. ``assume`` off turns assumptions (no refusal recorded) into unknowns."""
    seen, plan = _found(case, on, assume)
    found = seen.found
    out = dict(_UNKNOWN)
    for name, *_ in plan:
        finding = found.get(name)
        if finding is not None:
            value, state, rows, reason = finding
            day = max(row[0] for row in rows) if rows else UNDATED
            out[name] = FactValue(name, value, state, tuple(map(_origin, rows)), reason, None if day is UNDATED else day)
    return out


def fact_row(case: Case, on: date, *, assume: bool = True) -> dict[str, Value | None]:
    """The bare values, None for unknown."""
    seen, plan = _found(case, on, assume)
    found = seen.found
    out = dict(_NONE)
    for name, *_ in plan:
        finding = found.get(name)
        if finding is not None:
            out[name] = finding[0]
    return out


def _origin(row: Row) -> Origin:
    day, part, place, entry = row
    shown = _shown(entry) if isinstance(entry, Lab) else ""
    return Origin(part if place < 0 else f"{part}[{place}]", None if day is UNDATED else day, entry.document or "", shown)


def _shown(lab: Lab) -> str:
    """A laboratory value as it was recorded."""
    if lab.value is None:
        return {None: "", True: "positive", False: "negative"}[lab.positive]
    return f"{lab.comparator or ''}{lab.value:g} {lab.unit or ''}".rstrip()
