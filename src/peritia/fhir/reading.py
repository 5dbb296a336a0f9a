"""Bundle to case. Dispatch is by resource type; what must wait for the rest is kept and finished at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from peritia.case.case import Case
from peritia.errors import InputRefused
from peritia.fhir import administration, allergy, genes, histology, identity, plans, primary, spread, subjects, treatment
from peritia.fhir.codes import Aliases, Lookup
from peritia.fhir.conditions import read_condition
from peritia.fhir.draft import Draft, shown
from peritia.fhir.envelope import LIMIT_BYTES, load, open_bundle, require_plain
from peritia.fhir.observations import Observations, finish_loose
from peritia.fhir.resources import (
    AllergyIntolerance,
    Bundle,
    Condition,
    DiagnosticReport,
    Medication,
    MedicationAdministration,
    MedicationRequest,
    MedicationStatement,
    Observation,
    Patient,
    Procedure,
    Resource,
    kind_of,
)
from peritia.fhir.sense import sensible

CASE_SYSTEM = "urn:peritia:case"
NO_ALIASES = Aliases()
_NO_FACT = frozenset({"Practitioner", "PractitionerRole", "Organization", "Location", "Endpoint", "RelatedPerson"})


class Reader:
    """Reads bundles with one set of aliases. Make one and use it for many bundles."""

    def __init__(self, aliases: Aliases = NO_ALIASES) -> None:
        self.lookup = Lookup(aliases)
        self._types: dict[type[Resource], Callable[[Draft, Any], None]] = {
            Observation: Observations(self.lookup).read,
            Condition: read_condition,
            Procedure: treatment.keep_procedure,
            MedicationAdministration: administration.keep_administration,
            MedicationStatement: administration.keep_statement,
            MedicationRequest: administration.note_order,
            Medication: _read_elsewhere,
            AllergyIntolerance: allergy.read_allergy,
            DiagnosticReport: _keep_report,
            Patient: _read_elsewhere,
        }

    def read(self, data: bytes, where: str = "bundle", limit_bytes: int = LIMIT_BYTES) -> Case:
        """One bundle to one case. Raises ``InputRefused`` with every problem."""
        return self.read_opened(open_bundle(data, where, limit_bytes), where)

    def read_opened(self, bundle: Bundle, where: str = "bundle") -> Case:
        """A decoded bundle to a case. Raises ``InputRefused`` with every problem."""
        draft = Draft(self.lookup, bundle.entry)
        aside = subjects.index(draft, bundle)
        types = self._types
        for document, resource in draft.index.items():
            draft.where = document
            read = types.get(type(resource))
            if read is None:
                kind = kind_of(resource)
                draft.note(kind, "holds no fact of the case" if kind in _NO_FACT else "this type is not read")
            elif document not in aside:
                read(draft, resource)
        case = _finished(draft, bundle)
        if draft.problems or case is None:
            raise InputRefused(where, tuple(draft.problems))
        return case


def _read_elsewhere(draft: Draft, resource: Resource) -> None:
    """The patient is read first, a medication where it is referred to."""


def _keep_report(draft: Draft, resource: DiagnosticReport) -> None:
    found = draft.meaning(resource.code)
    if found is not None and found.code == "genomics-report":
        draft.reports.append((draft.where, resource))
    else:
        draft.note(shown(resource.code), "a report in words; its observations are read on their own")


def _finished(draft: Draft, bundle: Bundle) -> Case | None:
    """Everything that can be built only once all resources are read. None, with problems, if the cancer cannot be told among several."""
    if draft.loose:
        finish_loose(draft)
    if draft.regions:
        genes.genes_studied(draft)
    tumour = primary.primary(draft)
    if tumour is None:
        return None
    spread.secondaries(draft, tumour.site)
    given = treatment.treatment(draft, tumour.site)
    if tumour.status is None and "status" in draft.primary:  # an operation told that the primary was removed
        tumour = msgspec.structs.replace(tumour, status=draft.primary["status"])
    return Case(
        id=_case_id(bundle, draft),
        title=draft.texts.get("title"),
        story=draft.texts.get("story"),
        question=draft.texts.get("question"),
        primary=tumour,
        patient=identity.patient(draft),
        histology=histology.histology(draft),
        molecular=tuple(draft.molecular),
        peritoneum=tuple(draft.peritoneum),
        ascites=tuple(draft.ascites),
        cytology=tuple(draft.cytology),
        regression=tuple(draft.regression),
        extraperitoneal=tuple(draft.extraperitoneal),
        status=tuple(draft.status),
        performance=tuple(draft.performance),
        labs=tuple(draft.labs),
        heart=tuple(draft.heart),
        illnesses=tuple(draft.illnesses),
        symptoms=tuple(draft.symptoms),
        allergies=tuple(draft.allergies),
        preferences=tuple(draft.preferences),
        systemic=given.systemic,
        cytoreductions=given.cytoreductions,
        pipac=given.pipac,
        radiation=tuple(draft.radiation),
        never=tuple(draft.never),
        plans=plans.plans(draft),
        predicted=tuple(draft.predicted),
        not_understood=tuple(draft.not_understood),
    )


def _case_id(bundle: Bundle, draft: Draft) -> str | None:
    """Our own identifier if the bundle carries it, else the id of the Patient, so that results can be joined again."""
    if bundle.identifier is not None and bundle.identifier.system == CASE_SYSTEM:
        return bundle.identifier.value
    document = draft.patient.get("document")
    return str(document).removeprefix("Patient/") if document is not None else None


@lru_cache(maxsize=8)
def reader(aliases: Aliases = NO_ALIASES) -> Reader:
    """The reader for a set of aliases, made once."""
    return Reader(aliases)


def read_bundle(data: bytes | Path, *, aliases: Aliases = NO_ALIASES, where: str = "", limit_bytes: int = LIMIT_BYTES) -> Case:
    """One FHIR R4 Bundle (or a bare JSON list of resources) to one case.

    Besides what ``Reader.read`` checks, keys that stand twice, nesting beyond 254 levels, and contradictions are refused; impossible
    measurements are set aside. Raises ``InputRefused`` with every problem; what is not understood is listed in ``Case.not_understood``.
    """
    name = where or (data.name if isinstance(data, Path) else "bundle")
    content = load(data, limit_bytes) if isinstance(data, Path) else data
    bundle = open_bundle(content, name, limit_bytes)
    require_plain(content, name)
    return sensible(reader(aliases).read_opened(bundle, name), name)
