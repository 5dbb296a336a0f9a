"""Molecular markers that are one Observation each, and the writing of every molecular finding."""

from __future__ import annotations

from typing import Any

from peritia.case.disease import MolecularFinding
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import ABSENT, Draft, shown, unit_of
from peritia.fhir.genes import GENES, PRESENT, append, short_change
from peritia.fhir.resources import Observation
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, coded, concept

_YES_NO = {"mmr": ("deficient", "proficient"), "gene": ("mutated", "wild-type"), "": ("positive", "negative")}
_TMB_UNITS = (None, "", "1", "{mutations}/Mb", "mutations/Mb", "{mut}/Mb", "mut/Mb", "1/{Mb}", "/Mb", "1/1000000")
_UNITS = {"tmb": _TMB_UNITS, "pd-l1-cps": (None, "", "1", "{score}")}
_OTHER_UNITS = (None, "", "1", "%", "{score}")


def read_marker(draft: Draft, resource: Observation, marker: str) -> None:
    """A marker with a result, a measured value, or both."""
    kind = "gene" if marker in GENES else marker if marker == "mmr" else ""
    known: dict[str, Any] = {"tested": True}
    _read_parts(draft, resource, known)
    said = resource.valueCodeableConcept
    if said is not None:
        known["result"] = _result(draft, said, kind)
    elif resource.valueBoolean is not None:
        known["result"] = _YES_NO[kind][not resource.valueBoolean]
    if known.get("result") is None and kind == "gene":
        text = resource.valueString or (
            said.text or next((one.display for one in said.coding if one.display), "") if said is not None else ""
        )
        change = short_change(text)
        if change is not None:
            known |= {"result": "mutated", "variant": change}
    amount = resource.valueQuantity
    if amount is not None and amount.comparator is None and unit_of(amount) in _UNITS.get(marker, _OTHER_UNITS):
        known["value"] = amount.value
    reason = resource.dataAbsentReason
    if reason is not None and any(one.code == "not-performed" for one in reason.coding):
        known["tested"] = False
    elif reason is None and known.get("result") is None and known.get("value") is None:
        draft.note(f"{marker}: {shown(said)}", "its value is not a result that Peritia reads")
    append(draft, resource, marker, **known)


def _read_parts(draft: Draft, resource: Observation, known: dict[str, Any]) -> None:
    for component in resource.component:
        meaning = draft.meaning(component.code)
        code = meaning.code if meaning is not None else ""
        if code == "variant-name":
            known["variant"] = component.valueString
        elif code == "marker-value" and component.valueQuantity is not None:
            known["value"] = component.valueQuantity.value
        elif code == "tested":
            known["tested"] = component.valueBoolean
        else:
            draft.note(f"component {shown(component.code)}", "not a part of a marker that Peritia reads")


def _result(draft: Draft, said: Concept, kind: str) -> str | None:
    """The result in the word of the case: our own coding as it stands; present and positive by what the marker is."""
    meaning = draft.meaning(said)
    if meaning is None:
        return None
    if meaning.family == "result" and any(coding.system == PSM for coding in said.coding):
        return meaning.value
    yes = PRESENT.get(meaning.code)
    if yes is not None:
        return _YES_NO[kind][not yes]
    return meaning.value if meaning.family == "result" else None


def _read_both_ras(draft: Draft, resource: Observation, word: str) -> None:
    """KRAS and NRAS reported together: only 'no mutation' speaks for each of them."""
    said = resource.valueCodeableConcept
    wild = said is not None and _result(draft, said, "gene") == "wild-type"
    for gene in ("kras", "nras"):
        append(draft, resource, gene, tested=True, result="wild-type" if wild else None)
    if not wild and resource.dataAbsentReason is None:
        draft.note("KRAS and NRAS together", "a mutation of one of two genes; which one is not said in a code")


def _read_v600e_protein(draft: Draft, resource: Observation, word: str) -> None:
    """BRAF V600E by immune stain: present is a mutation, absent leaves other variants open."""
    said = resource.valueCodeableConcept
    if said is not None and _result(draft, said, "gene") == "mutated":
        append(draft, resource, "braf", tested=True, result="mutated", variant="V600E")
        return
    append(draft, resource, "braf", tested=True)
    if resource.dataAbsentReason is None:
        draft.note("BRAF V600E protein", "V600E not found; other variants of the gene are not excluded")


READ = {"ras-both": _read_both_ras, "braf-v600e-protein": _read_v600e_protein}
READ_FAMILY = {"marker": read_marker}


def write_finding(one: MolecularFinding, out: Written) -> None:
    """A gene with a result is an mCODE variant, present or absent; everything else is a marker with its value."""
    if one.marker in GENES and one.tested is True and one.result == "mutated":
        _write_variant(one, "presence-present", out)
    elif one.marker in GENES and one.tested is True and one.result == "wild-type":
        _write_variant(one, "presence-absent", out)
    else:
        _write_marker(one, out)


def _more(one: MolecularFinding) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = []
    if one.variant is not None:
        components.append({"code": coded("variant-name"), "valueString": one.variant})
    if one.value is not None:
        components.append({"code": coded("marker-value"), "valueQuantity": {"value": one.value}})
    return components


def _write_variant(one: MolecularFinding, presence: str, out: Written) -> None:
    components: list[dict[str, Any]] = [
        {"code": concept("gene"), "valueCodeableConcept": {"coding": concept(f"marker-{one.marker}")["coding"][1:]}}
    ]
    if one.variant is not None and short_change(f"p.{one.variant}") is not None:
        components.append({"code": concept("protein-change"), "valueCodeableConcept": {"text": f"p.{one.variant}"}})
    value = {"valueCodeableConcept": concept(presence), "component": [*components, *_more(one)]}
    out.observe("variant", one.on, value, category="laboratory", profile="mcode-genomic-variant")


def _write_marker(one: MolecularFinding, out: Written) -> None:
    value: dict[str, Any] = {}
    components = _more(one)
    if one.result is not None:
        value["valueCodeableConcept"] = concept(f"result-{one.result}")
    else:
        value["dataAbsentReason"] = _absent("not-performed" if one.tested is False else "unknown")
    if one.tested is not True:
        tested = {"valueBoolean": one.tested} if one.tested is not None else {"dataAbsentReason": _absent("unknown")}
        components.append({"code": coded("tested"), **tested})
    if components:
        value["component"] = components
    out.observe(f"marker-{one.marker}", one.on, value, category="laboratory")


def _absent(why: str) -> dict[str, Any]:
    return {"coding": [{"system": ABSENT, "code": why}]}
