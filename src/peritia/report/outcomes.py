"""Draws one published figure as a dot with its interval on the scale it shares with its neighbours. Never pooled, never averaged.

The dot's filling says whether this patient would have been in that study: full yes, half depends, ring no, dashed ring not coded.
"""

from __future__ import annotations

from math import log10

import msgspec

from peritia.report.palette import ACCENT, INK, LINE, SOFT
from peritia.report.svg import strip, tag, text

WIDTH, HEIGHT, AXIS_HEIGHT = 300.0, 20.0, 20.0
_MARGIN = 9.0


class Scale(msgspec.Struct, frozen=True):
    """From ``low`` to ``high`` across the strip; ``ratio`` puts it on a logarithm with a line at 1."""

    low: float
    high: float
    ticks: tuple[float, ...]
    ratio: bool = False

    def x(self, value: float) -> float:
        """Where a value stands; values outside stop at the edge."""
        low, high, at = (log10(self.low), log10(self.high), log10(max(value, 1e-6))) if self.ratio else (self.low, self.high, value)
        share = (at - low) / (high - low)
        return _MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * _MARGIN)


def scale_for(values: list[float], *, unit: str, ratio: bool = False) -> Scale:
    """A scale from zero (from 0 to 100 for shares, around 1 for ratios) with round ticks."""
    if ratio:
        reach = max([2.0] + [max(value, 1 / value) for value in values if value > 0])
        high = next((step for step in (2.0, 4.0, 8.0, 16.0, 32.0) if reach <= step), 64.0)
        return Scale(1 / high, high, tuple(sorted({1 / high, 0.5, 1.0, 2.0, high})), ratio=True)
    top = max(values, default=1.0)
    if unit == "%" and top <= 100:
        return Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0))
    step = next((size for size in (1, 2, 3, 6, 12, 24, 36, 60, 120, 600, 3000) if top / size <= 6), 10_000)
    count = int(-(-top // step)) or 1
    return Scale(0.0, float(step * count), tuple(float(step * index) for index in range(count + 1)))


def interval_strip(scale: Scale, value: float | None, low: float | None, high: float | None, match: str) -> str:
    """The strip of one figure. An interval without an upper end runs on as an arrow."""
    guides = "".join(_guide(scale.x(tick), heavy=scale.ratio and tick == 1) for tick in scale.ticks)
    ink = SOFT if match == "no" else ACCENT
    return strip(WIDTH, HEIGHT, guides + _line(scale, low, high, ink) + (_dot(scale.x(value), match, ink) if value is not None else ""))


def axis_strip(scale: Scale, decimal: str = ".") -> str:
    """The scale's numbers, set once under each group."""
    parts = [tag("path", d=f"M{_MARGIN} 1H{WIDTH - _MARGIN}", stroke=INK, stroke_width=1)]
    for tick in scale.ticks:
        parts.append(tag("path", d=f"M{scale.x(tick):.2f} 1v4", stroke=INK, stroke_width=1))
        parts.append(text(scale.x(tick), 15.5, f"{tick:.3g}".replace(".", decimal), 9.5, fill=SOFT, text_anchor="middle"))
    return strip(WIDTH, AXIS_HEIGHT, "".join(parts))


def match_mark(match: str) -> str:
    """The dot alone, for the table of studies."""
    return strip(14, 14, _dot(7, match, SOFT if match == "no" else ACCENT, y=7))


def _guide(x: float, heavy: bool) -> str:
    return tag("path", d=f"M{x:.2f} 0V{HEIGHT}", stroke=INK if heavy else LINE, stroke_width=1 if heavy else 0.8)


def _line(scale: Scale, low: float | None, high: float | None, ink: str) -> str:
    if low is None and high is None:
        return ""
    y = HEIGHT / 2
    start = scale.x(low) if low is not None else scale.x(scale.low)
    if high is None:
        end = WIDTH - 2
        arrow = tag("path", d=f"M{end - 5:.2f} {y - 3.5}L{end:.2f} {y}L{end - 5:.2f} {y + 3.5}", fill="none", stroke=ink, stroke_width=1.6)
        return tag("path", d=f"M{start:.2f} {y}H{end:.2f}M{start:.2f} {y - 3}v6", stroke=ink, stroke_width=1.6) + arrow
    end = scale.x(high)
    return tag("path", d=f"M{start:.2f} {y}H{end:.2f}M{start:.2f} {y - 3}v6M{end:.2f} {y - 3}v6", stroke=ink, stroke_width=1.6)


def _dot(x: float, match: str, ink: str, y: float = HEIGHT / 2) -> str:
    if match == "yes":
        return tag("circle", cx=x, cy=y, r=4.6, fill=ink)
    dashed = {"stroke_dasharray": "2 1.6"} if match == "not-coded" else {}
    ring = tag("circle", cx=x, cy=y, r=4.2, fill="#ffffff", stroke=ink, stroke_width=1.7, **dashed)
    return ring + tag("path", d=f"M{x:.2f} {y - 4.2}a4.2 4.2 0 0 0 0 8.4z", fill=ink) if match == "depends" else ring
