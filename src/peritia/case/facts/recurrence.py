"""Recurrence after a complete CRS with HIPEC: whether, when, where, with symptoms or not.

The clock starts at the last CRS with HIPEC that reached CC0 or CC1. What was found later speaks for recurrence or against it.
"""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED, months_between
from peritia.case.facts.declaration import fact
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.evidence import distant_statements, peritoneal_statements
from peritia.case.facts.newest import any_of, compared
from peritia.case.facts.procedures import with_hipec
from peritia.case.facts.row import Finding, Row, inferred, unknown
from peritia.case.facts.seen import Part, Seen

_READS: tuple[Part, ...] = ("cytoreductions", "status", "peritoneum", "extraperitoneal", "regression", "never")


def _later(seen: Seen, start: Row) -> tuple[list[Row], list[Row]]:
    """Rows after the operation that show disease, and rows that show none; each oldest first."""
    shows: list[Row] = [row for row in seen.rows["status"] if row.day > start.day and row.entry.status == "recurrent"]
    shows += [row for row in seen.rows["extraperitoneal"] if row.day > start.day and row.entry.presence == "present"]
    clear: list[Row] = [row for row in seen.rows["status"] if row.day > start.day and row.entry.status == "no-evidence-of-disease"]
    for statements in (peritoneal_statements(seen), distant_statements(seen)):
        shows += [statement.row for statement in statements if statement.day > start.day and statement.verdict == "present"]
    return sorted(dict.fromkeys(shows), key=lambda row: row.day), sorted(clear, key=lambda row: row.day)


@fact(
    "recurrence_after_crs_hipec",
    "bool",
    "Disease came back after a complete CRS with HIPEC",
    "True if disease is recorded after the last CRS with HIPEC and CC0 or CC1; false if HIPEC is "
    "stated never done, or only freedom from disease is "
    "recorded since; unknown without later findings, or when completeness is not recorded.",
    *_READS,
)
def _recurrence(seen: Seen) -> Finding | None:
    operations = with_hipec(seen)
    if not operations:
        if seen.value("prior_hipec") is False:
            return inferred(False, "no HIPEC before", *seen.used("prior_hipec"))
        return None
    start = operations[0]
    if start.entry.cc is None:
        return unknown("the completeness (CC) of the operation is not recorded", start)
    if start.entry.cc > 1:
        return inferred(False, "the operation was not complete: persistence, not recurrence", start)
    shows, clear = _later(seen, start)
    if shows:
        return inferred(True, "disease recorded after a complete operation", shows[0], start)
    if clear:
        return inferred(False, "no evidence of disease since", clear[-1], start)
    return unknown("nothing recorded since the operation", start)


@fact(
    "recurrence_pattern",
    "cat",
    "Pattern of recurrence",
    "From disease of the peritoneum and outside it, as both are now; unknown until both are known.",
    *_READS,
    categories=("isolated-peritoneal", "distant", "both"),
)
def _pattern(seen: Seen) -> Finding | None:
    recurred = seen.value("recurrence_after_crs_hipec")
    if not recurred:
        return None
    inside, outside = seen.value("peritoneal_disease_present"), seen.value("extraperitoneal_disease")
    if inside is None or outside is None:
        missing = "the peritoneum" if inside is None else "disease outside the peritoneum"
        return unknown(f"not staged: {missing}", *seen.used("recurrence_after_crs_hipec"))
    if not inside and not outside:
        return unknown("no disease at present", *seen.used("peritoneal_disease_present", "extraperitoneal_disease"))
    pattern = "both" if inside and outside else "isolated-peritoneal" if inside else "distant"
    return inferred(
        pattern, "from disease inside and outside the peritoneum", *seen.used("peritoneal_disease_present", "extraperitoneal_disease")
    )


@fact(
    "disease_free_interval_months",
    "num",
    "From last CRS with HIPEC to recurrence",
    "Calendar months from that operation to the first dated record of disease after it.",
    *_READS,
    unit="mo",
    domain=(0, 600),
)
def _interval(seen: Seen) -> Finding | None:
    if not seen.value("recurrence_after_crs_hipec"):
        return None
    start = with_hipec(seen)[0]
    shows, _ = _later(seen, start)
    if start.day is UNDATED or not shows or shows[0].day is UNDATED:
        return unknown("operation or recurrence has no date", start)
    return inferred(months_between(start.day, shows[0].day), "from the operation to the first record of disease", start, shows[0])


@fact(
    "recurrence_symptomatic",
    "bool",
    "Recurrence with symptoms (obstruction, pain >= 4, symptomatic ascites, PSDSS mild or severe)",
    "True if one of them holds and there is recurrence; false without recurrence or if all are ruled out.",
    *_READS,
    "symptoms",
    "ascites",
)
def _symptomatic(seen: Seen) -> Finding | None:
    recurrence = seen.found.get("recurrence_after_crs_hipec")
    if recurrence is None or not recurrence.value:
        return recurrence
    found = seen.found.get
    return any_of(
        "a symptom of the recurrence",
        (
            compared(found("bowel_obstruction"), lambda grade: grade != "none", "obstruction"),
            compared(found("pain_score"), lambda score: score >= DEFINITIONS.symptomatic_pain_score.value, "pain"),
            found("ascites_symptomatic"),
            compared(found("psdss_symptoms"), lambda group: group != "none", "PSDSS"),
        ),
    )


@fact(
    "pci_below_index",
    "bool",
    "Present surgical PCI below the index PCI",
    "Compares pci_surgical with index_pci.",
    "cytoreductions",
    "peritoneum",
)
def _below(seen: Seen) -> Finding | None:
    now, index = seen.number("pci_surgical"), seen.number("index_pci")
    if now is None or index is None:
        return None
    return inferred(now < index, "surgical PCI now against the index operation", *seen.used("pci_surgical", "index_pci"))
