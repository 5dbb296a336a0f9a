"""Histology as reported, and the disease groups that follow from type and site."""

from __future__ import annotations

from typing import get_args

from peritia.case.disease import HistologyType
from peritia.case.facts.declaration import fact
from peritia.case.facts.newest import any_of
from peritia.case.facts.row import Finding, inferred, known, unknown
from peritia.case.facts.seen import Seen

LOW_GRADE_MUCINOUS = frozenset({"low-grade-appendiceal-mucinous-neoplasm", "pseudomyxoma-low-grade"})
PSEUDOMYXOMA = frozenset({"pseudomyxoma-low-grade", "pseudomyxoma-high-grade"})
MAY_SPREAD_AS_PSEUDOMYXOMA = frozenset(
    {"low-grade-appendiceal-mucinous-neoplasm", "mucinous-adenocarcinoma", "signet-ring-cell-carcinoma", "other"}
)
MESOTHELIOMA = frozenset({kind for kind in get_args(HistologyType) if kind.startswith("mesothelioma")})
INVASIVE_CARCINOMA = frozenset({
    "adenocarcinoma", "mucinous-adenocarcinoma", "signet-ring-cell-carcinoma", "diffuse-adenocarcinoma", "intestinal-adenocarcinoma",
    "goblet-cell-adenocarcinoma",
})  # fmt: skip
GASTROINTESTINAL = frozenset(
    {"colon", "rectum", "appendix", "small-bowel", "stomach", "gastro-oesophageal-junction", "pancreas", "biliary"}
)
SITE_LEAVES_OPEN = frozenset({"peritoneum", "unknown-primary", "other"})


def _there(seen: Seen) -> bool:
    """Whether the histology was known by the date."""
    histology = seen.case.histology
    return histology is not None and (histology.on is None or histology.on <= seen.on)


def _type(seen: Seen) -> str | None:
    histology = seen.case.histology
    return histology.type if histology is not None and _there(seen) else None


def _recorded(seen: Seen, field: str) -> Finding | None:
    value = getattr(seen.case.histology, field) if _there(seen) else None
    return None if value is None else known(value, seen.one("histology"))


def _present(seen: Seen, field: str) -> Finding | None:
    finding = _recorded(seen, field)
    if finding is None:
        return None
    return unknown("not examined", *finding.rows) if finding.value == "not-staged" else known(finding.value == "present", *finding.rows)


@fact("histology_type", "cat", "Histological type", "As reported.", "histology", categories=get_args(HistologyType), field="type")
def _histology_type(seen: Seen) -> Finding | None:
    return _recorded(seen, "type")


@fact("histology_grade", "cat", "Grade", "As reported.", "histology", categories=("G1", "G2", "G3"), field="grade")
def _grade(seen: Seen) -> Finding | None:
    return _recorded(seen, "grade")


@fact(
    "signet_ring_cells",
    "bool",
    "Signet ring cells present",
    "As reported; true for signet-ring-cell carcinoma or a share above zero.",
    "histology",
)
def _signet(seen: Seen) -> Finding | None:
    stated = _present(seen, "signet_ring_cells")
    share = _recorded(seen, "signet_ring_percent")
    implied = _type(seen) == "signet-ring-cell-carcinoma" or (share is not None and float(share.value or 0) > 0)
    if implied:
        row = seen.one("histology")
        if stated is not None and stated.value is False:
            return unknown("reported absent, yet type or share says otherwise", row)
        return stated if stated is not None and stated.value else inferred(True, "by histological type or share", row)
    if stated is None and share is not None:
        return inferred(False, "a share of zero", *share.rows)
    return stated


@fact(
    "signet_ring_percent",
    "num",
    "Share of signet ring cells",
    "As reported.",
    "histology",
    unit="%",
    domain=(0, 100),
    field="signet_ring_percent",
)
def _signet_share(seen: Seen) -> Finding | None:
    return _recorded(seen, "signet_ring_percent")


