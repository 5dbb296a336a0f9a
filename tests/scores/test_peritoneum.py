"""PCI and its kin by worked examples: a region not scored is unknown, never zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.knowledge.scoring import ScoreError, cc, complete_by, dpci, gilly, lesion_size, pci, spci

FULL = dict.fromkeys(range(13), 1)


@pytest.mark.parametrize(("mm", "size"), [(0, 0), (1, 1), (5, 1), (5.1, 2), (50, 2), (51, 3)])
def test_lesion_size_by_the_largest_implant(mm: float, size: int) -> None:
    assert lesion_size(mm) == size


def test_confluent_disease_is_lesion_size_three() -> None:
    assert lesion_size(2, confluent=True) == 3


def test_pci_of_a_scored_abdomen() -> None:
    regions = {0: 2, 1: 1, 2: 3, 3: 0, 4: 0, 5: 1, 6: 3, 7: 2, 8: 0, 9: 1, 10: 0, 11: 2, 12: 3}
    found = pci(regions)
    assert (found.total, found.small_bowel, found.regions_involved, found.missing) == (18, 6, 9, ())


def test_a_region_not_scored_leaves_the_total_unknown_with_its_bounds() -> None:
    found = pci({**FULL, 11: None, 12: None})
    assert (found.total, found.at_least, found.at_most, found.small_bowel, found.regions_involved) == (None, 11, 17, None, None)
    assert found.missing == (11, 12)
    assert pci({}).total is None


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 3)))
def test_bounds_hold_the_total_whatever_is_missing(regions: dict[int, int]) -> None:
    found = pci(regions)
    complete = pci({region: regions.get(region, 2) for region in range(13)}).total
    assert complete is not None
    assert found.at_least <= complete <= found.at_most <= 39


@pytest.mark.parametrize("regions", [{13: 1}, {0: 4}, {0: -1}])
def test_what_is_not_on_the_scale_is_refused(regions: dict[int, int]) -> None:
    with pytest.raises(ScoreError):
        pci(regions)


@pytest.mark.parametrize(
    ("first", "second", "change", "class_"),
    [(10, 10, 0, "stable"), (10, 13, 3, "stable"), (10, 14, 4, "mild"), (10, 19, 9, "mild"), (10, 20, 10, "severe"), (0, 39, 39, "severe")],
)
def test_dpci_is_the_change_between_two_explorations(first: int, second: int, change: int, class_: str) -> None:
    found = dpci(first, second)
    assert (found.change, found.id) == (change, class_)


def test_a_fall_of_pci_has_no_published_class() -> None:
    assert dpci(20, 12).id == "less"
    with pytest.raises(ScoreError, match="outside its scale"):
        dpci(40, 1)


@pytest.mark.parametrize(("mm", "score"), [(0, 0), (0.1, 1), (2.4, 1), (2.5, 2), (25, 2), (25.1, 3)])
def test_cc_by_residual(mm: float, score: int) -> None:
    assert cc(mm) == score


@pytest.mark.parametrize(
    ("name", "complete", "not_complete"),
    [("cc0", 0, 0.5), ("cc0-1", 2.4, 2.5), ("prodige-7", 0.9, 1), ("cyto-chip", 2.5, 2.6), ("chipor", 2.4, 2.5), ("ovhipec-1", 10, 10.1)],
)
def test_complete_has_a_border_of_its_own_in_every_trial(name: str, complete: float, not_complete: float) -> None:
    assert complete_by(name, complete) is True
    assert complete_by(name, not_complete) is False
    assert complete_by(name, None) is None


def test_an_unknown_definition_of_complete_names_those_there_are() -> None:
    with pytest.raises(ScoreError, match="complete-prodige-7"):
        complete_by("mine", 1)


def test_simplified_pci_adds_seven_regions() -> None:
    assert spci([3] * 7) == 21
    assert spci([1, 0, 2, 3, 1, 0, 1]) == 8
    assert spci([1, 0, 2, None, 1, 0, 1]) is None
    with pytest.raises(ScoreError, match="7 regions"):
        spci([1] * 6)
    with pytest.raises(ScoreError, match="no size 4"):
        spci([4] * 7)


@pytest.mark.parametrize(
    ("mm", "diffuse", "stage"),
    [(0, None, 0), (3, False, 1), (3, True, 2), (3, None, None), (5, None, 3), (20, True, 3), (21, False, 4), (None, True, None)],
)
def test_gilly_by_size_then_spread(mm: float | None, diffuse: bool | None, stage: int | None) -> None:
    assert gilly(mm, diffuse=diffuse) == stage
