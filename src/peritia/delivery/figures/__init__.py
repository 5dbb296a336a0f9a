"""Figures of a delivery as SVG, ready for page and paper."""

from __future__ import annotations

from peritia.delivery.figures.charts import depth_figure, histogram_figure, plasma_figure, region_figure, temperature_figure
from peritia.delivery.figures.map import difference_map, peritoneal_map
from peritia.delivery.figures.pages import figures, png

__all__ = [
    "depth_figure", "difference_map", "figures", "histogram_figure", "peritoneal_map", "plasma_figure", "png", "region_figure",
    "temperature_figure",
]  # fmt: skip
