"""Patient and body measures. No name, address or identifier is read or written."""

from __future__ import annotations

from typing import Any

from peritia.case.identity import BodyMeasure, Patient
from peritia.fhir.draft import Draft, extension
from peritia.fhir.panel import YES_NO, in_unit
from peritia.fhir.resources import Observation
from peritia.fhir.resources import Patient as PatientResource
from peritia.fhir.written import Written, quantity

BIRTH_SEX = ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "USCoreBirthSex")
_SEX = {"F": "female", "M": "male", "female": "female", "male": "male"}


def read_patient(draft: Draft, resource: PatientResource) -> None:
    """Sex recorded at birth where it is given, else administrative gender; birth; death."""
    known = draft.patient
    birth_sex = extension(resource.extension, BIRTH_SEX[0]) or extension(resource.extension, BIRTH_SEX[1])
    word = (birth_sex.valueCode if birth_sex is not None else None) or resource.gender
    known["sex"] = _SEX.get(word) if word is not None else None
    if word is not None and known["sex"] is None:
        draft.note("sex", "neither female nor male, so facts that depend on it stay unknown")
    known["birth_date"] = draft.day(resource.birthDate, "birthDate")
    known["death_date"] = draft.day(resource.deceasedDateTime, "deceasedDateTime")
    known["deceased"] = resource.deceasedBoolean


def _read_height(draft: Draft, resource: Observation, word: str) -> None:
    value = in_unit(resource.valueQuantity, "cm")
    _keep(draft, resource, "height_cm", _customary(resource, "[in_i]", 2.54) if value is None else value)


def _read_weight(draft: Draft, resource: Observation, word: str) -> None:
    value = in_unit(resource.valueQuantity, "kg")
    _keep(draft, resource, "weight_kg", _customary(resource, "[lb_av]", 0.45359237) if value is None else value)


def _customary(resource: Observation, unit: str, factor: float) -> float | None:
    """The customary units of the United States, exact by definition."""
    amount = resource.valueQuantity
    if amount is None or amount.value is None or amount.comparator is not None or unit not in (amount.code, amount.unit):
        return None
    return amount.value * factor


def _keep(draft: Draft, resource: Observation, field: str, value: float | None) -> None:
    if value is None:
        if resource.dataAbsentReason is None:
            draft.note(field, "its value is not a length or mass in a known unit")
        return
    draft.body.append(BodyMeasure(on=draft.observed(resource), document=draft.where, **{field: value}))


def _read_surface(draft: Draft, resource: Observation, word: str) -> None:
    draft.note("body surface area", "body surface is calculated from height and weight instead")


def _read_flag(draft: Draft, resource: Observation, word: str) -> None:
    """Pregnancy and what goes with it: the newest dated statement stands."""
    meaning = draft.meaning(resource.valueCodeableConcept)
    value = resource.valueBoolean if resource.valueBoolean is not None else YES_NO.get(meaning.code) if meaning is not None else None
    if value is None:
        if resource.dataAbsentReason is None:
            draft.note(word, "its value is not yes or no")
        return
    field, day = word.replace("-", "_"), draft.observed(resource)
    newest = draft.patient.get(f"{field} on")
    if newest is not None and (day is None or day < newest):
        return
    draft.patient[field], draft.patient[f"{field} on"] = value, day


READ = {
    "body-height": _read_height,
    "body-weight": _read_weight,
    "body-surface": _read_surface,
    "pregnant": _read_flag,
    "breastfeeding": _read_flag,
    "childbearing-potential": _read_flag,
}


def patient(draft: Draft) -> Patient:
    """The person, once everything is read."""
    known = draft.patient
    return Patient(
        sex=known.get("sex"),
        birth_date=known.get("birth_date"),
        deceased=known.get("deceased"),
        death_date=known.get("death_date"),
        body=tuple(draft.body),
        pregnant=known.get("pregnant"),
        breastfeeding=known.get("breastfeeding"),
        childbearing_potential=known.get("childbearing_potential"),
        document=known.get("document"),
    )


def write(person: Patient, out: Written) -> None:
    """The Patient first, then height, weight and what was said of pregnancy."""
    resource: dict[str, Any] = {}
    if person.sex is not None:
        resource["extension"] = [{"url": BIRTH_SEX[0], "valueCode": {"female": "F", "male": "M"}[person.sex]}]
        resource["gender"] = person.sex
    if person.birth_date is not None:
        resource["birthDate"] = person.birth_date.isoformat()
    if person.death_date is not None:
        resource["deceasedDateTime"] = person.death_date.isoformat()
    elif person.deceased is not None:
        resource["deceasedBoolean"] = person.deceased
    out.patient(resource)
    for measure in person.body:
        if measure.height_cm is not None:
            out.observe("body-height", measure.on, {"valueQuantity": quantity(measure.height_cm, "cm")}, category="vital-signs")
        if measure.weight_kg is not None:
            out.observe("body-weight", measure.on, {"valueQuantity": quantity(measure.weight_kg, "kg")}, category="vital-signs")
    for code in ("pregnant", "breastfeeding", "childbearing-potential"):
        value = getattr(person, code.replace("-", "_"))
        if value is not None:
            out.observe(code, None, {"valueBoolean": value}, category="social-history")
