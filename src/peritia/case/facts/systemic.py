"""Systemic therapy: lines, response, when it ended, which drugs."""

from __future__ import annotations

from typing import get_args

from peritia.case.facts.calendar import UNDATED, months_between
from peritia.case.facts.declaration import Derive, fact
from peritia.case.facts.exposures import (
    ALL_ROUTES,
    ANTHRACYCLINES,
    ANTI_EGFR,
    CHECKPOINT,
    FLUOROPYRIMIDINES,
    HER2,
    LONGEST_DAYS,
    PARP,
    PLATINUM,
    SYSTEMIC,
    before,
    contradicts,
    days_since_never,
    ended,
    stated_never,
    systemic,
)
from peritia.case.facts.row import Finding, Row, disagree, inferred, known, unknown
from peritia.case.facts.seen import Part, Seen
from peritia.case.treatment import Response

_NEVER = ("systemic-therapy",)
_READS: tuple[Part, ...] = ("systemic", "never")
_EVERY_ROUTE: tuple[Part, ...] = ("systemic", "cytoreductions", "pipac", "never")


@fact(
    "systemic_lines_palliative",
    "int",
    "Palliative systemic lines started",
    "Counted from the recorded lines; unknown if one has no setting; 0 where systemic therapy is stated never given.",
    *_READS,
    unit="{count}",
    domain=(0, 20),
)
def _lines(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return _never(seen, 0)
    if any(row.entry.setting is None for row in lines):
        return unknown("a line has no setting", *lines)
    return inferred(sum(row.entry.setting == "palliative" for row in lines), "counted from the recorded lines", *lines)


def _never(seen: Seen, value: bool | int) -> Finding | None:
    row = stated_never(seen, _NEVER)
    return None if row is None else inferred(value, "stated: never systemic-therapy", row)


@fact(
    "systemic_therapy_given",
    "bool",
    "Any systemic therapy given",
    "True with a recorded line; false only where stated never given.",
    *_READS,
)
def _given(seen: Seen) -> Finding | None:
    lines, never = systemic(seen), stated_never(seen, _NEVER)
    if lines:
        if never is not None and contradicts(never, lines[-1]):
            return unknown("conflicting entries: stated never given, yet recorded as given", lines[-1], never)
        return known(True, *lines)
    return _never(seen, False)


def _running(seen: Seen, row: Row) -> bool | None:
    entry = row.entry
    if entry.ended_on is not None:
        return entry.ended_on > seen.on
    return entry.ongoing


@fact(
    "systemic_ongoing",
    "bool",
    "Systemic therapy ongoing",
    "True if a line is ongoing on the date; false if every recorded line has ended.",
    *_READS,
)
def _ongoing(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return _never(seen, False)
    states = [_running(seen, row) for row in lines]
    if True in states:
        return known(True, lines[states.index(True)])
    return (
        unknown("a line has no end and is not marked as ongoing", lines[states.index(None)])
        if None in states
        else inferred(False, "ended", *lines)
    )


def _days_since(seen: Seen, lines: list[Row], what: str) -> Finding | None:
    ends = [(ended(seen, row), row) for row in lines]
    last = max((end for end, _ in ends if end is not None), default=None)
    if last is not None and (last >= seen.on or all(end is not None for end, _ in ends)):
        return inferred((seen.on - last).days, f"since the last recorded day of {what}", *(row for end, row in ends if end == last))
    return unknown(f"when {what} ended is not recorded", *(row for end, row in ends if end is None))


@fact(
    "days_since_systemic",
    "int",
    "Days since the last systemic dose (0 while ongoing)",
    "Days from the latest end of a line; 0 while one is ongoing; the longest countable time where stated never given.",
    *_READS,
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if lines:
        return _days_since(seen, lines, "systemic therapy")
    never = stated_never(seen, _NEVER)
    return None if never is None else days_since_never(never)


@fact(
    "last_line_best_response",
    "cat",
    "Best response of the last systemic line",
    "Of the line begun last; unknown when two lines were begun on one day with different responses.",
    "systemic",
    categories=get_args(Response),
)
def _response(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    begun_last = [row for row in lines if row.day == lines[0].day]
    responses = {row.entry.best_response for row in begun_last}
    if len(responses) > 1:
        return disagree(*begun_last)
    return None if not lines or lines[0].entry.best_response is None else known(lines[0].entry.best_response, lines[0])


def _progressed(seen: Seen, row: Row) -> bool | None:
    """Progression on a line, or as the reason to stop it, as far as known by the date."""
    entry = row.entry
    stopped = None if entry.ended_on is not None and entry.ended_on > seen.on else entry.stopped_for
    if stopped == "progression" or entry.best_response == "progression":
        return True
    answered = entry.best_response is not None and entry.best_response != "not-evaluable"
    return False if answered and (stopped is not None or _running(seen, row)) else None


@fact(
    "progression_on_last_line",
    "bool",
    "Progression on or as reason to stop the last line",
    "True if response or reason to stop is progression; false if a response is recorded and the "
    "line runs on or stopped for another reason.",
    "systemic",
)
def _progression(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return None
    if len(lines) > 1 and lines[1].day == lines[0].day:
        return (
            disagree(lines[0], lines[1]) if _progressed(seen, lines[0]) is not _progressed(seen, lines[1]) else _as_finding(seen, lines[0])
        )
    return _as_finding(seen, lines[0])


def _as_finding(seen: Seen, row: Row) -> Finding:
    progressed = _progressed(seen, row)
    return unknown("response or reason to stop is not recorded", row) if progressed is None else known(progressed, row)


@fact(
    "lines_with_progression",
    "int",
    "Palliative lines with progression",
    "Counted from the recorded palliative lines when each can be judged.",
    *_READS,
    unit="{count}",
    domain=(0, 20),
)
def _lines_with_progression(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return _never(seen, 0)
    if any(row.entry.setting is None for row in lines):
        return unknown("a line has no setting", *lines)
    judged = [_progressed(seen, row) for row in lines if row.entry.setting == "palliative"]
    if None in judged:
        return unknown("progression on a palliative line is not recorded", *lines)
    return inferred(sum(one is True for one in judged), "counted from the recorded lines", *lines)


@fact(
    "days_since_bevacizumab",
    "int",
    "Days since bevacizumab",
    "As days_since_systemic, for lines with bevacizumab.",
    *_READS,
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since_bevacizumab(seen: Seen) -> Finding | None:
    lines = [row for row in systemic(seen) if any(dose.drug == "bevacizumab" for dose in row.entry.drugs)]
    if lines:
        return _days_since(seen, lines, "bevacizumab")
    never = stated_never(seen, ("bevacizumab", *_NEVER))
    return None if never is None else days_since_never(never)


def _prior(
    name: str, description: str, drugs: frozenset[str], never: tuple[str, ...] = (), routes: tuple[frozenset[str], ...] = ALL_ROUTES
) -> Derive:
    """Declare a fact that a kind of drug was given before."""

    def rule(seen: Seen) -> Finding | None:
        return before(seen, drugs, never, routes)

    covers = " or ".join([*never, "systemic-therapy" if routes == SYSTEMIC else "all of systemic-therapy, hipec and pipac"])
    return fact(
        name, "bool", description, f"True if a recorded dose holds such a drug; false only where stated never: {covers}.", *_EVERY_ROUTE
    )(rule)


_prior("prior_bevacizumab", "Bevacizumab given before", frozenset({"bevacizumab"}), ("bevacizumab",), SYSTEMIC)
_prior("prior_oxaliplatin", "Oxaliplatin given before by any route", frozenset({"oxaliplatin"}), ("platinum",))
_prior("prior_platinum", "Any platinum given before", PLATINUM, ("platinum",))
_prior("prior_anthracycline", "Any anthracycline given before", ANTHRACYCLINES, ("anthracycline",))
_prior("prior_fluoropyrimidine", "Fluoropyrimidine given before", FLUOROPYRIMIDINES)
_prior("prior_irinotecan", "Irinotecan given before", frozenset({"irinotecan"}))
_prior("prior_anti_egfr", "Anti-EGFR given before", ANTI_EGFR, ("anti-egfr",), SYSTEMIC)
_prior("prior_immunotherapy", "Checkpoint inhibitor given before", CHECKPOINT, ("immunotherapy",), SYSTEMIC)
_prior("prior_parp_inhibitor", "PARP inhibitor given before", PARP, (), SYSTEMIC)
_prior("prior_trastuzumab", "HER2-directed therapy given before", HER2, (), SYSTEMIC)


@fact(
    "platinum_free_interval_months",
    "num",
    "Months since last platinum (gynaecological use)",
    "Calendar months from the latest end of a systemic line with platinum to the assessment date; 0 while one is ongoing.",
    "systemic",
    unit="mo",
    domain=(0, 240),
)
def _platinum_free(seen: Seen) -> Finding | None:
    lines = [row for row in systemic(seen) if any(dose.drug in PLATINUM for dose in row.entry.drugs)]
    ends = [ended(seen, row) for row in lines]
    if not lines:
        return None
    if None in ends:
        return unknown("when platinum ended is not recorded", *lines)
    last = max(end for end in ends if end is not None)
    if last is UNDATED:
        return None
    return inferred(months_between(last, seen.on), "since the last recorded day of platinum", *lines)
