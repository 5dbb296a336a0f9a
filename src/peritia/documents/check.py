"""Why a tree does not fit a type: every problem, each with path and line. Slow and complete; runs only after a refusal.

Walks the tree beside the type as msgspec describes it. What the walk cannot see (a struct that refuses its own
content) comes from msgspec itself, struct by struct, so that a second such struct is reported too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, cast

import msgspec
from msgspec import inspect as shape

from peritia.documents.tree import Lines, Path, Tree, written
from peritia.documents.words import EXAMPLE, found, name_of, quoted, suggestion, surprise
from peritia.errors import Problem


def problems_of(tree: Tree, type_: type[Any], lines: Lines, fallback: str) -> tuple[Problem, ...]:
    """Every reason why ``tree`` is no ``type_``; ``fallback`` (msgspec's own words) if the walk finds none."""
    check = _Check(lines)
    check.node(tree, shape.type_info(type_), ())
    if not check.problems:
        check.say((), fallback)
    return tuple(check.problems)


class _Check:
    """Collects problems while walking."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.problems: list[Problem] = []

    def say(self, path: Path, message: str, hint: str = "") -> None:
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        self.problems.append(Problem(written(path), self.lines.get(near), message, hint))

    def node(self, value: Tree, type_: shape.Type, path: Path) -> None:
        if isinstance(type_, shape.Metadata):
            type_ = type_.type
        check = _BY_TYPE.get(type(type_))
        if check is not None:
            check(self, value, type_, path)
        else:
            self.converted(value, type_, path)

    def converted(self, value: Tree, type_: shape.Type, path: Path) -> None:
        python_type: Any = _PLAIN.get(type(type_))
        if python_type is None:
            return
        try:
            msgspec.convert(value, python_type, strict=True)
        except msgspec.ValidationError:
            self.wrong(value, type_, path)

    def wrong(self, value: Tree, type_: shape.Type, path: Path) -> None:
        self.say(path, f"expected {name_of(type_)}, found {found(value)}", surprise(value, type_))


def _struct(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    if not isinstance(value, dict):
        check.wrong(value, type_, path)
        return
    before = len(check.problems)
    known: dict[str, Any] = {field.encode_name: field for field in type_.fields}
    tag: str | None = type_.tag_field
    for key, child in value.items():
        if key in known:
            check.node(child, known[key].type, (*path, key))
        elif key != tag and type_.forbid_unknown_fields:
            check.say((*path, key), "unknown field", suggestion(key, list(known)))
    for key, field in known.items():
        if field.required and key not in value:
            check.say((*path, key), f"this field is needed and missing: {name_of(field.type)}")
    if len(check.problems) == before:
        try:
            msgspec.convert(value, type_.cls, strict=True, str_keys=True)
        except msgspec.ValidationError as error:
            check.say(path, str(error).split(" - at `$")[0])


def _list(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    if not isinstance(value, list):
        check.wrong(value, type_, path)
        return
    for position, child in enumerate(value):
        check.node(child, type_.item_type, (*path, position))
    _bounds(check, len(value), type_.min_length, type_.max_length, path, "entries")


def _tuple(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    if not isinstance(value, list) or len(value) != len(type_.item_types):
        check.say(path, f"expected a list of {len(type_.item_types)} entries, found {found(value)}")
        return
    for position, (child, item) in enumerate(zip(value, type_.item_types, strict=True)):
        check.node(child, item, (*path, position))


def _dict(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    if not isinstance(value, dict):
        check.wrong(value, type_, path)
        return
    for key, child in value.items():
        key_type = type_.key_type
        if isinstance(key_type, shape.IntType):
            if not key.lstrip("-").isdigit():
                check.say((*path, key), "expected a whole number as key")
        else:
            check.node(key, key_type, (*path, key))
        check.node(child, type_.value_type, (*path, key))


def _union(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    members = cast("tuple[shape.Type, ...]", type_.types)
    if value is None and any(isinstance(member, shape.NoneType) for member in members):
        return
    trials: list[tuple[bool, bool, int, list[Problem]]] = []
    for member in members:
        if isinstance(member, shape.NoneType):
            continue
        trial = _Check(check.lines)
        trial.node(value, member, path)
        if not trial.problems:
            return
        other_kind = isinstance(value, dict) != isinstance(member, _MAPPINGS) or isinstance(value, list) != isinstance(member, _LISTS)
        trials.append((other_kind, not _tagged(value, member), len(trial.problems), trial.problems))
    check.problems.extend(min(trials, key=lambda one: one[:3])[3])


def _tagged(value: Tree, member: shape.Type) -> bool:
    return (
        isinstance(member, shape.StructType)
        and isinstance(value, dict)
        and member.tag is not None
        and value.get(member.tag_field or "") == member.tag
    )


def _literal(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    allowed = cast("tuple[Any, ...]", type_.values)
    if any(value == one and type(value) is type(one) for one in allowed):
        return
    words = [str(one) for one in allowed]
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        check.say(path, f"{quoted(value)} is not one of the accepted values", suggestion(str(value), words))
    else:
        check.say(path, f"expected one of {', '.join(words)}; found {found(value)}", surprise(value, type_))


def _enum(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    _literal(check, value, shape.LiteralType(tuple(member.value for member in type_.cls)), path)


def _number(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    whole = isinstance(type_, shape.IntType)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        check.wrong(value, type_, path)
        return
    number = float(value)
    for bound, held, words in (
        (type_.ge, type_.ge is None or number >= type_.ge, "at least"),
        (type_.gt, type_.gt is None or number > type_.gt, "more than"),
        (type_.le, type_.le is None or number <= type_.le, "at most"),
        (type_.lt, type_.lt is None or number < type_.lt, "less than"),
    ):
        if not held:
            check.say(path, f"out of range: must be {words} {bound}")


def _text(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    if not isinstance(value, str):
        check.wrong(value, type_, path)
        return
    _bounds(check, len(value), type_.min_length, type_.max_length, path, "letters")
    if type_.pattern is not None:
        try:
            msgspec.convert(value, _patterned(type_.pattern), strict=True)
        except msgspec.ValidationError:
            check.say(path, f"does not have the form {type_.pattern}")


def _patterned(pattern: str) -> Any:
    return Annotated[str, msgspec.Meta(pattern=pattern)]


def _date(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    kind = {shape.DateType: datetime.date, shape.DateTimeType: datetime.datetime, shape.TimeType: datetime.time}[type(type_)]
    try:
        msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError:
        if isinstance(value, str):
            check.say(
                path,
                "is not a date of the calendar" if kind is datetime.date else f"is not {name_of(type_)}",
                f"write {name_of(type_)}, e.g. {EXAMPLE[kind.__name__]}",
            )
        else:
            check.wrong(value, type_, path)


def _anything(check: _Check, value: Tree, type_: Any, path: Path) -> None:
    """Everything fits."""


def _bounds(check: _Check, length: int, least: int | None, most: int | None, path: Path, what: str) -> None:
    if least is not None and length < least:
        check.say(path, f"too short: at least {least} {what} needed")
    if most is not None and length > most:
        check.say(path, f"too long: at most {most} {what}")


_MAPPINGS = (shape.StructType, shape.DictType)
_LISTS = (shape.ListType, shape.VarTupleType, shape.TupleType, shape.SetType, shape.FrozenSetType)
_PLAIN: dict[type[Any], Any] = {
    shape.BoolType: bool,
    shape.NoneType: type(None),
    shape.BytesType: bytes,
    shape.DecimalType: Decimal,
}
_BY_TYPE: dict[type[Any], Callable[[_Check, Tree, Any, Path], None]] = {
    shape.StructType: _struct, shape.ListType: _list, shape.VarTupleType: _list, shape.SetType: _list, shape.FrozenSetType: _list,
    shape.TupleType: _tuple, shape.DictType: _dict, shape.UnionType: _union, shape.LiteralType: _literal, shape.EnumType: _enum,
    shape.IntType: _number, shape.FloatType: _number, shape.StrType: _text, shape.DateType: _date, shape.DateTimeType: _date,
    shape.TimeType: _date, shape.AnyType: _anything,
}  # fmt: skip
