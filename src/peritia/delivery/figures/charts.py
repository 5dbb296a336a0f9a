"""Charts of a delivery: regions unrolled, drug-area histogram, depth profiles, temperature, plasma. Plain SVG, colours safe for the
colour blind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.delivery import Delivery
from peritia.delivery.figures.colour import code
from peritia.delivery.figures.svg import INK, LINE, SOFT, box, document, line, nice, number, text
from peritia.delivery.metrics import REGIONS, RegionRow, drug_area_histogram, drug_metrics, region_table

Array = NDArray[np.float64]
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's colours."""
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 680.0, 380.0, 70.0, 78.0, 56.0


@dataclass(frozen=True)
class Curve:
    """A named line of a chart."""

    name: str
    x: Array
    y: Array
    dash: str = ""


def _chart(
    title: str,
    note: str,
    across: str,
    upward: str,
    curves: Sequence[Curve],
    *,
    low: float = 0.0,
    x_high: float | None = None,
    decades: int = 0,
) -> str:
    """Lines on axes from 0 (upward from ``low``; of so many ``decades`` where that is not 0), with a legend at their right."""
    if decades:
        return _chart_in_decades(title, note, across, upward, curves, x_high or 1.0, decades)
    right = WIDTH - 160
    x_top = x_high or max(float(curve.x.max()) for curve in curves)
    shown = [curve.y[curve.x <= x_top] for curve in curves]
    x_ticks = nice(x_top)
    y_ticks = [low + tick for tick in nice(max(float(part.max()) for part in shown) - low)]
    x_end, y_end = x_ticks[-1], y_ticks[-1]

    def place(x: float, y: float) -> tuple[float, float]:
        return LEFT + (right - LEFT) * x / x_end, HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (y - low) / (y_end - low)

    marks = [text(24, 32, title, size=16, weight="bold"), text(24, 51, note, size=11, fill=SOFT)]
    for tick in y_ticks:
        _, y = place(0, tick)
        marks += [
            line([(LEFT, y), (right, y)], colour=LINE, width=0.8),
            text(LEFT - 8, y + 4, number(round(tick, 6)), size=11, anchor="end"),
        ]
    for tick in x_ticks:
        x, y = place(tick, low)
        marks += [line([(x, y), (x, y + 5)], colour=INK, width=1), text(x, y + 19, number(round(tick, 6)), size=11, anchor="middle")]
    marks.append(line([place(0, low), place(x_end, low)], colour=INK, width=1.2))
    marks.append(text((LEFT + right) / 2, HEIGHT - 14, across, size=12, anchor="middle"))
    marks.append(text(18, (TOP + HEIGHT - BOTTOM) / 2, upward, size=12, anchor="middle", turn=-90))
    for index, curve in enumerate(curves):
        colour = SERIES[index % len(SERIES)]
        inside = curve.x <= x_end
        points = [place(float(x), float(y)) for x, y in zip(curve.x[inside], curve.y[inside], strict=True)]
        marks.append(line(points, colour=colour, width=2.2, dash=curve.dash))
        y = TOP + 14 + 20 * index
        if not curve.name:
            continue
        marks += [
            line([(right + 14, y - 4), (right + 36, y - 4)], colour=colour, width=2.4, dash=curve.dash),
            text(right + 42, y, curve.name, size=11.5),
        ]
    return document(WIDTH, HEIGHT, title, f"{upward} against {across}. {note}", marks)


def _chart_in_decades(title: str, note: str, across: str, upward: str, curves: Sequence[Curve], x_high: float, decades: int) -> str:
    """As ``_chart`` on a logarithmic axis: each value is drawn as its decades above the lowest one shown."""
    top = int(np.ceil(np.log10(max(float(curve.y.max()) for curve in curves))))
    floor = top - decades
    moved: list[Curve] = []
    for curve in curves:
        seen = curve.y >= 10.0**floor
        if seen.any():
            moved.append(Curve(curve.name, curve.x[seen], np.log10(curve.y[seen]) - floor, curve.dash))
    drawn = _chart(title, note, across, upward, [*moved, Curve("", np.zeros(1), np.array([float(decades)]))], x_high=x_high)
    for tick in range(decades + 1):
        drawn = drawn.replace(f'text-anchor="end">{tick}</text>', f'text-anchor="end">{10.0 ** (floor + tick):g}</text>')
    return drawn


def histogram_figure(delivery: Delivery) -> str:
    """Drug-area histogram of every drug, each over its own mean."""
    curves: list[Curve] = []
    for one in delivery.drugs:
        level, share = drug_area_histogram(delivery, one.drug, 400)
        mean = drug_metrics(delivery, one).mean_mg_per_m2
        curves.append(Curve(one.drug.capitalize(), level / mean, 100 * share))
    note = "Share of the open peritoneum that took up at least x times the area mean"
    return _chart(
        "Drug-area histogram",
        note,
        "uptake over the area mean",
        "share of area, %",
        curves,
        x_high=min(6.0, max(float(c.x.max()) for c in curves)),
    )


