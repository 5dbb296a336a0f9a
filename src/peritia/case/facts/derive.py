"""From a case on a date to every declared fact.

The rules run in an order in which each finds what it builds on. A rule whose parts of the case are all empty is not run; which
rules those are is worked out once for each pattern of empty parts. ``facts`` gives values with state, origin and reason;
``fact_row`` the bare values, for many cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

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
    predicted,
    primary,
    procedures,
    recurrence,
    surgery,
    symptoms,
    systemic,
    tallies,
    wishes,
)  # fmt: skip
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import REGISTRY, Fact, FactDeclaration, FactValue
from peritia.case.facts.row import Finding, Origin, Row, Value
from peritia.case.facts.seen import Seen
from peritia.case.facts.shortcuts import Shortcuts, Step, filled_of, parts_of, step, take

TOPICS = (
    patient, primary, histology, molecular, peritoneum, ascites, extraperitoneal, fitness, organs, illnesses, symptoms, systemic,
    tallies, procedures, surgery, recurrence, allergy, wishes, predicted,
)  # fmt: skip
"""Modules that declare facts, in the order in which facts are shown and derived."""


def _listed() -> dict[str, Fact]:
    order = [topic.__name__.rsplit(".", 1)[-1] for topic in TOPICS]
    return {name: REGISTRY[name] for name in sorted(REGISTRY, key=lambda name: order.index(REGISTRY[name].topic))}


FACTS: Mapping[str, Fact] = MappingProxyType(_listed())
"""Every fact by name, in the order in which it is shown."""
DECLARATIONS: Mapping[str, FactDeclaration] = MappingProxyType({name: fact.declaration for name, fact in FACTS.items()})
"""The vocabulary of the criteria language."""

_UNKNOWN: dict[str, FactValue] = {name: FactValue(name, None, "unknown", (), "not recorded") for name in FACTS}
_ASSUMED: dict[str, FactValue] = {
    name: FactValue(name, fact.assumed.value, "assumed", (), fact.assumed.reason) for name, fact in FACTS.items() if fact.assumed
}
_START = {True: {**_UNKNOWN, **_ASSUMED}, False: _UNKNOWN}
"""Where every case begins, with assumptions and without."""
_START_ROW: dict[bool, dict[str, Value | None]] = {
    assume: {name: value.value for name, value in start.items()} for assume, start in _START.items()
}
_FIRST = ("peritoneal_disease_present",)
"""Derived before the rest, since a fact of a topic listed earlier builds on it."""


_SHORTCUTS = Shortcuts(FACTS.values())
_ORDER = [FACTS[name] for name in _FIRST] + [fact for name, fact in FACTS.items() if name not in _SHORTCUTS.covers and name not in _FIRST]
_PLANS: dict[bytes, tuple[frozenset[str], tuple[Step, ...]]] = {}


def _plan(case: Case) -> tuple[frozenset[str], tuple[Step, ...]]:
    """The parts that are not empty, and the rules that can say something of them."""
    filled_bytes = filled_of(case)
    plan = _PLANS.get(filled_bytes)
    if plan is None:
        filled = parts_of(filled_bytes)
        plan = _PLANS[filled_bytes] = (filled, tuple(step(fact) for fact in _ORDER if filled.intersection(fact.reads)))
    return plan


def findings(case: Case, on: date) -> dict[str, Finding]:
    """What the rules conclude, by fact; facts of which nothing is recorded are left out."""
    seen = Seen(case, on)
    filled, steps = _plan(case)
    _SHORTCUTS.run(seen, filled)
    take(seen, steps)
    return seen.found


def derived_one_by_one(case: Case, on: date) -> dict[str, Finding]:
    """The slow and obvious way: every rule asked, in order, without shortcut. The reference for ``facts``."""
    seen = Seen(case, on)
    plain = [FACTS[name] for name in _SHORTCUTS.covers if FACTS[name].topic in ("patient", "primary", "histology")]
    take(seen, map(step, plain))
    keyed = [fact for fact in FACTS.values() if fact.key is None or fact.key in seen.groups[fact.reads[0]]]
    take(seen, [step(FACTS[name]) for name in _FIRST])
    take(seen, [step(fact) for fact in keyed if fact.declaration.name not in _FIRST])
    return seen.found


def facts(case: Case, on: date, *, assume: bool = True) -> dict[str, FactValue]:
    """Every declared fact of a case on a date, in order. ``assume`` off turns assumptions (no refusal recorded) into unknowns."""
    out = dict(_START[assume])
    for name, finding in findings(case, on).items():
        rows = finding.rows
        if len(rows) == 1:
            row = rows[0]
            day, origins = row.day, (row.origin or _origin(row),)
        else:
            day = max([row.day for row in rows]) if rows else UNDATED
            origins = tuple([row.origin or _origin(row) for row in rows])
        out[name] = FactValue(name, finding.value, finding.state, origins, finding.reason, None if day is UNDATED else day)
    return out


def start_row(*, assume: bool = True) -> dict[str, Value | None]:
    """The bare values of a case of which nothing is recorded: None, or what is assumed."""
    return dict(_START_ROW[assume])


def fact_row(case: Case, on: date, *, assume: bool = True) -> dict[str, Value | None]:
    """The bare values, None for unknown."""
    out = start_row(assume=assume)
    for name, finding in findings(case, on).items():
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
