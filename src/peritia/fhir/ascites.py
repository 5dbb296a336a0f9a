"""Ascites and peritoneal cytology."""

from __future__ import annotations

from peritia.case.peritoneum import Ascites, Cytology
from peritia.fhir.draft import Draft, has_value, shown
from peritia.fhir.illness import presence_of
from peritia.fhir.panel import Item, panel, put, read_components
from peritia.fhir.resources import Condition, Observation
from peritia.fhir.written import Written, write_components

ASCITES = panel(
    "ascites",
    Item(code="ascites-volume", field="volume_ml", shape="decimal", unit="mL"),
    Item(code="ascites-symptomatic", field="symptomatic", shape="boolean"),
    Item(code="ascites-cause", field="cause", shape="answer", family="ascites-from"),
)
CYTOLOGY = panel("peritoneal-cytology", Item(code="cytology-result", field="result", shape="answer", family="cytology"))
PANELS = {CYTOLOGY.code: (CYTOLOGY, Cytology), ASCITES.code: (ASCITES, Ascites)}


def read_ascites_condition(draft: Draft, resource: Condition, word: str) -> None:
    """Ascites as a diagnosis: malignant, or refuted: there is none. A diagnosis without a cause does not say how much or from what."""
    presence = presence_of(draft, resource)
    if presence is None:
        return
    onset, recorded = draft.onset(resource), draft.day(resource.recordedDate, "recordedDate")
    if presence == "absent" and word == "ascites-unspecified":
        draft.ascites.append(Ascites(on=recorded or onset, volume_ml=0.0, document=draft.where))
    elif presence == "present" and word == "malignant-ascites":
        draft.ascites.append(Ascites(on=onset or recorded, cause="malignant", document=draft.where))
    else:
        draft.note(shown(resource.code), f"{presence}: that says neither how much ascites there is nor from what")


def read_cytology(draft: Draft, resource: Observation, word: str) -> None:
    """A cytology whose result stands in the value, or in a component."""
    fields = read_components(draft, resource, CYTOLOGY) if resource.component else {}
    if has_value(resource):
        put(draft, fields, CYTOLOGY.items["cytology-result"], resource)
    draft.cytology.append(Cytology(on=draft.observed(resource), document=draft.where, **fields))


READ = {CYTOLOGY.code: read_cytology}


def write_ascites(one: Ascites, out: Written) -> None:
    """Volume, symptoms, cause."""
    out.observe(ASCITES.code, one.on, {"component": write_components(one, ASCITES)})


def write_cytology(one: Cytology, out: Written) -> None:
    """The result."""
    out.observe(CYTOLOGY.code, one.on, {"component": write_components(one, CYTOLOGY)}, category="laboratory")
