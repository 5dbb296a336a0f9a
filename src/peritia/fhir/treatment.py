"""Procedures with their parts, once everything is read: which line, operation, session or course each of them is."""

from __future__ import annotations

from typing import Any

import msgspec

from peritia.case.condition import Preference
from peritia.case.treatment import Cytoreduction, PipacSession, SystemicLine
from peritia.fhir.administration import Given, given
from peritia.fhir.draft import Draft, shown
from peritia.fhir.operations import Kept, access_failed, cytoreductions, doses_of, note_left_over, session
from peritia.fhir.radiation import read_radiation
from peritia.fhir.resources import Procedure
from peritia.fhir.systemic import group, line_from

_NOT_YET = frozenset({"preparation", "on-hold"})
_WISHES = {"pipac": "pipac", "hipec": "hipec", "crs": "surgery", "crs-hipec": "surgery", "radiotherapy": "radiation"}
_ORGANS = {
    "resection-colon": ("colon",),
    "resection-rectum": ("rectum",),
    "resection-appendix": ("appendix",),
    "resection-pancreas": ("pancreas",),
    "resection-stomach": ("stomach", "gastro-oesophageal-junction"),
    "resection-ovary": ("ovary", "fallopian-tube"),
    "resection-uterus": ("endometrium",),
}


class Treatment(msgspec.Struct, frozen=True):
    """All treatment given."""

    systemic: tuple[SystemicLine, ...] = ()
    cytoreductions: tuple[Cytoreduction, ...] = ()
    pipac: tuple[PipacSession, ...] = ()


def keep_procedure(draft: Draft, resource: Procedure) -> None:
    """Kept until its parts are known; what was not done yet, or is not read, is listed."""
    if resource.status == "entered-in-error":
        draft.note(shown(resource.code), "entered in error")
        return
    found = draft.meaning(resource.code)
    if found is None or found.family != "procedure":
        draft.note(shown(resource.code), "not a procedure that Peritia reads")
    elif resource.status in _NOT_YET:
        draft.note(shown(resource.code), f"status {resource.status}: not done yet")
    else:
        draft.procedures.append((draft.where, resource, found.code))


def treatment(draft: Draft, primary_site: str | None) -> Treatment:
    """Everything that was given, from procedures and administrations."""
    if not draft.procedures and not draft.administrations and not draft.operations:
        return Treatment()
    administrations = given(draft)
    lines: list[SystemicLine] = []
    sessions: list[PipacSession] = []
    operations: list[Kept] = []
    used: set[str] = set()
    for where, resource, word in draft.procedures:
        draft.where = where
        if word == "systemic-line":
            lines.append(line_from(draft, resource, doses_of(administrations, where, used)))
        elif resource.status == "not-done" and not access_failed(draft, resource):
            _not_done(draft, resource, word, operations)
        elif word == "pipac":
            sessions.append(session(draft, resource, doses_of(administrations, where, used)))
        elif word in ("crs", "crs-hipec", "hipec"):
            operations.append((where, resource, word))
        elif word == "radiotherapy":
            read_radiation(draft, resource)
        else:
            _resection(draft, resource, word, primary_site)
    done = cytoreductions(draft, operations, administrations, used) if operations else []
    rest = [one for one in administrations if one.document not in used]
    if rest:
        lines += _without_a_line(draft, rest)
    note_left_over(draft)
    return Treatment(tuple(lines), tuple(done), tuple(sessions))


def _without_a_line(draft: Draft, rest: list[Given]) -> list[SystemicLine]:
    """Systemic drugs are put together; intraperitoneal ones belong to a session that is missing."""
    for one in rest:
        if one.route != "systemic":
            draft.note(f"intraperitoneal {one.dose.drug}", "it is part of no PIPAC or HIPEC of this bundle", one.document)
    return group(draft, [one for one in rest if one.route == "systemic"])


def _not_done(draft: Draft, resource: Procedure, word: str, operations: list[Kept]) -> None:
    """A procedure that was not done: HIPEC left out of an operation, or refused by the patient."""
    reason = draft.meaning(resource.statusReason)
    if word == "hipec" and resource.partOf:
        operations.append((draft.where, resource, word))
    elif reason is not None and reason.code == "stopped-patient-choice" and word in _WISHES:
        about: Any = _WISHES[word]
        draft.preferences.append(Preference(about=about, choice="refuses", on=draft.performed(resource), document=draft.where))
    else:
        draft.note(f"{word} not done", "that it was not done once does not say that it never was")


def _resection(draft: Draft, resource: Procedure, word: str, primary_site: str | None) -> None:
    """An organ resection counts for the primary only if it says that the primary was the reason."""
    reasons = draft.resolved(resource.reasonReference)
    primary_is_reason = any(found[0] in reasons for found in draft.primaries)
    if resource.status == "completed" and primary_is_reason and primary_site in _ORGANS.get(word, ()):
        draft.primary.setdefault("status", "resected")
    else:
        draft.note(shown(resource.code), "an operation on an organ; whether it removed the primary is not said")
