"""Is there disease, and since when: every dated statement about the peritoneum or about distant sites, laid in order of time.

The newest statement counts. A complete cytoreduction ends what was known of the peritoneum before; until somebody looks again it is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.explorations import SURGICAL, score
from peritia.case.facts.histology import MESOTHELIOMA, PSEUDOMYXOMA
from peritia.case.facts.seen import Finding, Row, Seen, disagree, inferred, known, unknown

Statement = tuple[date, bool | None | Literal["operated"], Row, str]
"""Day; disease present, absent or not examined, or 'operated'; row; what showed it."""
_BORN_IN_THE_PERITONEUM = frozenset({"mesothelium", "peritoneum"})


def peritoneal_statements(seen: Seen) -> list[Statement]:
    """Every statement about disease of the peritoneum, newest first; surgery after what was scored on its day."""
    found: list[Statement] = []
    for row in seen.rows("status"):
        entry = row[3]
        if entry.peritoneal is not None:
            found.append((row[0], None if entry.peritoneal == "not-staged" else entry.peritoneal == "present", row, "status"))
        elif entry.status == "no-evidence-of-disease":
            found.append((row[0], False, row, "no evidence of disease"))
    for row in seen.rows("peritoneum"):
        _add_scoring(found, row)
    for row in seen.rows("cytoreductions"):
        _add_operation(found, row)
    for row in seen.rows("regression"):
        if any(grade > 1 for grade in row[3].grades):
            found.append((row[0], True, row, "viable tumour in biopsies"))
    _add_diagnosis(found, seen)
    found.sort(key=lambda statement: (statement[0], statement[1] == "operated"), reverse=True)
    return found


def _add_scoring(found: list[Statement], row: Row) -> None:
    total = score(row)
    surgical = row[3].method in SURGICAL
    if any(size > 0 for size in row[3].regions.values()) or (total is not None and total[0]):
        found.append((row[0], True, row, "PCI above zero"))
    elif surgical and total is not None and total[0] == 0:
        found.append((row[0], False, row, "PCI of zero at surgery"))


def _add_operation(found: list[Statement], row: Row) -> None:
    entry = row[3]
    if entry.completed is False:
        if entry.pci:
            found.append((row[0], True, row, "operation given up"))
    elif entry.cc is not None and entry.cc >= 2:
        found.append((row[0], True, row, f"residual disease, CC{entry.cc}"))
    else:
        found.append((row[0], "operated", row, "cytoreduction"))


def _add_diagnosis(found: list[Statement], seen: Seen) -> None:
    primary, histology = seen.case.primary, seen.case.histology
    diagnosed = primary.diagnosed_on
    if diagnosed is None or diagnosed <= seen.on:
        if primary.synchronous_peritoneal:
            found.append((diagnosed or UNDATED, True, seen.one("primary"), "found with the primary"))
        if primary.site in _BORN_IN_THE_PERITONEUM:
            found.append((diagnosed or UNDATED, True, seen.one("primary"), "a primary of the peritoneum"))
    if histology is not None and (histology.on is None or histology.on <= seen.on):
        row = seen.one("histology")
        if histology.peritoneal_biopsy_positive:
            found.append((row[0], True, row, "proven by histology"))
        if histology.type in PSEUDOMYXOMA or histology.type in MESOTHELIOMA:
            found.append((row[0], True, row, "a disease of the peritoneum by type"))


def peritoneal_disease(seen: Seen) -> Finding | None:
    """Whether there is disease of the peritoneum now."""
    statements = peritoneal_statements(seen)
    if not statements:
        return None
    day, verdict, row, shown_by = statements[0]
    if verdict == "operated":
        return unknown("operated with CC0, CC1 or unrecorded completeness; nothing recorded since", row)
    for other in statements[1:]:
        if other[0] != day or other[1] == "operated":
            break
        if other[1] is not verdict and None not in (verdict, other[1]):
            return disagree(row, other[2])
        if verdict is None:
            verdict, row, shown_by = other[1], other[2], other[3]
    if verdict is None:
        return unknown("not staged", row)
    return known(verdict, row) if row[1] == "status" and row[3].peritoneal is not None else inferred(verdict, shown_by, row)


def distant_statements(seen: Seen) -> list[Statement]:
    """Statements on distant disease as a whole, newest first."""
    found: list[Statement] = []
    for row in seen.rows("status"):
        entry = row[3]
        if entry.distant is not None:
            found.append((row[0], None if entry.distant == "not-staged" else entry.distant == "present", row, "status"))
        elif entry.status == "no-evidence-of-disease":
            found.append((row[0], False, row, "no evidence of disease"))
    return found
