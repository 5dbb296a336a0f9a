"""The sections of a case that entries belong to: one per part of ``Case``, and those that other floors register.

``body`` stands apart from ``patient`` because weights come all through the course; ``about`` holds the case's own texts. A
*single* section holds one value at a time: a later entry replaces it (see ``replay``); the others are lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, cast, get_args

import msgspec

from peritia import documents
from peritia.case import Case
from peritia.case.disease import Histology, Primary
from peritia.case.identity import BodyMeasure, Patient
from peritia.case.treatment import Plans
from peritia.errors import InputRefused, Problem


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The case's own texts."""

    format: str = "peritia-case/1"
    title: str | None = None
    story: str | None = None
    question: str | None = None


class Section(msgspec.Struct, frozen=True):
    """A part of the case: its name, what its entries are, whether it holds one value at a time, and which field says when it was so."""

    name: str
    type: type[Any]
    single: bool
    dated_by: str | None


_SINGLE: dict[str, type[Any]] = {"about": About, "primary": Primary, "patient": Patient, "histology": Histology, "plans": Plans}
_DATES = ("on", "started_on", "onset")


def section(name: str, type_: type[Any], *, single: bool = False) -> Section:
    """A section; the day of its entries is their field ``on``, ``started_on`` or ``onset``, where they have one."""
    dated_by = next((field for field in _DATES if field in type_.__struct_fields__), None)
    return Section(name, type_, single, dated_by)


def _case_sections() -> Iterator[Section]:
    for name, type_ in _SINGLE.items():
        yield section(name, type_, single=True)
    yield section("body", BodyMeasure)
    for field in msgspec.structs.fields(Case):
        arguments = get_args(field.type)
        if len(arguments) == 2 and arguments[1] is ...:
            yield section(field.name, arguments[0])


CASE_SECTIONS: Mapping[str, Section] = {one.name: one for one in _case_sections()}
LISTS = tuple(one.name for one in CASE_SECTIONS.values() if not one.single and one.name != "body")


def entries_of(case: Case) -> Iterator[tuple[str, msgspec.Struct]]:
    """A case taken apart: section and entry, in the order in which ``replay`` puts them together again."""
    yield "about", About(format=case.format, title=case.title, story=case.story, question=case.question)
    yield "primary", case.primary
    yield "patient", msgspec.structs.replace(case.patient, body=())
    for measure in case.patient.body:
        yield "body", measure
    for name in ("histology", "plans"):
        if (single := getattr(case, name)) is not None:
            yield name, single
    for name in LISTS:
        for entry in getattr(case, name):
            yield name, entry


def plain_of(given: object) -> Any:
    """An entry, struct or mapping, as plain tree that JSON writes without loss. Raises ``InputRefused`` with every problem."""
    try:
        plain: Any = msgspec.to_builtins(given, str_keys=True)
    except (TypeError, msgspec.ValidationError) as error:
        raise InputRefused("entry", (Problem("", None, f"holds what cannot be written: {type(error).__name__}"),)) from None
    if problems := tuple(_unwritable(plain, "")):
        raise InputRefused("entry", problems)
    return plain


def payload_of(sections: Mapping[str, Section], name: str, plain: Any) -> tuple[str, str]:
    """Canonical JSON of a plain entry and the day it says it was so (or ''). Raises ``InputRefused`` with every problem.

    Keys stand in order, unknown fields are left out: one entry, one text.
    """
    if name not in sections:
        raise InputRefused("entry", (Problem("section", None, "is not a section of a case", f"one of {', '.join(sorted(sections))}"),))
    known = sections[name]
    text = msgspec.json.encode(plain)
    try:
        entry = msgspec.json.decode(text, type=known.type)
    except msgspec.ValidationError:
        entry = documents.read(text, known.type, name=name)
    if name == "patient" and entry.body:
        raise InputRefused(name, (Problem("body", None, "body measures are entries of their own", "add them to the section body"),))
    day = getattr(entry, known.dated_by) if known.dated_by else None
    canonical = msgspec.json.encode(_without_unknown(msgspec.to_builtins(entry, str_keys=True)), order="sorted")
    return canonical.decode(), day.isoformat() if isinstance(day, date) else ""


def _unwritable(tree: Any, path: str) -> Iterator[Problem]:
    """Numbers and texts that JSON would change in silence."""
    if isinstance(tree, float) and not math.isfinite(tree):
        yield Problem(path, None, "is not a usable number", "leave the field out when the value is unknown")
    elif isinstance(tree, str) and any("\ud800" <= letter <= "\udfff" for letter in tree):
        yield Problem(path, None, "holds half a character")
    elif isinstance(tree, dict):
        for key, child in cast("dict[str, Any]", tree).items():
            yield from _unwritable(child, f"{path}.{key}" if path else key)
    elif isinstance(tree, list | tuple):
        for place, child in enumerate(cast("list[Any]", tree)):
            yield from _unwritable(child, f"{path}[{place}]")


def _without_unknown(tree: Any) -> Any:
    """Leaves out fields that are unknown: absent and null are the same here."""
    if isinstance(tree, dict):
        return {key: _without_unknown(child) for key, child in cast("dict[str, Any]", tree).items() if child is not None}
    return [_without_unknown(child) for child in cast("list[Any]", tree)] if isinstance(tree, list | tuple) else tree


def decoder(type_: type[Any]) -> Callable[[str], Any]:
    """Reads a stored payload."""
    return msgspec.json.Decoder(type_).decode
