"""Follow-up after cytoreduction: what is looked at, how often and for how long, by a named source, for whom."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure, expect_unit
from peritia.sources import Citation, Status, cite

Examination = Literal["visit", "markers", "ct-abdomen-pelvis", "ct-chest", "blood-count-and-kidney"]


class Series(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``what`` is done ``every`` so many months (a range: earliest and latest), from ``from_months`` to ``to_months`` after surgery."""

    what: tuple[Examination, ...]
    every: Figure
    to_months: float
    from_months: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        expect_unit("every", self.every, "mo")
        shortest = self.every.low if self.every.low is not None else self.every.value
        if shortest is None or shortest <= 0 or not 0 <= self.from_months < self.to_months:
            raise ValueError("a series has an interval above zero and ends after it begins")


class FollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One published schedule. ``applies`` says for whom; several may apply, and none is the default."""

    id: str = ""
    name: str
    treatments: tuple[str, ...]
    source: str | tuple[str, ...]
    applies: tuple[Criterion, ...]
    series: tuple[Series, ...]
    status: Status | None = None
    notes: tuple[Claim, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)
