"""Units: UCUM, common spellings, refusals, laboratory conversion."""

# ruff: noqa: E501  (tables read best with one case on a line)

from __future__ import annotations

import contextlib
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.quantities import units, units_lab
from peritia.quantities.units import UnitError, factor, parse, same_kind
from peritia.quantities.units_lab import lab_factor, lab_units, lab_value


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("g/dL", "g/L", 10), ("mg/dL", "mg/L", 10), ("ug/L", "ng/mL", 1),
        ("U/mL", "kU/L", 1), ("10*3/uL", "10*9/L", 1), ("/uL", "10*9/L", 1e-3),
        ("U/L", "nkat/L", 16.6667), ("mL/min", "L/h", 0.06), ("mL/min/{1.73_m2}", "mL/min", 1), ("{score}", "1", 1), ("{cells}/uL", "/uL", 1), ("mg{N}/dL", "mg/dL", 1), ("mo", "a", 1 / 12),
        ("mm[Hg]", "Pa", 133.322), ("cm", "m", 0.01), ("mm3", "uL", 1),
        ("%", "1", 0.01), ("L", "mL", 1000), ("mg/m2", "g/m2", 1e-3), ("kPa", "mm[Hg]", 7.50062),
    ],
)  # fmt: skip
def test_factors(source: str, target: str, expected: float) -> None:
    assert factor(source, target) == pytest.approx(expected, rel=1e-5)
    assert factor(target, source) == pytest.approx(1 / expected, rel=1e-5)


@pytest.mark.parametrize(
    ("spelling", "ucum"),
    [
        ("10^9/L", "10*9/L"), ("x10^9/L", "10*9/L"), ("x10E9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"), ("10E3/uL", "10*3/uL"), ("K/uL", "10*3/uL"),
        ("K/µL", "10*3/uL"), ("µmol/L", "umol/L"), ("μmol/l", "umol/L"), ("mg / dl", "mg/dL"),
        ("cells/uL", "/uL"), ("/mm3", "/uL"), ("Gpt/L", "10*9/L"),
        ("mcg/L", "ug/L"), ("10*9 / l", "10*9/L"), ("{cells}/uL", "/uL"), ("mEq/L", "meq/L"), ("109/L", "10*9/L"),
    ],
)  # fmt: skip
def test_common_spellings(spelling: str, ucum: str) -> None:
    assert same_kind(spelling, ucum)
    assert factor(spelling, ucum) == pytest.approx(1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "mg/dX",
        "MG/DL",
        "bananas",
        "mg//dL//",
        "g/dL;drop",
        "x" * 100,
        "[weird]",
        "mg per dL",
        "°C",
        "10*999",
        "0",
        "m99999999",
        "2000000000-99",
    ],
)
def test_other_units_are_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse(text)


def test_different_kinds_do_not_convert() -> None:
    with pytest.raises(UnitError, match="different things"):
        factor("mg/dL", "umol/L")


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("hemoglobin", 5.0, "mmol/L", 8.1), ("hemoglobin", 8.0, "mmol/L", 12.9),
        ("hemoglobin", 121, "g/L", 12.1), ("creatinine", 88.42, "umol/L", 1.0),
        ("creatinine", 0.0884, "mmol/L", 1.0), ("bilirubin", 17.1, "umol/L", 1.0),
        ("albumin", 3.4, "g/dL", 34), ("crp", 2.5, "mg/dL", 25),
        ("platelets", 250000, "/uL", 250), ("platelets", 250, "G/L", 250),
        ("leukocytes", 5.1, "10*3/uL", 5.1), ("neutrophils", 3400, "cells/mm3", 3.4),
        ("cea", 5, "ug/L", 5), ("ca125", 35, "kU/L", 35), ("ca125", 35, "kIU/L", 35),
        ("alt", 0.5, "ukat/L", 30), ("alt", 40, "IU/L", 40), ("inr", 1.1, None, 1.1),
        ("inr", 1.1, "INR", 1.1), ("inr", 1.1, "{INR}", 1.1), ("potassium", 4, "meq/L", 4),
    ],
)  # fmt: skip
def test_laboratory_values(analyte: str, value: float, unit: str | None, expected: float) -> None:
    assert lab_value(analyte, value, unit) == pytest.approx(expected, rel=6e-3)


@pytest.mark.parametrize(
    ("analyte", "value", "unit"),
    [
        ("creatinine", 88, "mg/dL"), ("hemoglobin", 12, "G/L"),
        ("hemoglobin", 120, "g/dL"), ("platelets", 250, "g/L"), ("creatinine", 1.0, None),
        ("creatinine", 1.0, "mL/min"), ("albumin", 340, "g/L"), ("pregnancy-test", 1, "1"),
    ],
)  # fmt: skip
def test_impossible_laboratory_values_are_refused(analyte: str, value: float, unit: str | None) -> None:
    with pytest.raises(UnitError):
        lab_value(analyte, value, unit)


def test_table_cites_only_listed_sources() -> None:
    table = lab_units()
    assert {entry.source for entry in table.analytes.values()} <= set(table.sources)
    assert all(entry.low < entry.high for entry in table.analytes.values())


@given(st.sampled_from(["mg/dL", "umol/L", "mg/L", "nmol/mL", "g/L"]), st.floats(0.2, 20))
def test_conversion_keeps_the_amount(unit: str, mg_per_dl: float) -> None:
    there = mg_per_dl / lab_factor("creatinine", unit)
    assert lab_value("creatinine", there, unit) == pytest.approx(mg_per_dl)


@given(st.text(max_size=12))
def test_any_text_parses_or_is_refused(text: str) -> None:
    with contextlib.suppress(UnitError):
        assert parse(text).scale > 0


@pytest.mark.parametrize("module", [units, units_lab])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_powers_of_ten_are_exact() -> None:
    assert factor("L", "mL") == 1000
    assert factor("g/dL", "g/L") == 10
    assert factor("ug/L", "ng/mL") == 1
    assert lab_value("platelets", 250, "G/L") == 250
