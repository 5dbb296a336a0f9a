"""Sees recurrence coming after cytoreduction: a flag with its reasons that opens the recurrence assessment. Never a diagnosis."""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.case import Case, facts
from peritia.course.response import WayAnswer, answer_way
from peritia.course.sign import Course
from peritia.criteria import Truth
from peritia.knowledge import Library, library
from peritia.options import Recurrence, assess
from peritia.options.reasons import Judge

NOT_A_DIAGNOSIS = "A flag, not a diagnosis: it asks the team to look."


class RecurrenceFlag(msgspec.Struct, frozen=True, kw_only=True):
    """``opens``: true when something points to recurrence after cytoreduction, unknown while what would rule it out is missing.

    ``assessment`` is the recurrence part of the board's assessment, there as soon as the flag opens it.
    """

    on: date
    opens: Truth
    reasons: tuple[str, ...]
    answer: WayAnswer
    assessment: Recurrence | None
    note: str = NOT_A_DIAGNOSIS


def watch_recurrence(case: Case, on: date, library_: Library | None = None) -> RecurrenceFlag:
    """Reads everything recorded up to the day: imaging, explorations, cytology, markers, symptoms."""
    knowledge = library_ or library()
    given = facts(case, on)
    way = next(way for way in knowledge.reviews["recurrence"].ways if way.id == "open-assessment")
    answer = answer_way(way, Judge(given, knowledge), Course(case=case, on=on))
    holding = [reason.because for reason in answer.speaks_for if reason.truth]
    holding += [f"{sign.because}: {sign.found}" for sign in answer.signs if sign.truth]
    opens = answer.truth
    return RecurrenceFlag(
        on=on,
        opens=opens,
        reasons=tuple(holding) if opens else (),
        answer=answer,
        assessment=assess(given, on, knowledge).recurrence if opens else None,
    )