@fact("lymphatic_or_venous_invasion", "bool", "L+ or V+", "True if one is present, false if both are absent.", "histology")
def _invasion(seen: Seen) -> Finding | None:
    return any_of("lymphatic or venous invasion", (_present(seen, "lymphatic_invasion"), _present(seen, "venous_invasion")))


@fact(
    "peritoneal_biopsy_positive",
    "bool",
    "Peritoneal disease proven by histology",
    "As reported.",
    "histology",
    field="peritoneal_biopsy_positive",
)
def _biopsy(seen: Seen) -> Finding | None:
    return _recorded(seen, "peritoneal_biopsy_positive")


@fact(
    "low_grade_mucinous",
    "bool",
    "LAMN or low-grade pseudomyxoma (derived from histology_type)",
    "By histological type; unknown for type 'other'.",
    "histology",
)
def _low_grade(seen: Seen) -> Finding | None:
    kind = _type(seen)
    if kind is None or kind == "other":
        return None
    return inferred(kind in LOW_GRADE_MUCINOUS, "by histological type", seen.one("histology"))


@fact(
    "pseudomyxoma",
    "bool",
    "Pseudomyxoma peritonei, any grade (derived)",
    "By histological type; a low-grade appendiceal neoplasm with peritoneal disease counts. An "
    "appendiceal mucinous carcinoma leaves it open.",
    "histology",
)
def _pseudomyxoma(seen: Seen) -> Finding | None:
    kind, site = _type(seen), seen.case.primary.site
    if kind is None:
        return None
    row = seen.one("histology")
    if kind in PSEUDOMYXOMA:
        return inferred(True, "by histological type", row)
    if kind not in MAY_SPREAD_AS_PSEUDOMYXOMA:
        return inferred(False, "by histological type", row)
    if kind == "low-grade-appendiceal-mucinous-neoplasm":
        if seen.value("peritoneal_disease_present") is True:
            return inferred(True, "a low-grade appendiceal neoplasm with peritoneal disease", row, *seen.used("peritoneal_disease_present"))
        return unknown("a low-grade appendiceal neoplasm; peritoneal disease is not established", row)
    if site is None or site == "appendix" or site in SITE_LEAVES_OPEN:
        return unknown("type and site leave it open", row)
    return inferred(False, "by histological type and site", row, seen.one("primary"))


@fact(
    "peritoneal_mesothelioma",
    "bool",
    "Peritoneal mesothelioma (derived from site mesothelium or histology)",
    "True for site mesothelium or a mesothelioma type, false for another site; unknown where site and type disagree.",
    "primary",
)
def _mesothelioma(seen: Seen) -> Finding | None:
    kind, site = _type(seen), seen.case.primary.site
    row = seen.one("primary")
    if site == "mesothelium":
        if kind is not None and kind not in MESOTHELIOMA and kind != "other":
            return unknown("site and histological type disagree", row, seen.one("histology"))
        return inferred(True, "by site", row)
    if site is None or site in SITE_LEAVES_OPEN:
        return (
            None if kind is None or kind == "other" else inferred(kind in MESOTHELIOMA, "by histological type", row, seen.one("histology"))
        )
    if kind in MESOTHELIOMA:
        return unknown("site and histological type disagree", row, seen.one("histology"))
    return inferred(False, "by site", row)


@fact(
    "invasive_gastrointestinal",
    "bool",
    "Invasive gastrointestinal carcinoma (derived)",
    "True for an invasive carcinoma type at a gastrointestinal site, false for another site or another type; unknown without type.",
    "primary",
)
def _invasive_gi(seen: Seen) -> Finding | None:
    kind, site = _type(seen), seen.case.primary.site
    row = seen.one("primary")
    if site is None:
        return unknown("the site of the primary is not recorded", row)
    if site not in GASTROINTESTINAL:
        return unknown("the site leaves it open", row) if site in SITE_LEAVES_OPEN else inferred(False, "by site", row)
    if kind is None or kind == "other":
        return unknown("histological type not recorded", row)
    return inferred(kind in INVASIVE_CARCINOMA, "by site and histological type", row, seen.one("histology"))
