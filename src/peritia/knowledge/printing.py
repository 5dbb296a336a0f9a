"""Knowledge as Markdown: a claim with its sources linked and its unverified ones marked; any struct as a list of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

import msgspec

from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure
from peritia.knowledge.library import Library, standing
from peritia.knowledge.walk import own_citations
from peritia.sources import Citation

UNVERIFIED = "**unverified**"
_HEADS = ("name", "text", "sentence", "because", "drug", "id")
_HIDDEN = frozenset({"id", "name", "source", "status", "evidence_status"})


class Printer:
    """Prints for one library, from a page that lies ``depth`` folders below the manual's reference root."""

    def __init__(self, library: Library, depth: int = 0) -> None:
        self.library = library
        self.root = "../" * depth

    def sources(self, citations: Iterable[Citation]) -> str:
        """The citations in brackets, linked to the bibliography; whatever is not verified says so."""
        given = tuple(citations)
        if not given:
            return ""
        links = ", ".join(
            f"[{one.source}]({self.root}bibliography.md#{one.source})" + (f" {one.place}" if one.place else "") for one in given
        )
        mark = f" {UNVERIFIED}" if standing(given, self.library.sources) == "recalled" else ""
        return f" ({links}){mark}"

    def criterion(self, criterion: Criterion) -> str:
        """Sentence, condition, sources, whether it can recover, note."""
        recovers = {True: "; can recover", False: "; cannot recover", None: ""}[criterion.recoverable]
        note = f" *{criterion.note}*" if criterion.note else ""
        kind = "not: " if criterion.exclude else ""
        return f"{kind}{criterion.because}{recovers}: `{criterion.formula.text}`{self.sources(criterion.citations)}{note}"

    def listed(self, title: str, items: Iterable[str], level: int = 2) -> Iterator[str]:
        """A heading and a list below it; nothing if the list is empty."""
        lines = [f"- {item}" for item in items]
        if lines:
            yield from (f"{'#' * level} {title}", "", *lines, "")

    def struct(self, node: msgspec.Struct, indent: int = 0) -> Iterator[str]:
        """Every field that says something, as a nested list, but for those its heading says."""
        called = _called(node)
        for field in node.__struct_fields__:
            value: Any = getattr(node, field)
            if field in _HIDDEN or field == called or _empty(value):
                continue
            yield from self._field(field.replace("_", " "), value, indent)

    def _field(self, label: str, value: object, indent: int) -> Iterator[str]:
        lead = "  " * indent
        members = _members(value)
        if members is None:
            yield from self._member(label, value, indent)
        elif all(not key and not isinstance(member, msgspec.Struct) and _members(member) is None for key, member in members):
            yield f"{lead}- {label}: {', '.join(_plain(member) for _, member in members)}"
        else:
            yield f"{lead}- {label}:"
            for key, member in members:
                yield from self._member(key, member, indent + 1)

    def _member(self, label: str, value: object, indent: int) -> Iterator[str]:
        lead, named = "  " * indent, f"{label}: " if label else ""
        if isinstance(value, Criterion):
            yield f"{lead}- {named}{self.criterion(value)}"
        elif isinstance(value, Figure):
            note = f" *{value.note}*" if value.note else ""
            basis = "" if value.basis == "published" else f" [{value.basis}]"
            yield f"{lead}- {named}{value}{basis}{self.sources(value.citations)}{note}"
        elif isinstance(value, msgspec.Struct):
            head = getattr(value, _called(value)) if _called(value) else ""
            yield f"{lead}- {named}{head}{self.sources(own_citations(value))}".rstrip()
            yield from self.struct(value, indent + 1)
        elif _members(value) is not None:
            yield from self._field(label or "each", value, indent)
        else:
            yield f"{lead}- {named}{_plain(value)}"


def _members(value: object) -> tuple[tuple[str, object], ...] | None:
    """What a tuple or mapping holds, each with its key in words (none in a tuple); None for anything else."""
    if isinstance(value, dict):
        return tuple((str(key).replace("_", " "), member) for key, member in cast("dict[object, object]", value).items())
    if isinstance(value, tuple):
        return tuple(("", member) for member in cast("tuple[object, ...]", value))
    return None


def _called(node: msgspec.Struct) -> str:
    """The field that a nested struct is called by: the first of these that is text."""
    return next((field for field in _HEADS if isinstance(getattr(node, field, None), str) and getattr(node, field)), "")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, tuple | dict) and not value)
