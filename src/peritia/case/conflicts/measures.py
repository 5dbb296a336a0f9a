"""Values that nobody can have: scores and measures outside their range, laboratory values with a wrong unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from peritia.case.case import Case
from peritia.case.conflicts.conflict import Conflict, entries
from peritia.case.facts import DECLARATIONS
from peritia.case.facts.explorations import contradiction
from peritia.quantities.units import UnitError
from peritia.quantities.units_lab import lab_units, lab_value

_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("patient.body", "height_cm", "height_cm"), ("patient.body", "weight_kg", "weight_kg"), ("performance", "ecog", "ecog"),
    ("performance", "karnofsky", "karnofsky"), ("performance", "asa", "asa_class"), ("performance", "nyha", "nyha_class"),
    ("performance", "life_expectancy_months", "life_expectancy_months"), ("heart", "lvef_percent", "lvef_percent"),
    ("heart", "qtc_ms", "qtc_ms"),
    ("ascites", "volume_ml", "ascites_volume_ml"), ("symptoms", "obstruction_sites", "bowel_obstruction_sites"),
    ("symptoms", "weight_loss_percent", "weight_loss_percent"), ("symptoms", "pain", "pain_score"),
    ("symptoms", "neuropathy_grade", "neuropathy_grade"), ("extraperitoneal", "lesions", "extraperitoneal_lesions_count"),
    ("cytoreductions", "pci", "index_pci"), ("histology", "signet_ring_percent", "signet_ring_percent"),
)  # fmt: skip
"""Part, field, and the fact whose domain bounds it."""


def _bounds() -> Iterator[tuple[str, tuple[tuple[str, str, float, float], ...]]]:
    """Part by part: field, fact, and the fact's lowest and highest value."""
    for part in dict.fromkeys(part for part, _, _ in _FIELDS):
        declared = [(field, DECLARATIONS[name]) for of, field, name in _FIELDS if of == part]
        yield (
            part,
            tuple((field, fact.name, fact.low, fact.high) for field, fact in declared if fact.low is not None and fact.high is not None),
        )


_BOUNDS = tuple(_bounds())
_MARKER_VALUES = {"tmb": "tmb_mut_per_mb", "pd-l1-cps": "pdl1_cps", "folate-receptor-alpha": "signet_ring_percent"}


def ranges(case: Case, on: date) -> Iterator[Conflict]:
    """Every number within the domain of its fact."""
    for part, bounds in _BOUNDS:
        for place, entry in enumerate(_listed(case, part)):
            for field, name, low, high in bounds:
                value = getattr(entry, field)
                if value is not None and not low <= value <= high:
                    path = part if part == "histology" else f"{part}[{place}]"
                    yield from _outside(value, name, f"{path}.{field}")
    for path, finding in entries(case, "molecular"):
        if finding.marker in _MARKER_VALUES:
            yield from _outside(finding.value, _MARKER_VALUES[finding.marker], f"{path}.value")
    for path, entry in entries(case, "symptoms"):
        for item, value in entry.esas.items():
            yield from _outside(value, "esas_worst", f"{path}.esas.{item}")
    for path, entry in entries(case, "regression"):
        for place, grade in enumerate(entry.grades):
            yield from _outside(grade, "prgs_worst", f"{path}.grades[{place}]")
    for path, entry in entries(case, "performance"):
        if entry.karnofsky is not None and entry.karnofsky % 10:
            yield Conflict("out-of-range", "refuse", f"{path}.karnofsky", "the Karnofsky index is not a multiple of ten")


def _listed(case: Case, part: str) -> tuple[Any, ...]:
    if part == "histology":
        return () if case.histology is None else (case.histology,)
    return case.patient.body if part == "patient.body" else getattr(case, part)


def _outside(value: float | None, name: str, path: str) -> Iterator[Conflict]:
    fact = DECLARATIONS[name]
    if value is None or fact.low is None or fact.high is None or fact.low <= value <= fact.high:
        return
    unit = "" if fact.unit is None or fact.unit.startswith("{") else f" {fact.unit}"
    yield Conflict(
        "out-of-range", "refuse", path, f"{value:g}{unit} is outside {fact.low:g} to {fact.high:g}{unit}", "check unit and decimal point"
    )


def scores(case: Case, on: date) -> Iterator[Conflict]:
    """PCI regions, sizes and totals that fit together."""
    for path, assessment in entries(case, "peritoneum"):
        wrong = contradiction(assessment)
        if wrong is not None:
            yield Conflict("pci-contradicts-itself", "refuse", path, wrong, "keep either the total or the regions, or correct one of them")


def laboratory(case: Case, on: date) -> Iterator[Conflict]:
    """Units present, known and possible; a result cut off by a comparator gives no number."""
    known = lab_units().analytes
    for place, lab in enumerate(case.labs):
        if lab.analyte not in known:
            continue
        path = f"labs[{place}]"
        if lab.value is None:
            yield Conflict("empty-result", "flag", path, f"{lab.analyte} has no value")
            continue
        try:
            lab_value(lab.analyte, lab.value, lab.unit)
        except UnitError as error:
            name = "unit-missing" if not lab.unit else "unit-or-value-impossible"
            yield Conflict(name, "refuse", path, error.found, f"expected {error.expected}" + (f"; {error.hint}" if error.hint else ""))
            continue
        if lab.comparator is not None:
            yield Conflict(
                "only-a-bound", "flag", path, f"{lab.analyte} is recorded only as {lab.comparator} {lab.value:g}: counts as unknown"
            )
