"""One field of a form, worked out from the type that the noun declares for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect as shape

from peritia.case.peritoneum import REGIONS
from peritia.knowledge import library
from peritia.store.sections import Section
from peritia.web.forms.labels import LABELS, field_label

Kind = Literal["choice", "flag", "whole", "number", "day", "text", "long", "doses", "regions", "grades", "scores", "items"]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field: its name on the noun, its label and unit, what kind of answer it takes.

    ``told`` says of each choice what it belongs to, where its own name does not. ``parts`` are the fields of a repeated row.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    needed: bool
    choices: tuple[str, ...] = ()
    whole_choices: bool = False
    told: tuple[str, ...] = ()
    hint: str = ""
    parts: tuple[Field, ...] = ()


def noun_of(section: Section) -> str:
    """The noun's own words: the first sentence of its docstring."""
    first = re.split(r"(?<!\.)\.\s", (section.type.__doc__ or "").strip(), maxsplit=1)[0]
    return " ".join(first.replace("``", "").split()).rstrip(".") + "."


@cache
def fields_of(type_: type[Any]) -> tuple[Field, ...]:
    """The fields of a noun, the date first and the document last. Parts that have entries of their own are left out."""
    declared: Any = shape.type_info(type_)
    hints = get_type_hints(type_)
    found = [_field(field, hints[field.name]) for field in declared.fields if field.name not in ("body", "format")]
    order = {"on": -1, "first_on": -1, "document": 1}
    return tuple(sorted(found, key=lambda field: order.get(field.name, 0)))


def _field(field: shape.Field, hint: Any) -> Field:
    label, unit = field_label(field.name)
    kind, choices, parts = _kind(field.name, _bare(field.type))
    if kind == "choice" and field.name not in _SCALES:
        choices = tuple(_in_order(hint))  # the inspection sorts them; the noun's own order is the clinical one
    return Field(
        name=field.name,
        label=label,
        unit=unit,
        kind=kind,
        needed=field.required,
        choices=tuple(str(choice) for choice in choices),
        told=tuple(_scale_of(int(choice)) for choice in choices) if kind == "items" else (),
        whole_choices=bool(choices) and isinstance(choices[0], int),
        hint=LABELS.hints.get(field.name, ""),
        parts=parts,
    )


def _scale_of(item: int) -> str:
    """The scale of the QLQ-C30 that an item belongs to; its wording is protected and stays out."""
    return next(scale.label for scale in library().scores["qlq-c30"].scales if item in scale.items)


def _in_order(hint: Any) -> Iterator[Any]:
    if get_origin(hint) is Literal:
        yield from get_args(hint)
        return
    for part in get_args(hint):
        yield from _in_order(part)


def _bare(type_: shape.Type) -> shape.Type:
    """The type without 'or unknown'."""
    if isinstance(type_, shape.UnionType):
        return next(one for one in type_.types if not isinstance(one, shape.NoneType))
    return type_


_SCALES: dict[str, tuple[int, ...]] = {"region": tuple(range(len(REGIONS))), "prgs": (1, 2, 3, 4)}
"""Whole numbers that are chosen, not typed."""


def _kind(name: str, type_: shape.Type) -> tuple[Kind, tuple[Any, ...], tuple[Field, ...]]:
    match type_:
        case shape.LiteralType(values=values):
            return "choice", values, ()
        case shape.BoolType():
            return "flag", (), ()
        case shape.IntType():
            return ("choice", _SCALES[name], ()) if name in _SCALES else ("whole", (), ())
        case shape.FloatType():
            return "number", (), ()
        case shape.DateType():
            return "day", (), ()
        case shape.StrType():
            return ("long" if name in LABELS.long else "text"), (), ()
        case shape.VarTupleType(item_type=shape.StructType(cls=row)):
            return "doses", (), fields_of(row)
        case shape.VarTupleType():
            return "grades", (), ()
        case shape.DictType(key_type=shape.IntType()):
            numbers = (number for scale in library().scores["qlq-c30"].scales for number in scale.items)
            return ("regions", (), ()) if name == "regions" else ("items", tuple(str(number) for number in sorted(numbers)), ())
        case shape.DictType():
            return "scores", tuple(item.id for item in library().scores["esas-r"].items), ()
        case _:
            raise TypeError(f"no form for field {name}")
