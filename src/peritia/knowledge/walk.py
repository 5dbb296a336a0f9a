"""Every struct inside a knowledge file, with its path as written in the file and the sources that stand above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import msgspec

from peritia.knowledge.criterion import Criterion
from peritia.sources import Citation, cite

Path = tuple[str | int, ...]


class Part(NamedTuple):
    """A struct in a file. ``citations`` are its own, or else those of the nearest struct above that has some."""

    path: Path
    node: msgspec.Struct
    citations: tuple[Citation, ...]


def parts(node: Any, path: Path = (), above: tuple[Citation, ...] = ()) -> Iterator[Part]:
    """The struct and every struct below it, from the top down."""
    if isinstance(node, msgspec.Struct):
        citations = own_citations(node) or above
        yield Part(path, node, citations)
        for field in node.__struct_fields__:
            yield from parts(getattr(node, field), (*path, field), citations)
    elif isinstance(node, tuple | list):
        for position, child in enumerate(cast("tuple[object, ...]", node)):
            yield from parts(child, (*path, position), above)
    elif isinstance(node, dict):
        for key, child in cast("dict[str | int, object]", node).items():
            yield from parts(child, (*path, key), above)


def own_citations(node: msgspec.Struct) -> tuple[Citation, ...]:
    """The sources a struct names itself: its ``citations``, or its ``source``, or the ``protocol`` of a regimen."""
    found: tuple[Citation, ...] | None = getattr(node, "citations", None)
    if found is not None:
        return found
    written: object = getattr(node, "source", "") or getattr(node, "protocol", "")
    return cite(cast("str | tuple[str, ...]", written)) if isinstance(written, str | tuple) else ()


def criteria(node: Any) -> Iterator[tuple[Path, Criterion]]:
    """Every criterion inside a struct, with its path."""
    return ((part.path, part.node) for part in parts(node) if isinstance(part.node, Criterion))
