"""Every contradiction of a case, in order of the checks."""

from __future__ import annotations

from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts import cancer, dates, measures, person, treatments
from peritia.case.conflicts.conflict import Conflict, day_of, entries
from peritia.case.facts import facts

_CHECKS = (
    person.life, person.sex, dates.order, dates.undated, dates.twice, measures.ranges, measures.scores, measures.laboratory,
    cancer.molecular, cancer.stage, treatments.operations, treatments.doses, treatments.never,
)  # fmt: skip
_DISAGREEMENT = ("conflicting entries", "disagree", "otherwise", "yet ")


def conflicts(case: Case, on: date) -> tuple[Conflict, ...]:
    """Contradictions of a case as seen on a date, those that refuse it first."""
    found = [conflict for check in _CHECKS for conflict in check(case, on)]
    if not any(conflict.severity == "refuse" for conflict in found):
        found += _between_entries(case, on)
    return tuple(sorted(found, key=lambda conflict: conflict.severity != "refuse"))


def refusals(case: Case, on: date) -> tuple[Conflict, ...]:
    """Only the contradictions that refuse a case. Its facts are not derived, so this is quicker than ``conflicts``."""
    return tuple(conflict for check in _CHECKS for conflict in check(case, on) if conflict.severity == "refuse")


def _between_entries(case: Case, on: date) -> list[Conflict]:
    """Facts that stay unknown because entries disagree."""
    found: list[Conflict] = []
    for name, value in facts(case, on).items():
        if value.state == "unknown" and value.origins and any(sign in value.reason for sign in _DISAGREEMENT):
            paths = ", ".join(origin.path for origin in value.origins)
            found.append(Conflict("entries-disagree", "flag", value.origins[0].path, f"{name} is unknown: {value.reason} ({paths})"))
    return found


def last_day(case: Case) -> date | None:
    """The latest day that a case mentions."""
    days = [day for _, entry in entries(case) if (day := day_of(entry)) is not None]
    days += [day for day in (case.patient.death_date, case.patient.birth_date, case.primary.diagnosed_on) if day is not None]
    return max(days, default=None)
