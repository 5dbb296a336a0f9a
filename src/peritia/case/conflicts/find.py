"""Every contradiction of a case, in order of the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts import cancer, dates, measures, person, treatments
from peritia.case.conflicts.conflict import Conflict, days
from peritia.case.facts import facts

Check = Callable[[Case, date], Iterator[Conflict]]
_MAY_REFUSE: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (person.life, ()),
    (person.sex, ()),
    (dates.lines, ("systemic",)),
    (measures.ranges, ()),
    (measures.scores, ("peritoneum",)),
    (measures.laboratory, ("labs",)),
    (cancer.molecular, ("molecular",)),
    (cancer.stage, ()),
    (treatments.operations, ("cytoreductions", "pipac")),
    (treatments.doses, ("systemic", "cytoreductions", "pipac")),
    (treatments.never, ("never",)),
)
"""Checks that can refuse a case, with the parts without which they find nothing; none means that the check always runs."""
_ONLY_FLAG: tuple[Check, ...] = (dates.ahead, dates.undated, dates.twice)
_DISAGREEMENT = ("conflicting entries", "disagree", "otherwise", "yet ", "contradicts")


def conflicts(case: Case, on: date) -> tuple[Conflict, ...]:
    """Contradictions of a case as seen on a date, those that refuse it first."""
    found = [*_of_every_check(case, on), *(conflict for check in _ONLY_FLAG for conflict in check(case, on))]
    if not any(conflict.severity == "refuse" for conflict in found):
        found += _between_entries(case, on)
    return tuple(sorted(found, key=lambda conflict: conflict.severity != "refuse"))


def refusals(case: Case, on: date) -> tuple[Conflict, ...]:
    """Only the contradictions that refuse a case. Its facts are not derived, so this is quicker than ``conflicts``."""
    return tuple(conflict for conflict in _of_every_check(case, on) if conflict.severity == "refuse")


def _of_every_check(case: Case, on: date) -> Iterator[Conflict]:
    for check, parts in _MAY_REFUSE:
        if not parts or any(getattr(case, part) for part in parts):
            yield from check(case, on)


def _between_entries(case: Case, on: date) -> list[Conflict]:
    """Facts that stay unknown because entries disagree."""
    found: list[Conflict] = []
    derived = facts(case, on)
    images, surgeon = derived["pci_imaging"], derived["pci_surgical"]
    if images.value is not None and surgeon.value is not None and int(images.value) > int(surgeon.value):
        said = (
            f"a PCI of {images.value} on images is above the surgeon's {surgeon.value} ({surgeon.origins[0].path}), though images read low"
        )
        found.append(Conflict("images-above-the-surgeon", "flag", images.origins[0].path, said, "look again, or correct one of the two"))
    for name, value in derived.items():
        if value.state == "unknown" and value.origins and says_otherwise(value.reason):
            paths = ", ".join(origin.path for origin in value.origins)
            found.append(Conflict("entries-disagree", "flag", value.origins[0].path, f"{name} is unknown: {value.reason} ({paths})"))
    return found


def says_otherwise(reason: str) -> bool:
    """Whether the reason for which a fact is unknown is that entries disagree."""
    return any(sign in reason for sign in _DISAGREEMENT)


def last_day(case: Case) -> date | None:
    """The latest day that a case mentions."""
    found = days(case)
    found += [day for day in (case.patient.death_date, case.patient.birth_date, case.primary.diagnosed_on) if day is not None]
    return max(found, default=None)
