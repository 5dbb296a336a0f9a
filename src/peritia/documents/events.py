"""Two grammars, one stream: YAML and JSON text as the same few events.

An event is ``(kind, line, text, plain)``. ``plain`` says that a scalar may still be a number,
a truth value or nothing; a quoted one is text.
What only invites mistakes is refused here: anchors, aliases, tags, several documents in one file, keys that are not words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, cast

import yaml

from peritia.errors import Problem

Kind = Literal["map", "list", "end", "scalar"]
Event = tuple[Kind, int, str, bool]
_YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class MalformedError(Exception):
    """The text is not a document at all; carries the one problem found."""

    def __init__(self, line: int | None, message: str, hint: str = "") -> None:
        self.problem = Problem("", line, message, hint)
        super().__init__(message)


def yaml_events(text: str) -> Iterator[Event]:
    """Events of one YAML document, in order. Lines count from 1."""
    documents = 0
    stream = cast("Iterator[Any]", yaml.parse(text, Loader=_YAML_LOADER))  # pyright: ignore[reportUnknownMemberType]
    while True:
        try:
            event = next(stream)
        except StopIteration:
            return
        except yaml.YAMLError as error:
            raise MalformedError(*_what_yaml_says(error)) from None
        name = type(event).__name__
        line: int = event.start_mark.line + 1
        if name == "ScalarEvent":
            _refuse_extras(event, line)
            yield ("scalar", line, event.value, event.implicit[0])
        elif name == "MappingStartEvent":
            _refuse_extras(event, line)
            yield ("map", line, "", False)
        elif name == "SequenceStartEvent":
            _refuse_extras(event, line)
            yield ("list", line, "", False)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            yield ("end", line, "", False)
        elif name == "AliasEvent":
            raise MalformedError(line, f"alias *{event.anchor} is not allowed", "write the value out in full")
        elif name == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                raise MalformedError(line, "a second document begins here", "one file holds one document; remove the line ---")


def _refuse_extras(event: Any, line: int) -> None:
    if event.anchor is not None:
        raise MalformedError(line, f"anchor &{event.anchor} is not allowed", "write the value out where it is used")
    if event.tag is not None:
        raise MalformedError(line, f"tag {event.tag} is not allowed", "write the plain value")


def _what_yaml_says(error: yaml.YAMLError) -> tuple[int | None, str, str]:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    says: Any = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
    hint = "indent with spaces; a text that holds ': ' or starts with a special sign needs quotes"
    return (None if mark is None else int(mark.line) + 1, f"not readable as YAML: {says}", hint)


_JSON_TOKEN = re.compile(
    r'[ \t\r\n]*(?:("(?:[^"\\\x00-\x1f]|\\.)*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)|(true|false|null)|([{}\[\],:]))',
    re.DOTALL,
)


def json_events(text: str) -> Iterator[Event]:
    """Events of one JSON document, in order. The grammar is RFC 8259; nesting is kept on a list, not on Python's stack."""
    open_: list[str] = []
    position, line, counted = 0, 1, 0
    expect = "value"
    end = len(text.rstrip(" \t\r\n"))
    while position < end:
        match = _JSON_TOKEN.match(text, position)
        start = position if match is None else match.start(match.lastindex or 0)
        line += text.count("\n", counted, start)
        counted = start
        if match is None:
            raise MalformedError(
                line + _blank_lines(text, position),
                "not readable as JSON: a value or a sign is malformed here",
                "check quotes, commas and brackets",
            )
        position = match.end()
        string, number, word, sign = match.groups()
        if sign is None:
            if expect not in ("value", "key", "value-or-end", "key-or-end") or (expect.startswith("key") and string is None):
                raise MalformedError(
                    line, f"not readable as JSON: expected {_expected(expect, open_)}", "check commas, and quotes around keys"
                )
            yield ("scalar", line, _json_string(string, line) if string is not None else (number or word), string is None)
            expect = "colon" if expect.startswith("key") else "after"
        else:
            expect, event = _json_sign(sign, expect, open_, line)
            if event is not None:
                yield event
    if expect != "after" or open_:
        raise MalformedError(line, "not readable as JSON: the text ends too early", "close every bracket and quote")


def _blank_lines(text: str, position: int) -> int:
    rest = text[position:]
    return rest.count("\n", 0, len(rest) - len(rest.lstrip(" \t\r\n")))


def _json_string(token: str, line: int) -> str:
    try:
        value = cast("str", json.loads(token))
        value.encode()
    except ValueError:
        raise MalformedError(
            line, "not readable as JSON: a text holds a broken escape", 'escape with \\\\, \\" or \\u and four hexadecimal digits'
        ) from None
    return value


def _json_sign(sign: str, expect: str, open_: list[str], line: int) -> tuple[str, Event | None]:
    if sign in "{[" and expect in ("value", "value-or-end"):
        open_.append(sign)
        return ("key-or-end", ("map", line, "", False)) if sign == "{" else ("value-or-end", ("list", line, "", False))
    if sign in "}]" and open_ and open_[-1] == {"}": "{", "]": "["}[sign] and expect in ("after", "key-or-end", "value-or-end"):
        open_.pop()
        return "after", ("end", line, "", False)
    if sign == "," and expect == "after" and open_:
        return ("key" if open_[-1] == "{" else "value"), None
    if sign == ":" and expect == "colon":
        return "value", None
    raise MalformedError(line, f"not readable as JSON: found {sign} but expected {_expected(expect, open_)}", "check commas and brackets")


def _expected(expect: str, open_: list[str]) -> str:
    if expect == "after":
        return "a comma or a closing bracket" if open_ else "nothing more"
    return {"key": "a key in quotes", "key-or-end": "a key in quotes or }", "colon": "a colon", "value-or-end": "a value or ]"}.get(
        expect, "a value"
    )
