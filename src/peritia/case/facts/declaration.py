"""What a fact is: declared once, beside the rule that derives it from the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from peritia.case.facts.row import Finding, Origin, State, Value
from peritia.case.facts.seen import Part, Seen

Kind = Literal["bool", "int", "num", "cat"]
Derive = Callable[[Seen], Finding | None]


class FactDeclaration(msgspec.Struct, frozen=True):
    """What the criteria language needs to know of a fact: its type, unit and domain. Carries no rule and no patient."""

    name: str
    kind: Kind
    unit: str | None
    low: float | None
    high: float | None
    categories: tuple[str, ...]
    description: str


class Code(msgspec.Struct, frozen=True):
    """A code of a public terminology. ``verified`` says whether it was read at its home or written from memory."""

    system: Literal["LOINC", "SNOMED CT"]
    code: str
    verified: bool


class Assumption(msgspec.Struct, frozen=True):
    """What is taken for granted where nothing is recorded. Always shown; can be switched off."""

    value: Value
    reason: str


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A declared fact. ``how`` says in a sentence how it is derived; ``reads`` are the parts of a case it looks at."""

    declaration: FactDeclaration
    topic: str
    how: str
    reads: tuple[Part, ...]
    codes: tuple[Code, ...]
    stale_after_days: int | None
    key: str | None
    field: str | None
    assumed: Assumption | None
    rule: Derive

    def derive(self, seen: Seen) -> Finding | None:
        """The finding for the case as seen on a date; None when the case says nothing of it."""
        return self.rule(seen)


class FactValue(msgspec.Struct, frozen=True, gc=False):
    """One fact of one case on a date. ``reason`` says why it is unknown, which rule inferred it, or what was assumed."""

    name: str
    value: Value | None
    state: State
    origins: tuple[Origin, ...] = ()
    reason: str = ""
    on: date | None = None


REGISTRY: dict[str, Fact] = {}
"""Facts by name, filled as the topic modules are imported."""


def loinc(code: str, *, verified: bool) -> tuple[Code, ...]:
    """One LOINC code."""
    return (Code("LOINC", code, verified),)


def fact(
    name: str,
    kind: Kind,
    description: str,
    how: str,
    *reads: Part,
    unit: str | None = None,
    domain: tuple[float, float] | None = None,
    categories: tuple[str, ...] = (),
    codes: tuple[Code, ...] = (),
    stale_after_days: int | None = None,
    key: str | None = None,
    field: str | None = None,
    assumed: Assumption | None = None,
) -> Callable[[Derive], Derive]:
    """Declare a fact at its rule. ``assumed``: what stands while the rule finds nothing.

    ``key``: the rule is asked only if its first part has an entry of that key (an analyte, an illness), and builds on no other fact.
    ``field``: the rule takes a field of its first part as recorded. Both let ``shortcuts`` take the short way.
    """

    def declare(rule: Derive) -> Derive:
        if name in REGISTRY:
            raise ValueError(f"fact {name} is declared twice")
        low, high = domain or (None, None)
        REGISTRY[name] = Fact(
            declaration=FactDeclaration(name, kind, unit, low, high, categories, description),
            topic=rule.__module__.rsplit(".", 1)[-1],
            how=how,
            reads=reads,
            codes=codes,
            stale_after_days=stale_after_days,
            key=key,
            field=field,
            assumed=assumed,
            rule=rule,
        )
        return rule

    return declare
