"""A case while it is being read: what was found so far, what was not understood, what makes the bundle be refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from peritia.case.case import NotUnderstood
from peritia.case.condition import Allergy, Heart, Illness, Lab, Performance, Preference, Symptoms
from peritia.case.disease import DiseaseStatus, ExtraperitonealFinding, MolecularFinding
from peritia.case.identity import BodyMeasure
from peritia.case.peritoneum import Ascites, Cytology, PeritonealAssessment, RegressionBiopsies
from peritia.case.prediction import Prediction
from peritia.case.treatment import NoTreatment, Radiation
from peritia.errors import Problem
from peritia.fhir.codes import Key, Lookup
from peritia.fhir.codesystem import PSM, PsmConcept
from peritia.fhir.resources import (
    Condition,
    DiagnosticReport,
    Drugged,
    Entry,
    Observation,
    Procedure,
    Resource,
    Valued,
    kind_of,
)
from peritia.fhir.wire import Coding, Concept, Extension, Period, Quantity, Reference

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
_DAYS: dict[str, date] = {}
_MOST_DAYS = 100_000


class Draft:
    """Collects the entries of one case. ``where`` is the resource being read, as ``ResourceType/id``."""

    def __init__(self, lookup: Lookup, entries: tuple[Entry, ...]) -> None:
        self.lookup = lookup
        self.exact: dict[Key, PsmConcept] = lookup.exact
        self.entries = entries
        self.where = ""
        self.index: dict[str, Resource] = {}
        self.urls: dict[str, str] | None = None
        self.not_understood: list[NotUnderstood] = []
        self.problems: list[Problem] = []
        # entries of the case, in the order of the bundle
        self.body: list[BodyMeasure] = []
        self.molecular: list[MolecularFinding] = []
        self.peritoneum: list[PeritonealAssessment] = []
        self.ascites: list[Ascites] = []
        self.cytology: list[Cytology] = []
        self.regression: list[RegressionBiopsies] = []
        self.extraperitoneal: list[ExtraperitonealFinding] = []
        self.status: list[DiseaseStatus] = []
        self.performance: list[Performance] = []
        self.labs: list[Lab] = []
        self.heart: list[Heart] = []
        self.illnesses: list[Illness] = []
        self.symptoms: list[Symptoms] = []
        self.allergies: list[Allergy] = []
        self.preferences: list[Preference] = []
        self.radiation: list[Radiation] = []
        self.never: list[NoTreatment] = []
        # kept until everything is read
        self.patient: dict[str, Any] = {}
        self.primary: dict[str, Any] = {}
        self.histology: list[tuple[date | None, dict[str, Any]]] = []
        self.primaries: list[tuple[str, Condition, PsmConcept | None]] = []
        self.secondaries: list[tuple[str, Condition | Observation, str]] = []
        self.variants: set[str] = set()
        self.regions: list[tuple[str, Observation]] = []
        self.reports: list[tuple[str, DiagnosticReport]] = []
        self.procedures: list[tuple[str, Procedure, str]] = []
        self.administrations: list[tuple[str, Drugged]] = []
        self.operations: dict[str | date, dict[str, Any]] = {}
        self.loose: dict[tuple[str, str | None, date | None], dict[str, Any]] = {}
        self.plans: dict[str, Any] = {}
        self.predicted: list[Prediction] = []
        self.texts: dict[str, str] = {}

    # what was not understood, and what is refused

    def note(self, what: str, why: str, where: str = "") -> None:
        """List something that was not understood."""
        self.not_understood.append(NotUnderstood(where=where or self.where, what=what, why=why))

    def refuse(self, element: str, message: str, hint: str = "") -> None:
        """A problem that makes the whole bundle be refused."""
        self.problems.append(Problem(f"{self.where}.{element}", None, message, hint))

    # values

    def day(self, text: str | None, element: str = "date") -> date | None:
        """The day of a FHIR date or dateTime, as written there. A date to the month or year only gives no day, and is listed."""
        if text is None:
            return None
        found = _DAYS.get(text)
        return found if found is not None else self._new_day(text, element)

    def _new_day(self, text: str, element: str) -> date | None:
        if len(text) in (4, 7) and text[:4].isdigit() and (len(text) == 4 or (text[4] == "-" and text[5:].isdigit())):
            self.note(element, "the date is given to the month or year only, so the entry has no day")
            return None
        try:
            if len(text) < 10 or text[4] != "-" or text[7] != "-" or (len(text) > 10 and text[10] != "T"):
                raise ValueError
            found = date.fromisoformat(text[:10])
        except ValueError:
            self.refuse(element, "this is not a date", "FHIR writes 2026-11-21 or 2026-11-21T09:30:00Z")
            return None
        if len(_DAYS) > _MOST_DAYS:
            _DAYS.clear()
        _DAYS[text] = found
        return found

    def observed(self, resource: Observation) -> date | None:
        """The day an observation is about; the end of a period."""
        text = resource.effectiveDateTime
        if text is None:
            period = resource.effectivePeriod
            text = resource.effectiveInstant if period is None else period.end or period.start
            if text is None:
                return None
        found = _DAYS.get(text)
        return found if found is not None else self._new_day(text, "effective")

    def onset(self, resource: Condition) -> date | None:
        """The day a condition began."""
        text = resource.onsetDateTime or (resource.onsetPeriod.start if resource.onsetPeriod is not None else None)
        return self.day(text, "onset")

    def performed(self, resource: Procedure) -> date | None:
        """The day of a procedure: its start."""
        period = resource.performedPeriod
        return self.day(resource.performedDateTime or (period.start if period is not None else None), "performed")

    def period(self, period: Period | None) -> tuple[date | None, date | None]:
        """First and last day of a period."""
        return (None, None) if period is None else (self.day(period.start, "period"), self.day(period.end, "period"))

    def meaning(self, concept: Concept | None) -> PsmConcept | None:
        """The concept of ours that a CodeableConcept means. Our own coding wins; codings that disagree are listed, and mean nothing."""
        if concept is None or not concept.coding:
            return None
        if len(concept.coding) == 1:
            coding = concept.coding[0]
            found = self.exact.get((coding.system, coding.code))
            return found if found is not None else self._under(coding)
        return self._agreed(concept)

    def _under(self, coding: Coding) -> PsmConcept | None:
        return self.lookup.under(coding.system, coding.code) if coding.system is not None and coding.code is not None else None

    def _agreed(self, concept: Concept) -> PsmConcept | None:
        best: PsmConcept | None = None
        for coding in concept.coding:
            found = self.exact.get((coding.system, coding.code)) or self._under(coding)
            if found is None or found == best:
                continue
            if coding.system == PSM:
                return found
            if best is None or _more_exact(found, best):
                best = found
            elif not _more_exact(best, found):
                self.note(shown(concept), "its codings disagree, so it was not used")
                return None
        return best

    def answer(self, concept: Concept | None, family: str) -> str | None:
        """The word of a family that a CodeableConcept means, or None."""
        found = self.meaning(concept)
        return found.value if found is not None and found.family == family else None

    # references

    def resolve(self, reference: Reference | str | None) -> str | None:
        """``ResourceType/id`` of the resource of this bundle that a reference points to, or None."""
        text = reference.reference if isinstance(reference, Reference) else reference
        if text is None:
            return None
        if text in self.index:
            return text
        if self.urls is None:
            self.urls = {
                entry.fullUrl: f"{kind_of(entry.resource)}/{entry.resource.id}"
                for entry in self.entries
                if entry.fullUrl is not None and entry.resource is not None
            }
        found = self.urls.get(text)
        if found is not None:
            return found if found in self.index else None
        steps = text.partition("/_history/")[0].rsplit("/", 2)
        local = "/".join(steps[-2:]) if len(steps) == 3 and "://" in text else ""
        return local if local in self.index else None

    def resolved(self, references: tuple[Reference, ...]) -> list[str]:
        """All that references point to in this bundle."""
        return [found for one in references if (found := self.resolve(one)) is not None]


def _more_exact(one: PsmConcept, other: PsmConcept) -> bool:
    """Whether a concept says the same and more: a side besides the site, a site besides 'secondary'."""
    if one.family == other.family == "primary":
        return one.value.startswith(other.value + "/")
    return one.family == "metastasis" and other.family == "secondary"


def shown(concept: Concept | None) -> str:
    """A CodeableConcept for a human."""
    if concept is None:
        return "no code"
    codings = ", ".join(f"{coding.system}|{coding.code}" + (f" {coding.display}" if coding.display else "") for coding in concept.coding)
    return codings or concept.text or "no code"


def extension(extensions: tuple[Extension, ...], url: str) -> Extension | None:
    """The first extension with an address."""
    for one in extensions:
        if one.url == url:
            return one
    return None


def unit_of(quantity: Quantity) -> str | None:
    """The unit: the UCUM code if there is one, else as shown."""
    return quantity.code if quantity.code is not None and quantity.system == UCUM else quantity.unit or quantity.code


def has_value(part: Valued | Observation) -> bool:
    """Whether any value that is read stands there."""
    return not (
        part.valueQuantity is None
        and part.valueCodeableConcept is None
        and part.valueInteger is None
        and part.valueBoolean is None
        and part.valueString is None
        and part.valueDateTime is None
    )


def word_of(status: Concept | None) -> str | None:
    """The code of a clinical or verification status."""
    return status.coding[0].code if status is not None and status.coding else None
