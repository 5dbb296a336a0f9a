"""A score or scale as published: regions, items and levels, staging tables, each definition of response under its own name.

The arithmetic stands in ``peritia.knowledge.scoring``; the numbers stand only in the files.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure
from peritia.sources import Citation, Status, cite


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of an ordered scale, or one answer of an item. ``when`` is a criterion over facts that says the level is this one."""

    value: float
    label: str
    meaning: str = ""
    patient: str = ""
    when: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One component of a score, with its points in ``levels``. A file gives levels that exclude each other."""

    id: str
    label: str
    levels: tuple[Level, ...]
    note: str = ""


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named stretch of a number, with its borders in or out. No border on a side means it is open there."""

    id: str
    label: str
    meaning: str = ""
    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is not None and self.more_than is not None) or (self.at_most is not None and self.less_than is not None):
            raise ValueError(f"band {self.id} has two borders on one side")

    def holds(self, number: float) -> bool:
        """Whether ``number`` lies in the band."""
        return not (
            (self.at_least is not None and number < self.at_least)
            or (self.more_than is not None and number <= self.more_than)
            or (self.at_most is not None and number > self.at_most)
            or (self.less_than is not None and number >= self.less_than)
        )


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bands under one name: a staging table of one tumour, or one definition of complete."""

    bands: tuple[Band, ...]
    source: str | tuple[str, ...]
    about: str = ""
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)

    def band_of(self, number: float) -> Band | None:
        """The first band that holds ``number``; ``None`` when the table does not speak of it."""
        return next((band for band in self.bands if band.holds(number)), None)


class Scale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scale of a questionnaire: the numbers of its items and the range of one item (highest minus lowest answer)."""

    id: str
    label: str
    kind: Literal["functional", "symptom", "global"]
    items: tuple[int, ...]
    range: float


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One score. ``computed`` says whether Peritia computes it; if not, ``not_computed`` says why.

    ``responses`` are definitions of response by name, as criteria over facts. ``versions`` lists the versions a grade must name.
    Raises ``ValueError`` for a score that is neither computed nor says why.
    """

    id: str = ""
    name: str
    abbreviation: str = ""
    measures: str
    source: str | tuple[str, ...]
    computed: bool
    status: Status | None = None
    not_computed: str = ""
    low: float | None = None
    high: float | None = None
    versions: tuple[str, ...] = ()
    definition: tuple[Claim, ...] = ()
    regions: tuple[Level, ...] = ()
    levels: tuple[Level, ...] = ()
    items: tuple[Item, ...] = ()
    scales: tuple[Scale, ...] = ()
    tables: dict[str, Table] = {}
    responses: dict[str, Criterion] = {}
    cut_offs: dict[str, Figure] = {}
    performance: tuple[Claim, ...] = ()
    cautions: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        if self.computed == bool(self.not_computed):
            raise ValueError("a score is computed, or says in `not_computed` why not")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)
