"""FHIR bundles, one a line, as columns of facts. Imported by worker processes: no dataframe library in this module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from peritia.case.facts import DECLARATIONS, fact_row
from peritia.errors import InputRefused
from peritia.fhir import Aliases, read_bundle

NAMES: tuple[str, ...] = tuple(DECLARATIONS)


class Rows(msgspec.Struct):
    """``columns[i]`` holds the values of fact ``NAMES[i]``; ``refused`` names the lines that could not be read and why."""

    ids: list[str | None]
    columns: list[list[bool | int | float | str | None]]
    refused: list[tuple[int, str]]


def read_rows(lines: Sequence[bytes], first_line: int, on: date, aliases: Aliases) -> bytes:
    """The lines' facts on a day, encoded for the way back to the parent process."""
    rows = Rows([], [[] for _ in NAMES], [])
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            continue
        try:
            case = read_bundle(line, aliases=aliases)
        except InputRefused as refused:
            rows.refused.append((number, "; ".join(str(problem) for problem in refused.problems)))
            continue
        rows.ids.append(case.id)
        found = fact_row(case, on)
        for column, name in zip(rows.columns, NAMES, strict=True):
            column.append(found[name])
    return msgspec.msgpack.encode(rows)
