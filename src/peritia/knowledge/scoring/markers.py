"""Tumour markers against the cut-off on file."""

from __future__ import annotations

from peritia.knowledge.scoring.definition import ScoreError, definition


def marker_raised(marker: str, value: float | None) -> bool | None:
    """Whether a marker is above its cut-off, in the cut-off's unit; unknown stays unknown."""
    cut_offs = definition("tumour-markers").cut_offs
    if marker not in cut_offs:
        raise ScoreError(f"no cut-off is on file for {marker!r}", f"one of {', '.join(cut_offs)}")
    limit = cut_offs[marker].value
    return None if value is None or limit is None else value > limit
