"""From events to a plain tree of dicts, lists and scalars, with bounds on depth and no key twice.

Scalars follow YAML 1.2, read narrowly: only ``true`` and ``false`` are truth values, only decimal numbers without leading zero are numbers,
``null``, ``~`` and nothing are nothing; everything else is text. So ``no``, ``on``, ``1:30`` and ``2026-11-21`` stay what was written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from peritia.documents.events import Event, MalformedError
from peritia.errors import Problem

Scalar = bool | int | float | str | None
Tree = Scalar | list["Tree"] | dict[str, "Tree"]
Path = tuple[str | int, ...]
Lines = dict[Path, int]
"""Line of every node, by its path of keys and positions."""

_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Scalar] = {"true": True, "True": True, "false": False, "False": False, "null": None, "Null": None, "~": None, "": None}
_MAY_BE_NUMBER = frozenset("+-.0123456789")


def scalar(text: str, line: int) -> Scalar:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _MAY_BE_NUMBER:
        return text
    match = _NUMBER.match(text)
    if match is None:
        if text.lower().lstrip("+-") in (".inf", ".nan"):
            raise MalformedError(line, f"{text} is not a usable number", "leave the entry out when the value is unknown")
        return text
    if match.group(1) is None and match.group(2) is None:
        if len(text) > 19:
            raise MalformedError(line, "a number of more than 18 digits", "put it in quotes if it is a label")
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise MalformedError(line, "a number too large to hold", "check the exponent")
    return value


def build(events: Iterable[Event], max_depth: int, lines: Lines | None = None) -> tuple[Tree, list[Problem]]:
    """Build the tree; also fill ``lines`` when given. Keys that appear twice come back as problems, the first one kept."""
    problems: list[Problem] = []
    stack: list[dict[str, Tree] | list[Tree]] = []
    keys: list[str | None] = []
    root: list[Tree] = []
    path: list[str | int] = []
    for kind, line, text, plain in events:
        if kind == "end":
            stack.pop()
            keys.pop()
            path.pop()
            continue
        parent = stack[-1] if stack else root
        if isinstance(parent, dict):
            key = keys[-1]
            if key is None:
                keys[-1] = _key(kind, text, plain, line)
                if keys[-1] in parent:
                    where = written((*path[1:], keys[-1] or ""))
                    problems.append(Problem(where, line, "this key stands here twice", "keep one of the two"))
                elif lines is not None:
                    lines[(*path[1:], keys[-1] or "")] = line
                continue
            keys[-1] = None
            step: str | int = key
        else:
            step = len(parent)
        value: Tree = (scalar(text, line) if plain else text) if kind == "scalar" else {} if kind == "map" else []
        if isinstance(parent, dict):
            parent.setdefault(str(step), value)
        else:
            parent.append(value)
            if lines is not None:
                lines[(*path[1:], step) if stack else ()] = line
        if not isinstance(value, dict | list):
            continue
        if len(stack) >= max_depth:
            raise MalformedError(line, f"nested deeper than {max_depth} levels", "a case or knowledge file is flat; this is something else")
        stack.append(value)
        keys.append(None)
        path.append(step)
    if not root:
        raise MalformedError(None, "the document is empty", "at least one entry is needed")
    return root[0], problems


def _key(kind: str, text: str, plain: bool, line: int) -> str:
    if kind != "scalar":
        raise MalformedError(line, "a key must be one word, not a list or a mapping", "a text with { or [ needs quotes")
    if text == "<<" and plain:
        raise MalformedError(line, "the merge key << is not allowed", "write the entries out")
    return text


def written(path: Path) -> str:
    """A path as people write it: ``labs[2].unit``."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out
