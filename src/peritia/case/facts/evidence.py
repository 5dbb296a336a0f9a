"""Is there disease, and since when: every dated statement about the peritoneum or about distant sites, in order of time.

The newest statement counts. A complete cytoreduction ends what was known of the peritoneum before; until somebody looks again
it is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.explorations import SURGICAL, course
from peritia.case.facts.histology import MESOTHELIOMA, PSEUDOMYXOMA
from peritia.case.facts.newest import latest
from peritia.case.facts.row import Finding, Row, disagree, inferred, known, unknown
from peritia.case.facts.seen import Seen, once

Verdict = Literal["present", "absent", "not-staged", "operated"]
_BORN_IN_THE_PERITONEUM = frozenset({"mesothelium", "peritoneum"})
_CELLS_ARE_METASTASES = frozenset({"stomach", "gastro-oesophageal-junction"})
"""Primaries in which positive cytology alone is stage IV (csco-gastric-2023, and the TNM from its seventh edition)."""


class Statement(msgspec.Struct, frozen=True, gc=False):
    """What one entry says of disease, by what, and for which day (that of the entry, unless it speaks of an earlier one)."""

    row: Row
    verdict: Verdict
    shown_by: str
    earlier: date | None = None

    @property
    def day(self) -> date:
        """The day for which it speaks."""
        return self.row.day if self.earlier is None else self.earlier


@once
def peritoneal_statements(seen: Seen) -> list[Statement]:
    """Every statement about disease of the peritoneum, newest first; surgery after what was scored on its day."""
    found: list[Statement] = []
    for row in seen.rows["status"]:
        entry = row.entry
        if entry.peritoneal is not None:
            found.append(Statement(row, entry.peritoneal, "status"))
        elif entry.status == "no-evidence-of-disease":
            found.append(Statement(row, "absent", "no evidence of disease"))
    for row in seen.rows["peritoneum"]:
        if max(row.entry.regions.values(), default=0) > 0:
            found.append(Statement(row, "present", "PCI above zero"))
    for method, one in course(seen):
        _add_score(found, method, one)
    for row in seen.rows["cytoreductions"]:
        _add_operation(found, row)
    for row in seen.rows["regression"]:
        if max(row.entry.grades, default=0) > 1:
            found.append(Statement(row, "present", "viable tumour in biopsies"))
    _add_diagnosis(found, seen)
    found.sort(key=_by_day, reverse=True)
    return found


def _by_day(statement: Statement) -> tuple[date, bool]:
    return statement.day, statement.verdict == "operated"


def _add_score(found: list[Statement], method: str, one: Finding) -> None:
    if one.value:
        found.append(Statement(one.rows[0], "present", "PCI above zero"))
    elif one.value == 0 and method in SURGICAL:
        found.append(Statement(one.rows[0], "absent", "PCI of zero at surgery"))


def _add_operation(found: list[Statement], row: Row) -> None:
    entry = row.entry
    if entry.completed is False:
        return  # its score counts with the explorations
    if entry.cc is not None and entry.cc >= 2:
        found.append(Statement(row, "present", f"residual disease, CC{entry.cc}"))
    else:
        found.append(Statement(row, "operated", "cytoreduction"))


def _add_diagnosis(found: list[Statement], seen: Seen) -> None:
    primary, histology = seen.case.primary, seen.case.histology
    if primary.diagnosed_on is None or primary.diagnosed_on <= seen.on:
        row = seen.one("primary")
        if primary.synchronous_peritoneal:
            found.append(Statement(row, "present", "found with the primary"))
        if primary.site in _BORN_IN_THE_PERITONEUM:
            found.append(Statement(row, "present", "a primary of the peritoneum"))
    if histology is not None and (histology.on is None or histology.on <= seen.on):
        # A report is often that of the operation's own specimen: it proves the disease of the diagnosis, not one found later.
        day = min(primary.diagnosed_on or UNDATED, seen.on)
        row = seen.one("histology")
        if histology.peritoneal_biopsy_positive:
            found.append(Statement(row, "present", "proven by histology", day))
        if histology.type in PSEUDOMYXOMA or histology.type in MESOTHELIOMA:
            found.append(Statement(row, "present", "a disease of the peritoneum by type", day))


def peritoneal_disease(seen: Seen) -> Finding | None:
    """Whether there is disease of the peritoneum now: what was seen of it, and free cells in the washing where nothing was seen."""
    found, cells = _seen_of_it(seen), latest(seen.rows["cytology"], "result")
    if cells is None or cells.value != "positive" or (found is not None and found.value is not False):
        return found
    row = cells.rows[0]
    if found is not None and row.day < found.rows[0].day:
        return found
    if seen.case.primary.site in _CELLS_ARE_METASTASES:
        return inferred(True, "positive cytology, stage IV in gastric cancer", row)
    return None if found is None else unknown("nothing seen, yet the cytology is positive", *found.rows, row)


def _seen_of_it(seen: Seen) -> Finding | None:
    statements = peritoneal_statements(seen)
    if not statements:
        return None
    newest = statements[0]
    if newest.verdict == "operated":
        return unknown("operated with CC0, CC1 or unrecorded completeness; nothing recorded since", newest.row)
    for other in statements[1:]:
        if other.day != newest.day or other.verdict == "operated":
            break
        if newest.verdict == "not-staged":
            newest = other
        elif other.verdict not in (newest.verdict, "not-staged"):
            return disagree(newest.row, other.row)
    if newest.verdict == "not-staged":
        return unknown("not staged", newest.row)
    if newest.shown_by == "status":
        return known(newest.verdict == "present", newest.row)
    return inferred(newest.verdict == "present", newest.shown_by, newest.row)


@once
def distant_statements(seen: Seen) -> list[Statement]:
    """Statements on distant disease as a whole, newest first."""
    found: list[Statement] = []
    for row in seen.rows["status"]:
        entry = row.entry
        if entry.distant is not None:
            found.append(Statement(row, entry.distant, "status"))
        elif entry.status == "no-evidence-of-disease":
            found.append(Statement(row, "absent", "no evidence of disease"))
    return found
