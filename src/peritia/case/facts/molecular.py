"""Molecular findings. A gene is wild type only where a report says so; tested without result is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from peritia.case.facts.declaration import fact, loinc
from peritia.case.facts.definitions import DEFINITIONS
from peritia.case.facts.newest import all_of, any_of, compared, latest
from peritia.case.facts.row import Finding, Row, disagree, known, unknown
from peritia.case.facts.seen import Seen

_LONG_NAMES = {"gly": "G", "cys": "C", "val": "V", "glu": "E", "asp": "D"}


def _rows(seen: Seen, marker: str) -> list[Row]:
    return seen.groups["molecular"].get(marker, [])


def _result(seen: Seen, marker: str, yes: str, no: str) -> Finding | None:
    """Newest usable result of a marker as a truth: ``yes`` or ``no``; equivocal, or tested without result, says why it is unknown."""
    rows = _rows(seen, marker)
    if len(rows) != 1:
        rows = [row for row in rows if row.entry.result is not None or row.entry.tested]
        rows = [row for row in rows if row.day == rows[0].day]
    if not rows:
        return None
    row, result = rows[0], rows[0].entry.result
    for other in rows[1:]:
        if result is None:
            row, result = other, other.entry.result
        elif other.entry.result not in (result, None):
            return disagree(*rows)
    if result is None:
        return unknown("tested; the result is not on file", row) if row.entry.tested else None
    return known(result == yes, row) if result in (yes, no) else unknown(f"reported as {result}", row)


def _gene(seen: Seen, marker: str) -> Finding | None:
    finding = _result(seen, marker, "mutated", "wild-type")
    return finding if finding is None or finding.value is None else known("mutated" if finding.value else "wild-type", *finding.rows)


def _variant(seen: Seen, marker: str, judge: Callable[[str], bool | None]) -> Finding | None:
    """Whether one of the newest mutated findings is a certain variant; a mutation without named variant leaves it open."""
    finding = _result(seen, marker, "mutated", "wild-type")
    if finding is None or not finding.value:
        return finding
    day = finding.rows[0].day
    rows = [row for row in _rows(seen, marker) if row.day == day and row.entry.result == "mutated"]
    judged = [None if row.entry.variant is None else judge(_plain(row.entry.variant)) for row in rows]
    if True in judged:
        return known(True, rows[judged.index(True)])
    return unknown("mutated; the variant is not named or not classed", *rows) if None in judged else known(False, *rows)


@lru_cache(maxsize=4096)
def _plain(variant: str) -> str:
    text = re.sub(r"[\s()]|p\.", "", variant)
    return re.sub("(?i)" + "|".join(_LONG_NAMES), lambda match: _LONG_NAMES[match.group().lower()], text).upper()


@fact(
    "kras_status",
    "cat",
    "KRAS",
    "Newest report.",
    "molecular",
    categories=("wild-type", "mutated"),
    codes=loinc("21702-6", verified=True),
    key="kras",
)
def _kras(seen: Seen) -> Finding | None:
    return _gene(seen, "kras")


@fact(
    "kras_g12c",
    "bool",
    "KRAS G12C present",
    "True for variant G12C; false for wild type or another named variant.",
    "molecular",
    key="kras",
)
def _g12c(seen: Seen) -> Finding | None:
    return _variant(seen, "kras", lambda variant: variant == "G12C")


@fact("nras_status", "cat", "NRAS", "Newest report.", "molecular", categories=("wild-type", "mutated"), key="nras")
def _nras(seen: Seen) -> Finding | None:
    return _gene(seen, "nras")


@fact(
    "ras_wild_type",
    "bool",
    "KRAS and NRAS both wild type",
    "True only if both are reported wild type; false if one is mutated.",
    "molecular",
    codes=loinc("81420-2", verified=True),
)
def _ras(seen: Seen) -> Finding | None:
    return all_of(
        "KRAS and NRAS", (compared(_gene(seen, gene), lambda status: status == "wild-type", gene.upper()) for gene in ("kras", "nras"))
    )


@fact(
    "braf_v600e",
    "bool",
    "BRAF V600E present",
    "True for variant V600E; false for wild type or another named variant.",
    "molecular",
    key="braf",
)
def _braf(seen: Seen) -> Finding | None:
    return _variant(seen, "braf", lambda variant: variant == "V600E")


@fact(
    "her2_positive",
    "bool",
    "HER2 positive (overexpressed or amplified)",
    "Newest report, positive or negative; equivocal is unknown.",
    "molecular",
    codes=loinc("48676-1", verified=True),
    key="her2",
)
def _her2(seen: Seen) -> Finding | None:
    return _result(seen, "her2", "positive", "negative")


@fact(
    "mmr_deficient",
    "bool",
    "MMR deficient or MSI-H",
    "Newest report, deficient or proficient.",
    "molecular",
    codes=loinc("81695-9", verified=True),
    key="mmr",
)
def _mmr(seen: Seen) -> Finding | None:
    return _result(seen, "mmr", "deficient", "proficient")


@fact("tmb_mut_per_mb", "num", "Tumour mutational burden", "Newest value.", "molecular", unit="{mutations}/Mb", domain=(0, 500), key="tmb")
def _tmb(seen: Seen) -> Finding | None:
    return latest(_rows(seen, "tmb"), "value")


@fact(
    "pdl1_cps",
    "num",
    "PD-L1 combined positive score",
    "Newest value.",
    "molecular",
    unit="{score}",
    domain=(0, 100),
    codes=loinc("83052-1", verified=True),
    key="pd-l1-cps",
)
def _cps(seen: Seen) -> Finding | None:
    return latest(_rows(seen, "pd-l1-cps"), "value")


@fact("claudin_18_2_positive", "bool", "Claudin 18.2 positive", "Newest report, positive or negative.", "molecular", key="claudin-18.2")
def _claudin(seen: Seen) -> Finding | None:
    return _result(seen, "claudin-18.2", "positive", "negative")


def _classed(variant: str) -> bool | None:
    """Whether a BRCA variant is pathogenic, by the word that the report uses."""
    if "BENIGN" in variant or "VUS" in variant or "UNCERTAIN" in variant or "NON-PATHOGENIC" in variant or "NOTPATHOGENIC" in variant:
        return False
    return True if "PATHOGENIC" in variant else None


@fact(
    "brca_pathogenic",
    "bool",
    "Pathogenic BRCA1 or BRCA2 variant",
    "True if one carries a variant named pathogenic; false if neither does.",
    "molecular",
    codes=(*loinc("21636-6", verified=True), *loinc("38530-2", verified=True)),
)
def _brca(seen: Seen) -> Finding | None:
    return any_of("BRCA1 or BRCA2", (_variant(seen, "brca1", _classed), _variant(seen, "brca2", _classed)))


@fact("hrd_positive", "bool", "Homologous recombination deficiency", "Newest report, positive or negative.", "molecular", key="hrd")
def _hrd(seen: Seen) -> Finding | None:
    return _result(seen, "hrd", "positive", "negative")


@fact(
    "folate_receptor_alpha_high",
    "bool",
    "FR alpha >= 75 % of cells at >= 2+",
    "Share of cells at 2+ or more against the published cut-off; else positive or negative as reported.",
    "molecular",
    key="folate-receptor-alpha",
)
def _folate(seen: Seen) -> Finding | None:
    share = latest(_rows(seen, "folate-receptor-alpha"), "value")
    if share is not None:
        return compared(share, lambda percent: percent >= DEFINITIONS.folate_receptor_alpha_high_percent.value, "by the share of cells")
    return _result(seen, "folate-receptor-alpha", "positive", "negative")


@fact("ntrk_fusion", "bool", "NTRK fusion", "Newest report, positive or negative.", "molecular", key="ntrk")
def _ntrk(seen: Seen) -> Finding | None:
    return _result(seen, "ntrk", "positive", "negative")
