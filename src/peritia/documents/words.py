"""The words of a refusal: what was found, what was expected, what to try."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, cast

from msgspec import inspect as shape

from peritia.documents.tree import Tree

EXAMPLE = {"date": "2026-11-21", "datetime": "2026-11-21T09:30:00", "time": "09:30:00"}
_NAMES: dict[type[Any], str] = {
    shape.StructType: "a mapping of fields", shape.DictType: "a mapping", shape.ListType: "a list", shape.VarTupleType: "a list",
    shape.TupleType: "a list", shape.SetType: "a list", shape.FrozenSetType: "a list", shape.IntType: "a whole number",
    shape.FloatType: "a number", shape.StrType: "a text", shape.BoolType: "true or false", shape.DateType: "a date (year-month-day)",
    shape.DateTimeType: "a date and time", shape.TimeType: "a time", shape.NoneType: "nothing", shape.AnyType: "anything",
}  # fmt: skip


def suggestion(word: str, known: list[str]) -> str:
    """A hint naming the nearest known word, or the whole list when it is short."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return "known: " + ", ".join(known) if known else ""


def found(value: Tree) -> str:
    """What stands there, by kind; texts and numbers are named by kind only, so that no patient value is repeated."""
    if isinstance(value, bool):
        return f"the truth value {'true' if value else 'false'}"
    kinds: tuple[tuple[type, str], ...] = (
        (int, "a whole number"),
        (float, "a decimal number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "a mapping"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "nothing")


def quoted(value: Tree) -> str:
    """A value as shown in a message, cut when long."""
    text = str(value)
    return f"“{text}”" if len(text) <= 40 else f"“{text[:40]}…”"


def surprise(value: Tree, type_: shape.Type) -> str:
    """Where YAML reads something else than the writer meant, say so."""
    if isinstance(type_, shape.StrType | shape.LiteralType) and isinstance(value, bool | int | float):
        kind = "a truth value" if isinstance(value, bool) else "a number"
        return f"without quotes this is {kind}; put it in quotes to make it a text"
    if isinstance(type_, shape.BoolType) and isinstance(value, str):
        if value.lower() in ("yes", "no", "on", "off", "y", "n"):
            return f"“{value}” is read as a text; write {'true' if value.lower() in ('yes', 'on', 'y') else 'false'}"
        return "write true or false"
    if isinstance(type_, shape.IntType | shape.FloatType) and isinstance(value, str):
        if value[:1] == "0" and value.isdigit():
            return "a number does not begin with 0"
        return "write the bare number with a decimal point, without unit, sign of comparison or thousands mark"
    if value is None:
        return "leave the whole field out when the value is not known"
    if isinstance(type_, shape.ListType | shape.VarTupleType) and not isinstance(value, list):
        return "write each entry on its own line beginning with a dash"
    return ""


def name_of(type_: Any) -> str:
    """What a type expects, in words."""
    if isinstance(type_, shape.UnionType):
        return " or ".join(name_of(member) for member in type_.types if not isinstance(member, shape.NoneType))
    if isinstance(type_, shape.LiteralType):
        return "one of " + ", ".join(str(value) for value in type_.values)
    if isinstance(type_, shape.Metadata):
        return name_of(type_.type)
    return _NAMES.get(cast("type[Any]", type(type_)), "another kind of value")
