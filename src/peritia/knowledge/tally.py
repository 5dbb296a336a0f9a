"""Lifetime totals with this session added: what was given, what it adds, where the limit lies. Unknown totals stay unknown."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from peritia.criteria import Truth, Value, evaluate
from peritia.knowledge.criterion import formula
from peritia.knowledge.drug import CumulativeLimit, Drug
from peritia.knowledge.prescription import DrugDose, Prescription
from peritia.knowledge.shipped import shipped
from peritia.sources import Citation


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """One limit of one drug, in ``unit``. ``holds``: is the limit meant for this patient; ``exceeds``: is it passed after.

    Both are ``None`` while a fact they need is unknown. ``exceeds`` is true as soon as this session alone passes the limit.
    """

    drug: str
    fact: str
    unit: str
    before: float | None
    added: float | None
    after: float | None
    limit: float
    holds: Truth
    exceeds: Truth
    because: str
    citations: tuple[Citation, ...]


def tallies(
    prescription: Prescription, values: Mapping[str, Value | None], *, drugs: Mapping[str, Drug] | None = None
) -> tuple[Tally, ...]:
    """Every cumulative limit of the drugs in a prescription, against the totals in ``values`` (facts by name)."""
    return tuple(
        _tally(given, limit, prescription.body_surface_m2, values)
        for given in (*prescription.agents, *prescription.intravenous)
        for limit in (drugs[given.drug] if drugs is not None else shipped("drugs", given.drug, Drug)).cumulative
        if limit.limit.value is not None
    )


def _tally(given: DrugDose, limit: CumulativeLimit, surface: float, values: Mapping[str, Value | None]) -> Tally:
    per_surface = limit.limit.unit.endswith("/m2")
    added = None if given.amount is None else given.amount / surface if per_surface else given.amount
    recorded = values.get(limit.fact)
    before = float(recorded) if isinstance(recorded, int | float) else None
    after = before + added if before is not None and added is not None else None
    top = limit.limit.value or 0.0
    # What this session adds cannot be taken away again by a total that is not known yet.
    exceeds = True if added is not None and added > top else None if after is None else after > top
    return Tally(
        drug=given.drug,
        fact=limit.fact,
        unit=limit.limit.unit,
        before=before,
        added=added,
        after=after,
        limit=top,
        holds=evaluate(formula(limit.when), values) if limit.when else True,
        exceeds=exceeds,
        because=limit.because,
        citations=limit.limit.citations,
    )
