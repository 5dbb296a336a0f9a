"""Histology: one noun from the primary's morphology and from Observations of type, grade and the rest."""

from __future__ import annotations

from typing import Any

from peritia.case.disease import Histology
from peritia.fhir.draft import MCODE, Draft, extension, shown
from peritia.fhir.panel import Fields, Item, panel, put, read_components
from peritia.fhir.resources import Condition, Observation
from peritia.fhir.written import Written, write_components

HISTOLOGY = panel(
    "histology",
    Item(code="histology-type", field="type", shape="answer", family="histology"),
    Item(code="histology-grade", field="grade", shape="answer", family="grade"),
    Item(code="signet-ring-cells", field="signet_ring_cells", shape="answer", family="presence"),
    Item(code="signet-ring-percent", field="signet_ring_percent", shape="decimal", unit="%"),
    Item(code="lymphatic-invasion", field="lymphatic_invasion", shape="answer", family="presence"),
    Item(code="venous-invasion", field="venous_invasion", shape="answer", family="presence"),
    Item(code="peritoneal-biopsy-positive", field="peritoneal_biopsy_positive", shape="boolean"),
)
MORPHOLOGY = MCODE + "mcode-histology-morphology-behavior"


def read_morphology(draft: Draft, resource: Condition) -> None:
    """The morphology extension of the primary; it has no day of its own."""
    stated = extension(resource.extension, MORPHOLOGY) if resource.extension else None
    if stated is None:
        return
    found = draft.meaning(stated.valueCodeableConcept)
    if found is not None and found.family == "histology":
        draft.histology.append((None, {"type": found.value, "document": draft.where}))
    else:
        draft.note(f"morphology: {shown(stated.valueCodeableConcept)}", "not a histological type that Peritia reads")


def _read_panel(draft: Draft, resource: Observation, word: str) -> None:
    fields = read_components(draft, resource, HISTOLOGY)
    draft.histology.append((draft.observed(resource), {**fields, "document": draft.where}))


def _read_item(draft: Draft, resource: Observation, word: str) -> None:
    """Type, grade or another item as an Observation of its own."""
    fields: Fields = {}
    put(draft, fields, HISTOLOGY.items[word], resource)
    if fields:
        draft.histology.append((draft.observed(resource), {**fields, "document": draft.where}))


READ = {HISTOLOGY.code: _read_panel, **dict.fromkeys(HISTOLOGY.items, _read_item)}


def histology(draft: Draft) -> Histology | None:
    """One histology from what several resources said: for each field the newest, undated ones last."""
    if not draft.histology:
        return None
    known: dict[str, Any] = {}
    for on, fields in sorted(draft.histology, key=lambda one: str(one[0] or "")):
        known.update({field: value for field, value in fields.items() if value is not None}, on=on or known.get("on"))
    return Histology(**known)


def write_histology(one: Histology, out: Written) -> None:
    """All items of a histology as one Observation."""
    out.observe(HISTOLOGY.code, one.on, {"component": write_components(one, HISTOLOGY)}, category="laboratory")
