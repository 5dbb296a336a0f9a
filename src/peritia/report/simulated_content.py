"""The simulated section as data: every word composed, so that page and paper only set it."""

from __future__ import annotations

import msgspec

from peritia.report.svg import Picture


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under one or two lines of heads; ``groups`` are (words, columns spanned). The first cell of a row names it."""

    title: str
    groups: tuple[tuple[str, int], ...] = ()
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing and what stands below it; ``wide`` takes the whole line."""

    drawing: Picture
    caption: str
    wide: bool = False


class SimulatedSection(msgspec.Struct, frozen=True, kw_only=True):
    """What a session is predicted to give, one column a technique, and what limits it."""

    heading: str
    lead: str
    left_out: tuple[str, ...]
    beside: Table | None
    drugs: Table | None
    regions: Table | None
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...]
    limits_heading: str
    limits: tuple[str, ...]
    warnings_heading: str
    warnings: tuple[str, ...]
    made_heading: str
    made: tuple[str, ...]
