"""The short way for the plainest facts: a field of the only entry there is, a presence stated once, taken many at a time.

Each gives what the fact's own rule gives; wherever there is more than one entry to weigh, the rule itself is asked.
A test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peritia.case.case import Case
from peritia.case.facts.calendar import UNDATED
from peritia.case.facts.declaration import Derive, Fact
from peritia.case.facts.row import NO_DATE, Finding, Row, unknown
from peritia.case.facts.seen import PARTS, Seen

Step = tuple[str, Derive, float | None, float]
"""Name, rule, and the domain of a numeric fact."""
_Field = tuple[str, str, float | None, float]
_STATED = frozenset({"illnesses", "allergies"})
"""Parts whose keyed facts are a presence."""
_BODY = frozenset({"height_cm", "weight_kg"})


def step(fact: Fact) -> Step:
    """A fact as it is worked off."""
    low, high = fact.declaration.low, fact.declaration.high
    return (fact.declaration.name, fact.rule, low, 0 if high is None else high)


def take(seen: Seen, steps: Iterable[Step]) -> None:
    """Ask each rule and keep its finding; a number outside its domain is unknown."""
    found = seen.found
    for name, rule, low, high in steps:
        finding = rule(seen)
        if finding is not None:
            if low is not None and finding.value is not None and not low <= finding.value <= high:  # pyright: ignore[reportOperatorIssue]
                finding = _impossible(low, high, finding.rows)
            found[name] = finding


def _impossible(low: float, high: float, rows: tuple[Row, ...]) -> Finding:
    return unknown(f"impossible: outside {low:g} to {high:g}", *rows)


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
    return tuple((name, fact.field or "", low, high) for fact in facts for name, _, low, high in [step(fact)])


def _rows(seen: Seen, part: str, how: str) -> list[Row]:
    if how == "current":
        return seen.current[part]
    if how == "all":
        return seen.rows[part]
    row = seen.one(part)  # pyright: ignore[reportArgumentType]
    return [row] if part != "histology" or row.day is UNDATED or row.day <= seen.on else []


def _as_recorded(found: dict[str, Finding], row: Row, fields: tuple[_Field, ...]) -> None:
    entry, rows = row.entry, (row,)
    reason = NO_DATE if row.day is UNDATED and row.place >= 0 else ""
    for name, field, low, high in fields:
        value: Any = getattr(entry, field)
        if value is not None:
            if low is None or low <= value <= high:
                found[name] = Finding(value, "known", rows, reason)
            else:
                found[name] = _impossible(low, high, rows)


def _by_key(seen: Seen, part: str, steps_by_key: dict[str, tuple[Step, ...]]) -> None:
    found = seen.found
    for key, rows in seen.groups[part].items():
        steps = steps_by_key.get(key)
        if steps is None:
            continue
        row = rows[0]
        if part in _STATED and len(rows) == 1 and row.entry.presence != "not-staged":
            found[steps[0][0]] = Finding(row.entry.presence == "present", "known", (row,), NO_DATE if row.day is UNDATED else "")
        else:
            take(seen, steps)


def filled_parts(mask: int) -> frozenset[str]:
    """The parts that a bit pattern of ``PARTS`` marks."""
    return frozenset(part for bit, part in enumerate(PARTS) if mask >> bit & 1)


def mask_of(case: Case) -> int:
    """Which parts of a case are not empty, as bits in the order of ``PARTS``."""
    mask = 0
    for bit, part in enumerate(PARTS):
        if getattr(case, part):
            mask |= 1 << bit
    return mask
