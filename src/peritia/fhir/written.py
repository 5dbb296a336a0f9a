"""A bundle while it is being written: resources in order, ids, the patient's reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from peritia.fhir.codes import written_codings
from peritia.fhir.codesystem import PSM, concepts
from peritia.fhir.draft import MCODE
from peritia.fhir.panel import Item, Panel


def coded(code: str, *public: tuple[str, str, str]) -> dict[str, Any]:
    """A CodeableConcept with our code first, then public codes that mean the same."""
    own = {"system": PSM, "code": code, "display": concepts()[code].display}
    return {"coding": [own, *({"system": system, "code": value, "display": said} for system, value, said in public)]}


def write_components(noun: Any, of: Panel) -> list[dict[str, Any]]:
    """The components of a noun's fields; a field that is None is left out."""
    return [component for item in of.items.values() for component in _written(getattr(noun, item.field), item)]


def _written(value: Any, item: Item) -> Iterable[dict[str, Any]]:
    if value is None:
        return
    if item.shape == "integers":
        for one in value:
            yield {"code": coded(item.code), "valueInteger": one}
    elif item.shape == "named":
        for name, one in value.items():
            yield {"code": {**coded(item.code), "text": name}, "valueInteger": one}
    elif item.shape == "answer":
        yield {"code": coded(item.code), "valueCodeableConcept": coded(f"{item.family}-{value}".lower())}
    elif item.shape == "decimal":
        yield {"code": coded(item.code), "valueQuantity": quantity(value, item.unit)}
    elif item.shape == "text":
        yield {"code": coded(item.code), "valueString": value}
    elif item.shape == "day":
        yield {"code": coded(item.code), "valueDateTime": value.isoformat()}
    else:
        yield {"code": coded(item.code), "valueBoolean" if item.shape == "boolean" else "valueInteger": value}


def quantity(value: float, unit: str) -> dict[str, Any]:
    """A Quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def public_coding(code: str) -> tuple[tuple[str, str, str], ...]:
    """The one public coding written beside a code of ours, if there is one."""
    found = written_codings().get(code)
    return () if found is None else (found,)


def concept(code: str, *, public: bool = True) -> dict[str, Any]:
    """A CodeableConcept of one of our codes, with its public coding."""
    return coded(code, *(public_coding(code) if public else ()))


class Written:
    """Collects the resources of one bundle."""

    def __init__(self, patient_id: str) -> None:
        self.resources: list[dict[str, Any]] = []
        self._counts: dict[str, int] = {}
        self._patient_id = patient_id
        self.subject = {"reference": f"Patient/{patient_id}"}

    def patient(self, resource: dict[str, Any]) -> None:
        """The Patient itself."""
        profile = {"meta": {"profile": [MCODE + "mcode-cancer-patient"]}}
        self.resources.append({"resourceType": "Patient", "id": self._patient_id, **profile, **resource})

    def add(self, kind: str, resource: dict[str, Any], *, profile: str = "", name: str = "") -> str:
        """Add a resource about the patient; its reference comes back."""
        stem = name or kind.lower()
        number = self._counts[stem] = self._counts.get(stem, 0) + 1
        meta = {"meta": {"profile": [MCODE + profile]}} if profile else {}
        who = "patient" if kind == "AllergyIntolerance" else "subject"
        self.resources.append({"resourceType": kind, "id": f"{stem}-{number}", **meta, who: self.subject, **resource})
        return f"{kind}/{stem}-{number}"

    def observe(
        self,
        code: str,
        on: date | None,
        value: dict[str, Any],
        *,
        category: str = "exam",
        profile: str = "",
        part_of: str = "",
        coding: dict[str, Any] | None = None,
    ) -> str:
        """An Observation of one of our codes."""
        resource: dict[str, Any] = {"status": "final", "category": [category_of(category)], "code": coding or concept(code)}
        if value.get("component") == []:  # FHIR has no empty lists
            del value["component"]
        if on is not None:
            resource["effectiveDateTime"] = on.isoformat()
        if part_of:
            resource["partOf"] = [{"reference": part_of}]
        return self.add("Observation", {**resource, **value}, profile=profile, name=code.replace(".", "-"))


def category_of(word: str) -> dict[str, Any]:
    """An observation category."""
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": word}]}


def status_of(kind: str, word: str) -> dict[str, Any]:
    """A clinical or verification status of a Condition or an allergy."""
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{kind}", "code": word}]}


def own_extensions(values: Sequence[tuple[str, str, Any]]) -> list[dict[str, Any]]:
    """Extensions of ours: (our code, value element, value); a value of None is left out."""
    return [{"url": f"{PSM}:{code}", element: value} for code, element, value in values if value is not None]


def unknown_time() -> dict[str, Any]:
    """A period without a value, with the reason."""
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
