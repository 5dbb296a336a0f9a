"""A stretch of a file of bundles, one a line, as columns of facts: what one of several processes does.

Each process reads its own stretch, so that no bundle has to be handed over; only facts come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

import msgspec

from peritia.case.facts import findings, start_row
from peritia.case.facts.row import Finding, Value
from peritia.errors import InputRefused
from peritia.fhir.codes import Aliases
from peritia.fhir.envelope import LIMIT_BYTES
from peritia.fhir.reading import read_bundle

_PIECE = 1_000_000
_AT_ONCE = 128
"""Cases whose findings are kept until they are put into columns: few, so that what they used is used again while it is at hand."""


class FactColumns(msgspec.Struct):
    """``columns`` holds the values of each fact that something is recorded of for anybody, ``ids`` the patients.

    A fact without a column has the value of ``start_row`` for all. ``lines`` counts the lines of the stretch, read or not.
    ``refused`` holds the lines that could not be read, counted from the first of the stretch as 1, and why.
    """

    ids: list[str | None]
    columns: dict[str, list[Value | None]]
    refused: list[tuple[int, str]]
    lines: int


def read_stretch(source: Path, start: int, stop: int, on: date, aliases: Aliases) -> bytes:
    """The facts, on a day, of the lines that begin at or after byte ``start`` and before ``stop``; MessagePack of ``FactColumns``."""
    ids: list[str | None] = []
    columns: dict[str, list[Value | None]] = {}
    found: list[dict[str, Finding]] = []
    refused: list[tuple[int, str]] = []
    number = 0
    with source.open("rb") as stream:
        for number, line in enumerate(_lines(stream, start, stop), 1):
            if not line.strip():
                continue
            try:
                case = read_bundle(line, aliases=aliases)
            except InputRefused as error:
                refused.append((number, "; ".join(str(problem) for problem in error.problems)))
                continue
            ids.append(case.id)
            found.append(findings(case, on))
            if len(found) == _AT_ONCE:
                _extend(columns, found, len(ids))
                found.clear()
    _extend(columns, found, len(ids))
    return msgspec.msgpack.encode(FactColumns(ids, columns, refused, number))


def _extend(columns: dict[str, list[Value | None]], found: list[dict[str, Finding]], length: int) -> None:
    """Every column up to ``length`` by the values found for the last cases. Most facts are unknown of most patients: few have a column."""
    start, before = start_row(), length - len(found)
    for name in {name for row in found for name in row} - columns.keys():
        columns[name] = [start[name]] * before
    for name, column in columns.items():
        column += [start[name]] * len(found)
    for place, row in enumerate(found, before):
        for name, finding in row.items():
            columns[name][place] = finding.value


def _lines(stream: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    """Lines that begin within the stretch. Of a line beyond the limit only so much is read as shows that it is."""
    if start:
        stream.seek(start - 1)
        _to_next_line(stream, b"")
    place = stream.tell()
    while place < stop and (line := stream.readline(LIMIT_BYTES + 1)):
        place += len(line)
        yield line
        if not line.endswith(b"\n"):
            _to_next_line(stream, line)
            place = stream.tell()


def _to_next_line(stream: BinaryIO, read: bytes) -> None:
    while not read.endswith(b"\n") and (read := stream.readline(_PIECE)):
        pass
