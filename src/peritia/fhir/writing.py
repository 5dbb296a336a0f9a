"""Case to bundle: an FHIR R4 collection in mCODE shape, with our own codes for what mCODE has no word for.

What is written reads back as the same facts. ``not_understood`` is not written: it speaks of the bundle that was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from peritia.case.case import Case
from peritia.fhir import (
    allergy,
    ascites,
    histology,
    identity,
    illness,
    laboratory,
    molecular,
    operations,
    performance,
    peritoneum,
    plans,
    prediction,
    primary,
    radiation,
    regression,
    spread,
    systemic,
)
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import MCODE
from peritia.fhir.reading import CASE_SYSTEM
from peritia.fhir.written import Written

_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.-]+")


def bundle_of(case: Case) -> dict[str, Any]:
    """The bundle as plain data."""
    out = Written(_patient_id(case))
    identity.write(case.patient, out)
    _tumour(case, out)
    for entries, write in _parts(case):
        for entry in entries:
            write(entry, out)
    performance.write(case, out)
    if case.plans is not None:
        plans.write_plans(case.plans, out)
    _words(case, out)
    head: dict[str, Any] = {"resourceType": "Bundle", "meta": {"profile": [MCODE + "mcode-patient-bundle"]}}
    if case.id:
        head["identifier"] = {"system": CASE_SYSTEM, "value": case.id}
    entry = [{"fullUrl": f"{PSM}:{resource['resourceType']}:{resource['id']}", "resource": resource} for resource in out.resources]
    return {**head, "type": "collection", "entry": entry}


def _tumour(case: Case, out: Written) -> None:
    """The primary, and what refers to it."""
    one = case.histology
    reference = primary.write_primary(case.primary, one.type if one is not None and one.on is None else None, out)
    if one is not None:
        histology.write_histology(one, out)
    for finding in case.extraperitoneal:
        spread.write_finding(finding, reference, out)
    for status in case.status:
        spread.write_status(status, out, reference)


def _parts(case: Case) -> tuple[tuple[Iterable[Any], Callable[[Any, Written], None]], ...]:
    """Dated entries and who writes them."""
    return (
        (case.molecular, molecular.write_finding),
        (case.peritoneum, peritoneum.write_assessment),
        (case.ascites, ascites.write_ascites),
        (case.cytology, ascites.write_cytology),
        (case.regression, regression.write_regression),
        (case.labs, laboratory.write_lab),
        (case.illnesses, illness.write_illness),
        (case.allergies, allergy.write_allergy),
        (case.preferences, allergy.write_preference),
        (case.systemic, systemic.write_line),
        (case.cytoreductions, operations.write_operation),
        (case.pipac, operations.write_session),
        (case.radiation, radiation.write_radiation),
        (case.never, plans.write_never),
    )


def _words(case: Case, out: Written) -> None:
    """Title, story, question, predicted values."""
    for code in ("title", "story", "question"):
        text = getattr(case, code)
        if text:
            out.observe(f"case-{code}", None, {"valueString": text}, category="survey")
    for predicted in case.predicted:
        prediction.write(predicted, out)


def _patient_id(case: Case) -> str:
    plain = _NOT_IN_AN_ID.sub("-", case.id or "").strip("-.")
    return plain[:64] or "patient"


def write_bundle(case: Case) -> bytes:
    """The bundle as JSON bytes, the same bytes for the same case."""
    return orjson.dumps(bundle_of(case), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
