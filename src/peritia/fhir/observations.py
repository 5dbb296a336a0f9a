"""What an Observation is: one look-up by (system, code) finds its handler."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from peritia.fhir import (
    allergy,
    ascites,
    genes,
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
    regression,
    spread,
    stage,
)
from peritia.fhir.codes import Key, Lookup
from peritia.fhir.draft import Draft, shown
from peritia.fhir.envelope import double_values
from peritia.fhir.panel import Fields, Panel, put, read_components
from peritia.fhir.resources import Observation
from peritia.fhir.wire import EMPTY

Handler = Callable[[Draft, Observation, str], None]
_FINAL = frozenset({"final", "amended", "corrected"})
_MODIFIERS = attrgetter("modifierExtension")
_NOUNS: dict[str, tuple[Panel, Any]] = {**performance.PANELS, **ascites.PANELS}
_LISTS = {"performance": "performance", "heart": "heart", "symptoms": "symptoms", "peritoneal-cytology": "cytology", "ascites": "ascites"}


class Observations:
    """Reads Observations with one table of codes."""

    def __init__(self, lookup: Lookup) -> None:
        by_code, by_family = _by_code(), _by_family()
        self._by_code: dict[str, tuple[Handler, str]] = {}
        for code, concept in lookup.codes.items():
            handler = by_code.get(code) or by_family.get(concept.family)
            if handler is not None:
                self._by_code[code] = (handler, concept.value)
        self._by_key: dict[Key, tuple[Handler, str]] = {
            key: self._by_code[concept.code] for key, concept in lookup.exact.items() if concept.code in self._by_code
        }

    def read(self, draft: Draft, resource: Observation) -> None:
        """One Observation: final, about the patient or the cancer, with one value, of a known code; else it is listed."""
        status = resource.status
        if status != "final" and status not in _FINAL:
            draft.note(shown(resource.code), "entered in error" if status == "entered-in-error" else f"status {status}: not a final result")
            return
        code = resource.code
        if code is None:
            draft.note("Observation", "without a code")
            return
        if len(code.coding) == 1:
            coding = code.coding[0]
            found = self._by_key.get((coding.system, coding.code))
        else:
            concept = draft.meaning(code)
            found = self._by_code.get(concept.code) if concept is not None else None
        if found is None:
            draft.note(shown(code), "not an observation that Peritia reads")
        elif resource.focus and not _about_the_cancer(draft, resource):
            draft.note(shown(code), "it is about something else than the patient or the cancer")
        elif resource.component and _modified(resource):
            draft.note(shown(code), "a component carries modifiers that change its meaning and are not understood")
        elif _several_values(resource):
            message = f"{' and '.join(double_values(resource))}: an Observation has one value"
            draft.refuse("value[x]", message, "send two Observations")
        else:
            found[0](draft, resource, found[1])


def _several_values(resource: Observation) -> bool:
    """Whether more than one value[x] stands there. Most have an amount or a code; those are asked first."""
    amount, word, number = resource.valueQuantity, resource.valueCodeableConcept, resource.valueInteger
    if amount is not None:
        if word is not None or number is not None:
            return True
    elif word is not None:
        if number is not None:
            return True
    elif number is None:
        return len(double_values(resource)) > 1
    return not (
        resource.valueBoolean is None
        and resource.valueString is None
        and resource.valueDateTime is None
        and resource.valueRange is EMPTY
        and resource.valueRatio is EMPTY
        and resource.valuePeriod is EMPTY
        and resource.valueSampledData is EMPTY
        and resource.valueTime is EMPTY
    )


def _modified(resource: Observation) -> bool:
    """Whether a component carries modifiers."""
    return any(map(len, map(_MODIFIERS, resource.component)))


def _about_the_cancer(draft: Draft, resource: Observation) -> bool:
    """Whether every focus is a condition or a tumour."""
    return all((draft.resolve(one) or one.reference or "").startswith(("Condition/", "BodyStructure/")) for one in resource.focus)


# the table of handlers


def _by_code() -> dict[str, Handler]:
    found: dict[str, Handler] = {}
    for noun in (
        identity,
        illness,
        primary,
        stage,
        histology,
        spread,
        genes,
        molecular,
        peritoneum,
        ascites,
        regression,
        operations,
        plans,
        prediction,
    ):
        found |= noun.READ
    for panel, noun in _NOUNS.values():
        kind = _LISTS[panel.code]
        found.setdefault(panel.code, _panel_handler(panel, noun, kind))
        for item in panel.items:
            found.setdefault(item, _item_handler(panel, noun, kind))
    return found


def _by_family() -> dict[str, Handler]:
    found: dict[str, Handler] = {"text": _read_text}
    for noun in (laboratory, illness, allergy, molecular, spread, plans):
        found |= noun.READ_FAMILY
    return found


def _panel_handler(of: Panel, noun: Any, kind: str) -> Handler:
    def read(draft: Draft, resource: Observation, word: str) -> None:
        fields = read_components(draft, resource, of)
        getattr(draft, kind).append(noun(on=draft.observed(resource), document=draft.where, **fields))

    return read


def _item_handler(of: Panel, noun: Any, kind: str) -> Handler:
    def read(draft: Draft, resource: Observation, word: str) -> None:
        fields: Fields = {}
        put(draft, fields, of.items[word], resource)
        if fields:
            getattr(draft, kind).append(noun(on=draft.observed(resource), document=draft.where, **fields))

    return read


def finish_loose(draft: Draft) -> None:
    """Build the scorings and sessions whose items came one by one."""
    for (code, method, on), fields in draft.loose.items():
        if code == peritoneum.ASSESSMENT.code:
            peritoneum.finish_loose(draft, method, on, fields)
        else:
            regression.finish_loose_grades(draft, on, fields)


def _read_text(draft: Draft, resource: Observation, word: str) -> None:
    if resource.valueString is not None:
        draft.texts[word.removeprefix("case-")] = resource.valueString
