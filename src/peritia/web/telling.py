"""An entry in one line of words, for lists, histories and for who is shown what somebody else wrote."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import msgspec

from peritia.web.forms.labels import field_label
from peritia.web.language import _, coded, measured, spoken

_LEFT_OUT = frozenset({"format", "program", "knowledge_version", "knowledge_hash", "facts_hash"})


def told(section: str, entry: object) -> str:
    """The fields that say something, in their order; long texts cut. ``entry`` is a struct or its stored JSON."""
    plain: Any = (msgspec.json.decode(entry) if entry else {}) if isinstance(entry, str) else msgspec.to_builtins(entry, str_keys=True)
    if not isinstance(plain, dict):
        return _value(plain)
    if section == "session-events":
        kept = cast("dict[str, str]", plain)
        return f"{kept['session']}: {_(msgspec.json.decode(kept['event'])['event'].replace('-', ' '))}" if kept else ""
    parts: list[str] = []
    for name, value in cast("dict[str, Any]", plain).items():
        if name in _LEFT_OUT or value is None or value in ({}, [], ()):
            continue
        label, unit = field_label(name)
        if section == "labs" and name in ("analyte", "value", "unit"):
            parts.append(_value(value))
        elif name in ("on", "started_on"):
            parts.insert(0, spoken().day(date.fromisoformat(value)))
        else:
            parts.append(f"{_(label)} {_value(value)}{' ' + unit if unit else ''}")
    return ", ".join(parts)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        told = (f"{key} {_value(one)}" for key, one in cast("dict[str, Any]", value).items() if one is not None)
        return "(" + ", ".join(told) + ")"
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in cast("list[Any]", value))
    if isinstance(value, str):
        return coded(value[:200])
    return measured(value)
