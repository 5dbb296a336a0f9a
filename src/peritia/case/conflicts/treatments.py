"""Contradictions about treatment given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts.conflict import Conflict, day_of, entries
from peritia.case.facts.explorations import SURGICAL
from peritia.case.facts.exposures import ANTHRACYCLINES, ANTI_EGFR, CHECKPOINT, PLATINUM

_CLASSES = {
    "platinum": PLATINUM,
    "anthracycline": ANTHRACYCLINES,
    "bevacizumab": frozenset({"bevacizumab"}),
    "anti-egfr": ANTI_EGFR,
    "immunotherapy": CHECKPOINT,
}


def operations(case: Case, on: date) -> Iterator[Conflict]:
    """Completeness, HIPEC and access that fit together."""
    for path, operation in entries(case, "cytoreductions"):
        if operation.completed is False and operation.cc is not None:
            severity = "refuse" if operation.cc <= 1 else "flag"
            yield Conflict("cc-of-an-operation-given-up", severity, path, f"the operation was given up, yet CC{operation.cc} is recorded")
        if operation.completed is False and operation.hipec:
            yield Conflict(
                "hipec-in-an-operation-given-up", "flag", path, "the operation was given up, yet HIPEC is recorded; it is not counted"
            )
        if operation.hipec is False and operation.hipec_drugs:
            yield Conflict("hipec-drugs-without-hipec", "refuse", path, "perfusion drugs are recorded, yet no HIPEC was given")
        for assessment_path, assessment in entries(case, "peritoneum"):
            same = operation.on is not None and assessment.on == operation.on and assessment.method == "laparotomy"
            if same and operation.pci is not None and assessment.total is not None and assessment.total != operation.pci:
                yield Conflict("two-pci-at-one-operation", "refuse", path, f"PCI here differs from {assessment_path} of the same day")
    for path, session in entries(case, "pipac"):
        if session.access == "failed" and session.doses:
            yield Conflict("given-without-access", "refuse", path, "access failed, yet doses are recorded as given")


def doses(case: Case, on: date) -> Iterator[Conflict]:
    """Doses above zero."""
    for part, field in (("systemic", "drugs"), ("cytoreductions", "hipec_drugs"), ("pipac", "doses")):
        for path, entry in entries(case, part):
            for place, dose in enumerate(getattr(entry, field)):
                if any(amount is not None and amount <= 0 for amount in (dose.mg, dose.mg_per_m2, dose.cycles)):
                    yield Conflict(
                        "dose-not-above-zero",
                        "refuse",
                        f"{path}.{field}[{place}]",
                        f"{dose.drug} has a dose or number of cycles not above zero",
                    )


def never(case: Case, on: date) -> Iterator[Conflict]:
    """'Never given' against what is recorded as given up to the same day."""
    given = list(_given(case))
    for path, statement in entries(case, "never"):
        for kinds, day, given_path in given:
            if statement.kind in kinds and (statement.on is None or day is None or day <= statement.on):
                yield Conflict(
                    "never-yet-given", "refuse", path, f"never {statement.kind}, yet {given_path} records it", "correct one of the two"
                )
                break


def _given(case: Case) -> Iterator[tuple[set[str], date | None, str]]:
    """What each treatment entry shows to have been given, by the words of 'never'."""
    for path, line in entries(case, "systemic"):
        yield {"systemic-therapy", *_of(line.drugs)}, day_of(line), path
    for path, operation in entries(case, "cytoreductions"):
        if operation.completed is False:
            yield {"abdominal-surgery"}, operation.on, path
        else:
            hipec = {"hipec"} if operation.hipec or operation.hipec_drugs else set[str]()
            yield {"abdominal-surgery", "cytoreduction", *hipec, *_of(operation.hipec_drugs)}, operation.on, path
    for path, session in entries(case, "pipac"):
        given = {"pipac", *_of(session.doses)} if session.access != "failed" else set[str]()
        yield {"abdominal-surgery", *given}, session.on, path
    for path, assessment in entries(case, "peritoneum"):
        if assessment.method in SURGICAL:
            yield {"abdominal-surgery"}, assessment.on, path
    for path, radiation in entries(case, "radiation"):
        yield {"radiation"}, radiation.on, path


def _of(doses: object) -> set[str]:
    drugs = {dose.drug for dose in doses}  # type: ignore[attr-defined]
    return {kind for kind, drugs_of in _CLASSES.items() if drugs & drugs_of}
