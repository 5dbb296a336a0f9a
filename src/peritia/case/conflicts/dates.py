"""Contradictions in time: ends before starts, entries of days to come, entries without a day, entries twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from peritia.case.case import Case
from peritia.case.conflicts.conflict import DATED, Conflict, day_of, entries

_MAY_LACK_A_DAY = frozenset({"never", "molecular", "allergies", "preferences", "illnesses"})


def lines(case: Case, on: date) -> Iterator[Conflict]:
    """Ends after starts."""
    for path, line in entries(case, "systemic"):
        if line.started_on is not None and line.ended_on is not None and line.ended_on < line.started_on:
            yield Conflict("ended-before-started", "refuse", path, "this line ended before it started")
        if line.ongoing and line.ended_on is not None and line.ended_on <= on:
            yield Conflict("ongoing-yet-ended", "refuse", path, "this line is marked as ongoing and has an end", "leave one of the two out")


def ahead(case: Case, on: date) -> Iterator[Conflict]:
    """Nothing after the assessment date unnoticed."""
    for path, entry in entries(case):
        day = day_of(entry)
        if day is not None and day > on:
            yield Conflict("in-the-future", "flag", path, "this entry is after the assessment date and is not counted")
    for path, day in (("primary.diagnosed_on", case.primary.diagnosed_on), ("histology.on", case.histology.on if case.histology else None)):
        if day is not None and day > on:
            yield Conflict("in-the-future", "flag", path, "this is after the assessment date and is not counted")


def undated(case: Case, on: date) -> Iterator[Conflict]:
    """Entries without a day, part by part."""
    for part in DATED:
        if part in _MAY_LACK_A_DAY:
            continue
        paths = [path for path, entry in entries(case, part) if day_of(entry) is None]
        if paths:
            message = f"without date: {', '.join(paths)}; these count as older than every dated entry"
            yield Conflict("undated", "flag", paths[0], message, "give the day if it is known")


def twice(case: Case, on: date) -> Iterator[Conflict]:
    """The same entry written twice."""
    for part in DATED:
        found: list[object] = []
        for path, entry in entries(case, part):
            if entry in found:
                yield Conflict("written-twice", "flag", path, f"this entry is the same as {part}[{found.index(entry)}]")
            found.append(entry)
