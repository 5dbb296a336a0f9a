"""A small cast of invented patients, each with a story. They serve examples, tests and teaching; none of them lives."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from peritia.case import Case, read_case
from peritia.errors import PeritiaError

__all__ = ["ASSESSED_ON", "UnknownPatientError", "names", "path", "read"]

ASSESSED_ON = date(2026, 11, 21)
"""The day on which the stories are told."""
_FOLDER = Path(__file__).parent


class UnknownPatientError(PeritiaError):
    """No invented patient of that name."""


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of all invented patients, in alphabetical order."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml")))


def path(name: str) -> Path:
    """The case file of an invented patient."""
    if name not in names():
        raise UnknownPatientError("there is no invented patient of this name", f"one of {', '.join(names())}")
    return _FOLDER / f"{name}.yaml"


@lru_cache(maxsize=64)
def read(name: str) -> Case:
    """An invented patient's case."""
    return read_case(path(name), on=ASSESSED_ON)
