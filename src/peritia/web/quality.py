"""Answers to the QLQ-C30 as a table of scales by day, with the change since the first and whether it is one that patients notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from peritia.course import QlqAnswers
from peritia.knowledge.scoring import QlqChange, definition, qlq_c30, qlq_change

SHOWN = 6
"""Days side by side: the first and the latest."""


class ScaleRow(msgspec.Struct, frozen=True, kw_only=True):
    """One scale. ``values`` stand in the order of the table's days; unknown where too few items were answered."""

    label: str
    better: str
    values: tuple[float | None, ...]
    change: QlqChange | None


class QualityTable(msgspec.Struct, frozen=True, kw_only=True):
    """The fifteen scales over time."""

    days: tuple[date, ...]
    rows: tuple[ScaleRow, ...]
    smallest: str


def quality_table(answers: Sequence[QlqAnswers]) -> QualityTable | None:
    """None without any answer."""
    if not answers:
        return None
    chosen = answers if len(answers) <= SHOWN else (answers[0], *answers[1 - SHOWN :])
    scored = [qlq_c30(one.items) for one in chosen]
    score = definition("qlq-c30")
    rows = tuple(
        ScaleRow(
            label=scale.label,
            better="lower" if scale.kind == "symptom" else "higher",
            values=tuple(each[scale.id] for each in scored),
            change=qlq_change(scale.id, scored[0][scale.id], scored[-1][scale.id]) if len(scored) > 1 else None,
        )
        for scale in score.scales
    )
    limits = score.cut_offs["important_change"]
    return QualityTable(days=tuple(one.on for one in chosen), rows=rows, smallest=f"{limits.low:g} to {limits.high:g}")
