"""Cytoreduction, HIPEC, PIPAC and radiation given before."""

from __future__ import annotations

from peritia.case.facts.calendar import UNDATED, months_between
from peritia.case.facts.declaration import fact
from peritia.case.facts.exposures import ACCOMPANYING, LONGEST_DAYS, contradicts, days_since_never, stated_never
from peritia.case.facts.newest import any_of
from peritia.case.facts.row import Finding, Row, inferred, known, unknown
from peritia.case.facts.seen import Part, Seen
from peritia.case.treatment import Cytoreduction

_READS: tuple[Part, ...] = ("cytoreductions", "never")
_HIPEC_DRUGS = ("mitomycin", "oxaliplatin", "cisplatin", "doxorubicin", "carboplatin", "paclitaxel", "other")
_SEVERE = frozenset({"IIIa", "IIIb", "IVa", "IVb", "V"})


def operations(seen: Seen) -> list[Row]:
    """Cytoreductions carried out by the date, newest first. One is given up only where it says so."""
    return [row for row in seen.rows["cytoreductions"] if row.entry.completed is not False]


def hipec_given(entry: Cytoreduction) -> bool | None:
    """Whether HIPEC was given in an operation; recorded perfusion drugs say so too."""
    if entry.hipec is not None:
        return entry.hipec
    return True if entry.hipec_drugs else None


def with_hipec(seen: Seen) -> list[Row]:
    """Cytoreductions with HIPEC, newest first."""
    return [row for row in operations(seen) if hipec_given(row.entry)]


def sessions(seen: Seen) -> list[Row]:
    """PIPAC sessions in which something was given, newest first."""
    return [row for row in seen.rows["pipac"] if row.entry.access != "failed"]


def _done(seen: Seen, rows: list[Row], *never: str) -> Finding | None:
    ruled_out = stated_never(seen, never)
    if rows:
        if ruled_out is not None and contradicts(ruled_out, rows[-1]):
            return unknown("conflicting entries: stated never done, yet recorded as done", rows[-1], ruled_out)
        return known(True, *rows)
    return None if ruled_out is None else inferred(False, f"stated: never {ruled_out.entry.kind}", ruled_out)


@fact(
    "prior_crs",
    "bool",
    "Cytoreductive surgery done before",
    "True with a recorded cytoreduction not given up; false only where stated never done.",
    *_READS,
)
def _crs(seen: Seen) -> Finding | None:
    return _done(seen, operations(seen), "cytoreduction")


@fact(
    "prior_hipec",
    "bool",
    "HIPEC done before",
    "True with a recorded HIPEC; false only where HIPEC or cytoreduction is stated never done.",
    *_READS,
)
def _hipec(seen: Seen) -> Finding | None:
    finding = _done(seen, with_hipec(seen), "hipec", "cytoreduction")
    if finding is None and operations(seen):
        return unknown("no HIPEC in the recorded operations; an entry 'never: hipec' would settle it", *operations(seen))
    return finding


def _count(seen: Seen, rows: list[Row], what: str, *never: str) -> Finding | None:
    if rows:
        return inferred(len(rows), f"counted from the recorded {what}", *rows)
    ruled_out = stated_never(seen, never)
    return None if ruled_out is None else inferred(0, f"stated: never {ruled_out.entry.kind}", ruled_out)


@fact(
    "crs_count",
    "int",
    "Cytoreductive operations completed",
    "Counted from the record; 0 only where stated never done.",
    *_READS,
    unit="{count}",
    domain=(0, 20),
)
def _crs_count(seen: Seen) -> Finding | None:
    return _count(seen, operations(seen), "operations", "cytoreduction")


@fact(
    "hipec_count",
    "int",
    "HIPEC given",
    "Counted from the record; unknown if an operation leaves it open; 0 only where stated never done.",
    *_READS,
    unit="{count}",
    domain=(0, 20),
)
def _hipec_count(seen: Seen) -> Finding | None:
    open_ = [row for row in operations(seen) if hipec_given(row.entry) is None]
    if open_:
        return unknown("an operation does not say whether HIPEC was given", *open_)
    return _count(seen, with_hipec(seen), "operations", "hipec", "cytoreduction")


@fact(
    "months_since_crs_hipec",
    "num",
    "Months since the last CRS with HIPEC",
    "Calendar months since the latest recorded CRS with HIPEC.",
    "cytoreductions",
    unit="mo",
    domain=(0, 600),
)
def _since_hipec(seen: Seen) -> Finding | None:
    rows = with_hipec(seen)
    if not rows:
        return None
    return unknown("the operation has no date", rows[0]) if rows[0].day is UNDATED else known(months_between(rows[0].day, seen.on), rows[0])


