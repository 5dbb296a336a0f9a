"""A panel: many entries of one section typed in one table, one row for each thing that can be asked (every analyte, every site)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from peritia.case.conflicts.cancer import results_of
from peritia.case.facts.seen import KEYS
from peritia.quantities.units import UnitError
from peritia.quantities.units_lab import lab_factor, lab_units, lab_value
from peritia.store.sections import CASE_SECTIONS
from peritia.web.forms.field import Field, fields_of
from peritia.web.forms.reading import read_fields
from peritia.web.language import _, told_error

PANELS: Mapping[str, tuple[str, ...]] = {
    "labs": ("value", "unit", "upper_limit"),
    "molecular": ("result", "variant", "value"),
    "extraperitoneal": ("presence", "lesions"),
    "illnesses": ("presence",),
    "allergies": ("presence",),
    "preferences": ("choice",),
}
"""Sections that have a panel, and the columns of each."""
LEADING = frozenset({"value", "result", "presence", "choice"})
"""Columns that alone make a row an entry."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """The table: rows by key, columns by field, and the units that a laboratory's row usually has."""

    section: str
    key: str
    rows: tuple[str, ...]
    columns: tuple[Field, ...]
    lead: str
    shared: tuple[Field, ...]
    units: Mapping[str, str]

    def choices(self, row: str, column: Field) -> tuple[str, ...]:
        """What a cell can hold: of a marker's results those that it can have."""
        return narrowed(self.section, row, column).choices


def narrowed(section: str, key: str, field: Field) -> Field:
    """A field as it is for one thing of a section: a gene is not proficient, and mismatch repair has no wild type."""
    if section != "molecular" or field.name != "result":
        return field
    possible = results_of(key)
    return msgspec.structs.replace(field, choices=tuple(choice for choice in field.choices if choice in possible))


def panel_of(section: str) -> Panel:
    """The panel of a section."""
    key = KEYS[section]
    fields = {field.name: field for field in fields_of(CASE_SECTIONS[section].type)}
    columns = tuple(fields[name] for name in PANELS[section])
    rows = tuple(row for row in fields[key].choices if row != "pregnancy-test")
    lead = next(field.name for field in columns if field.name in LEADING)
    units = {row: table.unit for row, table in lab_units().analytes.items()} if section == "labs" else {}
    return Panel(section=section, key=key, rows=rows, columns=columns, lead=lead, shared=(fields["on"], fields["document"]), units=units)


def read_panel(panel: Panel, typed: Mapping[str, str], *, today: date) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The entries of the rows that were filled, and messages by field. The unit alone fills no row."""
    shared = read_fields(panel.shared, typed, today=today)
    messages = dict(shared.messages)
    found: list[dict[str, Any]] = []
    for row in panel.rows:
        filled = [column.name for column in panel.columns if column.name != "unit" and typed.get(f"{row}-{column.name}", "").strip()]
        if not filled:
            continue
        own = {column.name: typed.get(f"{row}-{column.name}", "") for column in panel.columns}
        read = read_fields(panel.columns, own, today=today)
        messages |= {f"{row}-{name}": words for name, words in read.messages.items()}
        if panel.section == "labs":
            messages |= _laboratory(row, read.payload)
        if panel.section == "molecular":
            read.payload["tested"] = True
        found.append({panel.key: row, **read.payload, **shared.payload})
    if found and "on" not in shared.payload and "on" not in messages:
        messages["on"] = _("Say of which day these are.")
    if not found and not messages:
        messages[""] = _("Nothing was typed, so nothing was written.")
    return found, messages


def _laboratory(row: str, payload: dict[str, Any]) -> dict[str, str]:
    """A value in a unit that the analyte has not, or that nobody has."""
    if "value" not in payload:
        return {f"{row}-value": _("A result is needed.")}
    for name, check in (
        ("unit", lambda: lab_factor(row, payload.get("unit"))),
        ("value", lambda: lab_value(row, payload["value"], payload.get("unit"))),
    ):
        try:
            check()
        except UnitError as error:
            return {f"{row}-{name}": f"{told_error(error)}."}
    return {}
