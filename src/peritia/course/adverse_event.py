"""Side effects: graded by a named version, put down to something, from a day to a day; the worst per session and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

import msgspec

from peritia.course.errors import CourseRefused
from peritia.knowledge.scoring import ClavienDindo, CtcaeGrade, clavien_dindo

Certainty = Literal["unrelated", "unlikely", "possible", "probable", "definite"]
To = Literal["procedure", "intraperitoneal-drug", "systemic-treatment", "disease", "other"]
RELATED: frozenset[Certainty] = frozenset({"possible", "probable", "definite"})
"""What counts as put down to something: at least possible."""


class Attribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an event is put down to, and how surely."""

    to: To
    certainty: Certainty
    drug: str = ""


class AdverseEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One side effect. ``term`` is the CTCAE term; ``grade`` 1 to 5 by ``version``; ``clavien_dindo`` where it is a surgical complication.

    ``session_on``: the session it is counted with. ``resolved_on`` left out: it goes on, or nobody wrote it down.
    Raises ``CourseRefused`` or ``ScoreError`` for what the scales do not have.
    """

    term: str
    onset: date
    grade: int
    version: str
    clavien_dindo: str | None = None
    attributions: tuple[Attribution, ...] = ()
    session_on: date | None = None
    resolved_on: date | None = None
    serious: bool | None = None
    note: str = ""
    document: str | None = None

    def __post_init__(self) -> None:
        if not self.term.strip():
            raise CourseRefused("the side effect has no name", "a CTCAE term")
        if CtcaeGrade(self.grade, self.version).grade == 0:
            raise CourseRefused("grade 0 is no side effect", "grade 1 to 5")
        if self.clavien_dindo is not None:
            clavien_dindo(self.clavien_dindo)
        if self.resolved_on is not None and self.resolved_on < self.onset:
            raise CourseRefused("it ended before it began", "an end not before the onset")
        if self.session_on is not None and self.onset < self.session_on:
            raise CourseRefused("it began before the session it is counted with", "an earlier session, or none")

    @property
    def ctcae(self) -> CtcaeGrade:
        """The grade with its version."""
        return CtcaeGrade(self.grade, self.version)

    @property
    def complication(self) -> ClavienDindo | None:
        """The surgical grade."""
        return None if self.clavien_dindo is None else clavien_dindo(self.clavien_dindo)

    def related_to(self, to: To) -> bool | None:
        """Whether it is put down to something, at least as possible; unknown while nothing was attributed."""
        if not self.attributions:
            return None
        return any(one.to == to and one.certainty in RELATED for one in self.attributions)

    def ongoing(self, on: date) -> bool | None:
        """Whether it goes on that day; unknown when no end is recorded and it has begun."""
        if on < self.onset:
            return False
        return None if self.resolved_on is None else on <= self.resolved_on


class SessionToxicity(msgspec.Struct, frozen=True, kw_only=True):
    """Side effects of one session. ``worst`` holds one grade for each version; grades of two versions do not compare."""

    session_on: date | None
    count: int
    worst: Mapping[str, int]
    worst_complication: str | None


def by_session(events: Iterable[AdverseEvent]) -> tuple[SessionToxicity, ...]:
    """Worst grade of each session, in order; those of no session last."""
    groups: dict[date | None, list[AdverseEvent]] = {}
    for event in events:
        groups.setdefault(event.session_on, []).append(event)
    order = sorted(groups, key=lambda day: (day is None, day or date.min))
    return tuple(_toxicity(day, groups[day]) for day in order)


def totals(events: Iterable[AdverseEvent]) -> Mapping[tuple[str, int], int]:
    """How many side effects of each version and grade."""
    return dict(sorted(Counter((event.version, event.grade) for event in events).items()))


def _toxicity(day: date | None, events: list[AdverseEvent]) -> SessionToxicity:
    worst: dict[str, int] = {}
    for event in events:
        worst[event.version] = max(event.grade, worst.get(event.version, 0))
    complications = [found for event in events if (found := event.complication) is not None]
    return SessionToxicity(
        session_on=day,
        count=len(events),
        worst=dict(sorted(worst.items())),
        worst_complication=str(max(complications, key=lambda one: one.rank)) if complications else None,
    )
