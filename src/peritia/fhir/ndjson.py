"""Many bundles, one a line. A bad line is reported with its number and stops nothing, unless it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from peritia.case.case import Case
from peritia.errors import InputRefused, Problem
from peritia.fhir.codes import Aliases
from peritia.fhir.envelope import LIMIT_BYTES
from peritia.fhir.reading import NO_ALIASES, read_bundle

ReadLine = Callable[[int], bytes]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file: its case, or what is wrong with it."""

    number: int
    case: Case | None = None
    problems: tuple[Problem, ...] = ()


def read_ndjson(path: Path, *, aliases: Aliases = NO_ALIASES, strict: bool = False, limit_bytes: int = LIMIT_BYTES) -> Iterator[Line]:
    """Each line a Bundle, or a bare list of one patient's resources, read as ``read_bundle`` reads it. Empty lines are passed over.

    A line that is refused comes back as its problems, each with the number of the line; with ``strict`` it raises ``InputRefused`` instead.
    Lines longer than ``limit_bytes`` are refused without being held in memory.
    """
    with path.open("rb") as stream:
        number = 0
        while data := stream.readline(limit_bytes + 1):
            number += 1
            if len(data) > limit_bytes:
                _pass_over(stream.readline, limit_bytes)
                message = f"longer than {limit_bytes / 1e6:g} MB"
                line = Line(number=number, problems=(Problem("", number, message, "one line holds one patient's bundle"),))
            elif not data.strip():
                continue
            else:
                line = _line(data, number, path.name, aliases)
            if strict and line.case is None:
                raise InputRefused(path.name, line.problems)
            yield line


def _line(data: bytes, number: int, name: str, aliases: Aliases) -> Line:
    try:
        return Line(number=number, case=read_bundle(data, aliases=aliases, where=f"{name}, line {number}"))
    except InputRefused as refused:
        return Line(number=number, problems=tuple(msgspec.structs.replace(one, line=number) for one in refused.problems))


def _pass_over(readline: ReadLine, limit: int) -> None:
    """Read the rest of a line that is too long, in pieces."""
    while (piece := readline(limit)) and not piece.endswith(b"\n"):
        pass
