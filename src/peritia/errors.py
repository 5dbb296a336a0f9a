"""One base error. Each says what was found, what was expected, and what to try."""

from __future__ import annotations

import msgspec


class PeritiaError(Exception):
    """Base of every error that a user may see.

    ``found``, ``expected`` and ``hint`` are sentences without a closing stop; they hold no patient value.
    """

    def __init__(self, found: str, expected: str = "", hint: str = "") -> None:
        self.found = found
        self.expected = expected
        self.hint = hint
        super().__init__(". ".join(part for part in (found, expected and f"Expected {expected}", hint) if part))


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong with an input: where (path and line), what, and what to try."""

    path: str
    line: int | None
    message: str
    hint: str = ""

    def __str__(self) -> str:
        at = f"line {self.line}: " if self.line is not None else ""
        where = f"{self.path}: " if self.path else ""
        return f"{at}{where}{self.message}" + (f" ({self.hint})" if self.hint else "")


class InputRefused(PeritiaError):
    """An input was refused whole; ``problems`` lists everything found, not only the first."""

    def __init__(self, where: str, problems: tuple[Problem, ...]) -> None:
        self.where = where
        self.problems = problems
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        listing = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"{where}: {count}, nothing was taken over\n{listing}")
