"""Hypersensitivity to a class of drugs, and what the patient accepts or refuses."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from peritia.case.condition import Allergy, Preference
from peritia.fhir.codes import allergy_classes, drug_named
from peritia.fhir.codesystem import PSM, PsmConcept
from peritia.fhir.draft import Draft, extension, shown, word_of
from peritia.fhir.resources import AllergyIntolerance, Observation
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, concept, own_extensions, status_of

_CLASSES = tuple(word for word in get_args(get_type_hints(Allergy)["substance"]) if word not in ("contrast", "other"))
_PRESENCE = {None: "present", "confirmed": "present", "refuted": "absent"}


def read_allergy(draft: Draft, resource: AllergyIntolerance) -> None:
    """Confirmed is present, refuted is absent, unconfirmed stays open. An intolerance is not a hypersensitivity."""
    verification = word_of(resource.verificationStatus)
    if verification == "entered-in-error":
        draft.note(f"allergy to {shown(resource.code)}", "entered in error")
        return
    found = draft.meaning(resource.code)
    if found is not None and found.family == "allergy-none":
        _none_known(draft, resource, verification)
        return
    substance, of_class = _substance(found, resource.code)
    if substance is None:
        draft.note(f"allergy to {shown(resource.code)}", "not a class of drugs that Peritia reads")
    elif resource.type == "intolerance":
        draft.note(f"intolerance of {shown(resource.code)}", "an intolerance is not a hypersensitivity")
    elif verification == "refuted" and not of_class:
        draft.note(f"refuted allergy to {shown(resource.code)}", "refuted for one drug; that does not exclude its class")
    else:
        _append(draft, resource, substance, _PRESENCE.get(verification, "not-staged"))


def _none_known(draft: Draft, resource: AllergyIntolerance, verification: str | None) -> None:
    """'No known allergy' is an explicit denial, for every class of drugs."""
    if verification not in (None, "confirmed"):
        draft.note(shown(resource.code), f"its verification status is {verification}: not established, so not used")
        return
    for word in _CLASSES:
        _append(draft, resource, word, "absent")


def _append(draft: Draft, resource: AllergyIntolerance, substance: Any, presence: Any) -> None:
    if presence == "present" and word_of(resource.clinicalStatus) in ("inactive", "resolved"):
        draft.note(f"allergy to {shown(resource.code)}", "recorded as no longer active; whether that is safe is for the team to say")
        presence = "not-staged"
    grade = extension(resource.extension, f"{PSM}:ctcae-grade")
    severities = sorted({one.severity for one in resource.reaction if one.severity is not None})
    if severities:
        draft.note(f"severity of reaction: {', '.join(severities)}", "a severity is not a CTCAE grade")
    draft.allergies.append(
        Allergy(
            substance=substance,
            presence=presence,
            grade=grade.valueInteger if grade is not None else None,
            on=draft.day(resource.onsetDateTime or resource.recordedDate, "recordedDate"),
            document=draft.where,
        )
    )


def _substance(found: PsmConcept | None, said: Concept | None) -> tuple[str | None, bool]:
    """The class, and whether the class itself was coded rather than one drug of it."""
    if found is not None and found.family == "allergy":
        return found.value, True
    drug = found.value if found is not None and found.family == "drug" else None
    if drug is None and said is not None:
        texts = [said.text, *(coding.display for coding in said.coding)]
        drug = next((named for text in texts if text and (named := drug_named(text)) is not None), None)
    return (allergy_classes().get(drug) if drug is not None else None), False


def read_preference(draft: Draft, resource: Observation, word: Any) -> None:
    """What the patient accepts or refuses."""
    choice: Any = draft.answer(resource.valueCodeableConcept, "choice")
    if choice is None:
        draft.note(f"preference about {word}", "its value is not accepts or refuses")
    else:
        draft.preferences.append(Preference(about=word, choice=choice, on=draft.observed(resource), document=draft.where))


READ_FAMILY = {"preference": read_preference}


def write_allergy(allergy: Allergy, out: Written) -> None:
    """An AllergyIntolerance: confirmed, refuted, or unconfirmed where it was not examined."""
    verification = {"present": "confirmed", "absent": "refuted", "not-staged": "unconfirmed"}[allergy.presence]
    more = own_extensions([("ctcae-grade", "valueInteger", allergy.grade)])
    resource: dict[str, Any] = {
        **({"extension": more} if more else {}),
        "clinicalStatus": status_of("allergyintolerance-clinical", "active"),
        "verificationStatus": status_of("allergyintolerance-verification", verification),
        "type": "allergy",
        "code": concept(f"allergy-{allergy.substance}"),
    }
    if allergy.on is not None:
        resource["recordedDate"] = allergy.on.isoformat()
    out.add("AllergyIntolerance", resource)


def write_preference(wish: Preference, out: Written) -> None:
    """What the patient accepts or refuses."""
    out.observe(f"preference-{wish.about}", wish.on, {"valueCodeableConcept": concept(f"choice-{wish.choice}")}, category="survey")
