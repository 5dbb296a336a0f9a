"""From a case on a date to every declared fact.

The rules run in an order in which each finds what it builds on. A rule whose parts of the case are all empty is not run; which
rules those are is worked out once for each pattern of empty parts. ``facts`` gives values with state, origin and reason;
``fact_row`` the bare values, for many cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import cast

from peritia.case.case import Case
from peritia.case.condition import Lab
from peritia.case.facts import (
    allergy,
    ascites,
    extraperitoneal,
    fitness,
    histology,
    illnesses,
    molecular,
    organs,
    patient,
    peritoneum,
    primary,
    procedures,
    recurrence,
    symptoms,
    systemic,
    tallies,
    wishes,
)  # fmt: skip
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import REGISTRY, Derive, Fact, FactDeclaration, FactValue
from peritia.case.facts.row import Finding, Origin, Row, Value, unknown
from peritia.case.facts.seen import PARTS, Seen

TOPICS = (
    patient, primary, histology, molecular, peritoneum, ascites, extraperitoneal, fitness, organs, illnesses, symptoms, systemic,
    tallies, procedures, recurrence, allergy, wishes,
)  # fmt: skip
"""Modules that declare facts, in the order in which facts are shown and derived."""


def _listed() -> dict[str, Fact]:
    order = [topic.__name__.rsplit(".", 1)[-1] for topic in TOPICS]
    return {name: REGISTRY[name] for name in sorted(REGISTRY, key=lambda name: order.index(REGISTRY[name].topic))}


FACTS: Mapping[str, Fact] = MappingProxyType(_listed())
"""Every fact by name, in the order in which it is shown."""
DECLARATIONS: Mapping[str, FactDeclaration] = MappingProxyType({name: fact.declaration for name, fact in FACTS.items()})
"""The vocabulary of the criteria language."""

_Step = tuple[str, Derive, float | None, float]
_NONE: dict[str, Value | None] = dict.fromkeys(FACTS)
_UNKNOWN: dict[str, FactValue] = {name: FactValue(name, None, "unknown", (), "not recorded") for name in FACTS}
_FIRST = ("peritoneal_disease_present",)
"""Derived before the rest, since a fact of a topic listed earlier builds on it."""


def _step(fact: Fact) -> _Step:
    low, high = fact.declaration.low, fact.declaration.high
    return (fact.declaration.name, fact.rule, low, 0 if high is None else high)


def _keyed() -> dict[str, dict[str, tuple[_Step, ...]]]:
    steps: dict[str, dict[str, tuple[_Step, ...]]] = {}
    for fact in FACTS.values():
        if fact.key is not None:
            of_part = steps.setdefault(fact.reads[0], {})
            of_part[fact.key] = (*of_part.get(fact.key, ()), _step(fact))
    return steps


_KEYED = _keyed()
_ORDER = [FACTS[name] for name in _FIRST] + [fact for name, fact in FACTS.items() if fact.key is None and name not in _FIRST]
_PLANS: dict[int, tuple[_Step, ...]] = {}


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


def _found(case: Case, on: date, assume: bool) -> dict[str, Finding]:
    """What the rules conclude; facts of which nothing is recorded are left out."""
    seen = Seen(case, on, assume)
    for part, steps in _KEYED.items():
        if getattr(case, part):
            for key in seen.groups[part]:
                if key in steps:
                    _take(seen, steps[key])
    _take(seen, _plan(case))
    return seen.found


def _take(seen: Seen, steps: tuple[_Step, ...]) -> None:
    found = seen.found
    for name, rule, low, high in steps:
        finding = rule(seen)
        if finding is not None:
            if low is not None and finding.value is not None and not low <= cast("float", finding.value) <= high:
                finding = unknown(f"impossible: outside {low:g} to {high:g}", *finding.rows)
            found[name] = finding


def facts(case: Case, on: date, *, assume: bool = True) -> dict[str, FactValue]:
    """Every declared fact of a case on a date, in order. ``assume`` off turns assumptions (no refusal recorded) into unknowns."""
    out = dict(_UNKNOWN)
    for name, finding in _found(case, on, assume).items():
        rows = finding.rows
        if len(rows) == 1:
            row = rows[0]
            day, origins = row.day, (row.origin or _origin(row),)
        else:
            day = max([row.day for row in rows]) if rows else UNDATED
            origins = tuple([row.origin or _origin(row) for row in rows])
        out[name] = FactValue(name, finding.value, finding.state, origins, finding.reason, None if day is UNDATED else day)
    return out


def fact_row(case: Case, on: date, *, assume: bool = True) -> dict[str, Value | None]:
    """The bare values, None for unknown."""
    out = dict(_NONE)
    for name, finding in _found(case, on, assume).items():
        out[name] = finding.value
    return out


def _origin(row: Row) -> Origin:
    entry = row.entry
    path = row.part if row.place < 0 else f"{row.part}[{row.place}]"
    shown = _shown(entry) if isinstance(entry, Lab) else ""
    origin = row.origin = Origin(path, None if row.day is UNDATED else row.day, entry.document or "", shown)
    return origin


def _shown(lab: Lab) -> str:
    """A laboratory value as it was recorded."""
    if lab.value is None:
        return {None: "", True: "positive", False: "negative"}[lab.positive]
    return f"{lab.comparator or ''}{lab.value:g} {lab.unit or ''}".rstrip()
