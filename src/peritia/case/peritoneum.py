"""The peritoneum: thirteen regions scored on a day by somebody, ascites, cytology, biopsies."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

REGIONS: tuple[str, ...] = (
    "central", "right upper", "epigastrium", "left upper", "left flank", "left lower", "pelvis", "right lower",
    "right flank", "upper jejunum", "lower jejunum", "upper ileum", "lower ileum",
)  # fmt: skip
"""Region names by PCI number, 0 to 12."""


class PeritonealAssessment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scoring of the peritoneum. ``regions`` maps PCI region 0..12 to lesion size 0..3; a missing region is not scored.

    ``total`` may be recorded without regions. ``method`` matters: CT reads lower than the surgeon.
    """

    on: date | None = None
    method: Literal["ct", "mri", "pet-ct", "laparoscopy", "laparotomy"]
    regions: dict[int, int] = {}
    total: int | None = None
    confluent_small_bowel: Literal["present", "absent", "not-staged"] | None = None
    diffuse_mesentery: Literal["present", "absent", "not-staged"] | None = None
    complete_resection_expected: Literal["cc0", "cc1", "not-expected", "uncertain"] | None = None
    adhesions_prevent_access: bool | None = None
    document: str | None = None


class Ascites(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ascites on a day; a volume of zero says that there is none."""

    on: date | None = None
    volume_ml: float | None = None
    symptomatic: bool | None = None
    cause: Literal["malignant", "cirrhosis", "portal-vein-thrombosis", "other"] | None = None
    document: str | None = None


class Cytology(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cytology of ascites or washing on a day."""

    on: date | None = None
    result: Literal["positive", "negative", "indeterminate"] | None = None
    document: str | None = None


class RegressionBiopsies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PRGS of each biopsy (1 complete response .. 4 none) taken at one session."""

    on: date | None = None
    grades: tuple[int, ...] = ()
    document: str | None = None
