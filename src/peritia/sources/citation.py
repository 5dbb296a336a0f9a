"""A citation: a source, and the place in it. Written ``prodige-7`` or ``prodige-7#Table 2``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from peritia.sources.source import Status

# A claim is as well verified as the weaker of its source and its own mark.
_STRENGTH: dict[Status, int] = {"recalled": 0, "seen-partly": 1, "seen": 2}


class Citation(msgspec.Struct, frozen=True):
    """``source`` is a source's id; ``place`` a table, page or item; ``status`` weakens the source's own status for this one claim."""

    source: str
    place: str = ""
    status: Status | None = None

    def __str__(self) -> str:
        return f"{self.source}#{self.place}" if self.place else self.source


def cite(written: str | Iterable[str], status: Status | None = None) -> tuple[Citation, ...]:
    """Citations from what stands in a file: one text or a list of texts, each ``id`` or ``id#place``; an empty text cites nothing."""
    return _cited((written,) if isinstance(written, str) else tuple(written), status)


@lru_cache(maxsize=16_384)
def _cited(texts: tuple[str, ...], status: Status | None) -> tuple[Citation, ...]:
    """Kept: an assessment asks for the same few thousand texts of the library again for every patient."""
    parts = (text.partition("#") for text in texts if text)
    return tuple(Citation(source.strip(), place.strip(), status) for source, _, place in parts)


def weaker(*statuses: Status | None) -> Status:
    """The weakest of the statuses given; ``None`` says nothing. Nothing at all counts as recalled."""
    weakest: Status = "seen"
    for status in statuses:
        if status is not None and _STRENGTH[status] < _STRENGTH[weakest]:
            weakest = status
    return weakest if any(statuses) else "recalled"
