"""Figures for a page of print: several deliveries in one picture, without a heading of their own, since the caption stands beside them.

``say`` turns the few words of a figure into the reader's language; unknown keys are printed as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Delivery
from peritia.delivery.figures.charts import SERIES, Curve
from peritia.delivery.figures.colour import code, colours
from peritia.delivery.figures.map import VIEWS, ticks
from peritia.delivery.figures.raster import data_uri, picture
from peritia.delivery.figures.svg import INK, LINE, SOFT, box, document, line, nice, number, text

Array = NDArray[np.float64]
Say = Callable[[str], str]
PANEL, GAP, HEAD, FOOT, LEGEND = 150.0, 8.0, 20.0, 6.0, 70.0
DOTS = 2.4
"""Picture dots in one unit of the drawing: about 220 to the inch on a page 176 mm wide."""


@dataclass(frozen=True, eq=False)
class MapRow:
    """One row of four views: what is shown, its unit, its palette and limits; ``logarithmic`` for amounts over decades."""

    name: str
    delivery: Delivery
    values: Array
    unit: str
    palette: str
    low: float
    high: float
    logarithmic: bool


def uptake_rows(named: Sequence[tuple[str, Delivery, str]]) -> list[MapRow]:
    """Uptake of a drug (name of the row, delivery, drug); one scale over rows of the same drug, three decades down from its top."""
    found: list[MapRow] = []
    for name, delivery, drug in named:
        same = [other.drug(one).taken_up_mg_per_m2 for _, other, one in named if one == drug]
        top = max(float(np.percentile(values, 99.5)) for values in same)
        lowest = min(float(np.percentile(values, 20)) for values in same)
        wide = top > 20 * max(lowest, top / 1e4)
        values = delivery.drug(drug).taken_up_mg_per_m2
        found.append(MapRow(name, delivery, values, "mg/m²", "viridis", top / 1000 if wide else 0.0, top, wide))
    return found


def heat_row(name: str, delivery: Delivery) -> MapRow:
    """Surface temperature while the drug is in."""
    values = delivery.temperature_c
    low, high = np.floor(2 * float(values.min())) / 2, np.ceil(2 * float(values.max())) / 2
    return MapRow(name, delivery, values, "°C", "heat", float(low), float(high), logarithmic=False)


def map_figure(rows: Sequence[MapRow], say: Say, description: str) -> str:
    """Rows of four views, each with its scale at the right."""
    scale = min(_scale(row.delivery, view) for row in rows for _, view in VIEWS)
    marks = [
        text(index * (PANEL + GAP) + PANEL / 2, 9, say(view), size=8.5, anchor="middle", fill=SOFT)
        for index, view in enumerate(("front", "behind", "right", "left"))
    ]
    y = 12.0
    for row in rows:
        shade, surface = colours(row.palette, _part(row)), row.delivery.surface
        images = [
            picture(surface.vertices, surface.faces, surface.normal, shade, view, int(PANEL * DOTS), scale * DOTS) for _, view in VIEWS
        ]
        tall = max(image.shape[0] for image in images) / DOTS
        marks.append(text(0, y + 13, row.name, size=9.5, weight="bold"))
        for index, image in enumerate(images):
            marks += _panel(index * (PANEL + GAP), y + HEAD, image, index)
        marks += _bar(4 * (PANEL + GAP) + 6, y + HEAD + 26, min(tall - 50, 130.0), row, say)
        y += HEAD + tall + FOOT
    marks += [line([(0, y + 4), (0.1 * scale, y + 4)], width=1.6), text(0.1 * scale + 6, y + 7, "10 cm", size=8.5)]
    return document(4 * (PANEL + GAP) + LEGEND, y + 14, rows[0].name, description, marks)


def _scale(delivery: Delivery, view: tuple[Array, Array, Array]) -> float:
    across = delivery.surface.vertices @ view[0]
    return PANEL * 0.97 / float(across.max() - across.min())


def _part(row: MapRow) -> Array:
    if row.logarithmic:
        return np.log(np.maximum(row.values, row.low) / row.low) / np.log(row.high / row.low)
    return (row.values - row.low) / (row.high - row.low if row.high > row.low else 1.0)


def _panel(x: float, y: float, image: NDArray[np.uint8], index: int) -> list[str]:
    """One view, and which side of the patient is where."""
    left, right = (("R", "L"), ("L", "R"), ("P", "A"), ("A", "P"))[index]
    return [
        f'<image x="{x:.1f}" y="{y:.1f}" width="{PANEL:g}" height="{image.shape[0] / DOTS:.1f}" href="{data_uri(image)}"/>',
        text(x + 2, y + 9, left, size=8.5, fill=SOFT),
        text(x + PANEL - 2, y + 9, right, size=8.5, anchor="end", fill=SOFT),
    ]


def _bar(x: float, y: float, height: float, row: MapRow, say: Say) -> list[str]:
    steps = 48
    each = height / steps
    marks = [text(x, y - 9, row.unit, size=9, weight="bold")]
    marks += [box(x, y + height - (i + 1) * each, 9, each + 0.5, fill=code(row.palette, i / (steps - 1))) for i in range(steps)]
    for value in ticks(row.low, row.high, logarithmic=row.logarithmic):
        part = np.log(value / row.low) / np.log(row.high / row.low) if row.logarithmic else (value - row.low) / (row.high - row.low or 1.0)
        level = y + height * (1 - float(part))
        marks += [line([(x + 9, level), (x + 12, level)], width=0.8), text(x + 15, level + 3, number(value), size=8.5)]
    if row.logarithmic:
        marks.append(text(x, y + height + 12, say("log"), size=8, fill=SOFT))
    return marks


WIDE, TALL, LEFT, TOP, BOTTOM = 330.0, 210.0, 44.0, 10.0, 34.0


def lines_figure(curves: Sequence[Curve], across: str, upward: str, description: str, *, x_high: float, decades: int = 0) -> str:
    """Curves on two axes, named below; on a logarithmic axis of so many ``decades`` where that is not 0."""
    if decades:
        top = int(np.ceil(np.log10(max(float(curve.y.max()) for curve in curves))))
        y_ticks = [float(10.0 ** (top - decades + i)) for i in range(decades + 1)]
    else:
        y_ticks = nice(max(float(curve.y.max()) for curve in curves), 4)
    x_ticks = [0.0, 6.0, 12.0, 18.0, 24.0] if x_high == 24 else nice(x_high, 4)
    low, high = y_ticks[0], y_ticks[-1]

    def place(x: float, y: float) -> tuple[float, float]:
        part = np.log(max(y, low) / low) / np.log(high / low) if decades else (y - low) / (high - low)
        return LEFT + (WIDE - LEFT - 8) * x / x_ticks[-1], TALL - BOTTOM - (TALL - BOTTOM - TOP) * float(part)

    marks: list[str] = []
    for tick in y_ticks:
        _, y = place(0, tick)
        marks += [line([(LEFT, y), (WIDE - 8, y)], colour=LINE, width=0.6), text(LEFT - 5, y + 3, number(tick), size=8.5, anchor="end")]
    for tick in x_ticks:
        x, y = place(tick, low)
        marks += [line([(x, y), (x, y + 3)], width=0.8), text(x, y + 13, number(round(tick, 6)), size=8.5, anchor="middle")]
    marks.append(line([place(0, low), place(x_ticks[-1], low)], width=0.9))
    marks += [
        text((LEFT + WIDE - 8) / 2, TALL - 8, across, size=9, anchor="middle"),
        text(10, (TOP + TALL - BOTTOM) / 2, upward, size=9, anchor="middle", turn=-90),
    ]
    for index, curve in enumerate(curves):
        seen = (curve.x <= x_ticks[-1]) & (curve.y >= low)
        points = [place(float(x), float(y)) for x, y in zip(curve.x[seen], curve.y[seen], strict=True)]
        y = TALL + 10 + 14 * index
        marks += [
            line(points, colour=SERIES[index % len(SERIES)], width=1.6, dash=curve.dash),
            line([(LEFT, y - 3), (LEFT + 20, y - 3)], colour=SERIES[index % len(SERIES)], width=1.8, dash=curve.dash),
            text(LEFT + 26, y, curve.name, size=9, fill=INK),
        ]
    return document(WIDE, TALL + 14 * len(curves) + 4, f"{upward}, {across}", description, marks)


def depth_curve(name: str, delivery: Delivery, drug: str, share: float, dash: str = "") -> Curve | None:
    """Exposure over depth where this ``share`` of the area took up less; None where that place stayed dry."""
    one, area = delivery.drug(drug), delivery.surface.area
    order = np.argsort(one.taken_up_mg_per_m2)
    reached = np.cumsum(area[order]) / area.sum()
    column = int(one.column[order[min(int(np.searchsorted(reached, share)), len(order) - 1)]])
    return None if column < 0 else Curve(name, one.depth_mm, one.exposure_mg_h_per_l[column], dash)