def depth_figure(delivery: Delivery, drug: str) -> str:
    """Concentration against depth where uptake is high, at the median and low, at the end of the session."""
    one, area = delivery.drug(drug), delivery.surface.area
    order = np.argsort(one.taken_up_mg_per_m2)
    reached = np.cumsum(area[order]) / area.sum()
    curves: list[Curve] = []
    for name, share, dash in (
        ("highest 5 % of area", 0.95, ""),
        ("highest quarter", 0.75, ""),
        ("median", 0.5, ""),
        ("lowest quarter", 0.25, "5 3"),
    ):
        column = int(one.column[order[min(int(np.searchsorted(reached, share)), len(order) - 1)]])
        if column >= 0:
            curves.append(Curve(name, one.depth_mm, one.exposure_mg_h_per_l[column], dash))
    note = "Exposure of tissue over 24 h, by share of the open peritoneum ranked by uptake; dry surface has none"
    return _chart(f"{drug.capitalize()} in depth", note, "depth, mm", "exposure, mg h/L", curves, x_high=2.0, decades=4)


def plasma_figure(delivery: Delivery, hours: float = 24.0) -> str:
    """Every species in plasma; an empty chart says that no model stands in the drug files."""
    curves = [Curve(_species(curve.drug, curve.species), curve.time_h, curve.mg_per_l) for curve in delivery.plasma]
    if not curves:
        names = ", ".join(one.drug for one in delivery.drugs)
        words = f"No plasma model with volumes stands in the drug files for {names}"
        return document(WIDTH, 120, "Plasma", words, [text(24, 40, "Plasma", size=16, weight="bold"), text(24, 70, words, size=12)])
    peaks = "; ".join(
        f"{_species(c.drug, c.species)} peak {c.peak:.2f} at {c.peak_at_min:.0f} min, AUC24 {c.auc_24h:.1f}" for c in delivery.plasma
    )
    return _chart("Plasma", f"mg/L = µg/mL; {peaks}", "hours from the start", "concentration, mg/L", curves, x_high=hours)


def _species(drug: str, species: str) -> str:
    return {"total-platinum": "total Pt", "ultrafiltrable-platinum": "ultrafiltrable Pt"}.get(species, drug.capitalize())


def temperature_figure(delivery: Delivery) -> str:
    """Bath, outflow and core over the session; a sentence where nothing is heated."""
    names = (("Bath, mean", "bath_c"), ("Outflow", "outflow_c"), ("Core", "core_c"))
    curves = [Curve(name, delivery.series[f"{key}_min"], delivery.series[key]) for name, key in names if key in delivery.series]
    if not curves:
        words = "PIPAC at body temperature: nothing is heated"
        return document(
            WIDTH, 120, "Temperature", words, [text(24, 40, "Temperature", size=16, weight="bold"), text(24, 70, words, size=12)]
        )
    low = float(np.floor(min(float(curve.y.min()) for curve in curves)))
    note = (
        f"Thermal dose at the surface: mean {float(delivery.cem43_min @ delivery.surface.area / delivery.surface.area_total):.1f} CEM43 min"
    )
    return _chart("Temperature", note, "minutes from the start of warming", "°C", curves, low=low)


def region_figure(delivery: Delivery, drug: str) -> str:
    """The thirteen regions unrolled: a 3 by 3 field as the surgeon draws it, the small bowel beside it; colour and number are the mean
    uptake.
    """
    rows = [row for row in region_table(delivery) if row.drug == drug]
    top = max(row.taken_up_mg_per_m2 for row in rows if row.area_cm2 > 0)
    title = f"{drug.capitalize()} by region"
    note = "Mean uptake, mg/m²; below it landed amount (PIPAC), depth of a tenth of the exposure, open area"
    marks = [text(24, 32, title, size=16, weight="bold"), text(24, 51, note, size=11, fill=SOFT)]
    grid = ((1, 2, 3), (8, 0, 4), (7, 6, 5))
    for y, line_ in enumerate(grid):
        for x, region in enumerate(line_):
            marks += _cell(24 + 138 * x, 74 + 104 * y, 132, 98, rows[region], top)
    for index, region in enumerate((9, 10, 11, 12)):
        marks += _cell(470, 74 + 78 * index, 186, 72, rows[region], top)
    marks.append(text(24, 402, "Patient's right is on the left, as seen from the front", size=10.5, fill=SOFT))
    told = "; ".join(f"{row.region} {row.name} {row.taken_up_mg_per_m2:.1f}" for row in rows)
    return document(680, 416, title, told, marks)


def _cell(x: float, y: float, width: float, height: float, row: RegionRow, top: float) -> list[str]:
    part = row.taken_up_mg_per_m2 / top if row.area_cm2 > 0 else float("nan")
    ink = "#ffffff" if part < 0.55 else INK
    landed = f"landed {row.landed_mg_per_m2:.0f}" if row.landed_mg_per_m2 > 0 else ""
    rest = f"{row.depth_tenth_mm:.2f} mm · {row.area_cm2:.0f} cm²"
    tall = height > 90
    told = [landed, rest] if tall else [" · ".join(part for part in (landed, rest) if part)]
    lines = [
        text(x + 8, y + 17, f"{row.region} {REGIONS[row.region]}", size=11, weight="bold", fill=ink),
        text(x + 8, y + 42, f"{row.taken_up_mg_per_m2:.3g}", size=19, weight="bold", fill=ink),
        *(text(x + 8, y + 60 + 16 * index, words, size=9.5, fill=ink) for index, words in enumerate(words for words in told if words)),
    ]
    return [box(x, y, width, height, fill=code("viridis", part), title=f"{row.name}: {row.taken_up_mg_per_m2:.3g} mg/m2"), *lines]
