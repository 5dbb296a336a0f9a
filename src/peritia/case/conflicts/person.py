"""Contradictions about the person: dates of life, sex, body."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts.conflict import Conflict, day_of, days, entries

_FEMALE_SITES = frozenset({"ovary", "fallopian-tube", "endometrium"})
_TREATMENTS = ("systemic", "cytoreductions", "pipac", "radiation")


def life(case: Case, on: date) -> Iterator[Conflict]:
    """Birth, diagnosis, death and entries in a possible order."""
    born, died, diagnosed = case.patient.birth_date, case.patient.death_date, case.primary.diagnosed_on
    if born is not None and born > on:
        yield Conflict("born-in-the-future", "refuse", "patient.birth_date", "the birth date is after the assessment date")
    if born is not None and died is not None and died < born:
        yield Conflict("died-before-birth", "refuse", "patient.death_date", "the death date is before the birth date")
    if died is not None and died <= on and case.patient.deceased is False:
        yield Conflict(
            "not-deceased-yet-dead",
            "refuse",
            "patient.deceased",
            "recorded as not deceased, yet with a death date",
            "correct one of the two",
        )
    if born is not None and diagnosed is not None and diagnosed < born:
        yield Conflict("diagnosed-before-birth", "refuse", "primary.diagnosed_on", "the diagnosis is before the birth date")
    if born is None and died is None:
        return
    on_file = days(case)
    if not on_file or ((born is None or born <= min(on_file)) and (died is None or max(on_file) <= died)):
        return
    for path, entry in entries(case):
        day = day_of(entry)
        if day is None:
            continue
        if born is not None and day < born:
            yield Conflict("entry-before-birth", "refuse", path, "this entry is before the birth date")
        if died is not None and day > died:
            if path.split("[")[0] in _TREATMENTS:
                yield Conflict("treatment-after-death", "refuse", path, "this treatment is after the death date")
            else:
                yield Conflict(
                    "entry-after-death", "flag", path, "this entry is after the death date", "a late report keeps the day of its sample"
                )


def sex(case: Case, on: date) -> Iterator[Conflict]:
    """What a man cannot have, and a pregnancy where it was ruled out."""
    patient = case.patient
    if patient.pregnant and patient.childbearing_potential is False:
        said = "recorded as pregnant, yet as not of childbearing potential"
        yield Conflict("pregnant-without-potential", "flag", "patient.pregnant", said, "correct one of the two")
    if patient.sex != "male":
        return
    if case.primary.site in _FEMALE_SITES:
        yield Conflict("male-with-female-primary", "refuse", "primary.site", f"a male patient with a primary of the {case.primary.site}")
    for field in ("pregnant", "breastfeeding", "childbearing_potential"):
        if getattr(patient, field):
            yield Conflict("male-and-pregnant", "refuse", f"patient.{field}", f"a male patient recorded as {field.replace('_', ' ')}")
    for path, lab in entries(case, "labs"):
        if lab.analyte == "pregnancy-test" and lab.positive:
            yield Conflict("male-and-pregnant", "refuse", path, "a male patient with a positive pregnancy test")
