"""Disease beyond the primary: secondary conditions, history of metastases, disease status."""

from __future__ import annotations

from datetime import date
from typing import Any

from peritia.case.disease import DiseaseStatus, ExtraperitonealFinding
from peritia.fhir.codesystem import PSM
from peritia.fhir.draft import MCODE, Draft, extension, shown
from peritia.fhir.illness import presence_of, stated_presence
from peritia.fhir.resources import Condition, Observation
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, coded, concept, own_extensions, public_coding, status_of

EVIDENCE = MCODE + "mcode-cancer-disease-status-evidence-type"
_EVIDENCE_CODES = {"imaging": "evidence-imaging", "marker": "evidence-marker", "biopsy": "evidence-biopsy", "clinical": "evidence-clinical"}
_SITE_OF_BODY = {
    "body-liver": "liver", "body-lung": "lung", "body-pleura": "pleura", "body-bone": "bone", "body-brain": "brain",
    "body-peritoneum": "peritoneum", "body-retroperitoneal-nodes": "retroperitoneal-nodes", "body-abdominal-wall": "abdominal-wall",
}  # fmt: skip
_NOTHING: dict[str, Any] = {}
_WHY_NOT_USED = {
    "retroperitoneum": "the retroperitoneum is neither peritoneum nor one of the sites outside it",
    "regional-or-retroperitoneal-nodes": "these nodes may be regional or retroperitoneal; a body site or a more exact code would tell",
    "unspecified-nodes": "the code does not say which nodes",
    "ovary": "ovarian metastases are not counted as disease outside the peritoneum",
    "bowel": "the code does not say whether the bowel is seeded from its peritoneal side",
    "unspecified": "the code does not say where",
}


# secondary conditions


def secondaries(draft: Draft, primary_site: str | None) -> None:
    """Turn every secondary condition that was kept into a finding, once the primary is known."""
    for where, resource, site in draft.secondaries:
        draft.where = where
        if isinstance(resource, Observation):
            presence = stated_presence(draft, resource, f"disease of {site}")
            if presence is not None:
                _append(draft, resource, site, presence, draft.observed(resource))
        elif (presence := presence_of(draft, resource)) is not None:
            _finding(draft, resource, _site(draft, resource, site, primary_site), presence)


def _site(draft: Draft, resource: Condition, site: str, primary_site: str | None) -> str:
    """The site, made more exact by the body site where the code leaves it open."""
    if site in ("unspecified", "unspecified-nodes", "regional-or-retroperitoneal-nodes", "other"):
        for one in resource.bodySite:
            found = draft.meaning(Concept(one.coding, one.text))
            if found is not None and found.code in _SITE_OF_BODY:
                return _SITE_OF_BODY[found.code]
    if site == "axillary-nodes":
        return "unspecified-nodes" if primary_site == "breast" else "distant-nodes"
    return site


def _finding(draft: Draft, resource: Condition, site: str, presence: str) -> None:
    onset = draft.onset(resource)
    recorded = draft.day(resource.recordedDate, "recordedDate") if resource.recordedDate is not None else None
    if presence == "resolved":
        ended = draft.day(resource.abatementDateTime, "abatement")
        if ended is None:
            draft.note(shown(resource.code), "no longer active, but not since when, so not used")
            return
        if onset is not None:
            _state(draft, resource, site, "present", onset)
        _state(draft, resource, site, "absent", ended)
    else:
        _state(draft, resource, site, presence, (onset or recorded) if presence == "present" else (recorded or onset))


def _state(draft: Draft, resource: Condition | Observation, site: Any, presence: Any, on: date | None) -> None:
    if site == "peritoneum":
        draft.status.append(DiseaseStatus(status="undetermined", on=on, peritoneal=presence, document=draft.where))
    elif site == "regional-or-retroperitoneal-nodes" and presence == "absent":
        _append(
            draft, resource, "retroperitoneal-nodes", presence, on
        )  # no intra-abdominal node at all: none in the retroperitoneum either
    elif site in _WHY_NOT_USED:
        draft.note(shown(resource.code), _WHY_NOT_USED[site])
    elif site == "other" and presence == "absent":
        draft.note(shown(resource.code), "one other site is free of disease; that says nothing of the rest")
    else:
        _append(draft, resource, site, presence, on)


def _append(draft: Draft, resource: Condition | Observation, site: Any, presence: Any, on: date | None) -> None:
    known = _details(resource) if resource.extension else _NOTHING
    draft.extraperitoneal.append(ExtraperitonealFinding(site=site, presence=presence, on=on, document=draft.where, **known))


def _details(resource: Condition | Observation) -> dict[str, Any]:
    """What our extensions add to a metastasis."""
    known: dict[str, Any] = {}
    for code, element in (("lesions", "valueInteger"), ("resectable", "valueBoolean"), ("irradiable", "valueBoolean")):
        found = extension(resource.extension, f"{PSM}:{code}")
        known[code] = getattr(found, element) if found is not None else None
    return known


# observations


def keep_stated_site(draft: Draft, resource: Observation, site: str) -> None:
    """An Observation that says of a site whether disease is there; kept with the secondary conditions, so that the order stays."""
    draft.secondaries.append((draft.where, resource, site))


