"""The PCI as scored: which number an assessment gives, and which assessments describe the abdomen as it is now.

A total may stand alone, or follow from thirteen scored regions. A total that contradicts its regions gives no number.
"""

from __future__ import annotations

from peritia.case.facts.newest import before_surgery
from peritia.case.facts.row import Finding, Row, disagree, inferred, known, unknown
from peritia.case.facts.seen import Seen, once
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
    if not regions:
        return None
    sizes = regions.values()
    if min(regions) < 0 or max(regions) >= len(REGIONS) or min(sizes) < 0 or max(sizes) > HIGHEST_SIZE:
        return "a region is outside 0 to 12 or a lesion size outside 0 to 3"
    if total is None:
        return None
    summed, unscored = sum(sizes), len(REGIONS) - len(regions)
    if total < summed or total > summed + HIGHEST_SIZE * unscored:
        return f"PCI total {total} contradicts its regions, which sum to {summed}" + (f" with {unscored} not scored" if unscored else "")
    return None


def score(row: Row) -> Finding | None:
    """The PCI that one entry gives; None when it gives nothing at all."""
    entry = row.entry
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


@once
def course(seen: Seen) -> list[tuple[str, Finding]]:
    """Every score of the whole course with its method, newest first. An operation given up after exploration counts as a laparotomy."""
    rows: list[tuple[str, Row]] = [(row.entry.method, row) for row in seen.rows["peritoneum"]]
    given_up = [("laparotomy", row) for row in seen.rows["cytoreductions"] if row.entry.completed is False]
    if given_up:
        rows = sorted([*rows, *given_up], key=lambda one: one[1].day, reverse=True)
    return [(method, one) for method, row in rows if (one := score(row)) is not None]


def scored(seen: Seen, methods: frozenset[str], *, whole_course: bool = False) -> list[Finding]:
    """PCI scores by these methods, newest first, one a day, since the last cytoreduction or over the whole course."""
    memo = seen.memo.get((methods, whole_course))
    if memo is not None:
        return memo
    cut = None if whole_course else seen.cut
    found: list[Finding] = []
    for method, one in course(seen):
        day = one.rows[0].day
        if method not in methods or (cut is not None and day <= cut):
            continue
        if found and found[-1].rows[0].day == day:
            found[-1] = _same_day(found[-1], one, methods)
        else:
            found.append(one)
    seen.memo[methods, whole_course] = found
    return found


def _same_day(one: Finding, other: Finding, methods: frozenset[str]) -> Finding:
    """Two scores of a day. By two kinds of imaging the higher counts, since imaging reads low."""
    if one.value is None or other.value is None:
        return one if other.value is None else other
    if one.value == other.value:
        return one
    if methods <= IMAGING and len(methods) > 1:
        return max(one, other, key=lambda finding: int(finding.value or 0))
    return disagree(*one.rows, *other.rows)


def newest(seen: Seen, methods: frozenset[str]) -> Finding | None:
    """The PCI as it is now by these methods; says so when the last one was before surgery."""
    found = scored(seen, methods)
    if found:
        return found[0]
    if seen.cut is not None:
        older = scored(seen, methods, whole_course=True)
        if older:
            return before_surgery(seen, *older[0].rows)
    return None
