"""One set of biopsies, several definitions of response: they must not be mixed up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.knowledge.outcome import DEFINITIONS
from peritia.knowledge.scoring import ScoreError, definition, prgs_mean, prgs_response, prgs_responses, prgs_worst

MEAN, DROP, EITHER, STABLE = "prgs-mean-le-2", "prgs-drop-ge-1", "prgs-mean-le-2-or-drop-ge-1", "prgs-mean-stable-or-lower"
COMBINED = "combined-mean-le-2-and-cytology-negative"
NUMBERS = st.floats(1, 4)


def test_mean_and_worst_of_four_biopsies() -> None:
    assert prgs_mean([1, 2, 2, 4]) == 2.25
    assert prgs_worst([1, 2, 2, 4]) == 4
    assert prgs_mean([]) is None
    assert prgs_worst([]) is None
    with pytest.raises(ScoreError, match="1 to 4"):
        prgs_mean([0, 2])


@pytest.mark.parametrize(
    ("first", "now", "expected"),
    [
        (4.0, 2.5, {MEAN: False, DROP: True, EITHER: True, STABLE: True}),
        (2.0, 2.0, {MEAN: True, DROP: False, EITHER: True, STABLE: True}),
        (3.0, 3.0, {MEAN: False, DROP: False, EITHER: False, STABLE: True}),
        (1.5, 2.0, {MEAN: True, DROP: False, EITHER: True, STABLE: False}),
        (2.5, 3.0, {MEAN: False, DROP: False, EITHER: False, STABLE: False}),
        (None, 2.0, {MEAN: True, DROP: None, EITHER: True, STABLE: None}),
        (None, 3.0, {MEAN: False, DROP: None, EITHER: None, STABLE: None}),
        (3.0, None, {MEAN: None, DROP: None, EITHER: None, STABLE: None}),
    ],
)
def test_definitions_answer_differently_on_the_same_biopsies(
    first: float | None, now: float | None, expected: dict[str, bool | None]
) -> None:
    answers = prgs_responses(mean=now, first_mean=first)
    assert {name: answers[name] for name in expected} == expected


def test_combined_score_needs_negative_cytology() -> None:
    assert prgs_response(COMBINED, mean=1.5, cytology_positive=False) is True
    assert prgs_response(COMBINED, mean=1.5, cytology_positive=True) is False
    assert prgs_response(COMBINED, mean=1.5) is None
    assert prgs_response(COMBINED, mean=3.0) is False


def test_studies_and_scores_use_the_same_names() -> None:
    assert {name for name in DEFINITIONS if name.startswith("prgs-")} <= set(definition("prgs").responses)


def test_a_definition_without_a_name_is_refused() -> None:
    with pytest.raises(ScoreError, match=MEAN):
        prgs_response("response", mean=2.0)
    with pytest.raises(ScoreError, match="outside its scale"):
        prgs_response(MEAN, mean=4.5)


@given(first=NUMBERS, now=NUMBERS)
def test_forgetting_the_first_session_never_turns_an_answer_round(first: float, now: float) -> None:
    known, forgotten = prgs_responses(mean=now, first_mean=first), prgs_responses(mean=now)
    assert all(forgotten[name] in (None, known[name]) for name in known)
