"""The peritoneal map: the inside of the cavity from four sides, the near wall taken away, one colour scale with its unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.comparison import Comparison
from peritia.delivery.delivery import Delivery
from peritia.delivery.figures.colour import code, colours
from peritia.delivery.figures.raster import data_uri, picture
from peritia.delivery.figures.svg import INK, SOFT, box, document, line, number, text

Array = NDArray[np.float64]
RIGHT, FRONT, UP = np.eye(3)
VIEWS: tuple[tuple[str, tuple[Array, Array, Array]], ...] = (
    ("From the front, onto the bowel (anterior wall taken away)", (-RIGHT, UP, FRONT)),
    ("From behind, onto the anterior wall (contents taken away)", (RIGHT, UP, -FRONT)),
    ("From the right flank", (FRONT, UP, RIGHT)),
    ("From the left flank", (-FRONT, UP, -RIGHT)),
)
"""Name; picture's right, up, towards the viewer. Axes: right of the patient, anterior, superior."""
PANEL, SCALE = 330, 820.0


def peritoneal_map(delivery: Delivery, drug: str, quantity: str = "taken_up_mg_per_m2") -> str:
    """Four views of one quantity of a drug (a field of ``DrugMap``) or of ``temperature_c`` or ``cem43_min``."""
    values = getattr(delivery, quantity) if hasattr(delivery, quantity) else getattr(delivery.drug(drug), quantity)
    title, unit, scale = _words(quantity, drug)
    if quantity == "temperature_c":
        return _drawn(delivery, values, "heat", title, unit, (float(values.min()), float(values.max())), logarithmic=False)
    top = float(np.nanpercentile(values, 99.5)) or 1.0
    wide = scale == "log" and top > 20 * max(float(np.nanpercentile(values, 20)), top / 1e4)
    return _drawn(delivery, values, "viridis", title, unit, (top / 1000 if wide else 0.0, top), logarithmic=wide)


def difference_map(comparison: Comparison, a: Delivery, drug: str, names: tuple[str, str] = ("A", "B")) -> str:
    """Uptake of the second less that of the first, on their common surface."""
    values = comparison.difference[drug]
    reach = float(np.percentile(np.abs(values), 99)) or 1.0
    title = f"{drug.capitalize()} taken up: {names[1]} less {names[0]}"
    return _drawn(a, values, "difference", title, "mg/m²", (-reach, reach), logarithmic=False)


def _words(quantity: str, drug: str) -> tuple[str, str, str]:
    name = drug.capitalize()
    return {
        "taken_up_mg_per_m2": (f"{name} taken up by the peritoneum at the end of the session", "mg/m²", "log"),
        "landed_mg_per_m2": (f"{name} landed with the aerosol", "mg/m²", "log"),
        "first_mm_ug_per_g": (f"{name} in the first millimetre at the end of the session", "µg/g", "log"),
        "depth_half_mm": (f"{name}: depth of half exposure", "mm", "linear"),
        "depth_tenth_mm": (f"{name}: depth of a tenth of the exposure", "mm", "linear"),
        "depth_ic50_mm": (f"{name}: depth reached by one hour at the IC50", "mm", "linear"),
        "depth_detected_mm": (f"{name}: depth that fluorescence would show", "mm", "linear"),
        "temperature_c": ("Surface temperature, mean while the drug is in", "°C", "linear"),
        "cem43_min": ("Thermal dose at the surface", "CEM43 min", "linear"),
    }[quantity]


def _drawn(
    delivery: Delivery, values: Array, palette: str, title: str, unit: str, limits: tuple[float, float], *, logarithmic: bool
) -> str:
    low, high = limits
    if logarithmic:
        part = np.log(np.maximum(values, low) / low) / np.log(high / low)
    else:
        part = (values - low) / (high - low if high > low else 1.0)
    rgb = colours(palette, part)
    surface = delivery.surface
    marks = [text(24, 34, title, size=17, weight="bold"), text(24, 54, _subtitle(delivery), size=11.5, fill=SOFT)]
    bottom = 0.0
    for index, (name, view) in enumerate(VIEWS):
        column, row = index % 2, index // 2
        image = picture(surface.vertices, surface.faces, surface.normal, rgb, view, PANEL, SCALE)
        x, y = 24 + column * (PANEL + 16), 92 + row * (image.shape[0] + 40)
        marks.append(text(x + PANEL / 2, y - 8, name, size=11.5, anchor="middle", fill=INK))
        marks.append(f'<image x="{x}" y="{y}" width="{PANEL}" height="{image.shape[0]}" href="{data_uri(image)}"/>')
        marks.extend(_sides(index, x, y + image.shape[0] / 2))
        bottom = max(bottom, y + image.shape[0])
    marks.extend(_scale_bar(24 + 2 * PANEL + 16 - 110, bottom + 14))
    marks.extend(_legend(24 + 2 * PANEL + 44, 110, palette, limits, unit, logarithmic=logarithmic))
    return document(2 * PANEL + 190, bottom + 40, title, f"{title} in {unit}, four views of the peritoneum. {_subtitle(delivery)}", marks)


def _subtitle(delivery: Delivery) -> str:
    return f"{delivery.plan.title or delivery.plan.kind.upper()} · {delivery.anatomy} · {delivery.run.fidelity} fidelity"


def _sides(index: int, x: float, y: float) -> list[str]:
    """Which side of the patient is where."""
    left, right = (("R", "L"), ("L", "R"), ("P", "A"), ("A", "P"))[index]
    return [text(x + 2, y, left, size=12, fill=SOFT), text(x + PANEL - 2, y, right, size=12, anchor="end", fill=SOFT)]


def _scale_bar(x: float, y: float) -> list[str]:
    length = 0.10 * SCALE
    return [line([(x, y), (x + length, y)], colour=INK, width=2), text(x + length / 2, y + 15, "10 cm", size=11, anchor="middle")]


def _legend(x: float, y: float, palette: str, limits: tuple[float, float], unit: str, *, logarithmic: bool) -> list[str]:
    height, steps = 260, 64
    each = height / steps
    marks = [box(x, y + height - (i + 1) * each, 16, each + 0.6, fill=code(palette, i / (steps - 1))) for i in range(steps)]
    low, high = limits
    for value in ticks(low, high, logarithmic=logarithmic):
        part = np.log(value / low) / np.log(high / low) if logarithmic else (value - low) / (high - low if high > low else 1.0)
        level = y + height * (1 - part)
        marks += [line([(x + 16, level), (x + 21, level)], colour=INK, width=1), text(x + 25, level + 4, number(value), size=11)]
    marks.append(text(x, y - 12, unit, size=12, weight="bold"))
    if logarithmic:
        marks.append(text(x, y + height + 18, "log scale", size=10.5, fill=SOFT))
    return marks


def ticks(low: float, high: float, *, logarithmic: bool) -> list[float]:
    """Round values of a colour scale."""
    if logarithmic:
        first, last = int(np.ceil(np.log10(low))), int(np.floor(np.log10(high)))
        return [10.0**power for power in range(first, last + 1)]
    span = high - low
    if span <= 0:
        return [low]
    step = 10.0 ** np.floor(np.log10(span / 4))
    step *= next(part for part in (1, 2, 5, 10) if span / (part * step) <= 6)
    first = np.ceil(low / step - 1e-9)
    return [float(round((first + i) * step, 10)) for i in range(int(np.floor((high - first * step) / step + 1e-9)) + 1)]
