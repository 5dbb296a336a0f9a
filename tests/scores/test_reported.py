"""QLQ-C30 and ESAS-r by worked examples, performance status, markers, and the scores that are only described."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.knowledge.score import Score
from peritia.knowledge.scoring import (
    ScoreError,
    definition,
    ecog_from_karnofsky,
    esas_severity,
    esas_worst,
    marker_raised,
    qlq_c30,
    qlq_change,
)
from peritia.knowledge.shipped import ids, shipped

BEST = {**dict.fromkeys(range(1, 29), 1), 29: 7, 30: 7}
WORST = {**dict.fromkeys(range(1, 29), 4), 29: 1, 30: 1}
FUNCTIONAL = {"PF", "RF", "EF", "CF", "SF"}


def test_the_best_and_the_worst_answers_are_the_ends_of_every_scale() -> None:
    best, worst = qlq_c30(BEST), qlq_c30(WORST)
    assert len(best) == 15
    for scale in best:
        good = 100 if scale in FUNCTIONAL or scale == "QL" else 0
        assert (best[scale], worst[scale]) == (good, 100 - good)


def test_worked_scales() -> None:
    found = qlq_c30({1: 2, 2: 2, 3: 1, 4: 1, 5: 1, 10: 3, 12: 2, 18: 2, 9: 4, 19: 3, 29: 5, 30: 4})
    assert found["PF"] == pytest.approx(100 * (1 - 0.4 / 3))
    assert found["FA"] == pytest.approx(100 * (7 / 3 - 1) / 3)
    assert found["PA"] == pytest.approx(100 * 2.5 / 3)
    assert found["QL"] == pytest.approx(100 * 3.5 / 6)
    assert found["DI"] is None


def test_half_of_the_items_are_enough_and_less_is_unknown() -> None:
    assert qlq_c30({1: 1, 2: 1, 3: 1})["PF"] == 100
    assert qlq_c30({1: 1, 2: 1})["PF"] is None
    assert qlq_c30({21: 2, 22: 2})["EF"] == pytest.approx(66.67, abs=0.01)
    assert qlq_c30({14: 2, 15: None})["NV"] == pytest.approx(33.33, abs=0.01)


def test_every_item_belongs_to_one_scale() -> None:
    items = [item for scale in definition("qlq-c30").scales for item in scale.items]
    assert sorted(items) == list(range(1, 31))


@given(st.dictionaries(st.integers(1, 28), st.integers(1, 4)))
def test_scales_stay_between_0_and_100(items: dict[int, int]) -> None:
    assert all(value is None or 0 <= value <= 100 for value in qlq_c30(items).values())


@pytest.mark.parametrize("items", [{31: 1}, {1: 5}, {1: 0}, {29: 8}])
def test_answers_off_the_form_are_refused(items: dict[int, int]) -> None:
    with pytest.raises(ScoreError):
        qlq_c30(items)


@pytest.mark.parametrize(
    ("scale", "before", "after", "better", "important"),
    [
        ("QL", 66, 61, False, None),
        ("FA", 32, 44, False, True),
        ("FA", 47, 34, True, True),
        ("PF", 50, 52, True, False),
        ("PF", 50, 50, None, False),
    ],
)
def test_a_change_is_read_in_the_direction_of_its_scale(
    scale: str, before: float, after: float, better: bool | None, important: bool | None
) -> None:
    change = qlq_change(scale, before, after)
    assert change is not None
    assert (change.better, change.important) == (better, important)


def test_a_change_from_nothing_is_unknown() -> None:
    assert qlq_change("QL", None, 50) is None
    with pytest.raises(ScoreError, match="no scale"):
        qlq_change("XX", 1, 2)


@pytest.mark.parametrize(
    ("value", "severity"), [(0, "none"), (1, "mild"), (3, "mild"), (4, "moderate"), (6, "moderate"), (7, "severe"), (10, "severe")]
)
def test_esas_severity(value: int, severity: str) -> None:
    assert esas_severity(value) == severity


def test_esas_worst_is_unknown_while_a_symptom_is_not_answered() -> None:
    names = [item.id for item in definition("esas-r").items]
    assert len(names) == 9
    assert esas_worst(dict.fromkeys(names, 2) | {"pain": 6}) == 6
    assert esas_worst({"pain": 6}) is None
    assert esas_worst({"pain": 10}) == 10
    with pytest.raises(ScoreError):
        esas_worst({"itching": 2})
    with pytest.raises(ScoreError):
        esas_severity(11)


@pytest.mark.parametrize(
    ("karnofsky", "ecog"), [(100, 0), (90, 0), (80, 1), (70, 1), (60, 2), (50, 2), (40, 3), (30, 3), (20, 4), (10, 4), (0, 5)]
)
def test_karnofsky_maps_to_ecog(karnofsky: int, ecog: int) -> None:
    assert ecog_from_karnofsky(karnofsky) == ecog


@pytest.mark.parametrize("karnofsky", [-10, 110, 85])
def test_a_karnofsky_off_its_steps_is_refused(karnofsky: int) -> None:
    with pytest.raises(ScoreError):
        ecog_from_karnofsky(karnofsky)


def test_markers_against_their_cut_off() -> None:
    assert marker_raised("cea", 5.1) is True
    assert marker_raised("cea", 5.0) is False
    assert marker_raised("ca125", 36) is True
    assert marker_raised("ca19-9", 37) is False
    assert marker_raised("cea", None) is None
    with pytest.raises(ScoreError, match="ca125"):
        marker_raised("afp", 1)


@pytest.mark.parametrize("id_", ["compass", "bioscope", "corep", "props", "recist-1-1"])
def test_scores_that_are_only_described_say_why(id_: str) -> None:
    score = definition(id_)
    assert not score.computed
    assert score.not_computed


def test_a_score_is_computed_or_says_why_not() -> None:
    with pytest.raises(ValueError, match="computed"):
        Score(name="x", measures="y", source="clinical-practice", computed=False)


@pytest.mark.parametrize("id_", ids("scores"))
def test_every_score_file_reads(id_: str) -> None:
    assert shipped("scores", id_, Score).id == id_
