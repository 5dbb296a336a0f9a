"""What a Condition is: the primary, secondary disease, an illness, obstruction, ascites; else it is listed."""

from __future__ import annotations

from typing import Any

from peritia.case.condition import Symptoms
from peritia.fhir.ascites import read_ascites_condition
from peritia.fhir.codesystem import PsmConcept
from peritia.fhir.draft import Draft, extension, shown, word_of
from peritia.fhir.histology import MORPHOLOGY
from peritia.fhir.illness import presence_of, read_illness
from peritia.fhir.primary import by_site, claims, keep_primary
from peritia.fhir.resources import Condition

_NOT_READ = "not a condition that Peritia reads"


def read_condition(draft: Draft, resource: Condition) -> None:
    """One Condition, by what its code means."""
    if word_of(resource.verificationStatus) == "entered-in-error":
        draft.note(shown(resource.code), "entered in error")
        return
    found = draft.meaning(resource.code)
    if found is None:
        _uncoded(draft, resource)
    elif found.family == "metastasis" or found.family == "secondary":
        draft.secondaries.append((draft.where, resource, found.value))
    elif found.family == "primary":
        keep_primary(draft, resource, found)
    elif found.family == "illness":
        read_illness(draft, resource, found.value)
    else:
        _special(draft, resource, found)


def _uncoded(draft: Draft, resource: Condition) -> None:
    """A code that the table does not have: still a cancer, if the profile, ICD-10 or a stated morphology says so."""
    if claims(resource.meta, "mcode-secondary-cancer-condition"):
        draft.secondaries.append((draft.where, resource, "unspecified"))
    elif (
        claims(resource.meta, "mcode-primary-cancer-condition")
        or by_site(resource.code)
        or extension(resource.extension, MORPHOLOGY) is not None
    ):
        keep_primary(draft, resource, None)
    else:
        draft.note(shown(resource.code), _NOT_READ)


def _special(draft: Draft, resource: Condition, found: PsmConcept) -> None:
    if found.code in ("malignant-ascites", "ascites-unspecified"):
        read_ascites_condition(draft, resource, found.code)
    elif found.code.startswith("bowel-obstruction-"):
        _obstruction(draft, resource, found.code.removeprefix("bowel-obstruction-"))
    elif found.family == "histology":
        _by_morphology(draft, resource, found.value)
    elif found.code == "mesothelioma-unspecified":
        keep_primary(draft, resource, draft.lookup.codes["primary-mesothelium"])
    else:
        draft.note(shown(resource.code), _NOT_READ)


def _by_morphology(draft: Draft, resource: Condition, type_: str) -> None:
    """A code that says only what the tumour is; the body site says where."""
    if claims(resource.meta, "mcode-secondary-cancer-condition"):
        draft.secondaries.append((draft.where, resource, "unspecified"))
    else:
        draft.histology.append((None, {"type": type_, "document": draft.where}))
        keep_primary(draft, resource, None)


def _obstruction(draft: Draft, resource: Condition, grade: Any) -> None:
    presence = presence_of(draft, resource)
    if presence == "present":
        on = draft.onset(resource) or draft.day(resource.recordedDate, "recordedDate")
        draft.symptoms.append(Symptoms(on=on, bowel_obstruction=grade, document=draft.where))
    elif presence is not None:
        draft.note(shown(resource.code), f"{presence}: one kind of obstruction says nothing of the other")
