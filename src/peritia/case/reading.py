"""Read a case from a file: its form and its sense are checked before anything is taken over."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from peritia import documents
from peritia.case.case import Case
from peritia.case.conflicts import conflicts, last_day
from peritia.errors import InputRefused, Problem


def read_case(source: Path | str | bytes, *, on: date | None = None, name: str = "") -> Case:
    """Read a case (YAML or JSON; a path, a text or bytes).

    The site of the primary is the one thing that a case file has to say. Raises ``InputRefused`` with every problem at once: first those
    of form; if there are none, every contradiction that refuses a case.
    ``on`` is the assessment date; without it, the last day that the case mentions.
    """
    case = documents.read(source, Case, name=name)
    if case.primary.site is None:
        hint = "unknown-primary says that it was looked for and not found"
        raise InputRefused(name or _called(source), (Problem("primary.site", None, "the site of the primary is missing", hint),))
    refused = [conflict for conflict in conflicts(case, on or last_day(case) or date.min) if conflict.severity == "refuse"]
    if refused:
        lines = documents.lines_of(source)
        problems = tuple(Problem(one.path, _line(one.path, lines), one.message, one.hint) for one in refused)
        raise InputRefused(name or _called(source), problems)
    return case


def _called(source: Path | str | bytes) -> str:
    """The file's name, if it is a file."""
    if isinstance(source, str) and "\n" not in source and source.lower().endswith((".yaml", ".yml", ".json")):
        source = Path(source)
    return source.name if isinstance(source, Path) else "case"


def _line(path: str, lines: dict[str, int]) -> int | None:
    """Line of a path, or of the nearest entry around it."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def case_schema() -> dict[str, Any]:
    """JSON Schema of a case file."""
    schema = msgspec.json.schema(Case)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Peritia case",
        "description": (Case.__doc__ or "").strip(),
        **schema,
    }
