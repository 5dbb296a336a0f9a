"""Peritoneal regression grading: mean, worst, and each published definition of response under its own name.

At least four definitions are in use. They give different answers on the same biopsies, so none is the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from peritia.criteria import Truth, evaluate
from peritia.knowledge.criterion import formula
from peritia.knowledge.scoring.definition import ScoreError, definition, on_scale


def prgs_mean(grades: Sequence[int]) -> float | None:
    """Mean PRGS of one session's biopsies; unknown without biopsies."""
    _on_scale(grades)
    return sum(grades) / len(grades) if grades else None


def prgs_worst(grades: Sequence[int]) -> int | None:
    """Worst (highest) PRGS of one session's biopsies; unknown without biopsies."""
    _on_scale(grades)
    return max(grades, default=None)


def prgs_response(
    name: str, *, mean: float | None, first_mean: float | None = None, worst: int | None = None, cytology_positive: bool | None = None
) -> Truth:
    """Response by one definition, from the mean now, the mean at the first session, the worst grade now and cytology now.

    Unknown stays unknown where the definition needs what is missing. Raises ``ScoreError`` for a name that is not on file.
    """
    prgs = definition("prgs")
    for value in (mean, first_mean, worst):
        if value is not None:
            on_scale(prgs, value, "a PRGS")
    criterion = prgs.responses.get(name)
    if criterion is None:
        raise ScoreError(f"no definition of PRGS response is named {name!r}", f"one of {', '.join(prgs.responses)}")
    values = {"prgs_mean": mean, "prgs_mean_first": first_mean, "prgs_worst": worst, "peritoneal_cytology_positive": cytology_positive}
    return evaluate(formula(criterion.when), values)


def prgs_responses(
    *, mean: float | None, first_mean: float | None = None, worst: int | None = None, cytology_positive: bool | None = None
) -> Mapping[str, Truth]:
    """The answer of every definition, side by side."""
    return MappingProxyType(
        {
            name: prgs_response(name, mean=mean, first_mean=first_mean, worst=worst, cytology_positive=cytology_positive)
            for name in definition("prgs").responses
        }
    )


def _on_scale(grades: Sequence[int]) -> None:
    prgs = definition("prgs")
    for grade in grades:
        on_scale(prgs, grade, "a PRGS")
