"""Drugs given. An order is not an administration; what was not done was not given."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from peritia.case.treatment import Dose
from peritia.fhir.codes import drug_named
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import MCODE, Draft, extension, shown, unit_of
from peritia.fhir.panel import in_unit
from peritia.fhir.primary import claims
from peritia.fhir.resources import (
    AnyResource,
    Drugged,
    Medication,
    MedicationAdministration,
    MedicationRequest,
    MedicationStatement,
    Resource,
)
from peritia.fhir.wire import EMPTY, Concept, Dosage, Extension, Period
from peritia.fhir.written import Written, concept, own_extensions, quantity, unknown_time

INTENT = MCODE + "mcode-procedure-intent"
_NO_DOSAGE, _NO_PERIOD = Dosage(), Period()
_NOTHING: dict[str, Extension] = {}
_PER_M2, _CYCLES = f"{PSM}:dose-per-m2", f"{PSM}:cycles"
_PER_SURFACE = frozenset({"mg/m2", "mg/m^2", "mg/m²"})
_CONTAINED: msgspec.json.Decoder[tuple[Resource, ...]] = msgspec.json.Decoder(tuple[AnyResource, ...])
_GIVEN = frozenset({"completed", "in-progress", "stopped"})
_TAKEN = frozenset({"completed", "active"})
_ONGOING = frozenset({"in-progress", "active"})
_ROUTES = {"systemic-route": "systemic", "intraperitoneal-route": "intraperitoneal"}


class Given(msgspec.Struct, frozen=True, gc=False):
    """One administration, read."""

    document: str
    dose: Dose
    start: date | None
    end: date | None
    ongoing: bool
    route: str
    intent: str
    parts: tuple[str, ...]


def keep_administration(draft: Draft, resource: MedicationAdministration) -> None:
    """An administration that took place, at least in part."""
    _keep(draft, resource, _GIVEN)


def keep_statement(draft: Draft, resource: MedicationStatement) -> None:
    """A statement that a drug is or was taken."""
    _keep(draft, resource, _TAKEN)


def _keep(draft: Draft, resource: Drugged, statuses: frozenset[str]) -> None:
    if resource.status in statuses:
        draft.administrations.append((draft.where, resource))
    else:
        why = "entered in error" if resource.status == "entered-in-error" else f"status {resource.status}: not known to be given"
        draft.note(f"{type(resource).__name__} {shown(resource.medicationCodeableConcept)}", why)


def note_order(draft: Draft, resource: MedicationRequest) -> None:
    """An order says what was intended, not what was given."""
    draft.note(f"order of {shown(resource.medicationCodeableConcept)}", "an order is not an administration")


def given(draft: Draft) -> list[Given]:
    """All administrations that could be read."""
    found: list[Given] = []
    for where, resource in draft.administrations:
        draft.where = where
        one = _given(draft, resource)
        if one is not None:
            found.append(one)
    return found


def _given(draft: Draft, resource: Drugged) -> Given | None:
    drug = _drug(draft, resource)
    if drug is None:
        return None
    dosage = (resource.dosage if type(resource) is MedicationAdministration else None) or _NO_DOSAGE
    if dosage.modifierExtension is not EMPTY:
        draft.note(f"{drug} given", "its dosage carries modifiers that change its meaning and are not understood")
        return None
    way = "systemic" if dosage.route is None else _way(draft, drug, dosage.route)
    if way is None:
        return None
    ongoing = resource.status in _ONGOING
    if resource.effectiveDateTime is not None:
        start = end = draft.day(resource.effectiveDateTime, "effective")
    else:
        period = resource.effectivePeriod or _NO_PERIOD
        start, end = draft.day(period.start, "effective"), draft.day(period.end, "effective")
        end = start if end is None and not ongoing else end
    more = {one.url: one for one in reversed(resource.extension)} if resource.extension else _NOTHING
    intent = more.get(INTENT)
    meant = draft.meaning(intent.valueCodeableConcept) if intent is not None else None
    parts = tuple(draft.resolved(resource.partOf)) if resource.partOf else ()
    dose = _dose(draft, drug, dosage, more)
    return Given(draft.where, dose, start, end, ongoing, way, meant.code if meant is not None else "", parts)


def _way(draft: Draft, drug: str, route: Concept) -> str | None:
    found = draft.meaning(route)
    way = _ROUTES.get(found.code) if found is not None else None
    if way is None:
        draft.note(f"{drug} {shown(route)}", "given by a route that is neither systemic nor intraperitoneal")
    return way


def _drug(draft: Draft, resource: Drugged) -> str | None:
    concept_ = resource.medicationCodeableConcept or _referred(draft, resource)
    found = draft.meaning(concept_)
    if found is not None and found.family == "drug":
        return found.value
    texts = [concept_.text, *(coding.display for coding in concept_.coding)] if concept_ is not None else []
    named = {name for text in texts if text and (name := drug_named(text)) is not None}
    if len(named) == 1:
        return named.pop()
    if claims(resource.meta, "mcode-cancer-related-medication-administration") or extension(resource.extension, INTENT) is not None:
        draft.note(f"drug {shown(concept_)}", "a cancer drug that Peritia does not know by name; counted as another drug")
        return "other"
    draft.note(f"drug {shown(concept_)}", "not a drug that Peritia reads")
    return None


def _referred(draft: Draft, resource: Drugged) -> Concept | None:
    """The code of a Medication in the bundle, or contained."""
    reference = resource.medicationReference
    if reference is None or reference.reference is None:
        return None
    where = draft.resolve(reference)
    target = draft.index[where] if where is not None else None
    if target is None and reference.reference.startswith("#") and resource.contained is not EMPTY:
        target = next((one for one in _CONTAINED.decode(resource.contained) if one.id == reference.reference[1:]), None)
    return target.code if isinstance(target, Medication) else None


def _dose(draft: Draft, drug: Any, dosage: Dosage, extensions: dict[str, Extension]) -> Dose:
    """The dose: flat, per body surface, or both."""
    mg: float | None = None
    mg_per_m2: float | None = None
    amount = dosage.dose
    if amount is not None and amount.value is not None:
        unit = unit_of(amount)
        if unit == "mg":
            mg = amount.value
        elif unit in _PER_SURFACE:
            mg_per_m2 = amount.value
        else:
            mg = in_unit(amount, "mg")
            if mg is None:
                draft.note(f"dose of {drug}", "it is neither in milligrams nor in milligrams per square metre")
    if not extensions:
        return Dose(drug=drug, mg=mg, mg_per_m2=mg_per_m2)
    more, cycles = extensions.get(_PER_M2), extensions.get(_CYCLES)
    if more is not None and more.valueQuantity is not None:
        mg_per_m2 = more.valueQuantity.value
    return Dose(drug=drug, mg=mg, mg_per_m2=mg_per_m2, cycles=cycles.valueInteger if cycles is not None else None)


def write_dose(dose: Dose, on: date | None, part_of: str, route: str, out: Written) -> None:
    """One drug of a line, a HIPEC or a PIPAC as an mCODE administration."""
    amount = None
    if dose.mg is not None:
        amount = quantity(dose.mg, "mg")
    elif dose.mg_per_m2 is not None:
        amount = quantity(dose.mg_per_m2, "mg/m2")
    both = quantity(dose.mg_per_m2, "mg/m2") if dose.mg is not None and dose.mg_per_m2 is not None else None
    resource: dict[str, Any] = {
        "status": "completed",
        "medicationCodeableConcept": concept(f"drug-{dose.drug}"),
        "partOf": [{"reference": part_of}],
        "dosage": {"route": concept(route), **({"dose": amount} if amount is not None else {})},
    }
    # FHIR asks for a time; where none is known its absence is said
    resource |= {"effectiveDateTime": on.isoformat()} if on is not None else {"effectivePeriod": unknown_time()}
    more = own_extensions([("cycles", "valueInteger", dose.cycles), ("dose-per-m2", "valueQuantity", both)])
    if more:
        resource["extension"] = more
    out.add("MedicationAdministration", resource, profile="mcode-cancer-related-medication-administration", name=f"given-{dose.drug}")
