"""Which drugs were given, by any route; and which were stated never to have been given.

A list of treatments proves what it holds, not what it leaves out. So 'never' needs an entry that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.row import Finding, Row, inferred, known, unknown
from peritia.case.facts.seen import Seen, once
from peritia.case.treatment import Dose

ANTHRACYCLINES = frozenset({"doxorubicin", "liposomal-doxorubicin", "epirubicin"})
PLATINUM = frozenset({"oxaliplatin", "cisplatin", "carboplatin"})
FLUOROPYRIMIDINES = frozenset({"fluorouracil", "capecitabine", "s-1", "trifluridine-tipiracil"})
ANTI_EGFR = frozenset({"cetuximab", "panitumumab"})
CHECKPOINT = frozenset({"pembrolizumab", "nivolumab", "ipilimumab", "dostarlimab", "atezolizumab"})
PARP = frozenset({"olaparib", "niraparib", "rucaparib"})
HER2 = frozenset({"trastuzumab", "trastuzumab-deruxtecan", "tucatinib"})
ACCOMPANYING = frozenset({"leucovorin", "fluorouracil"})
"""Given into a vein around HIPEC; not the drug of the perfusate."""
ALL_ROUTES = (frozenset({"systemic-therapy"}), frozenset({"hipec", "cytoreduction"}), frozenset({"pipac"}))
SYSTEMIC = (frozenset({"systemic-therapy"}),)
LONGEST_DAYS = 20000
"""What stands for 'never' where a fact counts days since a treatment: the top of its domain."""

Exposure = tuple[Row, Dose]
_DAY = attrgetter("day")


def systemic(seen: Seen) -> list[Row]:
    """Systemic lines begun by the date, newest first."""
    return seen.rows["systemic"]


def ended(seen: Seen, row: Row) -> date | None:
    """Day on which a line had ended by the date; the date itself while it is ongoing; None when not recorded."""
    entry = row.entry
    if entry.ended_on is not None:
        return min(entry.ended_on, seen.on)
    return seen.on if entry.ongoing else None


@once
def given(seen: Seen) -> dict[str, list[Exposure]]:
    """Every dose by any route by the date, by drug."""
    found: dict[str, list[Exposure]] = {}
    for row in seen.rows["systemic"]:
        for dose in row.entry.drugs:
            found.setdefault(dose.drug, []).append((row, dose))
    for row in seen.rows["cytoreductions"]:
        if row.entry.completed is not False and row.entry.hipec is not False:
            for dose in row.entry.hipec_drugs:
                found.setdefault(dose.drug, []).append((row, dose))
    for row in seen.rows["pipac"]:
        if row.entry.access != "failed":
            for dose in row.entry.doses:
                found.setdefault(dose.drug, []).append((row, dose))
    return found


def stated_never(seen: Seen, kinds: Iterable[str], routes: tuple[frozenset[str], ...] = ()) -> Row | None:
    """The entry that rules a treatment out: one of ``kinds`` itself, or the first of those that close all its routes."""
    said = seen.never
    if not said:
        return None
    for kind in kinds:
        if kind in said:
            return said[kind]
    closing: list[Row] = []
    for route in routes:
        for kind in route:
            if kind in said:
                closing.append(said[kind])
                break
        else:
            return None
    return closing[0] if closing else None


def before(
    seen: Seen, drugs: frozenset[str], never: tuple[str, ...] = (), routes: tuple[frozenset[str], ...] = ALL_ROUTES
) -> Finding | None:
    """Whether one of these drugs was given before; false only where a 'never' covers it."""
    found = given(seen)
    hits = [row for drug in drugs & found.keys() for row, _ in found[drug]]
    ruled_out = stated_never(seen, never, routes)
    if not hits:
        return None if ruled_out is None else inferred(False, f"stated: never {ruled_out.entry.kind}", ruled_out)
    rows = hits if len(hits) == 1 else sorted(dict.fromkeys(hits), key=_DAY)
    if ruled_out is not None and contradicts(ruled_out, rows[0]):
        return unknown("conflicting entries: stated never given, yet recorded as given", rows[0], ruled_out)
    return known(True, *rows)


def contradicts(never: Row, given_row: Row) -> bool:
    """A 'never' contradicts what was given before it was written; an undated one contradicts everything."""
    return never.day is UNDATED or given_row.day <= never.day


def days_since_never(row: Row) -> Finding:
    """For facts that count days since a treatment that was stated never given."""
    return inferred(LONGEST_DAYS, f"stated: never {row.entry.kind}; counted as the longest time", row)
