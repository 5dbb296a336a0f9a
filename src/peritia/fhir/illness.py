"""Other illnesses: present, explicitly absent, or not known. A refuted Condition says absent; one that was never sent says nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from peritia.case.condition import Illness
from peritia.fhir.draft import MCODE, Draft, shown, word_of
from peritia.fhir.resources import Condition, Observation
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, concept, status_of

_NOW = frozenset({None, "active", "recurrence", "relapse"})


def presence_of(draft: Draft, resource: Condition) -> str | None:
    """Whether a Condition says ``present``, ``absent`` or ``resolved``; None, and listed, when it is not established."""
    verification = word_of(resource.verificationStatus)
    if verification == "refuted":
        return "absent"
    if verification is not None and verification != "confirmed":
        draft.note(shown(resource.code), f"its verification status is {verification}: not established, so not used")
        return None
    return "present" if word_of(resource.clinicalStatus) in _NOW else "resolved"


def read_illness(draft: Draft, resource: Condition, word: Any) -> None:
    """A Condition that is one of the illnesses that matter here."""
    presence = presence_of(draft, resource)
    if presence is None:
        return
    onset, recorded = draft.onset(resource), draft.day(resource.recordedDate, "recordedDate")
    if presence == "absent":
        _append(draft, word, presence, recorded or onset)
    elif word == "myocardial-infarction":  # it stays in the history once it has healed, and counts from the day it happened
        _append(draft, word, "present", onset)
    elif presence == "present":
        _append(draft, word, presence, onset or recorded)
    elif (ended := draft.day(resource.abatementDateTime, "abatement")) is None:
        draft.note(shown(resource.code), "no longer active, but not since when, so not used")
    else:
        if onset is not None:
            _append(draft, word, "present", onset)
        _append(draft, word, "absent", ended)


def _append(draft: Draft, word: Any, presence: Any, on: date | None) -> None:
    draft.illnesses.append(Illness(name=word, presence=presence, on=on, document=draft.where))


def stated_presence(draft: Draft, resource: Observation, what: str) -> str | None:
    """The presence that an Observation states, by code or yes and no."""
    presence = draft.answer(resource.valueCodeableConcept, "presence")
    if presence is None and resource.valueBoolean is not None:
        presence = "present" if resource.valueBoolean else "absent"
    if presence is None and resource.dataAbsentReason is None:
        draft.note(what, "its value is not present, absent or not staged")
    return presence


def read_stated_illness(draft: Draft, resource: Observation, word: str) -> None:
    """An Observation that says of an illness whether it is there."""
    presence = stated_presence(draft, resource, word)
    if presence is not None:
        _append(draft, word, presence, draft.observed(resource))


def read_comorbidities(draft: Draft, resource: Observation, word: str) -> None:
    """mCODE comorbidities: conditions present and conditions explicitly absent. A condition in the bundle is read on its own."""
    on = draft.observed(resource)
    for one in resource.extension:
        if one.url == MCODE + "mcode-related-condition-absent":
            _stated(draft, one.valueCodeableConcept, "absent", on)
        elif one.url == MCODE + "mcode-related-condition":
            if one.valueReference is None:
                _stated(draft, one.valueCodeableConcept, "present", on)
            elif draft.resolve(one.valueReference) is None:
                draft.note("related condition", "the condition referred to is not in the bundle")
    if resource.valueQuantity is not None or resource.valueInteger is not None:
        draft.note("comorbidity index", "a summed index does not say which illness is present")


def _stated(draft: Draft, said: Concept | None, presence: str, on: date | None) -> None:
    found = draft.meaning(said)
    if found is None or found.family != "illness":
        draft.note(f"comorbidity {presence}: {shown(said)}", "not one of the illnesses that Peritia reads")
    else:
        _append(draft, found.value, presence, on)


READ = {"comorbidities": read_comorbidities}
READ_FAMILY = {"illness": read_stated_illness}


def write_illness(illness: Illness, out: Written) -> None:
    """A Condition, confirmed or refuted; not examined is an Observation."""
    code = f"illness-{illness.name}"
    if illness.presence == "not-staged":
        out.observe(code, illness.on, {"valueCodeableConcept": concept("presence-not-staged")})
        return
    present = illness.presence == "present"
    resource: dict[str, Any] = {"verificationStatus": status_of("condition-ver-status", "confirmed" if present else "refuted")}
    if present:
        resource["clinicalStatus"] = status_of("condition-clinical", "active")
    resource["code"] = concept(code)
    if illness.on is not None:
        resource["onsetDateTime" if present else "recordedDate"] = illness.on.isoformat()
    out.add("Condition", resource, name=code)
