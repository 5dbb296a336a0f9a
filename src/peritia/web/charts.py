"""What was measured again and again, drawn over time: PCI, PRGS, tumour markers, ascites, weight, symptoms.

Each chart has its own axis from zero (or the scale's own ends), points with their value written at them, and the same figures as a
table for who does not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from peritia.case import Case
from peritia.quantities.units import UnitError
from peritia.quantities.units_lab import lab_units, lab_value
from peritia.report.events import scored_total
from peritia.report.palette import ACCENT, INK, LINE, SOFT
from peritia.report.svg import Picture, picture, tag, text
from peritia.web.language import _, measured, spoken

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 340.0, 170.0, 38.0, 16.0, 22.0, 28.0
_MARKERS = {"cea": "CEA", "ca125": "CA 125", "ca19-9": "CA 19-9", "ca72-4": "CA 72-4"}
_SURGICAL = frozenset({"laparoscopy", "laparotomy"})


class Point(msgspec.Struct, frozen=True):
    """One value. ``hollow``: seen by imaging, which reads low."""

    on: date
    value: float
    hollow: bool = False


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart, and its figures in words."""

    title: str
    unit: str
    picture: Picture
    rows: tuple[tuple[str, str], ...]


def charts(case: Case, on: date) -> tuple[Chart, ...]:
    """Every series that has at least one dated point by the day; an empty tuple without any."""
    found: list[Chart] = []
    for title, unit, top, points, note in _series(case):
        known = tuple(sorted((point for point in points if point.on <= on), key=lambda point: point.on))
        if known:
            found.append(_chart(title, unit, top, known, note, f"chart-{len(found)}"))
    return tuple(found)


def _series(case: Case) -> Iterator[tuple[str, str, float | None, Iterable[Point], str]]:
    pci = [
        Point(entry.on, total, entry.method not in _SURGICAL)
        for entry in case.peritoneum
        if entry.on and (total := scored_total(entry.regions, entry.total)) is not None
    ]
    pci += [Point(entry.on, entry.pci) for entry in case.cytoreductions if entry.on and entry.pci is not None]
    yield "PCI", "", 39.0, pci, _("Filled: seen by the surgeon. Hollow: by imaging.")
    yield (
        _("PRGS, mean"),
        "",
        4.0,
        [Point(one.on, sum(one.grades) / len(one.grades)) for one in case.regression if one.on and one.grades],
        "",
    )
    for analyte, name in _MARKERS.items():
        yield name, lab_units().analytes[analyte].unit if analyte in lab_units().analytes else "", None, _laboratory(case, analyte), ""
    yield _("Ascites"), "mL", None, [Point(one.on, one.volume_ml) for one in case.ascites if one.on and one.volume_ml is not None], ""
    yield _("Weight"), "kg", None, [Point(one.on, one.weight_kg) for one in case.patient.body if one.on and one.weight_kg is not None], ""
    worst = [Point(one.on, max(one.esas.values())) for one in case.symptoms if one.on and one.esas]
    yield _("Worst symptom (ESAS)"), "", 10.0, worst, ""
    yield "ECOG", "", 4.0, [Point(one.on, one.ecog) for one in case.performance if one.on and one.ecog is not None], ""


def _laboratory(case: Case, analyte: str) -> Iterator[Point]:
    for lab in case.labs:
        if lab.analyte == analyte and lab.on and lab.value is not None:
            try:
                yield Point(lab.on, lab_value(analyte, lab.value, lab.unit))
            except UnitError:
                continue


def _chart(title: str, unit: str, top: float | None, points: tuple[Point, ...], note: str, name: str) -> Chart:
    w = spoken()
    opening, closing, count = points[0], points[-1], len(points)
    ceiling = top or _round_up(max(point.value for point in points))
    first, last = opening.on.toordinal(), max(closing.on.toordinal(), opening.on.toordinal() + 30)

    def x(point: Point) -> float:
        return _LEFT + 14 + (point.on.toordinal() - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT - 28)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / ceiling * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        tag("path", d=f"M{_LEFT} {y(ceiling * part):.1f}H{_WIDTH - _RIGHT}", stroke=LINE, stroke_width=0.8) for part in (0.0, 0.5, 1.0)
    ]
    parts += [
        text(_LEFT - 6, y(ceiling * part) + 4, measured(ceiling * part), 11, fill=SOFT, text_anchor="end") for part in (0.0, 0.5, 1.0)
    ]
    line = "L".join(f"{x(point):.1f} {y(point.value):.1f}" for point in points)
    parts.append(tag("path", d=f"M{line}", fill="none", stroke=ACCENT, stroke_width=1.8, stroke_linejoin="round"))
    for place, point in enumerate(points):
        fill = "#ffffff" if point.hollow else ACCENT
        parts.append(tag("circle", cx=round(x(point), 1), cy=round(y(point.value), 1), r=4.2, fill=fill, stroke=ACCENT, stroke_width=1.8))
        if place in (0, count - 1) or count <= 6:
            parts.append(text(x(point), y(point.value) - 9, measured(point.value), 12, fill=INK, text_anchor="middle", font_weight=600))
    ends = [(opening, "start"), (closing, "end")]
    for point, anchor in ends if count > 1 else ends[:1]:
        at = _LEFT if anchor == "start" else _WIDTH - _RIGHT
        parts.append(text(at, _HEIGHT - 8, w.day(point.on), 11, fill=SOFT, text_anchor=anchor))
    rows = tuple((w.day(point.on), measured(point.value) + (" " + _("(imaging)") if point.hollow else "")) for point in points)
    told = "; ".join(f"{day}: {value}" for day, value in rows)
    drawn = picture(
        _WIDTH, _HEIGHT, "".join(parts), name=name, title=_("{title} over time").format(title=title), description=f"{told}. {note}".strip()
    )
    return Chart(title=title, unit=w.unit(unit), picture=drawn, rows=rows)


def _round_up(value: float) -> float:
    """The next number that reads well at the end of an axis."""
    scale = 1.0
    while scale < value:
        scale *= 10
    return next((scale * part for part in (0.1, 0.2, 0.4, 0.5, 1.0) if scale * part >= value * 1.05), scale) or 1.0
