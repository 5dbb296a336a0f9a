"""Sentences that stand in the knowledge files, each with its source: what a thing is, how good the evidence is, what it gives and costs."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.sources import Citation, Status, cite

Grade = Literal["A", "B", "C", "D", "none"]
"""A randomised trials; B comparisons without randomisation; C single-arm studies and registries; D expert opinion."""


class Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cited sentence. ``patient`` says the same in words a twelve-year-old reads; ``status`` weakens the source for this claim."""

    text: str
    source: str | tuple[str, ...]
    patient: str = ""
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a thing is, twice: for the team and in plain words."""

    clinician: str
    patient: str
    source: str | tuple[str, ...]
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The best evidence found, graded; a grade says how it was gathered, not what it says."""

    grade: Grade
    sentence: str
    source: str | tuple[str, ...]
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)
