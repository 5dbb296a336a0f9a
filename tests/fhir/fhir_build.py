"""Small FHIR resources for tests: only what a test is about is said."""

from __future__ import annotations

from typing import Any

import orjson

from peritia.case.case import Case
from peritia.fhir import Aliases, read_bundle

LOINC, SNOMED, RXNORM, PSM = "http://loinc.org", "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm", "urn:peritia:psm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"
HGNC = "http://www.genenames.org"
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
WHO = {"reference": "Patient/p"}


def coded(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def amount(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1961-03-04", **more}


def condition(
    code: str, *, id: str = "c", system: str = ICD, verification: str = "confirmed", clinical: str | None = "active", **more: Any
) -> dict[str, Any]:
    status = {"clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", clinical)} if clinical else {}
    sure = coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", verification)
    return {
        "resourceType": "Condition",
        "id": id,
        **status,
        "verificationStatus": sure,
        "code": coded(system, code),
        "subject": WHO,
        **more,
    }


PRIMARY = condition("C18.2", id="primary")


def observation(
    code: str | dict[str, Any], *, id: str = "o", system: str = LOINC, on: str | None = "2026-10-01", **more: Any
) -> dict[str, Any]:
    said = code if isinstance(code, dict) else coded(system, code)
    day = {"effectiveDateTime": on} if on else {}
    return {"resourceType": "Observation", "id": id, "status": "final", "code": said, "subject": WHO, **day, **more}


def variant(
    gene: str, hgnc: str, presence: str = "LA9633-4", *, id: str = "v", parts: tuple[dict[str, Any], ...] = (), **more: Any
) -> dict[str, Any]:
    components = [{"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, hgnc, gene)}, *parts]
    return observation("69548-6", id=id, valueCodeableConcept=coded(LOINC, presence), component=components, **more)


def given(rxnorm: str, on: str, *, id: str, mg_per_m2: float | None = None, intent: str | None = None, **more: Any) -> dict[str, Any]:
    meant = {"extension": [{"url": MCODE + "mcode-procedure-intent", "valueCodeableConcept": coded(SNOMED, intent)}]} if intent else {}
    dose = {"dosage": {"dose": amount(mg_per_m2, "mg/m2")}} if mg_per_m2 else {}
    drug = {"medicationCodeableConcept": coded(RXNORM, rxnorm)}
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "completed",
        "subject": WHO,
        "effectiveDateTime": on,
        **drug,
        **meant,
        **dose,
        **more,
    }


def procedure(
    code: str, *, id: str = "pr", system: str = PSM, status: str = "completed", on: str = "2026-05-01", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": id,
        "status": status,
        "code": coded(system, code),
        "subject": WHO,
        "performedDateTime": on,
        **more,
    }


def bundle(*resources: dict[str, Any], kind: str = "collection") -> bytes:
    entry = [{"fullUrl": f"http://example.org/fhir/{one['resourceType']}/{one.get('id')}", "resource": one} for one in resources]
    return orjson.dumps({"resourceType": "Bundle", "type": kind, "entry": entry})


def read(*resources: dict[str, Any], aliases: Aliases = Aliases()) -> Case:  # noqa: B008
    """A case from a patient, a right colon primary, and what the test adds."""
    return read_bundle(bundle(patient(), PRIMARY, *resources), aliases=aliases)


def why(case: Case) -> str:
    """Everything that was not understood, as one text."""
    return "\n".join(f"{one.where}: {one.what}: {one.why}" for one in case.not_understood)
