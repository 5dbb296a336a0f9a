"""The data dictionary as pages of the manual: events, sections, fields, units and codes, printed from what the program itself reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import inspect as shape

from peritia.fhir.codes import code_table
from peritia.fhir.codesystem import concepts
from peritia.on_record import FURTHER
from peritia.quantities.units_lab import lab_units
from peritia.store.event import ACTIONS, FIELDS, MEANINGS
from peritia.store.sections import CASE_SECTIONS, Section
from peritia.store.visits import VISIT_MEANINGS, Visit
from peritia.web.forms.labels import field_label, section_label


def dictionary_pages() -> Mapping[str, str]:
    """Markdown pages by relative path."""
    pages = {"dictionary.md": _dictionary(), "dictionary-laboratory.md": _laboratory(), "dictionary-codes.md": _codes()}
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in pages.items()}


def _dictionary() -> Iterator[str]:
    yield "# Data dictionary\n"
    yield "What the [record](../record.md) holds, printed from the code. See also the [laboratory's analytes](dictionary-laboratory.md)"
    yield "with their units, the [codes](dictionary-codes.md) that are read as our words, and the [facts](facts/index.md) that follow."
    yield ""
    yield "## An event\n"
    yield from _table(("Field", "Meaning"), ((f"`{name}`", MEANINGS[name]) for name in FIELDS))
    yield "### Kinds of event\n"
    yield from _table(("`action`", "Meaning"), ((f"`{name}`", meaning) for name, meaning in ACTIONS.items()))
    yield "## Who saw what\n"
    yield "One line of JSON for each request to the pages, in the folder `access`, a file a month.\n"
    yield from _table(("Field", "Meaning"), ((f"`{name}`", VISIT_MEANINGS[name]) for name in Visit.__struct_fields__))
    yield "## Sections\n"
    yield "Each entry belongs to a section. A section that holds one value is replaced by a later entry; the others are lists."
    yield "Those *beside* the case are no part of a case file.\n"
    sections = (*CASE_SECTIONS.values(), *FURTHER)
    head = ("Section", "What an entry is", "Holds", "So from", "Stands")
    yield from _table(head, (_row(one) for one in sections))
    for one in sections:
        yield from _section(one)


def _row(one: Section) -> tuple[str, ...]:
    dated = f"`{one.dated_by}`" if one.dated_by else "always, or the day that is given"
    where = "in the case" if one.name in CASE_SECTIONS else "beside it"
    return f"[`{one.name}`](#{_anchor(one.name)})", section_label(one.name), "one value" if one.single else "a list", dated, where


def _section(one: Section) -> Iterator[str]:
    yield f"### `{one.name}` {{#{_anchor(one.name)}}}\n"
    yield _plain(one.type.__doc__ or "") + "\n"
    parts: dict[str, type[Any]] = {}
    yield from _fields(one.type, parts)
    for name, part in parts.items():
        yield f"**Each of `{name}`**: {_plain(part.__doc__ or '')}\n"
        yield from _fields(part, {})


def _fields(type_: type[Any], parts: dict[str, type[Any]]) -> Iterator[str]:
    hints = get_type_hints(type_)
    declared: Any = shape.type_info(type_)
    rows: list[tuple[str, ...]] = []
    for field in declared.fields:
        label, unit = field_label(field.name)
        kind, part = _kind(hints[field.name])
        if part is not None:
            parts[field.name] = part
        rows.append((f"`{field.name}`", label, kind, unit, "needed" if field.required else ""))
    yield from _table(("Field", "Called", "Holds", "Unit", ""), rows)


_WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "yes or no", "date": "day", "datetime": "moment"}


def _kind(hint: Any) -> tuple[str, type[Any] | None]:
    """What a field holds, in words, and the noun of its rows where it has any."""
    origin, arguments = get_origin(hint), get_args(hint)
    if "Literal" in str(origin):
        return "one of " + ", ".join(f"`{value}`" for value in arguments), None
    if origin is tuple and arguments and arguments[-1] is ...:
        word, part = _kind(arguments[0])
        return f"list of {'rows' if part else word}", part
    if origin is dict:
        return f"{_kind(arguments[1])[0]} by {_kind(arguments[0])[0]}", None
    if arguments:
        known = [_kind(one) for one in arguments if one is not type(None)]
        return ", or ".join(dict.fromkeys(word for word, _ in known)), next((part for _, part in known if part), None)
    word = _WORDS.get(getattr(hint, "__name__", ""), "")
    if word:
        return word, None
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return "a row of its own", hint
    raise TypeError("a field holds what the data dictionary has no word for")


def _laboratory() -> Iterator[str]:
    units = lab_units()
    yield "# Data dictionary: laboratory\n"
    yield f"{_plain(units.note)} Other prefixes and volumes follow by UCUM. See the [data dictionary](dictionary.md).\n"
    head = ("Analyte", "Unit of the facts", "One of it is also", "From", "To", "Source")
    yield from _table(
        head,
        (
            (f"`{name}`", f"`{one.unit}`", ", ".join(f"`{other}`" for other in one.equals), f"{one.low:g}", f"{one.high:g}", one.source)
            for name, one in units.analytes.items()
        ),
    )


def _codes() -> Iterator[str]:
    known = code_table()
    yield "# Data dictionary: codes\n"
    yield "The words of our own code system, and every public code that is read as one of them, by where the code was read."
    yield "A code read under `memory` is recalled and was not looked up yet. See [FHIR](../fhir.md).\n"
    yield "## Our words\n"
    yield from _table(
        ("Code", "Called", "Meaning"), ((f"`{code}`", concept.display, concept.definition) for code, concept in concepts().items())
    )
    yield "## Systems\n"
    yield from _table(("Name", "System"), ((f"`{name}`", " ".join(f"`{url}`" for url in urls)) for name, urls in known.systems.items()))
    yield "## Public codes\n"
    for group in known.groups:
        source = known.sources[group.source]
        yield f"**{source.title}** ({source.place}; {source.status}, {source.checked})\n"
        rows = ((one.system, f"`{one.code}`{' and below' if one.below else ''}", one.means, f"`{one.to}`") for one in group.codes)
        yield from _table(("System", "Code", "Means", "Read as"), rows)


def _table(head: tuple[str, ...], rows: Any) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _anchor(name: str) -> str:
    return f"section-{name}"
