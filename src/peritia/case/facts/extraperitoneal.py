"""Disease outside the peritoneum, site by site. Absent only where staging said so."""

from __future__ import annotations

from collections.abc import Callable

from peritia.case.disease import ExtraperitonealFinding
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import fact
from peritia.case.facts.evidence import distant_statements
from peritia.case.facts.newest import latest, presence
from peritia.case.facts.row import Finding, Row, disagree, inferred, unknown
from peritia.case.facts.seen import Seen, once

STAGED_BY = ("liver", "lung", "retroperitoneal-nodes", "distant-nodes")
"""Sites that must be absent before 'no disease outside the peritoneum' may be said."""
_READS = ("extraperitoneal", "status")


@once
def _stated(seen: Seen) -> dict[str, Finding | None]:
    """What is said of each site: newest of its own entries and of 'no distant disease' (key '': of every other site)."""
    groups = seen.groups["extraperitoneal"]
    stated = {site: presence(rows) for site, rows in groups.items()}
    overall = next((statement.row for statement in distant_statements(seen) if statement.verdict == "absent"), None)
    if overall is not None:
        stated = {site: _newer(own, overall) for site, own in stated.items()}
        stated[""] = _newer(None, overall)
    return stated


def _newer(own: Finding | None, overall: Row) -> Finding | None:
    if own is None or own.rows[0].day < overall.day:
        return inferred(False, "distant disease stated absent", overall)
    if own.rows[0].day == overall.day:
        return disagree(own.rows[0], overall) if own.value is True else own
    return own


def _site(seen: Seen, site: str) -> Finding | None:
    stated = _stated(seen)
    return stated[site] if site in stated else stated.get("")


@fact("liver_metastases", "bool", "Liver metastases present", "Newest statement on the liver.", *_READS)
def _liver(seen: Seen) -> Finding | None:
    return _site(seen, "liver")


def _of_liver(seen: Seen, field: str) -> Finding | None:
    """A field of the entries that say there are liver metastases, if theirs is the newest word."""
    finding = seen.found.get("liver_metastases")
    if finding is None or finding.value is not True:
        return None
    return latest([row for row in seen.groups["extraperitoneal"]["liver"] if row.day == finding.rows[0].day], field)


@fact(
    "liver_metastases_count",
    "int",
    "Number of liver metastases",
    "As counted at the newest statement; 0 when absent.",
    *_READS,
    unit="{count}",
    domain=(0, 100),
)
def _liver_count(seen: Seen) -> Finding | None:
    if seen.value("liver_metastases") is False:
        return inferred(0, "no liver metastases", *seen.used("liver_metastases"))
    return _of_liver(seen, "lesions")


@fact("liver_metastases_resectable", "bool", "Liver metastases resectable", "As judged at the newest statement.", "extraperitoneal")
def _liver_resectable(seen: Seen) -> Finding | None:
    return _of_liver(seen, "resectable")


@fact("lung_metastases", "bool", "Lung metastases present", "Newest statement on the lung.", *_READS)
def _lung(seen: Seen) -> Finding | None:
    return _site(seen, "lung")


@fact("pleural_disease", "bool", "Pleural disease present", "Newest statement on the pleura.", *_READS)
def _pleura(seen: Seen) -> Finding | None:
    return _site(seen, "pleura")


@fact("retroperitoneal_nodes", "bool", "Retroperitoneal nodal metastases present", "Newest statement on retroperitoneal nodes.", *_READS)
def _retroperitoneal(seen: Seen) -> Finding | None:
    return _site(seen, "retroperitoneal-nodes")


@fact("distant_nodes", "bool", "Distant nodal metastases present", "Newest statement on distant nodes.", *_READS)
def _distant_nodes(seen: Seen) -> Finding | None:
    return _site(seen, "distant-nodes")


@fact("bone_metastases", "bool", "Bone metastases present", "Newest statement on bone.", *_READS)
def _bone(seen: Seen) -> Finding | None:
    return _site(seen, "bone")


@fact("brain_metastases", "bool", "Brain metastases present", "Newest statement on the brain.", *_READS)
def _brain(seen: Seen) -> Finding | None:
    return _site(seen, "brain")


@once
def _sites(seen: Seen) -> tuple[list[tuple[Row, ExtraperitonealFinding]], list[Finding | None]]:
    """Entries of sites that are involved, and what is known of the four sites that staging needs."""
    involved: list[tuple[Row, ExtraperitonealFinding]] = []
    stated = _stated(seen)
    for finding in stated.values():
        if finding is not None and finding.value is True:
            involved.append((finding.rows[0], finding.rows[0].entry))
    return involved, [stated[site] if site in stated else stated.get("") for site in STAGED_BY]


