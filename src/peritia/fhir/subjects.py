"""Whose record it is: every resource in its place, one patient, nothing about another."""

from __future__ import annotations

from peritia.errors import Problem
from peritia.fhir.draft import Draft
from peritia.fhir.identity import read_patient
from peritia.fhir.resources import READ, Bundle, Patient, Unread, kind_of
from peritia.fhir.wire import EMPTY, Reference

_ONE = "one bundle holds one patient"
_BEGINNINGS = {kind: f"{kind.__name__}/" for kind in READ if kind is not Unread}


def index(draft: Draft, bundle: Bundle) -> set[str]:
    """Give every resource its place and read the patient.

    What comes back is to be left out: what is about nobody or about a thing, and what carries modifiers.
    """
    places = draft.index
    patients: list[tuple[str, Patient]] = []
    aside: set[str] = set()
    references: set[str | None] = set()
    last: str | None = ""
    for number, entry in enumerate(bundle.entry):
        resource = entry.resource
        if resource is None:
            draft.note("entry without a resource", "there is nothing to read", f"entry[{number}]")
            continue
        if resource.id is None:
            resource.id = f"entry[{number}]"
        where = (_BEGINNINGS.get(type(resource)) or kind_of(resource) + "/") + resource.id
        if where in places:
            draft.problems.append(
                Problem(f"entry[{number}].resource.id", None, f"{where} stands here twice", "each resource has its own id")
            )
        places[where] = resource
        if resource.modifierExtension is not EMPTY or resource.implicitRules is not None:
            draft.note(kind_of(resource), "it carries modifiers that change its meaning and are not understood", where)
            aside.add(where)
        subject = resource.subject
        if type(resource) is Patient:
            patients.append((where, resource))
        elif type(subject) is Reference and subject.reference != last:
            last = subject.reference
            references.add(last)
    if not places:
        draft.problems.append(Problem("entry", None, "no resource in this bundle", _ONE))
        return aside
    if len(patients) > 1:
        listed = ", ".join(where for where, _ in patients)
        draft.problems.append(Problem("entry", None, f"{len(patients)} patients ({listed})", _ONE))
    if not patients:
        draft.note("Patient", "there is no Patient resource: sex and age stay unknown", "Bundle")
        return aside | _sort_out(draft, references, None) if len(references) > 1 else aside
    draft.where = patients[0][0]
    draft.patient["document"] = draft.where
    if draft.where not in aside:
        read_patient(draft, patients[0][1])
    return aside | _sort_out(draft, references, draft.where) if references and references != {draft.where} else aside


def _sort_out(draft: Draft, references: set[str | None], patient: str | None) -> set[str]:
    """Subjects written in several ways: which are the patient, which another patient, which no patient."""
    people = {one: _person(draft, one) for one in references if one is not None}
    if patient is None:
        patient = next((one for one in people.values() if one is not None), None)
    aside: set[str] = set()
    for where, resource in draft.index.items():
        subject = resource.subject
        if not isinstance(subject, Reference):
            continue
        if subject.reference is None:
            draft.note(kind_of(resource), "its subject is not a reference, so it cannot be told whose it is", where)
            aside.add(where)
        elif people[subject.reference] is None:
            draft.note(kind_of(resource), "its subject is not a patient", where)
            aside.add(where)
        elif people[subject.reference] != patient:
            draft.problems.append(Problem(f"{where}.subject.reference", None, "this is about another patient", _ONE))
    return aside


def _person(draft: Draft, reference: str) -> str | None:
    """Which patient a subject reference names; None if it names something else."""
    found = draft.resolve(reference)
    if found is not None:
        return found if found.startswith("Patient/") else None
    steps = reference.partition("/_history/")[0].split("/")
    if len(steps) >= 2:
        return f"Patient/{steps[-1]}" if steps[-2] == "Patient" else None
    return reference  # a urn or a contained resource that is not in the bundle
