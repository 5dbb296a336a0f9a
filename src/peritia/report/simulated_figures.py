"""Figures of the simulated section: one map of every session, depth and plasma of all in one picture each."""

from __future__ import annotations

import re

import numpy as np

from peritia.delivery.figures.beside import MapRow, depth_curve, heat_row, lines_figure, map_figure, uptake_rows
from peritia.delivery.figures.charts import Curve
from peritia.report.simulated_content import Figure
from peritia.report.simulation import Simulated, main_drug
from peritia.report.svg import FAMILY, Picture
from peritia.report.wording import Words

EVEN = 1.1
"""A map whose 95th and 5th percentile differ by less than this ratio shows one colour, and is told in a sentence instead."""
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox')
_FONT = re.compile(r'font-family="[^"]*"')


def simulated_figures(made: tuple[Simulated, ...], w: Words) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The figures, and remarks on what was not drawn."""
    rows, even = _rows(made, w)
    told = "; ".join(row.name for row in rows)
    figures: list[Figure] = []
    if rows:
        drawn = map_figure(rows, lambda key: w(f"view.{key}"), told)
        caption = w("figure.map", rows=told) + "".join(even)
        figures.append(Figure(drawing=_picture(drawn, told), caption=caption, wide=True))
    figures.append(_depth(made, w))
    curves = [curve for index, one in enumerate(made) for curve in _in_plasma(one, "4 2" if index else "", w)]
    if curves:
        svg = lines_figure(curves, w("axis.hours"), w("axis.plasma"), w("figure.plasma"), x_high=24.0)
        figures.append(Figure(drawing=_picture(svg, w("figure.plasma")), caption=w("figure.plasma")))
    return tuple(figures), tuple(() if rows else even)


def _in_plasma(one: Simulated, dash: str, w: Words) -> list[Curve]:
    """Every species in plasma of one session."""
    technique = one.choice.technique.upper()
    found: list[Curve] = []
    for curve in one.delivery.plasma:
        species = w.get(f"species.{curve.species}", curve.species.replace("-", " "))
        found.append(Curve(w("curve.plasma", technique=technique, drug=curve.drug, species=species), curve.time_h, curve.mg_per_l, dash))
    return found


def _rows(made: tuple[Simulated, ...], w: Words) -> tuple[list[MapRow], list[str]]:
    named: list[tuple[str, Simulated, str]] = []
    even: list[str] = []
    for one in made:
        drug, technique = main_drug(made, one), one.choice.technique.upper()
        values = one.delivery.drug(drug).taken_up_mg_per_m2
        low, high = (float(part) for part in np.percentile(values, (5, 95)))
        if _is_even(one, drug):
            even.append(
                w("figure.even", technique=technique, low=w.number(float(f"{low:.3g}")), high=w.number(float(f"{high:.3g}")), drug=drug)
            )
        else:
            named.append((w("figure.uptake", technique=technique, drug=drug), one, drug))
    rows = uptake_rows([(words, one.delivery, drug) for words, one, drug in named])
    for one in made:
        if one.choice.technique == "hipec":
            rows.append(heat_row(w("figure.heat", technique="HIPEC"), one.delivery))
    return rows, even


def _is_even(one: Simulated, drug: str) -> bool:
    low, high = np.percentile(one.delivery.drug(drug).taken_up_mg_per_m2, (5, 95))
    return bool(0 < high < EVEN * low)


def _depth(made: tuple[Simulated, ...], w: Words) -> Figure:
    curves: list[Curve] = []
    for one in made:
        drug = main_drug(made, one)
        gaps = {"technique": one.choice.technique.upper(), "drug": drug}
        high = depth_curve(w("curve.high", **gaps), one.delivery, drug, 0.95)
        median = depth_curve(w("curve.median", **gaps), one.delivery, drug, 0.5, "4 2")
        curves += [curve for curve in (None if _is_even(one, drug) else high, median) if curve is not None]
    told = w("figure.depth")
    svg = lines_figure(curves, w("axis.depth"), w("axis.exposure"), told, x_high=2.0, decades=3)
    return Figure(drawing=_picture(svg, told), caption=told)


def _picture(svg: str, told: str) -> Picture:
    """A figure of delivery in the report's type; its size becomes a shape, so that page and paper may scale it."""
    size = _SIZE.search(svg)
    assert size is not None
    scalable = svg.replace(size.group(0), "viewBox", 1)
    return Picture(
        svg=_FONT.sub(f'font-family="{FAMILY}"', scalable), title=told, description=told, width=float(size[1]), height=float(size[2])
    )
