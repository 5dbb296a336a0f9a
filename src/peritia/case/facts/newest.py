"""How several entries become one finding: the newest that says something, unless its day disagrees with itself.

And Kleene's logic over findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.row import Finding, Row, disagree, known, unknown
from peritia.case.facts.seen import Seen


def latest(rows: Sequence[Row], field: str) -> Finding | None:
    """The newest entry that fills ``field``; unknown when others of the same day fill it otherwise."""
    for place, row in enumerate(rows):
        value = getattr(row.entry, field)
        if value is not None:
            for other in rows[place + 1 :]:
                if other.day != row.day:
                    break
                second = getattr(other.entry, field)
                if second is not None and second != value:
                    return disagree(row, other)
            return known(value, row)
    return None


def latest_current(seen: Seen, part: str, field: str) -> Finding | None:
    """As ``latest``, for what a cytoreduction makes out of date."""
    finding = latest(seen.current[part], field)
    if finding is None and seen.cut is not None:
        older = latest(seen.rows[part], field)
        if older is not None:
            return before_surgery(seen, *older.rows)
    return finding


def judged(rows: Sequence[Row], judge: Callable[[Any], bool | None]) -> Finding | None:
    """What the newest entry says by a judgement of the whole entry; unknown when another of the same day says otherwise."""
    for place, row in enumerate(rows):
        verdict = judge(row.entry)
        if verdict is None:
            continue
        for other in rows[place + 1 :]:
            if other.day != row.day:
                break
            if judge(other.entry) is (not verdict):
                return disagree(row, other)
        return known(verdict, row)
    return None


def before_surgery(seen: Seen, *rows: Row) -> Finding:
    """Recorded before the last cytoreduction, hence no longer telling."""
    when = "" if seen.cut in (None, UNDATED) else f" of {seen.cut}"
    return unknown(f"recorded before the cytoreduction{when}; not recorded since", *rows)


def presence(rows: Sequence[Row] | None) -> Finding | None:
    """The newest statement of present or absent; 'not-staged' says unknown, whatever an older entry said."""
    if not rows:
        return None
    row = rows[0]
    stated = row.entry.presence
    for other in rows[1:]:
        if other.day != row.day:
            break
        if other.entry.presence != stated:
            return disagree(row, other)
    return unknown("not staged", row) if stated == "not-staged" else known(stated == "present", row)


def any_of(reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    """Kleene's OR over findings: true if one is true, false if all are false."""
    return _kleene(True, reason, findings)


def all_of(reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    """Kleene's AND over findings: false if one is false, true if all are true."""
    return _kleene(False, reason, findings)


def _kleene(decides: bool, reason: str, findings: Iterable[Finding | None]) -> Finding | None:
    rows: list[Row] = []
    open_: Finding | None = None
    undecided = False
    for finding in findings:
        if finding is None or finding.value is None:
            undecided = True
            open_ = open_ or finding
        elif finding.value is decides:
            return Finding(decides, "inferred", finding.rows, reason)
        else:
            rows.extend(finding.rows)
    if undecided:
        return open_
    return Finding(not decides, "inferred", tuple(dict.fromkeys(rows)), reason)


def compared(finding: Finding | None, test: Callable[[Any], bool], reason: str) -> Finding | None:
    """A truth derived from one finding; unknown stays unknown."""
    if finding is None or finding.value is None:
        return finding
    return Finding(test(finding.value), "inferred", finding.rows, reason)
