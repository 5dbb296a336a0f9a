"""The case as of a date and as known on a date: a replay of its events.

An entry is what its last known event says: added, corrected, withdrawn. (A correction says that the entry was wrong all along; it
also brings a withdrawn entry back.) An entry counts as of a date when it was so by then; an undated entry counts always.

A single section (primary, patient, histology, plans, about) holds one value at a time. An undated entry replaces all that were added
before it: it was so from the beginning. A dated one replaces them from its day on. So: of the entries from the last undated one on,
the latest that was so by the date; of two on one day, the later added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

import msgspec

from peritia.case import Case
from peritia.case.identity import Patient
from peritia.store.event import Action
from peritia.store.sections import CASE_SECTIONS, LISTS, About, Section, decoder


class Step(msgspec.Struct, frozen=True):
    """What replay needs of an event."""

    action: Action
    section: str
    entry: str
    payload: str
    so_on: str
    by: str = ""
    known_at: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that stands: its id, section, value, since when it is so, and who wrote its last event when."""

    id: str
    section: str
    value: Any
    so_on: date | None
    by: str
    known_at: str


_DECODERS = {name: decoder(one.type) for name, one in CASE_SECTIONS.items()}


def standing(steps: Iterable[Step], as_of: date | None = None) -> list[Step]:
    """The last event of every entry that stands as of the date, in the order in which the entries were first added."""
    last: dict[str, Step] = {}
    for step in steps:
        if step.entry:
            last[step.entry] = step
    by = as_of.isoformat() if as_of else "9999-12-31"
    singles: dict[str, list[Step]] = {}
    found: list[Step] = []
    for step in last.values():
        if step.action == "withdraw":
            continue
        known = CASE_SECTIONS.get(step.section)
        if known is not None and known.single:
            earlier = singles.setdefault(step.section, [])
            if not step.so_on:
                earlier.clear()
            earlier.append(step)
        elif step.so_on <= by:
            found.append(step)
    for candidates in singles.values():
        so = [step for step in candidates if step.so_on <= by]
        if so:
            found.append(max(reversed(so), key=lambda step: step.so_on))
    return found


def entries(steps: Iterable[Step], sections: Mapping[str, Section], as_of: date | None = None) -> tuple[Entry, ...]:
    """Every entry that stands, with its value."""
    return tuple(
        Entry(
            id=step.entry,
            section=step.section,
            value=(_DECODERS.get(step.section) or decoder(sections[step.section].type))(step.payload),
            so_on=date.fromisoformat(step.so_on) if step.so_on else None,
            by=step.by,
            known_at=step.known_at,
        )
        for step in standing(steps, as_of)
        if step.section in sections
    )


def replay(case_id: str, steps: Iterable[Step], as_of: date | None = None) -> Case | None:
    """The case; None when it has no primary then. Sections that are not parts of ``Case`` are left aside."""
    parts: dict[str, Any] = {}
    for step in standing(steps, as_of):
        known = CASE_SECTIONS.get(step.section)
        if known is None:
            continue
        value = _DECODERS[step.section](step.payload)
        if known.single:
            parts[step.section] = value
        else:
            parts.setdefault(step.section, []).append(value)
    return _case(case_id, parts) if "primary" in parts else None


def _case(case_id: str, parts: dict[str, Any]) -> Case:
    about = cast("About", parts.pop("about", None) or About())
    body = tuple(parts.pop("body", ()))
    patient = cast("Patient", parts.pop("patient", None) or Patient())
    return Case(
        format=about.format,
        id=case_id,
        title=about.title,
        story=about.story,
        question=about.question,
        primary=parts.pop("primary"),
        patient=msgspec.structs.replace(patient, body=body),
        histology=parts.pop("histology", None),
        plans=parts.pop("plans", None),
        **{name: tuple(parts[name]) for name in LISTS if name in parts},
    )
