"""The peritoneum: thirteen regions scored on a day by one method. No public code has these."""

from __future__ import annotations

from datetime import date
from typing import Any

from peritia.case.peritoneum import REGIONS, PeritonealAssessment
from peritia.fhir.draft import Draft, shown
from peritia.fhir.panel import Fields, Item, loose_fields, panel, put
from peritia.fhir.resources import Observation, Valued
from peritia.fhir.written import Written, concept, write_components

ASSESSMENT = panel(
    "peritoneal-assessment",
    Item(code="pci-total", field="total", shape="integer", low=0, high=39),
    Item(code="confluent-small-bowel", field="confluent_small_bowel", shape="answer", family="presence"),
    Item(code="diffuse-mesentery", field="diffuse_mesentery", shape="answer", family="presence"),
    Item(code="complete-resection-expected", field="complete_resection_expected", shape="answer", family="resection"),
    Item(code="adhesions-prevent-access", field="adhesions_prevent_access", shape="boolean"),
)
_LESION_SIZES = range(4)
_NO_METHOD = "it does not say by which method (ct, mri, pet-ct, laparoscopy, laparotomy)"
_REGION_OF = {f"pci-region-{number}": number for number in range(len(REGIONS))}


def read_assessment(draft: Draft, resource: Observation, word: str) -> None:
    """One scoring of the peritoneum: total, regions, what the surgeon expects."""
    method = draft.answer(resource.method, "method")
    if method is None:
        draft.note("peritoneal assessment", _NO_METHOD)
        return
    fields: Fields = {}
    regions: dict[int, int] = {}
    meaning, items = draft.meaning, ASSESSMENT.items
    for component in resource.component:
        found = meaning(component.code)
        code = found.code if found is not None else ""
        region = _REGION_OF.get(code)
        if region is not None:
            size = component.valueInteger
            if size is None or size not in _LESION_SIZES:
                _note_region(draft, component, code)
            elif regions.setdefault(region, size) != size:
                draft.note(code, "two different scores of one region, so neither is used")
                regions[region] = -1
        elif code in items:
            put(draft, fields, items[code], component)
        else:
            draft.note(f"component {shown(component.code)}", "not an item of a peritoneal assessment")
    _append(draft, method, draft.observed(resource), regions, fields)


def _note_region(draft: Draft, component: Valued | Observation, code: str) -> None:
    if component.dataAbsentReason is None or component.valueInteger is not None:
        draft.note(code, "a lesion size score is a whole number from 0 to 3")


def _append(draft: Draft, method: Any, on: date | None, regions: dict[int, int], fields: Fields) -> None:
    scored = {region: size for region, size in regions.items() if size >= 0} if -1 in regions.values() else regions
    draft.peritoneum.append(PeritonealAssessment(method=method, on=on, regions=scored, document=draft.where, **fields))


def read_loose_region(draft: Draft, resource: Observation, word: str) -> None:
    """A region as an Observation of its own; it joins the scoring of its day and method."""
    size = resource.valueInteger
    if size is None or size not in _LESION_SIZES:
        _note_region(draft, resource, word)
        return
    fields = _loose(draft, resource)
    if fields is not None and fields.setdefault("regions", {}).setdefault(_REGION_OF[word], size) != size:
        draft.note(word, "two different scores of one region, so neither is used")
        fields["regions"][_REGION_OF[word]] = -1


def _read_loose_item(draft: Draft, resource: Observation, word: str) -> None:
    """Another item of a scoring as an Observation of its own."""
    fields = _loose(draft, resource)
    if fields is not None:
        put(draft, fields, ASSESSMENT.items[word], resource)


def _loose(draft: Draft, resource: Observation) -> Fields | None:
    """The fields that loose items of one method and day are put into."""
    method = draft.answer(resource.method, "method")
    if method is None:
        draft.note("peritoneal assessment", _NO_METHOD)
        return None
    return loose_fields(draft, resource, ASSESSMENT.code, method)


def finish_loose(draft: Draft, method: str | None, on: date | None, fields: Fields) -> None:
    """The scoring that loose items make together."""
    draft.where = fields.pop("document")
    _append(draft, method, on, fields.pop("regions", {}), fields)


READ = {
    ASSESSMENT.code: read_assessment,
    **dict.fromkeys(ASSESSMENT.items, _read_loose_item),
    **dict.fromkeys(_REGION_OF, read_loose_region),
}


def write_assessment(one: PeritonealAssessment, out: Written) -> None:
    """One scoring as one Observation, a component for each item and region."""
    regions = [{"code": concept(f"pci-region-{region}"), "valueInteger": size} for region, size in sorted(one.regions.items())]
    value: dict[str, Any] = {"method": concept(f"method-{one.method}"), "component": write_components(one, ASSESSMENT) + regions}
    out.observe(ASSESSMENT.code, one.on, value, category="procedure" if one.method.startswith("lapar") else "imaging")