@fact(
    "days_since_crs",
    "int",
    "Days since last cytoreductive surgery",
    "Days since the latest; the longest countable time where stated never done.",
    *_READS,
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since_crs(seen: Seen) -> Finding | None:
    return _days(seen, operations(seen), "cytoreduction")


def _days(seen: Seen, rows: list[Row], *never: str) -> Finding | None:
    if rows:
        return unknown("no date recorded", rows[0]) if rows[0].day is UNDATED else known((seen.on - rows[0].day).days, rows[0])
    ruled_out = stated_never(seen, never)
    return None if ruled_out is None else days_since_never(ruled_out)


def index_operation(seen: Seen) -> Row | None:
    """The operation that later findings are compared with: the last with HIPEC, else the last cytoreduction."""
    rows = with_hipec(seen) or operations(seen)
    return rows[0] if rows else None


@fact(
    "index_cc",
    "int",
    "CC score of the last CRS (with HIPEC if one was given)",
    "As recorded with that operation.",
    "cytoreductions",
    unit="{score}",
    domain=(0, 3),
)
def _index_cc(seen: Seen) -> Finding | None:
    row = index_operation(seen)
    return None if row is None or row.entry.cc is None else known(row.entry.cc, row)


@fact(
    "index_pci",
    "int",
    "PCI at that operation",
    "As recorded with that operation, or by a laparotomy score of the same day.",
    "cytoreductions",
    "peritoneum",
    unit="{score}",
    domain=(0, 39),
)
def _index_pci(seen: Seen) -> Finding | None:
    row = index_operation(seen)
    if row is None:
        return None
    if row.entry.pci is not None:
        return known(row.entry.pci, row)
    from peritia.case.facts.explorations import score

    for other in seen.rows["peritoneum"]:
        if other.day == row.day and row.day is not UNDATED and other.entry.method == "laparotomy":
            return score(other)
    return None


@fact(
    "last_hipec_drug",
    "cat",
    "Main drug of the last HIPEC",
    "First perfusion drug recorded, leaving out drugs given into a vein.",
    "cytoreductions",
    categories=_HIPEC_DRUGS,
)
def _drug(seen: Seen) -> Finding | None:
    rows = with_hipec(seen)
    if not rows:
        return None
    drug = next((dose.drug for dose in rows[0].entry.hipec_drugs if dose.drug not in ACCOMPANYING), None)
    if drug is None:
        return unknown("the drug of the last HIPEC is not recorded", rows[0])
    return known(drug if drug in _HIPEC_DRUGS else "other", rows[0])


@fact(
    "last_crs_clavien_dindo_3",
    "bool",
    "Clavien-Dindo >= IIIa after the last CRS",
    "By the recorded grade of the last cytoreduction.",
    "cytoreductions",
)
def _complication(seen: Seen) -> Finding | None:
    rows = operations(seen)
    grade = rows[0].entry.clavien_dindo if rows else None
    return None if grade is None else known(grade in _SEVERE, rows[0])


@fact(
    "pipac_sessions",
    "int",
    "PIPAC sessions given",
    "Counted from the record, access failures left out; 0 only where stated never given.",
    "pipac",
    "never",
    unit="{count}",
    domain=(0, 60),
)
def _sessions(seen: Seen) -> Finding | None:
    return _count(seen, sessions(seen), "sessions", "pipac")


@fact(
    "days_since_pipac",
    "int",
    "Days since the last PIPAC given",
    "Days since the latest; the longest countable time where stated never given.",
    "pipac",
    "never",
    unit="d",
    domain=(0, LONGEST_DAYS),
)
def _since_pipac(seen: Seen) -> Finding | None:
    return _days(seen, sessions(seen), "pipac")


@fact(
    "pipac_access_failures",
    "int",
    "PIPAC attempts without access",
    "Counted from the recorded attempts; 0 also where PIPAC is stated never given.",
    "pipac",
    "never",
    unit="{count}",
    domain=(0, 20),
)
def _failures(seen: Seen) -> Finding | None:
    attempts = seen.rows["pipac"]
    if not attempts:
        return _count(seen, [], "attempts", "pipac")
    return inferred(sum(row.entry.access == "failed" for row in attempts), "counted from the recorded attempts", *attempts)


@fact(
    "prior_intraperitoneal_chemotherapy",
    "bool",
    "Any intraperitoneal chemotherapy before",
    "True with HIPEC or PIPAC given; false if both are stated never given.",
    "cytoreductions",
    "pipac",
    "never",
)
def _intraperitoneal(seen: Seen) -> Finding | None:
    return any_of("HIPEC or PIPAC", (_done(seen, with_hipec(seen), "hipec", "cytoreduction"), _done(seen, sessions(seen), "pipac")))


def _radiation(seen: Seen, sites: frozenset[str]) -> Finding | None:
    finding = _done(seen, [row for row in seen.rows["radiation"] if row.entry.site in sites], "radiation")
    if finding is None and seen.rows["radiation"]:
        return unknown("radiation recorded, not to this region or without site", *seen.rows["radiation"])
    return finding


@fact(
    "prior_abdominal_radiation",
    "bool",
    "Radiation to abdomen or pelvis before",
    "True with recorded radiation to abdomen, pelvis or liver; false only where stated never given.",
    "radiation",
    "never",
)
def _abdominal(seen: Seen) -> Finding | None:
    return _radiation(seen, frozenset({"abdomen", "pelvis", "liver"}))


@fact(
    "prior_mediastinal_radiation",
    "bool",
    "Radiation to mediastinum before",
    "True with recorded radiation to it; false only where stated never given.",
    "radiation",
    "never",
)
def _mediastinal(seen: Seen) -> Finding | None:
    return _radiation(seen, frozenset({"mediastinum"}))
