"""When a course is looked at as a whole: what speaks for going on, switching, operating, stopping; what makes a recurrence suspected."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure
from peritia.sources import Citation, Status, cite

SignId = Literal[
    "toxicity-grade", "worse-explorations", "marker-doubling", "marker-raised-twice", "complications-major", "quality-of-life-fall",
]  # fmt: skip
"""What is worked out over several entries, which no single fact says."""


class Sign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something worked out over several entries of the course. ``because`` is what it means that it holds; ``numbers`` are its borders.

    ``after_days``: a marker within so many days of surgery on the peritoneum is not read.
    """

    sign: SignId
    because: str
    source: str | tuple[str, ...]
    numbers: dict[str, Figure]
    marker: str = ""
    status: Status | None = None
    note: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to go on. It is called for when all of ``all_of`` hold and, where ``any_of`` or ``signs`` are given, one of them does."""

    id: str
    name: str
    patient: str
    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    signs: tuple[Sign, ...] = ()

    def __post_init__(self) -> None:
        if not (self.all_of or self.any_of or self.signs):
            raise ValueError(f"the way {self.id} has no criterion")


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One review. ``due``: when it is meant to be held. Ways do not exclude each other; the team chooses."""

    id: str = ""
    name: str
    treatments: tuple[str, ...]
    source: str | tuple[str, ...]
    due: Criterion | None = None
    ways: tuple[Way, ...]

    def __post_init__(self) -> None:
        ids = [way.id for way in self.ways]
        if len(ids) != len(set(ids)):
            raise ValueError("two ways have one id")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source)
