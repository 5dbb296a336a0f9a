"""Operations and sessions: cytoreduction with or without HIPEC, PIPAC. What was found there comes as an Observation that is part of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from peritia.case.treatment import Cytoreduction, Dose, PipacSession
from peritia.fhir.administration import Given, write_dose
from peritia.fhir.draft import Draft
from peritia.fhir.panel import Fields, Item, Panel, panel, put, read_components
from peritia.fhir.resources import Observation, Procedure
from peritia.fhir.written import Written, coded, public_coding, unknown_time, write_components

_CLAVIEN = Item(code="clavien-dindo", field="clavien_dindo", shape="answer", family="clavien")
OPERATION = panel(
    "operation",
    Item(code="index-pci", field="pci", shape="integer", low=0, high=39),
    Item(code="cc-score", field="cc", shape="answer", family="cc"),
    Item(code="residual", field="residual_mm", shape="decimal", unit="mm"),
    Item(code="hipec-minutes", field="hipec_minutes", shape="decimal", unit="min"),
    Item(code="hipec-temperature", field="hipec_temperature_c", shape="decimal", unit="Cel"),
    _CLAVIEN,
)
SESSION = panel("operation", Item(code="electrostatic", field="electrostatic", shape="boolean"), _CLAVIEN)
EITHER = panel("operation", *OPERATION.items.values(), SESSION.items["electrostatic"])
_DONE = {"completed": True, "stopped": False}
_GIVEN = {"completed": True, "in-progress": True, "not-done": False}
_ENTERED = frozenset({"completed", "in-progress"})
Kept = tuple[str, Procedure, str]


# findings


def _read_operation(draft: Draft, resource: Observation, word: str) -> None:
    _keep(draft, resource, read_components(draft, resource, EITHER))


def _read_item(draft: Draft, resource: Observation, word: str) -> None:
    fields: Fields = {}
    put(draft, fields, EITHER.items[word], resource)
    _keep(draft, resource, fields)


def _keep(draft: Draft, resource: Observation, fields: Fields) -> None:
    """Keep what was found for its operation: by partOf, else by the day."""
    keys: list[str | date] = [*draft.resolved(resource.partOf)]
    if not keys and (day := draft.observed(resource)) is not None:
        keys.append(day)
    if not keys:
        draft.note("findings of an operation", "it does not say which operation")
    for key in keys:
        draft.operations.setdefault(key, {"document": draft.where}).update(fields)


READ = {OPERATION.code: _read_operation, **dict.fromkeys(EITHER.items, _read_item)}


def _findings(draft: Draft, where: str, on: date | None, of: Panel) -> Fields:
    """What Observations said of an operation, by reference or by day; each is used once."""
    if not draft.operations:
        return {}
    fields = draft.operations.pop(where, {})
    if on is not None:
        fields = {**draft.operations.pop(on, {}), **fields}
    return {item.field: fields[item.field] for item in of.items.values() if item.field in fields}


def note_left_over(draft: Draft) -> None:
    """Findings whose operation is not in the bundle."""
    for fields in draft.operations.values():
        draft.note("findings of an operation", "the operation itself is not in the bundle", str(fields["document"]))


# operations and sessions


def doses_of(administrations: list[Given], where: str, used: set[str]) -> tuple[Dose, ...]:
    """The drugs that are part of a procedure; they are marked as used."""
    mine = [one for one in administrations if where in one.parts]
    used.update(one.document for one in mine)
    return tuple(one.dose for one in mine)


def access_failed(draft: Draft, resource: Procedure) -> bool:
    """Whether a session was stopped because the abdomen could not be entered."""
    found = draft.meaning(resource.statusReason)
    return found is not None and found.code == "access-failed"


def session(draft: Draft, resource: Procedure, doses: tuple[Dose, ...]) -> PipacSession:
    """A PIPAC with its drugs and findings."""
    on, status = draft.performed(resource), resource.status
    access: Any = "failed" if access_failed(draft, resource) else "obtained" if status in _ENTERED else None
    if access is None and status not in ("unknown", None):
        draft.note(f"PIPAC {status}", "it does not say whether the abdomen could be entered")
    return PipacSession(on=on, access=access, doses=doses, document=draft.where, **_findings(draft, draft.where, on, SESSION))


def cytoreductions(draft: Draft, kept: list[Kept], administrations: list[Given], used: set[str]) -> list[Cytoreduction]:
    """Cytoreductions, each with its HIPEC: part of it, of the same day, or on its own."""
    made: dict[str, dict[str, Any]] = {}
    for where, resource, word in kept:
        if word == "hipec":
            continue
        draft.where = where
        on, done = draft.performed(resource), _DONE.get(resource.status or "")
        made[where] = {
            "on": on,
            "completed": done,
            "hipec": True if word == "crs-hipec" and done else None,
            "hipec_drugs": doses_of(administrations, where, used),
            "document": where,
            **_findings(draft, where, on, OPERATION),
        }
    for where, resource, word in kept:
        if word == "hipec":
            draft.where = where
            _hipec(draft, resource, made, doses_of(administrations, where, used))
    return [Cytoreduction(**fields) for fields in made.values()]


def _hipec(draft: Draft, resource: Procedure, made: dict[str, dict[str, Any]], drugs: tuple[Dose, ...]) -> None:
    on = draft.performed(resource)
    parent = next((one for one in draft.resolved(resource.partOf) if one in made), None)
    if parent is None and on is not None:
        parent = next((one for one, fields in made.items() if fields["on"] == on), None)
    if parent is None:
        parent = draft.where
        made[parent] = {"on": on, "completed": None, "hipec": None, "hipec_drugs": (), "document": parent}
    fields = made[parent]
    if fields["hipec"] is None:
        fields["hipec"] = _GIVEN.get(resource.status or "")
    fields["hipec_drugs"] += drugs
    fields.update(_findings(draft, draft.where, None, OPERATION))


# writing


def _dated(on: date | None) -> dict[str, Any]:
    return {"performedDateTime": on.isoformat()} if on is not None else {"performedPeriod": unknown_time()}


def write_operation(operation: Cytoreduction, out: Written) -> None:
    """The operation, its findings, its HIPEC and the drugs of that."""
    status = {True: "completed", False: "stopped", None: "unknown"}[operation.completed]
    reference = out.add("Procedure", {"status": status, "code": coded("crs"), **_dated(operation.on)}, name="crs")
    findings = write_components(operation, OPERATION)
    if findings:
        out.observe(OPERATION.code, operation.on, {"component": findings}, part_of=reference, category="procedure")
    if operation.hipec is None and not operation.hipec_drugs:
        return
    status = {True: "completed", False: "not-done", None: "unknown"}[operation.hipec]
    code = coded("hipec", *public_coding("hipec"))
    part = {"status": status, "code": code, "partOf": [{"reference": reference}], **_dated(operation.on)}
    hipec = out.add("Procedure", part, name="hipec")
    for dose in operation.hipec_drugs:
        write_dose(dose, operation.on, hipec, "intraperitoneal-route", out)


def write_session(one: PipacSession, out: Written) -> None:
    """The session, its drugs and findings."""
    status = {"obtained": "completed", "failed": "stopped", None: "unknown"}[one.access]
    resource: dict[str, Any] = {"status": status, "code": coded("pipac"), **_dated(one.on)}
    if one.access == "failed":
        resource["statusReason"] = coded("access-failed")
    reference = out.add("Procedure", resource, name="pipac")
    for dose in one.doses:
        write_dose(dose, one.on, reference, "intraperitoneal-route", out)
    findings = write_components(one, SESSION)
    if findings:
        out.observe(SESSION.code, one.on, {"component": findings}, part_of=reference, category="procedure")
