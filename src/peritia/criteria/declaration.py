"""A declared fact as the language sees it: name, kind, unit, domain. And the declared facts together: the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from peritia.criteria.refusal import CriterionError

Kind = Literal["bool", "int", "num", "cat"]
Value = bool | int | float | str
Truth = bool | None

#: Whole numbers up to here are exact in IEEE doubles, so that all evaluators agree on them.
LARGEST_WHOLE = 2**53


class FactLike(Protocol):
    """Anything shaped like a declaration; other rooms declare facts without importing this one."""

    @property
    def name(self) -> str:
        """As written in criteria."""
        ...

    @property
    def kind(self) -> str:
        """bool, int, num or cat."""
        ...

    @property
    def unit(self) -> str | None:
        """UCUM text; None and "1" mean a bare number."""
        ...

    @property
    def low(self) -> float | None:
        """Least value, included."""
        ...

    @property
    def high(self) -> float | None:
        """Greatest value, included."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category of a cat fact."""
        ...


Vocabulary = Mapping[str, FactLike]


class Declaration(msgspec.Struct, frozen=True):
    """One declared fact. ``low`` and ``high`` are inclusive; None means unbounded. ``unit`` None and "1" both mean a bare number."""

    name: str
    kind: Kind
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("bool", "int", "num", "cat"):
            raise CriterionError(f"Fact {self.name!r} is declared with the kind {self.kind!r}", "bool, int, num or cat")
        if self.kind == "cat" and len(set(self.categories)) != len(self.categories):
            raise CriterionError(f"Fact {self.name!r} declares a category twice", "distinct categories")
        if self.kind == "cat" and not self.categories:
            raise CriterionError(f"Fact {self.name!r} declares no category", "at least one category")
        low, high = self.bounds()
        if not low <= high:
            raise CriterionError(
                f"Fact {self.name!r} is declared with an empty domain {low:g}..{high:g}", "a lower bound not above the upper"
            )
        if self.kind == "int" and max(abs(bound) for bound in (low, high)) > LARGEST_WHOLE:
            raise CriterionError(f"Fact {self.name!r} is declared with whole numbers beyond 2^53", "a domain that doubles hold exactly")

    def bounds(self) -> tuple[float, float]:
        """Inclusive bounds as numbers; an unbounded int ends where doubles stop being exact, an unbounded num at infinity."""
        edge = float(LARGEST_WHOLE) if self.kind == "int" else float("inf")
        return (-edge if self.low is None else float(self.low), edge if self.high is None else float(self.high))


def declaration_of(fact: FactLike) -> Declaration:
    """The fact as a ``Declaration``; the description stays behind, because it has no bearing on meaning."""
    kind: Kind = fact.kind  # type: ignore[assignment]  # checked in Declaration.__post_init__
    return Declaration(name=fact.name, kind=kind, unit=fact.unit, low=fact.low, high=fact.high, categories=tuple(fact.categories))
