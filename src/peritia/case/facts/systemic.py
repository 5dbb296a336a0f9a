"""Systemic therapy: lines, response, when it ended, which drugs."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import get_args

from peritia.case.facts.calendar import months_between
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
    given,
    stated_never,
    systemic,
)
from peritia.case.facts.newest import latest
from peritia.case.facts.row import Finding, Row, disagree, inferred, known, unknown
from peritia.case.facts.seen import Part, Seen
from peritia.case.treatment import Response

_NEVER = ("systemic-therapy",)
_BEVACIZUMAB = frozenset({"bevacizumab"})
_FIRST = itemgetter(0)
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
    settings = [row.entry.setting for row in lines]
    if None in settings:
        return unknown("a line has no setting", *lines)
    return inferred(settings.count("palliative"), "counted from the recorded lines", *lines)


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
    "True if the line begun last is ongoing on the date, false if it has ended; unknown if an older line is then still marked as ongoing.",
    *_READS,
)
def _ongoing(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return _never(seen, False)
    last = _begun_last(lines)
    for row in last:
        if _running(seen, row):
            return known(True, row)
    for row in last:
        if _running(seen, row) is None:
            return unknown("the last line has no end and is not marked as ongoing", row)
    for row in lines:
        if _running(seen, row):
            return unknown("an older line is marked as ongoing although the line begun last has ended", row, *last)
    return inferred(False, "ended", *lines)


def _begun_last(lines: list[Row]) -> list[Row]:
    """The line begun last, or those begun last on one day. An older line without end counts as ended when a later one began."""
    if len(lines) == 1 or lines[1].day != lines[0].day:
        return lines[:1]
    return [row for row in lines if row.day == lines[0].day]


def _last_day(seen: Seen, lines: list[Row]) -> tuple[date, Row] | Finding:
    """The last day of these lines and the line; or a finding that it is not recorded."""
    for row in _begun_last(lines):
        if ended(seen, row) is None:
            return unknown("when the last line ended is not recorded", row)
    return max([(end, row) for row in lines if (end := ended(seen, row)) is not None], key=_FIRST)


def _days_since(seen: Seen, lines: list[Row], reason: str) -> Finding:
    last = _last_day(seen, lines)
    return last if isinstance(last, Finding) else inferred((seen.on - last[0]).days, reason, last[1])


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
        return _days_since(seen, lines, "since the last recorded day of systemic therapy")
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
    return latest(_begun_last(lines), "best_response") if lines else None


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
    "line runs on or stopped for another reason, or where systemic therapy is stated never given.",
    *_READS,
)
def _progression(seen: Seen) -> Finding | None:
    lines = systemic(seen)
    if not lines:
        return _never(seen, False)
    rows = _begun_last(lines)
    progressed = _progressed(seen, rows[0])
    if len(rows) > 1 and any(_progressed(seen, row) is not progressed for row in rows):
        return disagree(*rows)
    return unknown("response or reason to stop is not recorded", rows[0]) if progressed is None else known(progressed, rows[0])


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
    judged = [_progressed(seen, row) if row.entry.setting == "palliative" else row.entry.setting and False for row in lines]
    if None in judged:
        return unknown("setting or progression of a line is not recorded", *lines)
    return inferred(judged.count(True), "counted from the recorded lines", *lines)


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
    lines = _with(seen, _BEVACIZUMAB)
    if lines:
        return _days_since(seen, lines, "since the last recorded day of bevacizumab")
    never = stated_never(seen, ("bevacizumab", *_NEVER))
    return None if never is None else days_since_never(never)


def _with(seen: Seen, drugs: frozenset[str]) -> list[Row]:
    """Systemic lines that hold one of these drugs, newest first."""
    found = given(seen)
    rows = {row for drug in drugs & found.keys() for row, _ in found[drug]}
    return [row for row in systemic(seen) if row in rows] if rows else []


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


_prior("prior_bevacizumab", "Bevacizumab given before", _BEVACIZUMAB, ("bevacizumab",), SYSTEMIC)
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
    lines = _with(seen, PLATINUM)
    if not lines:
        return None
    last = _last_day(seen, lines)
    return (
        last
        if isinstance(last, Finding)
        else inferred(months_between(last[0], seen.on), "since the last recorded day of platinum", last[1])
    )
