"""The four verdicts as shapes: a disc, a disc with a flag, a half-filled diamond, a cross. Shape and word carry it; colour only helps."""

from __future__ import annotations

from peritia.report.palette import VERDICTS
from peritia.report.svg import strip, tag

SIZE = 24.0


def verdict_mark(verdict: str) -> str:
    """The mark alone; silent to a screen reader, for its word always stands beside it."""
    return strip(SIZE, SIZE, _SHAPES[verdict](VERDICTS[verdict]))


def _disc(ink: str) -> str:
    return tag("circle", cx=12, cy=12, r=8.5, fill=ink)


def _flagged_disc(ink: str) -> str:
    disc = tag("circle", cx=9.5, cy=14.5, r=7.5, fill=ink)
    return disc + tag("path", d="M15 13V2.2l7 3.4-7 3.4", fill="#ffffff", stroke=ink, stroke_width=1.8, stroke_linejoin="round")


def _half_diamond(ink: str) -> str:
    outline = tag("path", d="M12 2.5L21.5 12L12 21.5L2.5 12Z", fill="#ffffff", stroke=ink, stroke_width=2, stroke_linejoin="round")
    return outline + tag("path", d="M12 2.5L2.5 12L12 21.5Z", fill=ink)


def _cross(ink: str) -> str:
    return tag("path", d="M5.5 5.5L18.5 18.5M18.5 5.5L5.5 18.5", fill="none", stroke=ink, stroke_width=3.4, stroke_linecap="round")


_SHAPES = {"open": _disc, "open-with-flags": _flagged_disc, "depends": _half_diamond, "closed": _cross}
