"""Laboratory results and tumour markers, in the unit that the laboratory gave, with its own upper limit."""

from __future__ import annotations

from typing import Any

from peritia.case.condition import Lab
from peritia.fhir.draft import ABSENT, UCUM, Draft, unit_of
from peritia.fhir.panel import YES_NO
from peritia.fhir.resources import Observation
from peritia.fhir.wire import Range
from peritia.fhir.written import Written, concept
from peritia.quantities.units import UnitError, parse

_COMPARATORS = frozenset({"<", "<=", ">", ">="})
_MARKERS = frozenset({"cea", "ca125", "ca19-9", "ca72-4"})


def read_lab(draft: Draft, resource: Observation, analyte: Any) -> None:
    """One result, in the unit the laboratory gave."""
    amount = resource.valueQuantity
    if amount is None or amount.value is None:
        _read_word(draft, resource, analyte)
        return
    comparator: Any = amount.comparator
    if comparator is not None and comparator not in _COMPARATORS:
        draft.refuse("valueQuantity.comparator", "this is not a comparator", "FHIR has <, <=, >= and >")
        return
    draft.labs.append(
        Lab(
            analyte=analyte,
            value=amount.value,
            unit=unit_of(amount),
            comparator=comparator,
            upper_limit=_upper_limit(resource.referenceRange, amount.unit, amount.code) if resource.referenceRange else None,
            on=draft.observed(resource),
            document=draft.where,
        )
    )


def _read_word(draft: Draft, resource: Observation, analyte: Any) -> None:
    """A result that is positive or negative, or none."""
    found = draft.meaning(resource.valueCodeableConcept)
    positive = YES_NO.get(found.code) if found is not None else resource.valueBoolean
    if positive is None:
        if resource.dataAbsentReason is None:
            draft.note(f"{analyte} result", "its value is neither an amount with a unit nor positive or negative")
        return
    draft.labs.append(Lab(analyte=analyte, positive=positive, on=draft.observed(resource), document=draft.where))


def _upper_limit(ranges: tuple[Range, ...], unit: str | None, code: str | None) -> float | None:
    """The laboratory's upper limit, if it gives one in the unit of the value and no second one that differs."""
    limit: float | None = None
    for one in ranges:
        high = one.high
        if high is None or high.value is None or high.value == limit:
            continue
        if one.type is not None and all(coding.code != "normal" for coding in one.type.coding):
            continue
        if high.unit is None or high.unit == unit or high.unit == code or (high.code is not None and high.code in (unit, code)):
            if limit is not None:
                return None
            limit = high.value
    return limit


READ_FAMILY = {"lab": read_lab}


def write_lab(lab: Lab, out: Written) -> None:
    """An amount, a word, or both as two results of one day."""
    values: list[dict[str, Any]] = []
    if lab.value is not None:
        comparator = {"comparator": lab.comparator} if lab.comparator is not None else {}
        value: dict[str, Any] = {"valueQuantity": {**_amount(lab.value, lab.unit), **comparator}}
        if lab.upper_limit is not None:
            value["referenceRange"] = [{"high": _amount(lab.upper_limit, lab.unit)}]
        values.append(value)
    if lab.positive is not None:
        values.append({"valueCodeableConcept": concept("result-positive" if lab.positive else "result-negative")})
    profile = "mcode-tumor-marker-test" if lab.analyte in _MARKERS else ""
    for value in values or [{"dataAbsentReason": {"coding": [{"system": ABSENT, "code": "unknown"}]}}]:
        out.observe(f"lab-{lab.analyte}", lab.on, value, category="laboratory", profile=profile)


def _amount(value: float, unit: str | None) -> dict[str, Any]:
    """A Quantity in the unit as given; it is called UCUM only where it is spelled as UCUM spells it."""
    if unit is None:
        return {"value": value}
    try:
        spelled = parse(unit).text == unit
    except UnitError:
        spelled = False
    return {"value": value, "unit": unit, **({"system": UCUM, "code": unit} if spelled else {})}
