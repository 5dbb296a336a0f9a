"""Clavien-Dindo in its order; CTCAE never without its version."""

from __future__ import annotations

import itertools

import pytest

from peritia.knowledge.scoring import ClavienDindo, CtcaeGrade, ScoreError, clavien_dindo, is_major

ORDER = ["0", "I", "II", "IIIa", "IIIb", "IVa", "IVb", "V"]


def test_grades_are_ordered_by_what_was_needed() -> None:
    for earlier, later in itertools.combinations(ORDER, 2):
        assert ClavienDindo(earlier) < ClavienDindo(later)
        assert ClavienDindo(later) >= ClavienDindo(earlier)
    assert sorted(map(ClavienDindo, reversed(ORDER))) == list(map(ClavienDindo, ORDER))


def test_the_suffix_marks_disability_and_keeps_the_order() -> None:
    assert clavien_dindo("IIIa-d") == clavien_dindo("IIIad") == ClavienDindo("IIIa", disability=True)
    assert clavien_dindo("II") == ClavienDindo("II")
    assert not ClavienDindo("II", disability=True) > ClavienDindo("IIIa")


@pytest.mark.parametrize("written", ["III", "VI", "", "3a"])
def test_what_is_no_grade_is_refused(written: str) -> None:
    with pytest.raises(ScoreError, match="IIIa"):
        clavien_dindo(written)


def test_major_is_drawn_at_two_places() -> None:
    assert is_major(ClavienDindo("IIIa"), "iiia")
    assert not is_major(ClavienDindo("IIIa"), "iiib")
    assert is_major(ClavienDindo("IIIb"), "iiib")
    assert not is_major(ClavienDindo("II"), "iiia")
    with pytest.raises(ScoreError, match="major-iiia"):
        is_major(ClavienDindo("II"), "mine")


def test_ctcae_grades_compare_only_within_a_version() -> None:
    assert CtcaeGrade(3, "5.0").at_least(3)
    assert not CtcaeGrade(2, "5.0").at_least(3)
    assert CtcaeGrade(3, "5.0").worse_than(CtcaeGrade(2, "5.0"))
    with pytest.raises(ScoreError, match="do not compare"):
        CtcaeGrade(3, "4.0").worse_than(CtcaeGrade(2, "5.0"))
    assert str(CtcaeGrade(3, "5.0")) == "grade 3 (CTCAE v5.0)"


@pytest.mark.parametrize(("grade", "version"), [(6, "5.0"), (-1, "5.0"), (3, "7.0"), (3, "")])
def test_a_grade_off_the_scale_or_without_version_is_refused(grade: int, version: str) -> None:
    with pytest.raises(ScoreError):
        CtcaeGrade(grade, version)
