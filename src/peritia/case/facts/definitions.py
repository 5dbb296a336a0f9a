"""The cited tables behind derived facts, read from ``definitions.yaml`` once."""

from __future__ import annotations

from pathlib import Path

import msgspec

from peritia import documents
from peritia.case.treatment import Drug


class _Cited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: str
    status: str
    because: str = ""


class Staleness(_Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days for which a result counts."""

    days: dict[str, int]


class WholeTable(_Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One whole number to another."""

    table: dict[int, int]


class Equivalents(_Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Milligram for milligram."""

    factor: dict[Drug, float]


class Threshold(_Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number."""

    value: float


class Definitions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every table, by name."""

    staleness: Staleness
    karnofsky_to_ecog: WholeTable
    doxorubicin_equivalents: Equivalents
    folate_receptor_alpha_high_percent: Threshold
    symptomatic_pain_score: Threshold
    dialysis_clearance_at_most: Threshold
    not_of_childbearing_potential_from_years: Threshold


DEFINITIONS: Definitions = documents.read(Path(__file__).with_name("definitions.yaml"), Definitions)
