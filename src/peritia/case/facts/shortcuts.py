"""The short way for the plainest facts: a field of the only entry there is, a presence stated once, taken many at a time.

Each gives what the fact's own rule gives; wherever there is more than one entry to weigh, the rule itself is asked.
A test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from peritia.case.case import Case
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import Derive, Fact
from peritia.case.facts.row import Finding, Row, unknown
from peritia.case.facts.seen import PARTS, Seen

Step = tuple[str, Derive, tuple[float, float] | None]
"""Name, rule, and the domain of a numeric fact."""
_Field = tuple[str, str, tuple[float, float] | None]
_STATED = frozenset({"illnesses", "allergies"})
"""Parts whose keyed facts are a presence."""
_PARTS_OF = attrgetter(*PARTS)
_BODY = frozenset({"height_cm", "weight_kg"})


def step(fact: Fact) -> Step:
    """A fact as it is worked off."""
    declared = fact.declaration
    return (declared.name, fact.rule, None if declared.low is None or declared.high is None else (declared.low, declared.high))


def take(seen: Seen, steps: Iterable[Step]) -> None:
    """Ask each rule and keep its finding; a number outside its domain is unknown."""
    found = seen.found
    for name, rule, domain in steps:
        finding = rule(seen)
        if finding is not None:
            if domain is not None:
                value: Any = finding.value
                if value is not None and not domain[0] <= value <= domain[1]:
                    finding = _impossible(domain, finding.rows)
            found[name] = finding


def _impossible(domain: tuple[float, float], rows: tuple[Row, ...]) -> Finding:
    return unknown(f"impossible: outside {domain[0]:g} to {domain[1]:g}", *rows)


class Shortcuts:
    """The plain facts, gathered by the part that they read."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        fields: dict[tuple[str, str], list[Fact]] = {}
        self._keyed: dict[str, dict[str, tuple[Step, ...]]] = {}
        self.covers: set[str] = set()
        for fact in facts:
            if fact.field is not None:
                fields.setdefault(_place(fact), []).append(fact)
            elif fact.key is not None:
                steps = self._keyed.setdefault(fact.reads[0], {})
                steps[fact.key] = (*steps.get(fact.key, ()), step(fact))
            else:
                continue
            self.covers.add(fact.declaration.name)
        self._fields = [(part, how, _fields(group), tuple(map(step, group))) for (part, how), group in fields.items()]

    def run(self, seen: Seen, filled: frozenset[str]) -> None:
        """Derive every fact of a short way. ``filled``: the parts of the case that are not empty."""
        for part, how, fields, steps in self._fields:
            if part not in filled and part != "patient.body":
                continue
            rows = _rows(seen, part, how)
            if len(rows) == 1 and (how != "current" or len(seen.rows[part]) == 1):
                _as_recorded(seen.found, rows[0], fields)
            elif rows or how == "current":
                take(seen, steps)
        for part, steps_by_key in self._keyed.items():
            if part in filled:
                _by_key(seen, part, steps_by_key)


def _place(fact: Fact) -> tuple[str, str]:
    """Where the field stands, and which of its entries count."""
    part = fact.reads[0]
    if fact.field in _BODY:
        return "patient.body", "all"
    if part in ("primary", "patient", "histology"):
        return part, "one"
    return part, "current" if "cytoreductions" in fact.reads else "all"


def _fields(facts: Iterable[Fact]) -> tuple[_Field, ...]:
    return tuple((name, fact.field or "", domain) for fact in facts for name, _, domain in [step(fact)])


def _rows(seen: Seen, part: str, how: str) -> list[Row]:
    if how == "current":
        return seen.current[part]
    if how == "all":
        return seen.rows[part]
    row = seen.one(part)  # pyright: ignore[reportArgumentType]
    return [row] if part != "histology" or row.day is UNDATED or row.day <= seen.on else []


def _as_recorded(found: dict[str, Finding], row: Row, fields: tuple[_Field, ...]) -> None:
    entry, rows, note = row.entry, (row,), row.note
    for name, field, domain in fields:
        value: Any = getattr(entry, field)
        if value is not None:
            if domain is None or domain[0] <= value <= domain[1]:
                found[name] = Finding(value, "known", rows, note)
            else:
                found[name] = _impossible(domain, rows)


def _by_key(seen: Seen, part: str, steps_by_key: dict[str, tuple[Step, ...]]) -> None:
    found = seen.found
    stated = part in _STATED
    for key, rows in seen.groups[part].items():
        steps = steps_by_key.get(key)
        if steps is None:
            continue
        row = rows[0]
        if stated and len(rows) == 1 and row.entry.presence != "not-staged":
            found[steps[0][0]] = Finding(row.entry.presence == "present", "known", (row,), row.note)
        else:
            take(seen, steps)


def filled_of(case: Case) -> bytes:
    """Which parts of a case are not empty: one byte each, in the order of ``PARTS``."""
    return bytes(map(bool, _PARTS_OF(case)))


def parts_of(filled: bytes) -> frozenset[str]:
    """The parts that these bytes mark."""
    return frozenset(part for part, there in zip(PARTS, filled, strict=True) if there)
