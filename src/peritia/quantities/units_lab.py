"""Laboratory values into the unit that the facts use. Factors and their sources stand in ``lab_units.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from peritia import documents
from peritia.quantities.units import UnitError, factor, parse


class LabUnit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one analyte is counted: its unit, what one of it equals in other kinds of unit, and the bounds of the possible."""

    unit: str
    equals: tuple[str, ...] = ()
    low: float
    high: float
    source: str
    unit_may_be_left_out: bool = False


class LabUnits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table, with the standing of each source it cites."""

    note: str
    sources: dict[str, str]
    analytes: dict[str, LabUnit]


@lru_cache(maxsize=1)
def lab_units() -> LabUnits:
    """The table of analytes. Refuses to load when a unit in it does not parse."""
    table = documents.read(Path(__file__).with_name("lab_units.yaml"), LabUnits)
    for analyte in table.analytes.values():
        parse(analyte.unit)
        for bridge in analyte.equals:
            parse(bridge.split(" ", 1)[1])
    return table


@lru_cache(maxsize=4096)
def lab_factor(analyte: str, unit: str | None) -> float:
    """What a value of ``analyte`` in ``unit`` is multiplied by to stand in the unit of its fact. Raises ``UnitError``.

    >>> round(128 * lab_factor("creatinine", "umol/L"), 2)
    1.45
    """
    entry = lab_units().analytes.get(analyte)
    if entry is None:
        raise UnitError(f"{analyte} is not counted in a unit", "an analyte of the table of laboratory units")
    if unit is None or not unit.strip():
        if entry.unit_may_be_left_out:
            return 1.0
        raise UnitError(
            f"{analyte} has no unit", f"{entry.unit} or a unit that converts to it", "write the unit as on the laboratory's report"
        )
    plain = unit.strip()
    if entry.unit_may_be_left_out and plain.upper() == analyte.upper():
        return 1.0
    if entry.unit.startswith("10*9") and plain.startswith("G/"):
        plain = "10*9/" + plain[2:]  # giga per litre, the European spelling; a gram is written g
    dimensions = parse(plain).dimensions
    if dimensions == parse(entry.unit).dimensions:
        return factor(plain, entry.unit)
    for bridge in entry.equals:
        amount, other = bridge.split(" ", 1)
        if dimensions == parse(other).dimensions:
            return factor(plain, other) / float(amount)
    raise UnitError(f"{analyte} is not measured in {plain[:40]}", f"{entry.unit} or a unit that converts to it")


def lab_value(analyte: str, value: float, unit: str | None) -> float:
    """A laboratory value in the unit of its fact. Raises ``UnitError`` for a wrong unit or an impossible value.

    >>> round(lab_value("hemoglobin", 5.0, "mmol/L"), 1)
    8.1
    """
    factor, low, high = factor_and_bounds(analyte, unit)
    converted = value * factor
    if not low <= converted <= high:
        raise UnitError(
            f"{analyte} of {value:g} {unit or ''} is not possible".replace("  ", " "),
            f"{low:g} to {high:g} {lab_units().analytes[analyte].unit}",
            "check the unit and the decimal point",
        )
    return converted


@lru_cache(maxsize=4096)
def factor_and_bounds(analyte: str, unit: str | None) -> tuple[float, float, float]:
    """What a value is multiplied by, and the bounds of the possible after that. Raises ``UnitError``."""
    factor = lab_factor(analyte, unit)
    entry = lab_units().analytes[analyte]
    return factor, entry.low, entry.high