def read_metastatic_history(draft: Draft, resource: Observation, word: str) -> None:
    """mCODE history of metastatic cancer: only its denial says something of now."""
    on = draft.observed(resource)
    if resource.valueBoolean is not False:
        draft.note("history of metastatic cancer", "it tells of the past; a secondary condition would tell of now")
    elif on is None:
        draft.note("no history of metastatic cancer", "without a date it cannot be told whether it still holds")
    elif word == "metastatic-history-liver":
        draft.extraperitoneal.append(ExtraperitonealFinding(site="liver", presence="absent", on=on, document=draft.where))
    else:
        draft.status.append(DiseaseStatus(status="undetermined", on=on, peritoneal="absent", distant="absent", document=draft.where))


def read_status(draft: Draft, resource: Observation, word: str) -> None:
    """mCODE disease status, with what we add: peritoneal, distant, and other evidence."""
    if _of_one_metastasis(draft, resource):
        draft.note("disease status", "it is about one metastasis, not about the disease as a whole")
        return
    found = draft.meaning(resource.valueCodeableConcept)
    status: Any = found.value if found is not None and found.family == "status" else None
    known: dict[str, Any] = {}
    for component in resource.component:
        meaning = draft.meaning(component.code)
        if meaning is not None and meaning.code in ("peritoneal", "distant"):
            known[meaning.code] = draft.answer(component.valueCodeableConcept, "presence")
        elif meaning is not None and meaning.code == "status-evidence":
            known["evidence"] = draft.answer(component.valueCodeableConcept, "evidence")
        else:
            draft.note(f"component {shown(component.code)}", "not a part of the disease status")
    if found is not None and found.code == "distant":  # the trend value 'distant metastasis present'
        status, known["distant"] = "undetermined", "present"
    if status is None:
        if resource.dataAbsentReason is None:
            draft.note(f"disease status {shown(resource.valueCodeableConcept)}", "not a status that Peritia reads")
        return
    shown_by = extension(resource.extension, EVIDENCE)
    if shown_by is not None and "evidence" not in known:
        known["evidence"] = draft.answer(shown_by.valueCodeableConcept, "evidence")
    draft.status.append(DiseaseStatus(status=status, on=draft.observed(resource), document=draft.where, **known))


def _of_one_metastasis(draft: Draft, resource: Observation) -> bool:
    for where in draft.resolved(resource.focus):
        target = draft.index[where]
        meaning = draft.meaning(target.code) if isinstance(target, Condition) else None
        if meaning is not None and meaning.family in ("metastasis", "secondary"):
            return True
    return False


READ = {
    "disease-status": read_status,
    "metastatic-history": read_metastatic_history,
    "metastatic-history-liver": read_metastatic_history,
}
READ_FAMILY = {"metastasis": keep_stated_site}


# writing


def write_finding(finding: ExtraperitonealFinding, primary_reference: str, out: Written) -> None:
    """A secondary condition, confirmed or refuted; a site that was not staged is an Observation."""
    code = f"metastasis-{finding.site}"
    more = own_extensions(
        [
            ("lesions", "valueInteger", finding.lesions),
            ("resectable", "valueBoolean", finding.resectable),
            ("irradiable", "valueBoolean", finding.irradiable),
        ]
    )
    if finding.presence == "not-staged" or (finding.site == "other" and finding.presence == "absent"):
        value = {"valueCodeableConcept": concept(f"presence-{finding.presence}"), **({"extension": more} if more else {})}
        out.observe(code, finding.on, value, coding=coded(code))
        return
    present = finding.presence == "present"
    related = {"url": "http://hl7.org/fhir/StructureDefinition/condition-related", "valueReference": {"reference": primary_reference}}
    resource: dict[str, Any] = {
        "extension": [related, *more],
        **({"clinicalStatus": status_of("condition-clinical", "active")} if present else {}),
        "verificationStatus": status_of("condition-ver-status", "confirmed" if present else "refuted"),
        "code": coded(code, *public_coding(code)),
    }
    if finding.on is not None:
        resource["onsetDateTime" if present else "recordedDate"] = finding.on.isoformat()
    out.add("Condition", resource, profile="mcode-secondary-cancer-condition", name=f"secondary-{finding.site}")


def write_status(status: DiseaseStatus, out: Written, reference: str) -> None:
    """A disease status; what mCODE has no word for stands in components."""
    components = [
        {"code": coded(part), "valueCodeableConcept": coded(f"presence-{value}")}
        for part, value in (("peritoneal", status.peritoneal), ("distant", status.distant))
        if value is not None
    ]
    value: dict[str, Any] = {
        "valueCodeableConcept": concept(f"status-{status.status}"),
        "focus": [{"reference": reference}],
    }
    if status.evidence in _EVIDENCE_CODES:
        value["extension"] = [{"url": EVIDENCE, "valueCodeableConcept": concept(_EVIDENCE_CODES[status.evidence])}]
    elif status.evidence is not None:
        components.append({"code": coded("status-evidence"), "valueCodeableConcept": coded(f"evidence-{status.evidence}")})
    if components:
        value["component"] = components
    out.observe("disease-status", status.on, value, profile="" if components else "mcode-cancer-disease-status")
