"""PSDSS with both its tables, sarcomatosis score and AGO score by worked examples."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from peritia.knowledge.scoring import ScoreError, ago_score, definition, psdss, psdss_stage, spss

MILD: dict[str, Any] = {
    "psdss_symptoms": "none",
    "pci_ct": 4,
    "histology_grade": "G1",
    "regional_nodes_positive": False,
    "lymphatic_or_venous_invasion": False,
    "signet_ring_cells": False,
}


@pytest.mark.parametrize(
    ("changes", "points", "stage"),
    [
        ({}, 2, "I"),
        ({"psdss_symptoms": "mild"}, 3, "I"),
        ({"pci_ct": 10}, 4, "II"),
        ({"histology_grade": "G2", "regional_nodes_positive": True}, 4, "II"),
        ({"pci_ct": 20, "histology_grade": "G2", "lymphatic_or_venous_invasion": True, "psdss_symptoms": "mild"}, 7, "II"),
        ({"pci_ct": 21}, 8, "III"),
        ({"psdss_symptoms": "severe", "pci_ct": 12}, 10, "III"),
        ({"histology_grade": "G3"}, 10, "III"),
        ({"signet_ring_cells": True, "pci_ct": 15}, 12, "IV"),
        ({"psdss_symptoms": "severe", "pci_ct": 30, "histology_grade": "G3"}, 22, "IV"),
    ],
)
def test_psdss_of_colorectal_cancer(changes: dict[str, Any], points: float, stage: str) -> None:
    found = psdss({**MILD, **changes})
    assert (found.points, found.stage, found.table) == (points, stage, "colorectal")


def test_signet_ring_cells_decide_histology_without_the_rest() -> None:
    assert psdss({"signet_ring_cells": True}).by_item["histology"] == 9


@pytest.mark.parametrize("missing", sorted(MILD))
def test_what_is_missing_leaves_the_stage_unknown(missing: str) -> None:
    found = psdss({name: value for name, value in MILD.items() if name != missing})
    assert found.points is None
    assert found.stage is None


def test_a_case_the_published_points_do_not_name_gets_none() -> None:
    assert psdss({**MILD, "regional_nodes_positive": True}).by_item["histology"] is None


def test_levels_of_an_item_exclude_each_other() -> None:
    grades, truths = ("G1", "G2", "G3"), (True, False)
    for grade, nodes, vessels, signet in itertools.product(grades, truths, truths, truths):
        values = {
            "histology_grade": grade,
            "regional_nodes_positive": nodes,
            "lymphatic_or_venous_invasion": vessels,
            "signet_ring_cells": signet,
        }
        from peritia.criteria import evaluate
        from peritia.knowledge.criterion import formula

        item = next(item for item in definition("psdss").items if item.id == "histology")
        assert sum(bool(evaluate(formula(level.when), values)) for level in item.levels) <= 1


@pytest.mark.parametrize(
    ("points", "colorectal", "ovarian"),
    [(2, "I", "I"), (3, "I", "I"), (4, "II", "II"), (7, "II", "III"), (8, "III", "III"), (10, "III", "III"), (11, "IV", "IV")],
)
def test_the_two_staging_tables_differ(points: float, colorectal: str, ovarian: str) -> None:
    assert psdss_stage(points, "colorectal") == colorectal
    assert psdss_stage(points, "ovarian") == ovarian


def test_a_stage_needs_the_name_of_its_table() -> None:
    with pytest.raises(ScoreError, match="colorectal, ovarian"):
        psdss_stage(5, "gastric")
    with pytest.raises(ScoreError, match="not on the colorectal table"):
        psdss_stage(1, "colorectal")


@pytest.mark.parametrize(
    ("symptoms", "pci", "high_grade", "points", "tier"),
    [
        (False, 10, False, 0, "low"),
        (True, 10, False, 1, "low"),
        (True, 11, False, 2, "high"),
        (True, 30, True, 3, "high"),
        (None, 11, True, None, None),
    ],
)
def test_sarcomatosis_score(symptoms: bool | None, pci: int, high_grade: bool, points: float | None, tier: str | None) -> None:
    found = spss(symptoms, pci, high_grade)
    assert (found.points, found.stage) == (points, tier)


def test_ago_score_needs_all_parts_and_one_failure_decides() -> None:
    good: dict[str, Any] = {"ecog": 0, "ascites_ml": 499, "complete_first_resection": True, "platinum_free_months": 6}
    assert ago_score(**good) is True
    for name, bad in (("ecog", 1), ("ascites_ml", 500), ("complete_first_resection", False), ("platinum_free_months", 5.9)):
        assert ago_score(**{**good, name: bad}) is False
        assert ago_score(**{**good, name: None}) is None
        assert ago_score(**{**dict.fromkeys(good), name: bad}) is False
