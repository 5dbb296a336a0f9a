"""From what was typed to an entry, or to a message at each field. What was typed is kept as it was, right or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from peritia.knowledge import library
from peritia.web.forms.field import Field
from peritia.web.language import _

ROWS = 12
"""Rows of a table (drugs, biopsies, photographs) that a form can have."""
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?\Z")
_WHOLE = re.compile(r"[-+]?\d{1,9}\Z")
Typed = Mapping[str, str]
_AHEAD = frozenset({"session_on", "first_on"})
"""Days that may lie ahead."""


class Read(msgspec.Struct, frozen=True):
    """The entry, as plain values, and the messages by field name. Only without messages may it be written."""

    payload: dict[str, Any]
    messages: dict[str, str]


class _Wrong(Exception):
    """What a text is refused for."""


def read_fields(fields: tuple[Field, ...], typed: Typed, *, today: date) -> Read:
    """Read a form. A field left empty is unknown, never zero and never 'no'."""
    payload: dict[str, Any] = {}
    messages: dict[str, str] = {}
    for field in fields:
        try:
            value = _value(field, typed, field.name, today)
        except _Wrong as wrong:
            messages[field.name] = str(wrong)
            continue
        if value is not None and value != {} and value != []:
            payload[field.name] = value
        elif field.needed:
            messages[field.name] = _("This is needed: without it the entry says nothing.")
    return Read(payload, messages)


def _value(field: Field, typed: Typed, name: str, today: date) -> Any:
    match field.kind:
        case "doses":
            return _doses(field, typed, name, today)
        case "regions":
            found = {str(region): typed.get(f"{name}-{region}", "").strip() for region in range(13)}
            return {region: _in(text, ("0", "1", "2", "3"), whole=True) for region, text in found.items() if text}
        case "items":
            return _items(field, typed, name)
        case "scores":
            return {item: _score(typed[f"{name}-{item}"]) for item in field.choices if typed.get(f"{name}-{item}", "").strip()}
        case _:
            text = typed.get(name, "").strip()
            return _plain(field, text, today) if text else None


def _plain(field: Field, text: str, today: date) -> Any:
    match field.kind:
        case "choice":
            return _in(text, field.choices, whole=field.whole_choices)
        case "flag":
            return {"yes": True, "no": False}[str(_in(text, ("yes", "no")))]
        case "whole":
            return _whole(text)
        case "number":
            return _number(text)
        case "day":
            return _day(text, today, future=field.name in _AHEAD)
        case "grades":
            return [int(str(_in(part, ("1", "2", "3", "4")))) for part in re.split(r"[\s,;/]+", text) if part]
        case _:
            limit = 4000 if field.kind == "long" else 200
            if len(text) > limit:
                raise _Wrong(_("Found {found} letters; at most {limit} fit.").format(found=len(text), limit=limit))
            return " ".join(text.split()) if field.kind == "text" else text


def _doses(field: Field, typed: Typed, name: str, today: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in range(ROWS):
        texts = {part.name: typed.get(f"{name}-{row}-{part.name}", "").strip() for part in field.parts}
        if not any(texts.values()):
            continue
        if empty := [part.label for part in field.parts if part.needed and not texts[part.name]]:
            raise _Wrong(_("Row {row} lacks: {found}.").format(row=row + 1, found=", ".join(_(one) for one in empty).lower()))
        try:
            rows.append({part.name: _plain(part, texts[part.name], today) for part in field.parts if texts[part.name]})
        except _Wrong as wrong:
            raise _Wrong(_("Row {row}: {wrong}").format(row=row + 1, wrong=wrong)) from None
    return rows


def _in(text: str, choices: tuple[str, ...], *, whole: bool = False) -> str | int:
    if text not in choices:
        raise _Wrong(_("Found '{text}'. Expected one of: {found}.").format(text=text[:40], found=", ".join(choices)))
    return int(text) if whole else text


def _score(text: str) -> int:
    value = _whole(text.strip())
    if not 0 <= value <= 10:
        raise _Wrong(_("Found {value}. Each item goes from 0 to 10.").format(value=value))
    return value


def _items(field: Field, typed: Typed, name: str) -> dict[str, int]:
    """Answers by item number. What an item may be is the scale's own matter."""
    ends = {str(number): 1 + round(scale.range) for scale in library().scores["qlq-c30"].scales for number in scale.items}
    found: dict[str, int] = {}
    for item in field.choices:
        text = typed.get(f"{name}-{item}", "").strip()
        if not text:
            continue
        value = int(text) if _WHOLE.match(text) else 0
        if not 1 <= value <= ends[item]:
            raise _Wrong(
                _("Item {item}: found '{text}'. Expected a whole number from 1 to {ends}.").format(
                    item=item, text=text[:20], ends=ends[item]
                )
            )
        found[item] = value
    return found


def _whole(text: str) -> int:
    if not _WHOLE.match(text):
        raise _Wrong(_("Found '{text}'. Expected a whole number.").format(text=text[:40]))
    return int(text)


def _number(text: str) -> float:
    if "," in text:
        raise _Wrong(_("Found '{text}'. Write the decimal with a point (1.5), and nothing between thousands.").format(text=text[:40]))
    if not _NUMBER.match(text) or len(text) > 15:
        raise _Wrong(_("Found '{text}'. Expected a number.").format(text=text[:40]))
    return float(text)


def _day(text: str, today: date, *, future: bool) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Wrong(
            _("Found '{text}'. Expected a day of the calendar, written year-month-day: {today}.").format(
                text=text[:40], today=today.isoformat()
            )
        ) from None
    if day > today and not future:
        raise _Wrong(_("This day lies in the future."))
    if day.year < 1900:
        raise _Wrong(_("This day lies before 1900."))
    return day.isoformat()


def typed_from(fields: tuple[Field, ...], entry: Any) -> dict[str, str]:
    """An entry on record as it would be typed, to be corrected."""
    typed: dict[str, str] = {}
    plain: dict[str, Any] = msgspec.to_builtins(entry, str_keys=True)
    for field in fields:
        value: Any = plain.get(field.name)
        if value is None:
            continue
        match field.kind:
            case "doses":
                for row, dose in enumerate(value):
                    typed |= {f"{field.name}-{row}-{part}": _text(one) for part, one in dose.items() if one is not None}
            case "regions" | "scores" | "items":
                typed |= {f"{field.name}-{key}": _text(one) for key, one in value.items()}
            case "grades":
                typed[field.name] = " ".join(str(one) for one in value)
            case _:
                typed[field.name] = _text(value)
    return typed


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
