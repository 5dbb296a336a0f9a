"""Nouns that are a set of items on a day: one Observation with a component for each item. Read and written from one declaration.

An item may also come as an Observation of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import msgspec

from peritia.fhir.draft import Draft, has_value, shown, unit_of
from peritia.fhir.resources import Observation, Valued
from peritia.fhir.wire import Quantity
from peritia.quantities.units import UnitError, factor

Fields = dict[str, Any]
Shape = Literal["integer", "decimal", "boolean", "answer", "integers", "day", "named", "text"]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item: our code, the field of the noun, and how its value is written.

    ``low`` and ``high`` bound a score; ``unit`` is the UCUM unit of the field; ``family`` holds the answers.
    ``integers`` may come several times; ``named`` carries a name in the text of its code.
    """

    code: str
    field: str
    shape: Shape
    unit: str = ""
    family: str = ""
    low: int = 0
    high: int = 0


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A noun as an Observation. ``code`` is the code of the whole."""

    code: str
    items: Mapping[str, Item]


def panel(code: str, *items: Item) -> Panel:
    """A panel from its items."""
    return Panel(code=code, items={item.code: item for item in items})


def read_components(draft: Draft, resource: Observation, of: Panel) -> Fields:
    """The fields that the components of an Observation carry."""
    fields: Fields = {}
    for component in resource.component:
        meaning = draft.meaning(component.code)
        item = of.items.get(meaning.code) if meaning is not None else None
        if item is None:
            draft.note(f"component {shown(component.code)}", f"not an item of {of.code}")
        else:
            put(draft, fields, item, component)
    return fields


def loose_fields(draft: Draft, resource: Observation, code: str, method: str | None = None) -> Fields:
    """Where the items of one noun, method and day are put together when each comes as an Observation of its own."""
    fields = draft.loose.setdefault((code, method, draft.observed(resource)), {})
    fields.setdefault("document", draft.where)
    return fields


def put(draft: Draft, fields: Fields, item: Item, part: Valued | Observation) -> None:
    """Read one item into its field. A second value for one field is listed and neither is used."""
    if item.shape == "integers":
        value = read_integer(draft, item, part)
        if value is not None:
            fields[item.field] = (*fields.get(item.field, ()), value)
        return
    if item.shape == "named":
        _put_named(draft, fields, item, part)
        return
    value = _READERS[item.shape](draft, item, part)
    if value is None:
        return
    if item.field in fields and fields[item.field] != value:
        draft.note(item.code, "two different values of one item, so neither is used")
        value = None
    fields[item.field] = value


def _put_named(draft: Draft, fields: Fields, item: Item, part: Valued | Observation) -> None:
    name = part.code.text if part.code is not None else None
    value = read_integer(draft, item, part)
    if name is None:
        draft.note(item.code, "the item has no name in the text of its code")
    elif value is not None:
        fields[item.field] = {**fields.get(item.field, {}), name: value}


def _listed(draft: Draft, item: Item, part: Valued | Observation, expected: str) -> None:
    """List a value that cannot be read. An absent value says 'unknown', and needs no list."""
    if part.dataAbsentReason is None or has_value(part):
        draft.note(item.code, f"its value is not {expected}")


def read_integer(draft: Draft, item: Item, part: Valued | Observation) -> int | None:
    """A score or count, within its bounds."""
    value: int | None = part.valueInteger
    if value is None and part.valueQuantity is not None and part.valueQuantity.comparator is None:
        number = part.valueQuantity.value
        if number is not None and number == int(number) and unit_of(part.valueQuantity) in _COUNTS:
            value = int(number)
    if value is None and part.valueCodeableConcept is not None:
        word = draft.answer(part.valueCodeableConcept, item.family or item.code)
        value = int(word) if word is not None and word.isdigit() else None
    if value is None:
        _listed(draft, item, part, "a whole number")
    elif item.high and not item.low <= value <= item.high:
        draft.note(item.code, f"its value is not between {item.low} and {item.high}")
        return None
    return value


_COUNTS = frozenset({None, "", "1", "{score}", "{count}", "score", "{#}"})


def read_decimal(draft: Draft, item: Item, part: Valued | Observation) -> float | None:
    """A measured amount, in the unit of its field."""
    value = in_unit(part.valueQuantity, item.unit)
    if value is None and part.valueInteger is not None and item.unit == "1":
        return float(part.valueInteger)
    if value is None:
        _listed(draft, item, part, f"an amount in {item.unit} without < or >")
    return value


def in_unit(quantity: Quantity | None, unit: str) -> float | None:
    """A quantity in a unit; None when it has none, is cut off by a comparator, or measures something else."""
    if quantity is None or quantity.value is None or quantity.comparator is not None:
        return None
    own = unit_of(quantity)
    if own == unit:
        return quantity.value
    if own is None:
        return quantity.value if unit == "1" else None
    times = _factor(own, unit)
    return quantity.value * times if times is not None else None


@lru_cache(maxsize=1024)
def _factor(own: str, unit: str) -> float | None:
    try:
        return float(f"{factor(own, unit):.12g}")  # a factor of 1000 is 1000, not 1000.0000000000002
    except UnitError:
        return None


def read_boolean(draft: Draft, item: Item, part: Valued | Observation) -> bool | None:
    """Yes or no: a boolean, or present and absent."""
    if part.valueBoolean is not None:
        return part.valueBoolean
    found = draft.meaning(part.valueCodeableConcept)
    value = YES_NO.get(found.code) if found is not None else None
    if value is None:
        _listed(draft, item, part, "yes or no")
    return value


YES_NO = {"presence-present": True, "presence-absent": False, "result-positive": True, "result-negative": False}


def read_answer(draft: Draft, item: Item, part: Valued | Observation) -> Any:
    """One of the words of a family."""
    word = draft.answer(part.valueCodeableConcept, item.family)
    if word is None and item.family == "presence" and part.valueBoolean is not None:
        return "present" if part.valueBoolean else "absent"
    if word is None and item.family == "cc" and part.valueInteger is not None and 0 <= part.valueInteger <= 3:
        return part.valueInteger
    if word is None:
        _listed(draft, item, part, "one of its answers")
    return int(word) if word is not None and item.family == "cc" else word


def _read_day(draft: Draft, item: Item, part: Valued | Observation) -> date | None:
    return draft.day(part.valueDateTime, item.code)


def _read_text(draft: Draft, item: Item, part: Valued | Observation) -> str | None:
    if part.valueString is None:
        _listed(draft, item, part, "a text")
    return part.valueString


_READERS = {
    "text": _read_text,
    "integer": read_integer,
    "decimal": read_decimal,
    "boolean": read_boolean,
    "answer": read_answer,
    "day": _read_day,
}
