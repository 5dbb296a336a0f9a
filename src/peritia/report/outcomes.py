"""Places one published figure as a dot with its interval on the scale it shares with its neighbours. Never pooled, never averaged.

The dot's filling says whether this patient would have been in that study: full yes, ringed yes as far as coded, half depends, dashed
ring not coded. A place is a share of the strip's width, so that page and paper draw the same picture each with its own pen.
"""

from __future__ import annotations

from math import log10

from peritia.report.content import Axis, Plot
from peritia.report.palette import ACCENT, INK, LINE, SOFT
from peritia.report.svg import strip, tag, text

_WIDTH, _HEIGHT, _AXIS_HEIGHT, _MARGIN = 300.0, 20.0, 20.0, 9.0
_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 600, 3000)


class Scale:
    """From ``low`` to ``high`` across the strip; ``ratio`` puts it on a logarithm with a line at 1."""

    def __init__(self, low: float, high: float, ticks: tuple[float, ...], *, ratio: bool = False) -> None:
        self.low, self.high, self.ticks, self.ratio = low, high, ticks, ratio

    def share(self, value: float) -> float:
        """Where a value stands, 0 to 1; values outside stop at the edge."""
        low, high, at = (log10(self.low), log10(self.high), log10(max(value, 1e-6))) if self.ratio else (self.low, self.high, value)
        return min(max((at - low) / (high - low), 0.0), 1.0)

    def axis(self, decimal: str = ".") -> Axis:
        """Its ticks with their numbers."""
        ticks = tuple((round(self.share(tick), 4), f"{tick:.3g}".replace(".", decimal)) for tick in self.ticks)
        return Axis(ticks=ticks, heavy=round(self.share(1.0), 4) if self.ratio else None)

    def plot(self, value: float | None, low: float | None, high: float | None, match: str) -> Plot:
        """A figure's place. An interval with a lower end alone runs on as an arrow."""
        known = low is not None or high is not None
        return Plot(
            match=match,
            value=None if value is None else round(self.share(value), 4),
            low=None if not known else round(self.share(low), 4) if low is not None else 0.0,
            high=round(self.share(high), 4) if high is not None else None,
        )


def scale_for(values: list[float], *, unit: str, ratio: bool = False) -> Scale:
    """A scale from zero (from 0 to 100 for shares, around 1 for ratios) with round ticks."""
    if ratio:
        reach = max([2.0] + [max(value, 1 / value) for value in values if value > 0])
        high = next((step for step in (2.0, 4.0, 8.0, 16.0, 32.0) if reach <= step), 64.0)
        return Scale(1 / high, high, tuple(sorted({1 / high, 0.5, 1.0, 2.0, high})), ratio=True)
    top = max(values, default=1.0)
    if unit == "%" and top <= 100:
        return Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0))
    step = next((size for size in _STEPS if top / size <= 6), 10_000)
    count = int(-(-top // step)) or 1
    return Scale(0.0, float(step * count), tuple(float(step * index) for index in range(count + 1)))


def plot_strip(plot: Plot, axis: Axis) -> str:
    """One figure for the page. Silent to a screen reader: its numbers stand beside it."""
    guides = "".join(_guide(_x(at), heavy=at == axis.heavy) for at, _ in axis.ticks)
    dot = _dot(_x(plot.value), plot.match, ACCENT) if plot.value is not None else ""
    return strip(_WIDTH, _HEIGHT, guides + _line(plot, ACCENT) + dot)


def axis_strip(axis: Axis) -> str:
    """The scale's numbers, set once under each group."""
    parts = [tag("path", d=f"M{_MARGIN} 1H{_WIDTH - _MARGIN}", stroke=INK, stroke_width=1)]
    for at, label in axis.ticks:
        parts.append(tag("path", d=f"M{_x(at):.2f} 1v4", stroke=INK, stroke_width=1))
        parts.append(text(_x(at), 15.5, label, 9.5, fill=SOFT, text_anchor="middle"))
    return strip(_WIDTH, _AXIS_HEIGHT, "".join(parts))


def match_mark(match: str) -> str:
    """The dot alone, for the table of studies."""
    return strip(14, 14, _dot(7, match, ACCENT, y=7))


def _x(share: float) -> float:
    return _MARGIN + share * (_WIDTH - 2 * _MARGIN)


def _guide(x: float, *, heavy: bool) -> str:
    return tag("path", d=f"M{x:.2f} 0V{_HEIGHT}", stroke=INK if heavy else LINE, stroke_width=1 if heavy else 0.8)


def _line(plot: Plot, ink: str) -> str:
    if plot.low is None:
        return ""
    y, start = _HEIGHT / 2, _x(plot.low)
    if plot.high is None:
        end = _WIDTH - 2
        arrow = tag("path", d=f"M{end - 5:.2f} {y - 3.5}L{end:.2f} {y}L{end - 5:.2f} {y + 3.5}", fill="none", stroke=ink, stroke_width=1.6)
        return tag("path", d=f"M{start:.2f} {y}H{end:.2f}M{start:.2f} {y - 3}v6", stroke=ink, stroke_width=1.6) + arrow
    end = _x(plot.high)
    return tag("path", d=f"M{start:.2f} {y}H{end:.2f}M{start:.2f} {y - 3}v6M{end:.2f} {y - 3}v6", stroke=ink, stroke_width=1.6)


def _dot(x: float, match: str, ink: str, y: float = _HEIGHT / 2) -> str:
    if match == "yes":
        return tag("circle", cx=x, cy=y, r=4.6, fill=ink)
    dashed = {"stroke_dasharray": "2 1.6"} if match == "not-coded" else {}
    ring = tag("circle", cx=x, cy=y, r=4.2, fill="#ffffff", stroke=ink, stroke_width=1.7, **dashed)
    inside = {
        "as-coded": tag("circle", cx=x, cy=y, r=2.1, fill=ink),
        "depends": tag("path", d=f"M{x:.2f} {y - 4.2:.2f}a4.2 4.2 0 0 0 0 8.4z", fill=ink),
    }
    return ring + inside.get(match, "")
