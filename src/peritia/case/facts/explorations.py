"""The PCI as scored: which number an assessment gives, and which assessments describe the abdomen as it is now.

A total may stand alone, or follow from thirteen scored regions. A total that contradicts its regions gives no number.
"""

from __future__ import annotations

from peritia.case.facts.seen import Finding, Row, Seen, before_surgery, disagree, inferred, known, unknown
from peritia.case.peritoneum import REGIONS, PeritonealAssessment
from peritia.case.treatment import Cytoreduction

SURGICAL = frozenset({"laparoscopy", "laparotomy"})
IMAGING = frozenset({"ct", "mri", "pet-ct"})
SMALL_BOWEL_REGIONS = (9, 10, 11, 12)
HIGHEST_SIZE = 3
HIGHEST_TOTAL = HIGHEST_SIZE * len(REGIONS)


def contradiction(assessment: PeritonealAssessment) -> str | None:
    """What is wrong with a scoring in itself, if anything."""
    regions, total = assessment.regions, assessment.total
    if total is not None and not 0 <= total <= HIGHEST_TOTAL:
        return f"PCI total {total} is outside 0 to {HIGHEST_TOTAL}"
    if any(not 0 <= region < len(REGIONS) or not 0 <= size <= HIGHEST_SIZE for region, size in regions.items()):
        return "a region is outside 0 to 12 or a lesion size outside 0 to 3"
    if total is None or not regions:
        return None
    summed, unscored = sum(regions.values()), len(REGIONS) - len(regions)
    if total < summed or total > summed + HIGHEST_SIZE * unscored:
        return f"PCI total {total} contradicts its regions, which sum to {summed}" + (f" with {unscored} not scored" if unscored else "")
    return None


def score(row: Row) -> Finding | None:
    """The PCI that one entry gives; None when it gives nothing at all."""
    entry = row[3]
    if isinstance(entry, Cytoreduction):
        return None if entry.pci is None else known(entry.pci, row)
    if entry.total is None and not entry.regions:
        return None
    wrong = contradiction(entry)
    if wrong is not None:
        return unknown(wrong, row)
    if entry.total is not None:
        return known(entry.total, row)
    if len(entry.regions) == len(REGIONS):
        return inferred(sum(entry.regions.values()), "sum of thirteen regions", row)
    return unknown(f"{len(entry.regions)} of {len(REGIONS)} regions scored", row)


def scored(seen: Seen, methods: frozenset[str], *, whole_course: bool = False) -> list[Finding]:
    """PCI scores by these methods, newest first, one a day, since the last cytoreduction (or over the whole course).

    An operation given up after exploration counts as a laparotomy. Imaging of one day by two methods gives the higher score, since imaging reads low.
    """
    rows = [row for row in (seen.rows if whole_course else seen.current)("peritoneum") if row[3].method in methods]
    if "laparotomy" in methods:
        given_up = [
            row for row in seen.rows("cytoreductions") if row[3].completed is False and (whole_course or not seen.cut or row[0] > seen.cut)
        ]
        if given_up:
            rows = sorted([*rows, *given_up], key=lambda row: row[0], reverse=True)
    found: list[Finding] = []
    for row in rows:
        one = score(row)
        if one is None:
            continue
        if found and found[-1][2][0][0] == row[0]:
            found[-1] = _same_day(found[-1], one, methods)
        else:
            found.append(one)
    return found


def _same_day(one: Finding, other: Finding, methods: frozenset[str]) -> Finding:
    if one[0] == other[0] and one[0] is not None:
        return one
    if one[0] is None or other[0] is None:
        return one if other[0] is None else other
    if methods <= IMAGING and len(methods) > 1:
        return max(one, other, key=lambda finding: int(finding[0] or 0))
    return disagree(*one[2], *other[2])


def newest(seen: Seen, methods: frozenset[str]) -> Finding | None:
    """The PCI as it is now by these methods; says so when the last one was before surgery."""
    found = scored(seen, methods)
    if found:
        return found[0]
    if seen.cut is not None:
        older = scored(seen, methods, whole_course=True)
        if older:
            return before_surgery(seen, *older[0][2])
    return None
