"""How a measured thing moved over the course: points in time, as recorded, never filled in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from peritia.case import Case
from peritia.case.condition import Analyte
from peritia.case.peritoneum import PeritonealAssessment
from peritia.knowledge.scoring import ScoreError, definition, esas_worst, pci, prgs_mean, prgs_worst, qlq_c30
from peritia.quantities.units import UnitError
from peritia.quantities.units_lab import lab_units, lab_value

SURGICAL = ("laparoscopy", "laparotomy")
MARKERS: tuple[Analyte, ...] = ("cea", "ca125", "ca19-9")


class QlqAnswers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers to QLQ-C30 on a day, by item number 1 to 30."""

    on: date
    items: dict[int, int]

    def __post_init__(self) -> None:
        qlq_c30(self.items)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One value on a day."""

    on: date
    value: float
    note: str = ""


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One thing over time, oldest first. ``better``: the direction in which the patient is better off."""

    id: str
    name: str
    unit: str
    better: Literal["lower", "higher"]
    points: tuple[Point, ...]

    @property
    def change(self) -> float | None:
        """Last minus first; unknown with fewer than two points."""
        return self.points[-1].value - self.points[0].value if len(self.points) > 1 else None

    @property
    def last_change(self) -> float | None:
        """Last minus the one before."""
        return self.points[-1].value - self.points[-2].value if len(self.points) > 1 else None

    @property
    def improving(self) -> bool | None:
        """Whether the last change is for the better; unknown without one or when nothing moved."""
        moved = self.last_change
        return None if not moved else (moved < 0) == (self.better == "lower")


def trends(case: Case, on: date, qlq: Sequence[QlqAnswers] = ()) -> tuple[Trend, ...]:
    """Every trend that has a point up to the day. CT and surgeon's PCI are two trends; they do not compare."""
    made = (
        _trend("pci-surgical", "PCI by the surgeon", "{score}", "lower", _pcis(case, SURGICAL)),
        _trend("pci-ct", "PCI by CT", "{score}", "lower", _pcis(case, ("ct",))),
        _trend("prgs-mean", "Mean PRGS", "{score}", "lower", ((one.on, prgs_mean(one.grades), "") for one in case.regression)),
        _trend("prgs-worst", "Worst PRGS", "{score}", "lower", ((one.on, prgs_worst(one.grades), "") for one in case.regression)),
        _trend("ascites", "Ascites", "mL", "lower", ((one.on, one.volume_ml, "") for one in case.ascites)),
        *(_trend(marker, marker.upper(), lab_units().analytes[marker].unit, "lower", _lab(case, marker)) for marker in MARKERS),
        _trend("esas-worst", "Worst symptom of ESAS-r", "{score}", "lower", ((one.on, _esas(one.esas), "") for one in case.symptoms)),
        *_qlq(qlq),
    )
    cut = (msgspec.structs.replace(one, points=tuple(point for point in one.points if point.on <= on)) for one in made)
    return tuple(one for one in cut if one.points)


def surgical_pcis(case: Case, on: date) -> tuple[tuple[date, int | None], ...]:
    """Every dated exploration by a surgeon up to the day, oldest first; the PCI is None where it is not whole."""
    rows = [(one.on, total_of(one)) for one in case.peritoneum if one.on is not None and one.on <= on and one.method in SURGICAL]
    return tuple(sorted(rows, key=lambda row: row[0]))


def total_of(assessment: PeritonealAssessment) -> int | None:
    """The PCI as recorded, or the sum of all thirteen regions."""
    return assessment.total if assessment.total is not None else pci(assessment.regions).total


def marker_values(case: Case, marker: str, on: date) -> tuple[Point, ...]:
    """A marker's usable values up to the day, in its fact's unit, oldest first; what is cut off or in a wrong unit is left out."""
    made = _trend(marker, marker, "", "lower", _lab(case, marker))
    return tuple(point for point in made.points if point.on <= on)


def _pcis(case: Case, methods: Sequence[str]) -> Iterator[tuple[date | None, float | None, str]]:
    return ((one.on, total_of(one), one.method) for one in case.peritoneum if one.method in methods)


def _lab(case: Case, analyte: str) -> Iterator[tuple[date | None, float | None, str]]:
    for one in case.labs:
        if one.analyte == analyte and one.value is not None and one.comparator is None:
            try:
                yield one.on, lab_value(analyte, one.value, one.unit), f"{one.value:g} {one.unit or ''}".rstrip()
            except UnitError:
                continue


def _esas(items: Mapping[str, int]) -> int | None:
    try:
        return esas_worst(dict(items))
    except ScoreError:
        return None


def _qlq(answers: Sequence[QlqAnswers]) -> Iterator[Trend]:
    scored = [(one.on, qlq_c30(one.items)) for one in answers]
    for scale in definition("qlq-c30").scales:
        better: Literal["lower", "higher"] = "lower" if scale.kind == "symptom" else "higher"
        rows = [(on, scales[scale.id], "") for on, scales in scored]
        yield _trend(f"qlq-{scale.id.lower()}", f"QLQ-C30 {scale.label}", "{score}", better, rows)


def _trend(
    id_: str, name: str, unit: str, better: Literal["lower", "higher"], rows: Iterable[tuple[date | None, float | None, str]]
) -> Trend:
    points = [Point(on=on, value=float(value), note=note) for on, value, note in rows if on is not None and value is not None]
    return Trend(id=id_, name=name, unit=unit, better=better, points=tuple(sorted(points, key=lambda point: point.on)))
