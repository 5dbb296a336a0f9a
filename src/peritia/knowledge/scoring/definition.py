"""The file a score is computed from, and the error when a value is not on its scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peritia.criteria import Truth, Value, evaluate
from peritia.errors import PeritiaError
from peritia.knowledge.criterion import formula
from peritia.knowledge.score import Item, Score, Table
from peritia.knowledge.shipped import shipped


class ScoreError(PeritiaError):
    """A value that the scale does not have, or a name the score does not know."""


def definition(score: str) -> Score:
    """The published definition that ships with the package, by its file name."""
    return shipped("scores", score, Score)


def table_of(score: Score, name: str) -> Table:
    """One of a score's tables. Raises ``ScoreError`` naming those there are."""
    try:
        return score.tables[name]
    except KeyError:
        raise ScoreError(f"{score.name} has no table {name!r}", f"one of {', '.join(score.tables)}") from None


def on_scale(score: Score, value: float, what: str) -> None:
    """Refuse a value outside the score's range."""
    if (score.low is not None and value < score.low) or (score.high is not None and value > score.high):
        raise ScoreError(f"{what} is outside its scale", f"{score.low:g} to {score.high:g}")


def points(item: Item, values: Mapping[str, Value | None]) -> float | None:
    """Points of an item for these facts; ``None`` while unknown, or where the published levels do not speak of the case."""
    return next((level.value for level in item.levels if evaluate(formula(level.when), values)), None)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Kleene's AND: one false decides, else one unknown leaves it open."""
    seen = tuple(parts)
    if False in seen:
        return False
    return None if None in seen else True
