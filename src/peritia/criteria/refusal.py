"""What the room refuses, and how it says so: the fault, where it stands in the text, what is accepted, what to try."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from peritia.errors import PeritiaError

_SHOWN = 60


class CriterionError(PeritiaError):
    """A criterion was refused. ``position`` is the offset in ``text`` (from 0); ``line`` and ``column`` count from 1."""

    def __init__(self, found: str, expected: str = "", hint: str = "", position: int | None = None, text: str = "") -> None:
        super().__init__(found, expected, hint)
        self.position = position
        self.text = text

    @property
    def line(self) -> int | None:
        """Line of the fault, from 1; None where the fault has no place."""
        return None if self.position is None else self.text.count("\n", 0, self.position) + 1

    @property
    def column(self) -> int | None:
        """Column of the fault, from 1; None where the fault has no place."""
        return None if self.position is None else self.position - (self.text.rfind("\n", 0, self.position) + 1) + 1

    @property
    def excerpt(self) -> str:
        """The faulty line with a caret under the fault; empty where the fault has no place."""
        if self.position is None or self.column is None:
            return ""
        line = self.text[self.position - self.column + 1 :].split("\n", 1)[0]
        start = max(0, self.column - 1 - _SHOWN)
        shown = line[start : self.column - 1 + _SHOWN].replace("\t", " ").replace("\r", " ")
        return f"    {shown}\n    {' ' * (self.column - 1 - start)}^"

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}\n{self.excerpt}" if self.excerpt else message

    def placed(self, position: int | None, text: str) -> CriterionError:
        """The same refusal with its place in the text, unless it has one already."""
        return self if self.position is not None else CriterionError(self.found, self.expected, self.hint, position, text)


class ValueRefused(PeritiaError):  # named as the sentence says it, like InputRefused
    """A value handed to an evaluator is not of its fact's kind. The message holds the kind, never the value."""


class MissingSetsTooMany(PeritiaError):
    """The minimal sets of missing facts are more than the stated bound; nothing partial is returned."""


def nearest(word: str, known: Iterable[str], most: int = 3) -> str:
    """A sentence that suggests the nearest known words; empty when none is near."""
    names = sorted(known)
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), list(lowered), n=most, cutoff=0.6)
    return f"Did you mean {' or '.join(lowered[name] for name in near)}" if near else ""
