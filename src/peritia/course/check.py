"""A check: one cited question before a session, with its answer, and whether it stops the session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from peritia.knowledge.session_check import Topic
from peritia.options import FactUsed

Answer = Literal["go", "no-go", "cannot-say"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` names the check for good. ``reason`` is the answer in a sentence; ``facts`` what it was read from; ``sources`` who says so.

    A ``hard`` check that is not go keeps the session from being signed off; what cannot be said never counts as a pass.
    One that is not ``overridable`` has to be settled: nothing can be prepared while it stands.
    """

    id: str
    topic: Topic
    answer: Answer
    hard: bool
    reason: str
    facts: tuple[FactUsed, ...] = ()
    when: str = ""
    sources: tuple[str, ...] = ()
    verified: bool = False
    note: str = ""
    overridable: bool = True

    @property
    def blocks(self) -> bool:
        """Whether it keeps the session from being signed off."""
        return self.hard and self.answer != "go"

    @property
    def warns(self) -> bool:
        """Whether it is shown as a warning and does not stop."""
        return not self.hard and self.answer != "go"


def overall(checks: Iterable[Check]) -> Answer:
    """No-go if one hard check is; else cannot say if one hard check cannot; else go. What is not hard warns and decides nothing."""
    answers = {check.answer for check in checks if check.hard}
    if "no-go" in answers:
        return "no-go"
    return "cannot-say" if "cannot-say" in answers else "go"


def merged(checks: Iterable[Check]) -> tuple[Check, ...]:
    """One check for each id, in order of first mention: the stricter hardness, all sources. A warning may repeat a stop."""
    found: dict[str, Check] = {}
    for check in checks:
        first = found.get(check.id)
        if first is None:
            found[check.id] = check
            continue
        found[check.id] = msgspec.structs.replace(
            first,
            hard=first.hard or check.hard,
            sources=tuple(dict.fromkeys((*first.sources, *check.sources))),
            # A second source cannot weaken what the first one verified; it can only add to it.
            verified=first.verified or check.verified,
            note=first.note or check.note,
        )
    return tuple(found.values())
