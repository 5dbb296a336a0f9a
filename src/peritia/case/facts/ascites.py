"""Ascites, cytology and regression of the peritoneal disease, as they are now."""

from __future__ import annotations

from peritia.case.facts.declaration import fact
from peritia.case.facts.newest import before_surgery, compared, judged, latest_current
from peritia.case.facts.row import Finding, Row, disagree, inferred, unknown
from peritia.case.facts.seen import Seen
from peritia.case.peritoneum import Ascites

PRGS = (1, 4)


@fact(
    "ascites_present",
    "bool",
    "Ascites present",
    "By volume; else present if it is symptomatic or has a recorded cause.",
    "ascites",
    "cytoreductions",
)
def _present(seen: Seen) -> Finding | None:
    finding = judged(seen.current["ascites"], _says_present)
    if finding is None and seen.cut is not None:
        older = judged(seen.rows["ascites"], _says_present)
        return None if older is None else before_surgery(seen, *older.rows)
    return finding


def _says_present(entry: Ascites) -> bool | None:
    if entry.volume_ml is not None and entry.volume_ml > 0:
        return True
    implied = entry.symptomatic is True or entry.cause is not None
    if entry.volume_ml is None:
        return True if implied else None
    return None if implied else False


@fact(
    "ascites_volume_ml",
    "num",
    "Ascites volume, latest",
    "Latest entry since the last cytoreduction.",
    "ascites",
    "cytoreductions",
    unit="mL",
    domain=(0, 30000),
    field="volume_ml",
)
def _volume(seen: Seen) -> Finding | None:
    return latest_current(seen, "ascites", "volume_ml")


@fact("ascites_symptomatic", "bool", "Symptomatic ascites", "As recorded; false without ascites.", "ascites", "cytoreductions")
def _symptomatic(seen: Seen) -> Finding | None:
    finding = latest_current(seen, "ascites", "symptomatic")
    if finding is None and seen.value("ascites_present") is False:
        return inferred(False, "no ascites", *seen.used("ascites_present"))
    return finding


@fact(
    "ascites_non_malignant",
    "bool",
    "Ascites from cirrhosis, portal vein thrombosis or another non-malignant cause",
    "By the recorded cause; false without ascites.",
    "ascites",
    "cytoreductions",
)
def _non_malignant(seen: Seen) -> Finding | None:
    if seen.value("ascites_present") is False:
        return inferred(False, "no ascites", *seen.used("ascites_present"))
    finding = latest_current(seen, "ascites", "cause")
    return compared(finding, lambda cause: cause != "malignant", "by the recorded cause")


@fact(
    "peritoneal_cytology_positive",
    "bool",
    "Latest peritoneal cytology positive",
    "Newest result; indeterminate is unknown.",
    "cytology",
    "cytoreductions",
)
def _cytology(seen: Seen) -> Finding | None:
    finding = latest_current(seen, "cytology", "result")
    if finding is not None and finding.value == "indeterminate":
        return unknown("indeterminate", *finding.rows)
    return compared(finding, lambda result: result == "positive", "by the result")


def _graded(seen: Seen) -> list[Row]:
    """Sessions with valid grades since the last cytoreduction, newest first."""
    return [
        row for row in seen.current["regression"] if row.entry.grades and all(PRGS[0] <= grade <= PRGS[1] for grade in row.entry.grades)
    ]


def _of_day(rows: list[Row], rule: str) -> Finding:
    """Mean, worst or number of the biopsies of the first of these rows, unless its day has another set."""
    for other in rows[1:]:
        if other.day != rows[0].day:
            break
        if sorted(other.entry.grades) != sorted(rows[0].entry.grades):
            return disagree(rows[0], other)
    grades = rows[0].entry.grades
    numbers = {"mean": sum(grades) / len(grades), "worst": max(grades), "number": len(grades)}
    return inferred(numbers[rule], f"{rule} of the biopsies", rows[0])


def _of_latest(seen: Seen, rule: str) -> Finding | None:
    rows = _graded(seen)
    if rows:
        return _of_day(rows, rule)
    return before_surgery(seen, *seen.rows["regression"]) if seen.cut is not None and seen.rows["regression"] else None


@fact(
    "prgs_mean",
    "num",
    "Mean PRGS of the latest biopsies",
    "Mean grade of the latest session since the last cytoreduction.",
    "regression",
    unit="{score}",
    domain=PRGS,
)
def _mean(seen: Seen) -> Finding | None:
    return _of_latest(seen, "mean")


@fact(
    "prgs_worst",
    "int",
    "Worst PRGS of the latest biopsies",
    "Highest grade of the latest session.",
    "regression",
    unit="{score}",
    domain=PRGS,
)
def _worst(seen: Seen) -> Finding | None:
    return _of_latest(seen, "worst")


@fact(
    "prgs_mean_first",
    "num",
    "Mean PRGS of the first biopsies",
    "Mean grade of the first session since the last cytoreduction.",
    "regression",
    unit="{score}",
    domain=PRGS,
)
def _first(seen: Seen) -> Finding | None:
    rows = _graded(seen)
    return _of_day(rows[::-1], "mean") if rows else None


@fact(
    "prgs_biopsies",
    "int",
    "Number of biopsies graded at the latest session",
    "Counted from the grades of the latest session.",
    "regression",
    unit="{count}",
    domain=(0, 40),
)
def _count(seen: Seen) -> Finding | None:
    return _of_latest(seen, "number")
