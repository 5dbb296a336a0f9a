"""The primary tumour: which Condition it is, where it sits, what is known of it."""

from __future__ import annotations

from typing import Any

import msgspec

from peritia.case.condition import Illness
from peritia.case.disease import Primary
from peritia.errors import Problem
from peritia.fhir.codesystem import PsmConcept
from peritia.fhir.draft import MCODE, Draft, extension, shown, word_of
from peritia.fhir.histology import MORPHOLOGY, read_morphology
from peritia.fhir.panel import Item, panel, put, read_components
from peritia.fhir.resources import Condition, Observation
from peritia.fhir.stage import write_stage
from peritia.fhir.wire import EMPTY, Concept, Meta
from peritia.fhir.written import Written, concept, status_of, write_components

DETAILS = panel(
    "primary-details",
    Item(code="primary-status", field="status", shape="answer", family="primary-is"),
    Item(code="synchronous-peritoneal", field="synchronous_peritoneal", shape="boolean"),
    Item(code="primary-perforated", field="perforated", shape="boolean"),
    Item(code="primary-side", field="side", shape="answer", family="side"),
)
LATERALITY = MCODE + "mcode-laterality-qualifier"
_META = msgspec.json.Decoder(Meta)
_ICD = frozenset({"http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "http://fhir.de/CodeSystem/bfarm/icd-10-gm"})
_NO_LONGER = frozenset({"inactive", "remission", "resolved"})
_HOW = "a Condition with a primary cancer code (ICD-10-CM, SNOMED CT, ICD-O-3)"
_WHICH = "let the secondary conditions name theirs (condition-related), or send one patient and one cancer"
Candidate = tuple[str, Condition, PsmConcept | None]


def claims(meta: msgspec.Raw, profile: str) -> bool:
    """Whether a resource claims an mCODE profile."""
    return meta is not EMPTY and any(one.partition("|")[0] == MCODE + profile for one in _META.decode(meta).profile)


def by_site(code: Concept | None) -> bool:
    """Whether one of the codings is a malignant neoplasm of ICD-10, which tells the site."""
    return code is not None and any(one.system in _ICD and (one.code or "").startswith("C") for one in code.coding)


def keep_primary(draft: Draft, resource: Condition, found: PsmConcept | None) -> None:
    """Keep a Condition that may be the primary; refuted or not established ones are listed instead."""
    word = word_of(resource.verificationStatus)
    if word is None or word == "confirmed":
        draft.primaries.append((draft.where, resource, found))
    else:
        draft.note(shown(resource.code), f"a primary cancer that is {word}")


# which condition is the primary


def chosen(draft: Draft) -> Candidate | None:
    """The primary of this case; None if the bundle has none, or, with a problem, if it cannot be told which."""
    found = draft.primaries
    if len(found) > 1:
        found = _narrowed(draft, found)
    if not found:
        draft.note("primary cancer", f"none in this bundle, so its site stays unknown ({_HOW} would tell)", "Bundle")
        return None
    if len(found) > 1:
        where = ", ".join(one[0] for one in found)
        message = f"{len(found)} active primary cancers ({where}): it cannot be told which one this case is about"
        draft.problems.append(Problem("entry", None, message, _WHICH))
        return None
    for where, resource, _ in draft.primaries:
        if where != found[0][0]:
            _set_aside(draft, where, resource)
    return found[0]


def _narrowed(draft: Draft, found: list[Candidate]) -> list[Candidate]:
    """The one that secondary conditions point to, else the active ones; one tumour recorded twice counts once."""
    pointed = {one for _, resource, _ in draft.secondaries if isinstance(resource, Condition) for one in _points_to(draft, resource)}
    left = [one for one in found if one[0] in pointed] or [one for one in found if not _over(one[1])] or found
    sites = {one[2].value.partition("/")[0] if one[2] is not None else one[0] for one in left}
    return left[:1] if len(sites) == 1 else left


def _points_to(draft: Draft, resource: Condition) -> list[str]:
    related = next((one for one in resource.extension if one.url.endswith("condition-related")), None)
    found = draft.resolve(related.valueReference) if related is not None else None
    return [found] if found is not None else []


def _over(resource: Condition) -> bool:
    return word_of(resource.clinicalStatus) in _NO_LONGER


def _set_aside(draft: Draft, where: str, resource: Condition) -> None:
    """Another cancer than the one of this case."""
    draft.note(shown(resource.code), "another primary cancer than the one this case is about", where)
    if not _over(resource):
        draft.illnesses.append(Illness(name="other-active-cancer", presence="present", on=draft.onset(resource), document=where))


# what is known of it


def primary(draft: Draft) -> Primary | None:
    """The primary, once everything is read. None if it cannot be told which of several it is."""
    candidate = chosen(draft)
    if candidate is None:
        return None if draft.problems else Primary(**{field: value for field, value in draft.primary.items() if not field.startswith("_")})
    draft.where, resource, found = candidate
    said = found.value if found is not None and found.value != "other" else _site_of_body(draft, resource) or ("other" if found else "")
    if found is None and resource.code is not None and resource.code.coding:
        draft.note(shown(resource.code), f"the primary's code is not known; its site is read as “{said or 'unknown'}”")
    site, _, side = said.partition("/")
    known: dict[str, Any] = {
        "site": site or None,
        "side": side or None,
        "diagnosed_on": _diagnosed(draft, resource),
        "document": draft.where,
    }
    for one in resource.bodySite:
        laterality = extension(one.extension, LATERALITY)
        word = draft.answer(laterality.valueCodeableConcept, "side") if laterality is not None else None
        if word is not None and site == "colon":
            known["side"] = word
    read_morphology(draft, resource)
    known.update((field, value) for field, value in draft.primary.items() if not field.startswith("_"))
    return Primary(**known)


def _diagnosed(draft: Draft, resource: Condition) -> Any:
    onset = draft.onset(resource)
    if onset is None and resource.extension:
        asserted = next((one for one in resource.extension if one.url.endswith("condition-assertedDate")), None)
        return draft.day(asserted.valueDateTime, "assertedDate") if asserted is not None else None
    return onset


def _site_of_body(draft: Draft, resource: Condition) -> str:
    """The site from the body site, for a code that says only what the tumour is; empty if nothing says it.

    A code of a classification by site that the table does not have names another site than those that it has.
    """
    for one in resource.bodySite:
        found = draft.meaning(Concept(one.coding, one.text))
        if found is not None and found.family == "primary":
            return found.value
        organ = found.code.removeprefix("body-") if found is not None and found.family == "body-site" else ""
        if f"primary-{organ}" in draft.lookup.codes:
            return organ
    return "other" if by_site(resource.code) else ""


def _read_details(draft: Draft, resource: Observation, word: str) -> None:
    draft.primary.update(read_components(draft, resource, DETAILS))


def _read_detail(draft: Draft, resource: Observation, word: str) -> None:
    put(draft, draft.primary, DETAILS.items[word], resource)


READ = {DETAILS.code: _read_details, **dict.fromkeys(DETAILS.items, _read_detail)}


def write_primary(one: Primary, histology: str | None, out: Written) -> str:
    """The primary as an mCODE condition with its morphology, then stage and the rest as Observations. Its reference comes back."""
    code = f"primary-{one.site}" + (f"-{one.side}" if one.site == "colon" and one.side is not None else "")
    resource: dict[str, Any] = {
        "clinicalStatus": status_of("condition-clinical", "active"),
        "verificationStatus": status_of("condition-ver-status", "confirmed"),
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item"}]}],
        "code": concept(code) if one.site is not None else {"text": "Primary tumour, site not recorded"},
    }
    if histology is not None:
        resource["extension"] = [{"url": MORPHOLOGY, "valueCodeableConcept": concept(f"histology-{histology}")}]
    if one.diagnosed_on is not None:
        resource["onsetDateTime"] = one.diagnosed_on.isoformat()
    reference = out.add("Condition", resource, profile="mcode-primary-cancer-condition", name="primary-cancer")
    write_stage(one, out, reference)
    details = write_components(one, DETAILS)
    if details:
        out.observe(DETAILS.code, None, {"component": details, "focus": [{"reference": reference}]})
    return reference
