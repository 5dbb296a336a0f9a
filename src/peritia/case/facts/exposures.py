"""Which drugs were given, by any route; and which were stated never to have been given.

A list of treatments proves what it holds, not what it leaves out. So 'never' needs an entry that says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.seen import Finding, Row, Seen, inferred, known, unknown
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


def systemic(seen: Seen) -> list[Row]:
    """Systemic lines begun by the date, newest first."""
    return seen.rows("systemic", "started_on")


def ended(seen: Seen, row: Row) -> date | None:
    """Day on which a line had ended by the date; the date itself while it is ongoing; None when not recorded."""
    entry = row[3]
    if entry.ended_on is not None:
        return min(entry.ended_on, seen.on)
    return seen.on if entry.ongoing else None


def given(seen: Seen, drugs: frozenset[str] | None = None) -> list[Exposure]:
    """Every dose by any route by the date, of these drugs or of all."""
    found: list[Exposure] = [(row, dose) for row in systemic(seen) for dose in row[3].drugs]
    for row in seen.rows("cytoreductions"):
        if row[3].completed is not False and row[3].hipec is not False:
            found += [(row, dose) for dose in row[3].hipec_drugs]
    for row in seen.rows("pipac"):
        if row[3].access != "failed":
            found += [(row, dose) for dose in row[3].doses]
    return found if drugs is None else [one for one in found if one[1].drug in drugs]


def stated_never(seen: Seen, kinds: Iterable[str], routes: tuple[frozenset[str], ...] = ()) -> Row | None:
    """The entry that rules a treatment out: one of ``kinds`` itself, or every one of the routes by which it could have been given."""
    said = {row[3].kind: row for row in seen.rows("never")}
    for kind in kinds:
        if kind in said:
            return said[kind]
    closing = [next((said[kind] for kind in route if kind in said), None) for route in routes]
    return closing[0] if closing and None not in closing else None


def before(
    seen: Seen, drugs: frozenset[str], never: tuple[str, ...] = (), routes: tuple[frozenset[str], ...] = ALL_ROUTES
) -> Finding | None:
    """Whether one of these drugs was given before; false only where a 'never' covers it."""
    found = given(seen, drugs)
    ruled_out = stated_never(seen, never, routes)
    if found:
        if ruled_out is not None and contradicts(ruled_out, found[0][0]):
            return unknown("conflicting entries: stated never given, yet recorded as given", found[0][0], ruled_out)
        return known(True, *dict.fromkeys(row for row, _ in found))
    return None if ruled_out is None else inferred(False, f"stated: never {ruled_out[3].kind}", ruled_out)


def contradicts(never: Row, given_row: Row) -> bool:
    """A 'never' contradicts what was given before it was written; an undated one contradicts everything."""
    return never[0] is UNDATED or given_row[0] <= never[0]


def days_since_never(row: Row) -> Finding:
    """For facts that count days since a treatment that was stated never given."""
    return inferred(LONGEST_DAYS, f"stated: never {row[3].kind}; counted as the longest time", row)
