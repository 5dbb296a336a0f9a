"""What patients report: QLQ-C30 scales and ESAS-r. Only item numbers and names are used, never the questionnaires' wording.

QLQ-C30, for a scale with item range R and raw score RS = mean of its answered items:
functional = (1 - (RS - 1) / R) 100; symptom and global = (RS - 1) / R 100. A scale needs at least half of its items.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from peritia.knowledge.score import Scale
from peritia.knowledge.scoring.definition import ScoreError, definition, on_scale, table_of


class QlqChange(msgspec.Struct, frozen=True, kw_only=True):
    """Change of one scale in points. ``better`` is true when the patient is better off, whatever the direction of the scale.

    ``important`` is true from the upper border of published important changes on, false below the lower one, else not decided.
    """

    scale: str
    change: float
    better: bool | None
    important: bool | None


def qlq_c30(items: Mapping[int, int | None]) -> Mapping[str, float | None]:
    """All fifteen scales from the answers by item number (1 to 30); a scale with too few answers is unknown."""
    score = definition("qlq-c30")
    numbers = {number for scale in score.scales for number in scale.items}
    for number in items:
        if number not in numbers:
            raise ScoreError(f"the QLQ-C30 has no item {number}", "items 1 to 30")
    return MappingProxyType({scale.id: _scale(scale, items) for scale in score.scales})


def qlq_change(scale: str, before: float | None, after: float | None) -> QlqChange | None:
    """The change between two measurements of one scale; unknown when one is."""
    score = definition("qlq-c30")
    kind = next((one.kind for one in score.scales if one.id == scale), None)
    if kind is None:
        raise ScoreError(f"the QLQ-C30 has no scale {scale!r}", f"one of {', '.join(one.id for one in score.scales)}")
    if before is None or after is None:
        return None
    change = after - before
    limits = score.cut_offs["important_change"]
    important = None
    if limits.high is not None and abs(change) >= limits.high:
        important = True
    elif limits.low is not None and abs(change) < limits.low:
        important = False
    return QlqChange(scale=scale, change=change, better=None if change == 0 else (change > 0) == (kind != "symptom"), important=important)


def esas_severity(value: int) -> str:
    """none, mild, moderate or severe, for one ESAS-r item of 0 to 10."""
    score = definition("esas-r")
    on_scale(score, value, "an ESAS-r item")
    band = table_of(score, "severity").band_of(value)
    if band is None:
        raise ScoreError(f"ESAS-r has no step {value}", "whole numbers 0 to 10")
    return band.id


def esas_worst(items: Mapping[str, int | None]) -> int | None:
    """The highest item; unknown unless all nine symptoms were answered or one already stands at the top."""
    score = definition("esas-r")
    names = {item.id for item in score.items}
    for name in items:
        if name not in names and name != "other":
            raise ScoreError(f"ESAS-r has no item {name!r}", f"one of {', '.join(sorted(names))}, other")
    known = [value for value in items.values() if value is not None]
    for value in known:
        on_scale(score, value, "an ESAS-r item")
    highest = max(known, default=None)
    complete = all(items.get(name) is not None for name in names)
    return highest if complete or highest == score.high else None


def _scale(scale: Scale, items: Mapping[int, int | None]) -> float | None:
    answered = [answer for number in scale.items if (answer := items.get(number)) is not None]
    for answer in answered:
        if not 1 <= answer <= 1 + scale.range:
            raise ScoreError(f"an item of {scale.label} has no answer {answer}", f"1 to {1 + scale.range:g}")
    if 2 * len(answered) < len(scale.items):
        return None
    part = (sum(answered) / len(answered) - 1) / scale.range
    return 100 * (1 - part if scale.kind == "functional" else part)
