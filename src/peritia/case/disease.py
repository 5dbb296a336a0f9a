"""The cancer: primary, histology, molecular findings, disease outside the peritoneum."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

PrimarySite = Literal[
    "colon", "rectum", "appendix", "small-bowel", "stomach", "gastro-oesophageal-junction", "ovary", "fallopian-tube",
    "peritoneum", "mesothelium", "pancreas", "biliary", "breast", "endometrium", "sarcoma", "neuroendocrine",
    "unknown-primary", "other",
]  # fmt: skip
HistologyType = Literal[
    "adenocarcinoma", "mucinous-adenocarcinoma", "signet-ring-cell-carcinoma", "diffuse-adenocarcinoma",
    "intestinal-adenocarcinoma", "goblet-cell-adenocarcinoma", "low-grade-appendiceal-mucinous-neoplasm",
    "pseudomyxoma-low-grade", "pseudomyxoma-high-grade", "high-grade-serous", "low-grade-serous", "endometrioid",
    "clear-cell", "mucinous-ovarian", "carcinosarcoma", "mesothelioma-epithelioid", "mesothelioma-biphasic",
    "mesothelioma-sarcomatoid", "mesothelioma-multicystic", "mesothelioma-papillary", "sarcoma", "neuroendocrine", "other",
]  # fmt: skip
Presence = Literal["present", "absent", "not-staged"]
ExtraperitonealSite = Literal[
    "liver", "lung", "pleura", "retroperitoneal-nodes", "distant-nodes", "bone", "brain", "abdominal-wall", "spleen-parenchyma", "other",
]  # fmt: skip
Marker = Literal[
    "kras", "nras", "braf", "her2", "mmr", "tmb", "pd-l1-cps", "claudin-18.2", "brca1", "brca2", "hrd", "folate-receptor-alpha",
    "ntrk", "ret", "fgfr2", "pole", "p16", "bap1", "ctdna",
]  # fmt: skip


class Primary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The primary tumour. Nobody has said where it sits while ``site`` is None; ``unknown-primary`` is a diagnosis."""

    site: PrimarySite | None = None
    side: Literal["left", "right"] | None = None
    diagnosed_on: date | None = None
    status: Literal["resected", "in-situ", "not-applicable"] | None = None
    t_stage: Literal["Tis", "T1", "T2", "T3", "T4", "T4a", "T4b"] | None = None
    n_stage: Literal["N0", "N1", "N2", "N3"] | None = None
    figo_stage: Literal["I", "II", "III", "IV"] | None = None
    synchronous_peritoneal: bool | None = None
    perforated: bool | None = None
    document: str | None = None


class Histology(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the pathologist reported of the tumour."""

    type: HistologyType | None = None
    grade: Literal["G1", "G2", "G3"] | None = None
    signet_ring_cells: Presence | None = None
    signet_ring_percent: float | None = None
    lymphatic_invasion: Presence | None = None
    venous_invasion: Presence | None = None
    peritoneal_biopsy_positive: bool | None = None
    on: date | None = None
    document: str | None = None


class MolecularFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gene or marker. ``tested`` without ``result`` says: tested, result not here. No entry says nothing at all.

    ``result``: for genes ``wild-type`` or ``mutated`` (``variant`` e.g. ``G12C``, ``V600E``, ``pathogenic``); for MMR
    ``deficient`` or ``proficient``; for protein markers ``positive`` or ``negative``; ``value`` carries TMB (mut/Mb), CPS, % of cells.
    """

    marker: Marker
    tested: bool | None = None
    result: Literal["wild-type", "mutated", "deficient", "proficient", "positive", "negative", "equivocal"] | None = None
    variant: str | None = None
    value: float | None = None
    on: date | None = None
    document: str | None = None


class ExtraperitonealFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Disease outside the peritoneum at one site: present, absent, or not staged. No entry means not known."""

    site: ExtraperitonealSite
    presence: Presence
    lesions: int | None = None
    resectable: bool | None = None
    irradiable: bool | None = None
    on: date | None = None
    document: str | None = None


class DiseaseStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the disease stood on a day, by whatever showed it."""

    status: Literal["no-evidence-of-disease", "stable", "responding", "progressing", "recurrent", "undetermined"]
    on: date | None = None
    peritoneal: Presence | None = None
    distant: Presence | None = None
    evidence: Literal["imaging", "marker", "laparoscopy", "biopsy", "clinical"] | None = None
    document: str | None = None
