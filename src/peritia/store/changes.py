"""What a writer asks for: entries to add, correct, withdraw. Checked for form before the database is touched."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from peritia.case import Case, Conflict, conflicts
from peritia.case.conflicts import last_day
from peritia.errors import InputRefused, Problem
from peritia.store.errors import EntryUnknown, EntryWithdrawn
from peritia.store.event import Action, Author, check_texts
from peritia.store.replay import Step, replay, standing
from peritia.store.sections import Section, payload_of, plain_of


class Add(msgspec.Struct, frozen=True, kw_only=True):
    """A new entry. ``so_on``: since when it is so; by default the entry's own day."""

    section: str
    payload: Any
    so_on: date | None = None


class Correct(msgspec.Struct, frozen=True, kw_only=True):
    """The whole entry as it should have been. Brings a withdrawn entry back."""

    entry: str
    payload: Any
    reason: str = ""
    so_on: date | None = None


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """The entry should never have been there."""

    entry: str
    reason: str


Change = Add | Correct | Withdraw


class Draft(msgspec.Struct, frozen=True):
    """A change in the record's own terms, its payload plain. Section of a correction, entry of an addition: found against the case."""

    action: Action
    section: str
    entry: str
    payload: Any
    so_on: str
    reason: str


def drafts(changes: Sequence[Change]) -> tuple[Draft, ...]:
    """The changes with their texts checked and payloads made plain. Their form is checked when the section of each is known."""
    found: list[Draft] = []
    for change in changes:
        reason = "" if isinstance(change, Add) else change.reason
        check_texts({"reason": reason}, limit=1000, needed=isinstance(change, Withdraw))
        if isinstance(change, Withdraw):
            found.append(Draft("withdraw", "", change.entry, "", "", reason))
        else:
            so_on = change.so_on.isoformat() if change.so_on else ""
            if isinstance(change, Add):
                found.append(Draft("add", change.section, "", plain_of(change.payload), so_on, ""))
            else:
                found.append(Draft("correct", "", change.entry, plain_of(change.payload), so_on, reason))
    if not found:
        raise InputRefused("entry", (Problem("", None, "nothing to write"),))
    return tuple(found)


def settled(case_id: str, steps: Sequence[Step], asked: Sequence[Draft], sections: Mapping[str, Section]) -> tuple[Step, ...]:
    """The drafts as steps that follow ``steps``: entry ids given, sections found, payloads in canonical form.

    Raises ``InputRefused``, ``EntryUnknown``, ``EntryWithdrawn``.
    """
    last = {step.entry: step for step in steps if step.entry}
    version, found = len(steps), list[Step]()
    problems: list[Problem] = []
    for place, draft in enumerate(asked):
        version += 1
        before = last.get(draft.entry)
        if draft.action != "add":
            if before is None:
                raise EntryUnknown(case_id, draft.entry)
            if draft.action == "withdraw" and before.action == "withdraw":
                raise EntryWithdrawn(draft.entry)
        section = before.section if before is not None else draft.section
        payload, so_on = "", draft.so_on
        if draft.action != "withdraw":
            try:
                payload, own_day = payload_of(sections, section, draft.payload)
            except InputRefused as refused:
                problems += [msgspec.structs.replace(one, path=_path(place, len(asked), one.path)) for one in refused.problems]
                continue
            so_on = so_on or own_day
        step = Step(draft.action, section, draft.entry or f"{section}-{version}", payload, so_on)
        last[step.entry] = step
        found.append(step)
    if problems:
        raise InputRefused("entry", tuple(problems))
    return tuple(found)


def _path(place: int, of: int, path: str) -> str:
    return path if of == 1 else f"[{place}].{path}".rstrip(".")


def check_sense(case_id: str, before: Sequence[Step], written: Sequence[Step]) -> None:
    """Refuse a write that leaves the case without a primary, or with a contradiction that it did not have before."""
    after = [*before, *written]
    case = replay(case_id, after)
    if case is None:
        raise InputRefused("entry", (Problem("primary", None, "a case cannot do without its primary", "correct the entry instead"),))
    refused = _refused(case)
    if not refused:
        return
    earlier = replay(case_id, before)
    known = Counter((one.name, one.message) for one in _refused(earlier)) if earlier else Counter[tuple[str, str]]()
    new: list[Problem] = []
    for one in refused:
        known[one.name, one.message] -= 1
        if known[one.name, one.message] < 0:
            new.append(Problem(_where(one.path, after, written), None, one.message, one.hint))
    if new:
        raise InputRefused("entry", tuple(new))


_PLACE = re.compile(r"(?P<section>\w+)(?:\[(?P<place>\d+)\])?\.?(?P<rest>.*)\Z")


def _where(path: str, after: Sequence[Step], written: Sequence[Step]) -> str:
    """A path within the case (``labs[2].unit``) as the writer knows it: the field of what is written now, or an entry's id and field."""
    match = _PLACE.match(path.removeprefix("patient.") if path.startswith("patient.body") else path)
    ids = [step.entry for step in standing(after) if match and step.section == match["section"]]
    place = int(match["place"] or 0) if match else 0
    if match is None or place >= len(ids):
        return path
    now = [step.entry for step in written]
    if ids[place] in now:
        return _path(now.index(ids[place]), len(now), match["rest"])
    return f"{ids[place]}.{match['rest']}".rstrip(".")


def _refused(case: Case) -> list[Conflict]:
    return [one for one in conflicts(case, last_day(case) or date.min) if one.severity == "refuse"]


def digest_of(case_id: str, author: Author, asked: Sequence[Draft]) -> str:
    """Tells two writes apart, whatever their order of keys. The version that the writer saw is no part of what is written."""
    plain: Any = msgspec.to_builtins([case_id, author, asked])
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()
