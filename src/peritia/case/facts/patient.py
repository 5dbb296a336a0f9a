"""Who the patient is: age, sex, body, pregnancy."""

from __future__ import annotations

from typing import get_args

from peritia.case.facts.calendar import years_between
from peritia.case.facts.declaration import Assumption, fact, loinc
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.newest import latest
from peritia.case.facts.row import Finding, inferred, known, unknown
from peritia.case.facts.seen import Seen
from peritia.case.identity import Sex
from peritia.quantities.body import bmi_kg_per_m2, mosteller_m2

_LIMIT = DEFINITIONS.not_of_childbearing_potential_from_years
_NO_CHILD = f"The age is {_LIMIT.value:g} ({_LIMIT.source})."


@fact(
    "age_years",
    "int",
    "Age in completed years on the assessment date",
    "Whole years from birth date to assessment date.",
    "patient",
    unit="a",
    domain=(0, 120),
)
def _age(seen: Seen) -> Finding | None:
    born = seen.case.patient.birth_date
    return None if born is None or born > seen.on else known(years_between(born, seen.on), seen.one("patient"))


@fact("sex", "cat", "Sex recorded at birth", "As recorded.", "patient", categories=get_args(Sex), field="sex")
def _sex(seen: Seen) -> Finding | None:
    sex = seen.case.patient.sex
    return None if sex is None else known(sex, seen.one("patient"))


@fact(
    "alive",
    "bool",
    "Patient alive on the assessment date",
    "False from the recorded day of death on, and where death is recorded without a day; assumed true where no death is recorded.",
    "patient",
    assumed=Assumption(True, "assumed: no death recorded"),
)
def _alive(seen: Seen) -> Finding | None:
    patient = seen.case.patient
    if patient.death_date is not None:
        return known(patient.death_date > seen.on, seen.one("patient"))
    return None if patient.deceased is None else known(not patient.deceased, seen.one("patient"))


@fact(
    "height_cm", "num", "Body height, latest", "Latest entry under patient.body.", "patient", unit="cm", domain=(50, 250), field="height_cm"
)
def _height(seen: Seen) -> Finding | None:
    return latest(seen.rows["patient.body"], "height_cm")


@fact(
    "weight_kg", "num", "Body weight, latest", "Latest entry under patient.body.", "patient", unit="kg", domain=(20, 300), field="weight_kg"
)
def _weight(seen: Seen) -> Finding | None:
    return latest(seen.rows["patient.body"], "weight_kg")


@fact(
    "bmi_kg_per_m2",
    "num",
    "Body mass index",
    "Weight over height squared, from the latest of each.",
    "patient",
    unit="kg/m2",
    domain=(8, 90),
)
def _bmi(seen: Seen) -> Finding | None:
    height, weight = seen.number("height_cm"), seen.number("weight_kg")
    if height is None or weight is None:
        return None
    return inferred(bmi_kg_per_m2(height, weight), "from height and weight", *seen.used("height_cm", "weight_kg"))


@fact(
    "body_surface_m2",
    "num",
    "Body surface by Mosteller",
    "Mosteller's formula on the latest height and weight.",
    "patient",
    unit="m2",
    domain=(0.5, 4),
    codes=loinc("8277-6", verified=True),
)
def _body_surface(seen: Seen) -> Finding | None:
    height, weight = seen.number("height_cm"), seen.number("weight_kg")
    if height is None or weight is None:
        return None
    return inferred(mosteller_m2(height, weight), "Mosteller, from height and weight", *seen.used("height_cm", "weight_kg"))


@fact(
    "pregnant",
    "bool",
    "Pregnant (recorded, or pregnancy test)",
    f"As recorded; false in a man, past childbearing age, and where childbearing potential is ruled out; else by the test. {_NO_CHILD}",
    "patient",
    "labs",
)
def _pregnant(seen: Seen) -> Finding | None:
    patient = seen.case.patient
    test = _test(seen)
    ruled_out = _cannot_be_pregnant(seen)
    if test is not None and test.value is True and (ruled_out is not None or patient.pregnant is False):
        said = "not pregnant" if patient.pregnant is False else "one who cannot be"
        return unknown(f"recorded as {said}, yet a test is positive", seen.one("patient"), *test.rows)
    if patient.pregnant is not None:
        return known(patient.pregnant, seen.one("patient"))
    if ruled_out is not None or test is not None:
        return ruled_out or test
    return unknown("not recorded; sex would settle it in a man, age in an older woman") if patient.sex is None else None


def _cannot_be_pregnant(seen: Seen) -> Finding | None:
    if seen.case.patient.childbearing_potential is False:
        return inferred(False, "not of childbearing potential, as recorded", seen.one("patient"))
    return _past_childbearing(seen)


def _past_childbearing(seen: Seen) -> Finding | None:
    """False for a man, and from the age that the definitions give unless childbearing potential is recorded."""
    patient = seen.case.patient
    if patient.sex == "male":
        return inferred(False, "a man", seen.one("patient"))
    years = _age(seen)
    if patient.childbearing_potential or years is None or years.value is None or int(years.value) < _LIMIT.value:
        return None
    return inferred(False, f"aged {_LIMIT.value:g} or more", seen.one("patient"))


def _test(seen: Seen) -> Finding | None:
    finding = latest(seen.groups["labs"].get("pregnancy-test", ()), "positive")
    if finding is None or finding.value is None:
        return finding
    row = finding.rows[0]
    limit = DEFINITIONS.staleness.days["pregnancy-test"]
    if (seen.on - row.day).days > limit:
        return unknown(f"the last test is undated or older than {limit} days", row)
    return inferred(finding.value, "by the pregnancy test", row)


@fact("breastfeeding", "bool", "Breastfeeding", f"As recorded; false in a man and past childbearing age. {_NO_CHILD}", "patient")
def _breastfeeding(seen: Seen) -> Finding | None:
    recorded = seen.case.patient.breastfeeding
    return known(recorded, seen.one("patient")) if recorded is not None else _past_childbearing(seen)


@fact(
    "childbearing_potential",
    "bool",
    "Of childbearing potential",
    f"As recorded; true in pregnancy; false in a man and past childbearing age. {_NO_CHILD}",
    "patient",
)
def _childbearing(seen: Seen) -> Finding | None:
    patient = seen.case.patient
    if patient.childbearing_potential is not None:
        return known(patient.childbearing_potential, seen.one("patient"))
    return inferred(True, "pregnant", seen.one("patient")) if patient.pregnant else _past_childbearing(seen)


@fact(
    "pregnancy_test_age_days",
    "int",
    "Days since last pregnancy test",
    "Days from the latest dated test with a result to the assessment date.",
    "labs",
    unit="d",
    domain=(0, 3650),
)
def _test_age(seen: Seen) -> Finding | None:
    for row in seen.groups["labs"].get("pregnancy-test", ()):
        if row.entry.positive is not None and row.entry.on is not None:
            return known((seen.on - row.day).days, row)
    return None
