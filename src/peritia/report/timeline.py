"""Draws the course of treatment as lanes over a time axis. Labels that would touch move to a row of their own."""

from __future__ import annotations

from datetime import date

from peritia.report.events import LANES, Event
from peritia.report.palette import ACCENT, INK, LINE, PALE, SOFT
from peritia.report.svg import Picture, picture, tag, text, text_width
from peritia.report.wording import Words

_WIDTH, _LEFT, _RIGHT = 760.0, 118.0, 14.0
_ROW, _PAD, _SIZE = 19.0, 7.0, 10.5
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_INKS = {"status": INK, "pci": "#9c3526", "systemic": "#3d4f9f", "surgery": ACCENT, "pipac": "#00705c", "radiation": "#8f5a00"}


def timeline(found: tuple[Event, ...], on: date, w: Words, *, name: str) -> Picture | None:
    """The drawing, or nothing when no event has a date."""
    dated = [event for event in found if event.on is not None]
    if not dated:
        return None
    scale = _Scale(min(event.on for event in dated if event.on), on)
    grounds: list[str] = []
    lanes: list[str] = []
    top = 6.0
    for lane in LANES:
        members = [event for event in dated if event.lane == lane]
        if members:
            drawn, height = _lane(members, scale, top, lane)
            grounds.append(_ground(top, height, w("lane." + lane), len(grounds) % 2 == 0))
            lanes.append(drawn)
            top += height
    body = "".join((*grounds, _axis(scale, top, w), *lanes))
    words = "; ".join(f"{w.day(event.on)} {event.sentence}" for event in dated)
    return picture(_WIDTH, top + 26, body, name=name, title=w("timeline.title"), description=words)


class _Scale:
    """Days to x. The span never falls below two months, so that one event does not fill the axis."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first.toordinal(), max(last.toordinal(), first.toordinal() + 60)
        self.reach = _WIDTH - _LEFT - _RIGHT

    def x(self, day: date) -> float:
        return _LEFT + 6 + (day.toordinal() - self.first) / (self.last - self.first) * (self.reach - 12)


def _ground(top: float, height: float, word: str, shaded: bool) -> str:
    ground = tag("rect", x=0, y=top, width=_WIDTH, height=height, fill=PALE) if shaded else ""
    return ground + text(8, top + _PAD + 12, word, _SIZE, fill=INK, font_weight=600)


def _lane(members: list[Event], scale: _Scale, top: float, lane: str) -> tuple[str, float]:
    """Places each event in the first row where its marker and label are free."""
    taken: list[float] = []
    drawn: list[str] = []
    for event in members:
        start, end, at, anchor = _extent(event, scale)
        row = next((index for index, used in enumerate(taken) if used + 6 <= start), len(taken))
        taken[row : row + 1] = [end]
        drawn.append(_event(event, scale, top + _PAD + row * _ROW + 8, at, anchor, _INKS[lane]))
    return "".join(drawn), 2 * _PAD + len(taken) * _ROW - 3


def _extent(event: Event, scale: _Scale) -> tuple[float, float, float, str]:
    """From and to in x, where the label stands, and how it is anchored: right of the mark, or left of it near the edge."""
    assert event.on is not None
    x = scale.x(event.on)
    width = text_width(event.label, _SIZE)
    end = scale.x(event.until) if event.until else x
    if event.shape == "bar" and end - x >= width + 12:
        return x, end, x + 6, "inside"
    if end + 9 + width <= _WIDTH - 4:
        return x - 6, end + 9 + width, end + 9, "start"
    return x - 9 - width, max(end, x + 6), x - 9, "end"


def _event(event: Event, scale: _Scale, y: float, at: float, anchor: str, ink: str) -> str:
    assert event.on is not None
    x = scale.x(event.on)
    label_ink = "#ffffff" if anchor == "inside" else INK
    label = text(at, y + 3.8, event.label, _SIZE, fill=label_ink, text_anchor="end" if anchor == "end" else "start")
    if event.shape != "bar":
        return _marker(event.shape, x, y, ink) + label
    return _bar(x, scale.x(event.until) if event.until else None, y, ink, event.ongoing) + label


def _bar(x: float, end: float | None, y: float, ink: str, ongoing: bool) -> str:
    """A line of therapy; an arrow head when it goes on, an open end when nobody recorded the end."""
    if end is None:
        return tag(
            "path",
            d=f"M{x:.2f} {y - 7:.2f}V{y + 7:.2f}M{x:.2f} {y:.2f}h14",
            stroke=ink,
            stroke_width=2.2,
            stroke_dasharray="3 2",
            fill="none",
        )
    width = max(end - x, 3.0)
    if not ongoing:
        return tag("rect", x=x, y=y - 7.5, width=width, height=15, rx=2, fill=ink)
    tip = min(7.0, width)
    return tag("path", d=f"M{x:.2f} {y - 7.5:.2f}h{width - tip:.2f}l{tip:.2f} 7.5l-{tip:.2f} 7.5h-{width - tip:.2f}z", fill=ink)


def _marker(shape: str, x: float, y: float, ink: str) -> str:
    if shape == "ring":
        return tag("circle", cx=x, cy=y, r=4.3, fill="#ffffff", stroke=ink, stroke_width=2)
    if shape == "dot":
        return tag("circle", cx=x, cy=y, r=5.2, fill=ink)
    paths = {
        "square": f"M{x - 4.5:.2f} {y - 4.5:.2f}h9v9h-9z",
        "diamond": f"M{x:.2f} {y - 6.2:.2f}l6.2 6.2l-6.2 6.2l-6.2-6.2z",
        "up": f"M{x:.2f} {y - 5.5:.2f}l5.8 10h-11.6z",
        "down": f"M{x:.2f} {y + 5.5:.2f}l5.8-10h-11.6z",
    }
    if shape == "cross":
        return tag(
            "path", d=f"M{x - 4:.2f} {y - 4:.2f}l8 8M{x + 4:.2f} {y - 4:.2f}l-8 8", stroke=ink, stroke_width=2.4, stroke_linecap="round"
        )
    return tag("path", d=paths[shape], fill=ink)


def _axis(scale: _Scale, bottom: float, w: Words) -> str:
    first, last = date.fromordinal(scale.first), date.fromordinal(scale.last)
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((size for size in _STEPS if months / size <= 9), 240)
    ticks: list[str] = [tag("path", d=f"M{_LEFT} {bottom:.2f}H{_WIDTH - _RIGHT}", stroke=INK, stroke_width=1)]
    index = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // step) * step
    while (day := date(index // 12, index % 12 + 1, 1)) <= last:
        x = scale.x(day)
        label = str(day.year) if step >= 12 else f"{w(f'month.{day.month}')} {day.year}"
        ticks.append(tag("path", d=f"M{x:.2f} 6V{bottom + 4:.2f}", stroke=LINE, stroke_width=0.8))
        ticks.append(text(x, bottom + 17, label, 9.5, fill=SOFT, text_anchor="middle"))
        index += step
    return "".join(ticks)
