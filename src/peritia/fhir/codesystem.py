"""Peritia's own CodeSystem: the vocabulary of the case, for everything that has no public code, and one name for everything that has.

PCI, CC, PRGS, PIPAC and HIPEC have no codes in SNOMED CT, LOINC or mCODE. Here each gets one. Families are made from the nouns of the case,
so a word that the case knows always has a code; the rest stands in ``codesystem.yaml``. ``psm-codesystem.json`` is this module's output,
shipped for others to load; ``write_json`` writes it again.

A family says how a concept is used: ``panel`` is an Observation with components, ``item`` a component that may also stand alone, ``part`` a
component that may not, ``ext`` an extension; families of answers bear the name of what they answer.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import orjson

from peritia import documents
from peritia.case.condition import Allergy, Analyte, Comorbidity, Preference, Symptoms
from peritia.case.disease import (
    DiseaseStatus,
    ExtraperitonealSite,
    Histology,
    HistologyType,
    Marker,
    MolecularFinding,
    Presence,
    Primary,
    PrimarySite,
)
from peritia.case.peritoneum import Ascites, Cytology, PeritonealAssessment
from peritia.case.prediction import Prediction
from peritia.case.treatment import Cytoreduction, Drug, NoTreatment, Radiation, Response, SystemicLine

PSM = "urn:peritia:psm"
"""Canonical address of the CodeSystem. Extensions of ours are ``urn:peritia:psm:<code>``."""
VERSION = "1"
JSON_FILE = Path(__file__).with_name("psm-codesystem.json")
SINGLE_WORDS = Path(__file__).with_name("codesystem.yaml")


class PsmConcept(msgspec.Struct, frozen=True):
    """One concept. ``family`` says how it is used, ``value`` is its word in the case."""

    code: str
    family: str
    value: str
    display: str
    definition: str


def choices(of: Any, field: str) -> tuple[str, ...]:
    """The words that a field of a noun may hold.

    >>> choices(PeritonealAssessment, "method")[:2]
    ('ct', 'mri')
    """
    return tuple(str(word) for word in _words(typing.get_type_hints(of)[field]))


def _words(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) in (types.UnionType, typing.Union):
        return tuple(word for part in get_args(annotation) for word in _words(part))
    return ()


_FAMILIES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("lab", get_args(Analyte), "Laboratory result: {}"),
    ("marker", get_args(Marker), "Molecular marker of the tumour: {}"),
    ("illness", get_args(Comorbidity), "Illness besides the cancer: {}"),
    ("primary", get_args(PrimarySite), "Primary tumour, site: {}"),
    ("histology", get_args(HistologyType), "Histological type: {}"),
    ("metastasis", get_args(ExtraperitonealSite), "Disease outside the peritoneum: {}"),
    ("drug", get_args(Drug), "Drug: {}"),
    ("allergy", choices(Allergy, "substance"), "Hypersensitivity to: {}"),
    ("preference", choices(Preference, "about"), "What the patient accepts or refuses: {}"),
    ("never", choices(NoTreatment, "kind"), "Never given: {}"),
    ("method", choices(PeritonealAssessment, "method"), "The peritoneum was scored by: {}"),
    ("status", choices(DiseaseStatus, "status"), "Disease status: {}"),
    ("evidence", choices(DiseaseStatus, "evidence"), "Disease status shown by: {}"),
    ("response", get_args(Response), "Best response of a systemic line: {}"),
    ("setting", choices(SystemicLine, "setting"), "Setting of a systemic line: {}"),
    ("stopped", choices(SystemicLine, "stopped_for"), "Systemic line stopped for: {}"),
    ("clavien", choices(Cytoreduction, "clavien_dindo"), "Clavien-Dindo grade: {}"),
    ("cc", choices(Cytoreduction, "cc"), "Completeness of cytoreduction score: {}"),
    ("radiation", choices(Radiation, "site"), "Radiation to: {}"),
    ("t", choices(Primary, "t_stage"), "T category: {}"),
    ("n", choices(Primary, "n_stage"), "N category: {}"),
    ("figo", choices(Primary, "figo_stage"), "FIGO stage: {}"),
    ("side", choices(Primary, "side"), "Side of a colon primary: {}"),
    ("grade", choices(Histology, "grade"), "Histological grade: {}"),
    ("primary-is", choices(Primary, "status"), "The primary is: {}"),
    ("ascites-from", choices(Ascites, "cause"), "Cause of ascites: {}"),
    ("resection", choices(PeritonealAssessment, "complete_resection_expected"), "Completeness that the surgeon expects: {}"),
    ("obstruction", choices(Symptoms, "bowel_obstruction"), "Bowel obstruction: {}"),
    ("technique", choices(Prediction, "technique"), "Simulated technique: {}"),
    ("nutrition", choices(Symptoms, "parenteral_nutrition"), "Parenteral nutrition: {}"),
    ("sga", choices(Symptoms, "sga"), "Subjective global assessment: {}"),
    ("psdss", choices(Symptoms, "psdss_symptoms"), "Symptom group of the PSDSS: {}"),
    ("cytology", choices(Cytology, "result"), "Peritoneal cytology: {}"),
    ("result", choices(MolecularFinding, "result"), "Result of a molecular test: {}"),
    ("presence", get_args(Presence), "Finding: {}"),
    ("ecog", ("0", "1", "2", "3", "4", "5"), "ECOG performance status: {}"),
    ("nyha", ("1", "2", "3", "4"), "NYHA class: {}"),
    ("choice", choices(Preference, "choice"), "The patient: {}"),
)  # fmt: skip

_FINDINGS_WITHOUT_A_SITE = (
    "peritoneum", "retroperitoneum", "regional-or-retroperitoneal-nodes", "unspecified-nodes", "axillary-nodes", "ovary", "bowel",
    "unspecified",
)  # fmt: skip
"""Secondary disease that the case has no site for, or that stands inside the peritoneum; the reader says for each what it does with it."""


def _concepts() -> Iterator[PsmConcept]:
    for family, words, sentence in _FAMILIES:
        for word in words:
            said = word.replace("-", " ")
            yield PsmConcept(f"{family}-{word.lower()}", family, word, sentence.format(said), sentence.format(said) + ".")
    for side in choices(Primary, "side"):
        yield PsmConcept(f"primary-colon-{side}", "primary", f"colon/{side}", f"Primary tumour, site: {side} colon", "Colon with its side.")
    for site in _FINDINGS_WITHOUT_A_SITE:
        said = f"Secondary disease: {site.replace('-', ' ')}"
        yield PsmConcept(f"secondary-{site}", "secondary", site, said, said + ".")
    for family, singles in documents.read(SINGLE_WORDS, dict[str, dict[str, str]]).items():
        for code, display in singles.items():
            yield PsmConcept(code, family, code, display, display + ".")


@cache
def concepts() -> dict[str, PsmConcept]:
    """Every concept by its code."""
    found: dict[str, PsmConcept] = {}
    for concept in _concepts():
        if concept.code in found:
            raise ValueError(f"{concept.code} is defined twice")
        found[concept.code] = concept
    return found


def code_system() -> dict[str, Any]:
    """The CodeSystem as a FHIR R4 resource."""
    return {
        "resourceType": "CodeSystem", "id": "psm", "url": PSM, "version": VERSION, "name": "PeritonealSurfaceMalignancy",
        "title": "Peritia: peritoneal surface malignancy", "status": "draft", "experimental": True,
        "description": "Words for the peritoneum and its treatment that no public code system has. Research and education only.",
        "copyright": "Apache-2.0", "caseSensitive": True, "valueSet": f"{PSM}:all", "content": "complete", "count": len(concepts()),
        "property": [
            {"code": "family", "description": "How the concept is used", "type": "code"},
            {"code": "word", "description": "Its word in a Peritia case", "type": "string"},
        ],
        "concept": [
            {"code": one.code, "display": one.display, "definition": one.definition,
             "property": [{"code": "family", "valueCode": one.family}, {"code": "word", "valueString": one.value}]}
            for one in concepts().values()
        ],
    }  # fmt: skip


def write_json() -> None:
    """Write the packaged JSON, after the words of the case have changed."""
    JSON_FILE.write_bytes(orjson.dumps(code_system(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