@fact(
    "extraperitoneal_disease",
    "bool",
    "Any disease outside the peritoneum (true if one site present; false only if liver, lung, "
    "retroperitoneal and distant nodes are staged absent, "
    "or distant disease staged absent)",
    "True if one site is involved or distant disease is stated; false only when the four staging sites are absent; else unknown.",
    *_READS,
)
def _any(seen: Seen) -> Finding | None:
    involved, staged = _sites(seen)
    if involved:
        return inferred(True, "a site is involved", *(row for row, _ in involved))
    stated = next((statement for statement in distant_statements(seen) if statement.verdict != "not-staged"), None)
    absent = [finding for finding in staged if finding is not None and finding.value is False]
    if len(absent) < len(STAGED_BY):
        if stated is not None and stated.verdict == "present":
            return inferred(True, "distant disease stated", stated.row)
        return next((finding for finding in staged if finding is not None and finding.value is None), None)
    rows = tuple(dict.fromkeys(row for finding in absent for row in finding.rows))
    if stated is not None and stated.verdict == "present" and stated.row.day >= min(row.day for row in rows):
        return unknown("distant disease is stated, yet the staging sites are absent", stated.row, *rows)
    return inferred(False, "staging sites are absent", *rows)


@fact(
    "extraperitoneal_sites_count",
    "int",
    "Number of extraperitoneal sites involved (unknown until staged)",
    "Counted when the four staging sites are known; 0 without disease outside the peritoneum.",
    *_READS,
    unit="{count}",
    domain=(0, 10),
)
def _sites_count(seen: Seen) -> Finding | None:
    return _counted(seen, lambda entries: len(entries))


@fact(
    "extraperitoneal_lesions_count",
    "int",
    "Number of extraperitoneal lesions",
    "Sum over involved sites when the four staging sites are known and every involved site is counted.",
    *_READS,
    unit="{count}",
    domain=(0, 200),
)
def _lesions_count(seen: Seen) -> Finding | None:
    return _counted(seen, _lesions)


def _lesions(entries: list[ExtraperitonealFinding]) -> int | None:
    counts = [entry.lesions for entry in entries if entry.lesions is not None]
    return sum(counts) if len(counts) == len(entries) else None


def _counted(seen: Seen, count: Callable[[list[ExtraperitonealFinding]], int | None]) -> Finding | None:
    overall = seen.found.get("extraperitoneal_disease")
    if overall is None or overall.value is None:
        return None
    if overall.value is False:
        return inferred(0, "no disease outside the peritoneum", *overall.rows)
    involved, staged = _sites(seen)
    if not involved or any(finding is None or finding.value is None for finding in staged):
        return unknown("not every staging site is known")
    number = count([entry for _, entry in involved])
    return None if number is None else inferred(number, "counted over involved sites", *(row for row, _ in involved))


@fact(
    "extraperitoneal_unresectable",
    "bool",
    "Extraperitoneal disease present and not resectable",
    "True if an involved site is judged unresectable; false without disease or if all involved "
    "sites are resectable and staging is complete.",
    *_READS,
)
def _unresectable(seen: Seen) -> Finding | None:
    return _judged(seen, "resectable", none_left=False)


@fact(
    "extraperitoneal_irradiable",
    "bool",
    "All extraperitoneal lesions technically irradiable",
    "True if every involved site is judged irradiable and staging is complete; false if one is not, or if there is none.",
    *_READS,
)
def _irradiable(seen: Seen) -> Finding | None:
    finding = _judged(seen, "irradiable", none_left=True)
    return finding if finding is None or finding.value is None else inferred(not finding.value, finding.reason, *finding.rows)


def _judged(seen: Seen, field: str, *, none_left: bool) -> Finding | None:
    """Whether one involved site is judged 'no' in ``field``; ``none_left`` is the answer when there is no disease at all."""
    overall = seen.found.get("extraperitoneal_disease")
    if overall is None or overall.value is None:
        return None
    if overall.value is False:
        return inferred(none_left, "no disease outside the peritoneum", *overall.rows)
    involved, staged = _sites(seen)
    refused = [row for row, entry in involved if getattr(entry, field) is False]
    if refused:
        return inferred(True, f"an involved site is not {field}", *refused)
    if not involved or any(finding is None or finding.value is None for finding in staged):
        return unknown("not every staging site is known")
    if any(getattr(entry, field) is None for _, entry in involved):
        return unknown(f"not judged whether {field}", *(row for row, _ in involved))
    return inferred(False, f"every involved site is {field}", *(row for row, _ in involved))


@fact(
    "staging_age_days",
    "int",
    "Days since the latest extraperitoneal staging",
    "Days from the newest dated statement on a distant site.",
    *_READS,
    unit="d",
    domain=(0, 7300),
)
def _staging_age(seen: Seen) -> Finding | None:
    rows = [row for row in seen.rows["extraperitoneal"] if row.entry.presence != "not-staged"]
    rows += [statement.row for statement in distant_statements(seen) if statement.verdict != "not-staged"]
    dated = [row for row in rows if row.day is not UNDATED]
    if not dated:
        return None
    row = max(dated, key=lambda one: one.day)
    return inferred((seen.on - row.day).days, "since the newest statement", row)
