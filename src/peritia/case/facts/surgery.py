"""Operations on the abdomen of any kind, whatever became of them: what has to heal does not ask why it was cut."""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import fact
from peritia.case.facts.explorations import SURGICAL
from peritia.case.facts.exposures import LONGEST_DAYS, contradicts, days_since_never
from peritia.case.facts.row import Finding, Row, known, unknown
from peritia.case.facts.seen import Part, Seen

_READS: tuple[Part, ...] = ("cytoreductions", "peritoneum", "pipac", "never")


def _newest(rows: list[Row]) -> Row | None:
    return max(rows, key=lambda row: (row.day, row.part), default=None)


def _laparotomies(seen: Seen) -> list[Row]:
    """Cytoreductions, those given up among them, and every exploration by laparotomy."""
    return seen.rows["cytoreductions"] + [row for row in seen.rows["peritoneum"] if row.entry.method == "laparotomy"]


def _operations(seen: Seen) -> list[Row]:
    """Those, every laparoscopy, and every PIPAC attempted: an attempt without access cuts too."""
    explored = [row for row in seen.rows["peritoneum"] if row.entry.method in SURGICAL]
    return seen.rows["cytoreductions"] + explored + seen.rows["pipac"]


def _days(seen: Seen, rows: list[Row]) -> Finding | None:
    row, stated = _newest(rows), seen.never.get("abdominal-surgery")
    if row is None:
        return None if stated is None else days_since_never(stated)
    if stated is not None and contradicts(stated, row):
        return unknown("conflicting entries: stated never operated, yet an operation is recorded", row, stated)
    return unknown("no date recorded", row) if row.day is UNDATED else known((seen.on - row.day).days, row)


@fact(
    "days_since_abdominal_surgery",
    "int",
    "Days since the last operation on the abdomen, open or keyhole",
    "Days since the latest of: cytoreduction (also one given up), laparotomy, laparoscopy, PIPAC (also without access); the longest "
    "countable time where it is stated that there was none. An operation for another reason is entered as an exploration without a score.",
    *_READS,
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since_surgery(seen: Seen) -> Finding | None:
    return _days(seen, _operations(seen))


@fact(
    "days_since_laparotomy",
    "int",
    "Days since the last open operation on the abdomen",
    "Days since the latest of: cytoreduction (also one given up), exploration by laparotomy; the longest countable time where it is stated "
    "that there was no operation on the abdomen.",
    *_READS,
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since_laparotomy(seen: Seen) -> Finding | None:
    return _days(seen, _laparotomies(seen))
