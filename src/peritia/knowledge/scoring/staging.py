"""Points and stages before surgery: PSDSS with its two staging tables, the sarcomatosis score, the AGO score for relapse."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from peritia.criteria import Truth, Value
from peritia.knowledge.scoring.definition import ScoreError, all_of, definition, points, table_of


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """Points by item, their sum and the stage by one named table; ``None`` while anything is unknown."""

    table: str
    by_item: Mapping[str, float | None]
    points: float | None
    stage: str | None


def psdss(values: Mapping[str, Value | None]) -> Staged:
    """PSDSS of colorectal cancer from facts: symptoms, PCI by CT, histology. Its points are not those of the ovarian variant."""
    score = definition("psdss")
    by_item = {item.id: points(item, values) for item in score.items}
    known = [value for value in by_item.values() if value is not None]
    total = sum(known) if len(known) == len(by_item) else None
    stage = None if total is None else psdss_stage(total, "colorectal")
    return Staged(table="colorectal", by_item=MappingProxyType(by_item), points=total, stage=stage)


def psdss_stage(total: float, table: str) -> str:
    """Stage I to IV by the named table, ``colorectal`` or ``ovarian``; their borders differ, so there is no default."""
    band = table_of(definition("psdss"), table).band_of(total)
    if band is None:
        raise ScoreError(f"{total:g} points are not on the {table} table", "the sum of the three items")
    return band.id


def spss(symptoms: bool | None, pci: int | None, high_grade: bool | None) -> Staged:
    """Simplified peritoneal sarcomatosis score: one point each for symptoms, PCI above its cut-off, high grade."""
    score = definition("spss")
    cut_off = score.cut_offs["pci"].value
    above = None if pci is None or cut_off is None else pci > cut_off
    by_item = {
        name: None if truth is None else float(truth) for name, truth in (("symptoms", symptoms), ("pci", above), ("grade", high_grade))
    }
    known = [value for value in by_item.values() if value is not None]
    total = sum(known) if len(known) == len(by_item) else None
    band = None if total is None else table_of(score, "tier").band_of(total)
    return Staged(table="tier", by_item=MappingProxyType(by_item), points=total, stage=band.id if band else None)


def ago_score(
    *, ecog: int | None, ascites_ml: float | None, complete_first_resection: bool | None, platinum_free_months: float | None
) -> Truth:
    """AGO score at relapse of ovarian cancer: positive when all four parts hold; one that fails decides, one unknown leaves it open."""
    cut = {name: figure.value for name, figure in definition("ago-score").cut_offs.items()}
    return all_of(
        (
            None if ecog is None or cut["ecog"] is None else ecog <= cut["ecog"],
            None if ascites_ml is None or cut["ascites"] is None else ascites_ml < cut["ascites"],
            complete_first_resection,
            None
            if platinum_free_months is None or cut["platinum_free_interval"] is None
            else platinum_free_months >= cut["platinum_free_interval"],
        )
    )
