"""Read a document: bounded, UTF-8, parsed, converted. The happy way is short; only a refusal walks the tree for every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import TypeVar

import msgspec

from peritia.documents.check import problems_of
from peritia.documents.events import Event, MalformedError, json_events, yaml_events
from peritia.documents.tree import Lines, Tree, build, written
from peritia.errors import InputRefused, Problem

T = TypeVar("T")
LIMIT_BYTES = 10_000_000
MAX_DEPTH = 50
_LOOKS_LIKE_JSON = re.compile(r'\s*[\[{]\s*["{\[\]}]')
_LOOKS_LIKE_PATH = re.compile(r"[^\n\r{}]+\.(ya?ml|json)\Z", re.IGNORECASE)


def read(
    path_or_text: FilePath | str | bytes, type_: type[T], *, name: str = "", limit_bytes: int = LIMIT_BYTES, max_depth: int = MAX_DEPTH
) -> T:
    """Read a YAML or JSON document into ``type_``.

    A ``Path``, or a one-line text ending in .yaml, .yml or .json, is a file; other text or bytes is the document itself.
    Raises ``InputRefused`` with every problem found. ``name`` is what the refusal calls the document; by default the file's name.
    """
    where, text, as_json = _text(path_or_text, name, limit_bytes)
    tree, lines = _tree(where, text, as_json, max_depth, None), None
    try:
        return msgspec.convert(tree, type_, strict=True, str_keys=True)
    except msgspec.ValidationError as error:
        lines = Lines()
        _tree(where, text, as_json, max_depth, lines)
        raise InputRefused(where, problems_of(tree, type_, lines, str(error))) from None


def load_tree(
    path_or_text: FilePath | str | bytes, *, name: str = "", limit_bytes: int = LIMIT_BYTES, max_depth: int = MAX_DEPTH
) -> tuple[Tree, Lines]:
    """The plain tree of a document and the line of every node in it."""
    where, text, as_json = _text(path_or_text, name, limit_bytes)
    lines = Lines()
    return _tree(where, text, as_json, max_depth, lines), lines


def lines_of(path_or_text: FilePath | str | bytes) -> dict[str, int]:
    """Line of every path as written in problems (``labs[2].unit``), for checks that come after reading."""
    return {written(path): line for path, line in load_tree(path_or_text)[1].items()}


def read_bounded(path: FilePath, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """The bytes of a file, never more than ``limit_bytes``: the size is asked first, then at most one byte too many is read."""
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            raise _too_large(path.name, size, limit_bytes)
        with path.open("rb") as stream:
            data = stream.read(limit_bytes + 1)
    except OSError as error:
        raise InputRefused(path.name, (Problem("", None, f"cannot be opened: {error.strerror or error}", "check the path"),)) from None
    if len(data) > limit_bytes:
        raise _too_large(path.name, len(data), limit_bytes)
    return data


def _too_large(where: str, size: int, limit: int) -> InputRefused:
    message = f"{size / 1e6:.1f} MB is above the limit of {limit / 1e6:g} MB"
    return InputRefused(where, (Problem("", None, message, "one file holds one case or one piece of knowledge"),))


def _text(source: FilePath | str | bytes, name: str, limit: int) -> tuple[str, str, bool]:
    """Name to show, text, and whether it is JSON."""
    if isinstance(source, str) and _LOOKS_LIKE_PATH.match(source):
        source = FilePath(source)
    suffix = source.suffix.lower() if isinstance(source, FilePath) else ""
    where = name or (source.name if isinstance(source, FilePath) else "document")
    if isinstance(source, str):
        if len(source) > limit:
            raise _too_large(where, len(source), limit)
        text = source
    else:
        data = read_bounded(source, limit) if isinstance(source, FilePath) else source
        if len(data) > limit:
            raise _too_large(where, len(data), limit)
        text = _decoded(data, where)
    text = text.removeprefix("\ufeff")
    return where, text, suffix == ".json" or (not suffix and _LOOKS_LIKE_JSON.match(text) is not None)


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8; it looks like " + (
            "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "Latin-1 or a binary file"
        )
        raise InputRefused(where, (Problem("", line, f"byte {error.start} is not UTF-8", hint),)) from None


def _tree(where: str, text: str, as_json: bool, max_depth: int, lines: Lines | None) -> Tree:
    events: Iterator[Event] = json_events(text) if as_json else yaml_events(text)
    try:
        tree, problems = build(events, max_depth, lines)
    except MalformedError as error:
        raise InputRefused(where, (error.problem,)) from None
    if problems:
        raise InputRefused(where, tuple(problems))
    return tree
