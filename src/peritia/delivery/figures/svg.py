"""The few SVG marks that the figures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

FONT = "Atkinson Hyperlegible Next, Liberation Sans, Arial, Helvetica, sans-serif"
INK = "#1d2733"
SOFT = "#5d6b7a"
LINE = "#c9d1d9"


def text(
    x: float, y: float, words: str, *, size: float = 12, anchor: str = "start", weight: str = "normal", fill: str = INK, turn: float = 0
) -> str:
    """Words at a point."""
    rotated = f' transform="rotate({turn:g} {x:.1f} {y:.1f})"' if turn else ""
    style = f'font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}{rotated}>{escape(words)}</text>'


def line(points: Sequence[tuple[float, float]], *, colour: str = INK, width: float = 1.5, dash: str = "") -> str:
    """A line through points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}/>'


def box(x: float, y: float, width: float, height: float, *, fill: str = "none", stroke: str = "none", title: str = "") -> str:
    """A rectangle; ``title`` is read out and shown on pointing."""
    inner = f"<title>{escape(title)}</title>" if title else ""
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{fill}" stroke="{stroke}"'
    return f"<rect {shape}>{inner}</rect>"


def document(width: float, height: float, title: str, description: str, marks: Sequence[str]) -> str:
    """A whole figure, white behind it, with title and description for readers who do not see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img">'
    told = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return "\n".join([head, told, box(0, 0, width, height, fill="#ffffff"), *marks, "</svg>\n"])


def nice(high: float, count: int = 5) -> list[float]:
    """Round tick values from 0 to at least ``high``."""
    if not high > 0:
        return [0.0, 1.0]
    power = 10.0
    rough = high / count
    scale = power ** int(f"{rough:e}".split("e")[1])
    step = next(part * scale for part in (1, 2, 2.5, 5, 10) if part * scale >= rough * 0.999)
    ticks = [0.0]
    while ticks[-1] < high * 0.999:
        ticks.append(ticks[-1] + step)
    return ticks


def number(value: float) -> str:
    """A tick as printed."""
    return f"{value:g}" if abs(value) < 1e5 else f"{value:.0e}"
