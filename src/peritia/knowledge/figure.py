"""A number that stands in a knowledge file: value or range, unit, source, and how it came about."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.sources import Citation, Status, cite

Basis = Literal["published", "computed", "fitted", "assumed"]
"""published: stands in the source. computed: our arithmetic on published numbers. fitted: our fit to data. assumed: our choice."""


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number with its unit (UCUM) and source. ``low`` to ``high`` is a range, with or without a ``value`` in it.

    A figure with none of the three is unknown and says so in ``note``; unknown is never filled in.
    ``status`` weakens the source's status for this number. Raises ``ValueError`` when the numbers are not in order.
    """

    unit: str
    source: str | tuple[str, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    status: Status | None = None
    basis: Basis = "published"
    note: str = ""

    def __post_init__(self) -> None:
        numbers = [number for number in (self.low, self.value, self.high) if number is not None]
        if numbers != sorted(numbers):
            raise ValueError(f"low, value and high are not in order: {self.low}, {self.value}, {self.high}")
        if not numbers and not self.note:
            raise ValueError("a figure without a number says in `note` why it is not known")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)

    @property
    def known(self) -> bool:
        """Whether any number stands here."""
        return self.value is not None or self.low is not None or self.high is not None

    def __str__(self) -> str:
        if self.value is not None:
            return f"{self.value:g} {self.unit}"
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g} {self.unit}"
        if self.low is not None:
            return f"at least {self.low:g} {self.unit}"
        return f"at most {self.high:g} {self.unit}" if self.high is not None else f"not known ({self.unit})"


def expect_unit(name: str, figure: Figure | None, *units: str) -> None:
    """Refuse a figure in a unit that the field does not take; a wrong unit is a wrong dose."""
    if figure is not None and figure.unit not in units:
        raise ValueError(f"{name} is in {' or '.join(units)}, found {figure.unit}")
