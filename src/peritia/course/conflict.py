"""Conflicts between sessions and systemic cycles: each named, with the days that make it and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from peritia.course.window import days_of, next_window
from peritia.knowledge import Library
from peritia.knowledge.regimen import Regimen
from peritia.sources import Citation

if TYPE_CHECKING:
    from peritia.course.schedule import Cycle

ConflictKind = Literal[
    "wash-out-before", "wash-out-after", "bevacizumab-gap", "interval-under-28-days", "interval-over-70-days", "outside-window", "same-day",
]  # fmt: skip


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """``hard`` ones break a stated wash-out; the others warn. ``days`` is the gap found, ``wanted`` the gap asked for."""

    kind: ConflictKind
    on: date
    text: str
    hard: bool
    days: int
    wanted: int
    sources: tuple[str, ...] = ()


def conflicts(
    sessions: Sequence[date], cycles: Sequence[Cycle], regimen: Regimen, knowledge: Library, *, last: date | None = None
) -> tuple[Conflict, ...]:
    """Every conflict of these sessions with these cycles and with each other, in order of time. ``last``: the session before them."""
    days = sorted(sessions)
    found = [*_intervals(days, last, regimen, knowledge)]
    for day in days:
        for cycle in cycles:
            found += _wash_out(day, cycle, regimen, knowledge)
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.days)))


def _wash_out(day: date, cycle: Cycle, regimen: Regimen, knowledge: Library) -> Iterator[Conflict]:
    if cycle.on <= day <= cycle.ends:
        text = f"{cycle.name} is given on the day of the session"
        yield Conflict(kind="same-day", on=day, text=text, hard=True, days=0, wanted=1, sources=(regimen.protocol,))
        return
    if cycle.ends < day:
        gap = (day - cycle.ends).days
        before = regimen.washout_before
        if before is not None and before.value is not None and gap < days_of(before):
            wanted = days_of(before)
            text = f"{cycle.name} ends {gap} days before the session; {wanted} are asked for"
            yield Conflict(kind="wash-out-before", on=day, text=text, hard=True, days=gap, wanted=wanted, sources=_cited(before.citations))
        yield from _bevacizumab(day, gap, cycle, knowledge)
        return
    gap = (cycle.on - day).days
    after = regimen.washout_after
    if after is not None and after.value is not None and gap < days_of(after):
        wanted = days_of(after)
        text = f"{cycle.name} begins {gap} days after the session; {wanted} are asked for"
        yield Conflict(kind="wash-out-after", on=day, text=text, hard=True, days=gap, wanted=wanted, sources=_cited(after.citations))


def _bevacizumab(day: date, gap: int, cycle: Cycle, knowledge: Library) -> Iterator[Conflict]:
    if "bevacizumab" not in cycle.drugs:
        return
    for rule in knowledge.drugs["bevacizumab"].washout:
        if rule.around == "pipac" and gap < days_of(rule.before):
            wanted = days_of(rule.before)
            text = f"{cycle.name}: bevacizumab {gap} days before the session; {wanted} are asked for"
            yield Conflict(
                kind="bevacizumab-gap", on=day, text=text, hard=True, days=gap, wanted=wanted, sources=_cited(rule.before.citations)
            )


def _intervals(days: Sequence[date], last: date | None, regimen: Regimen, knowledge: Library) -> Iterator[Conflict]:
    if regimen.interval is None:
        return  # HIPEC is not repeated by interval
    row = [last, *days] if last is not None else list(days)
    limits = knowledge.checklists["session-plan"].limits
    below, above = limits["pipac_interval_warn_below"], limits["pipac_interval_warn_above"]
    for before, day in pairwise(row):
        gap = (day - before).days
        window = next_window(regimen, before, knowledge)
        if gap < days_of(below):
            text = f"{gap} days after the last PIPAC; under {days_of(below)}"
            kind: ConflictKind = "interval-under-28-days"
            yield Conflict(kind=kind, on=day, text=text, hard=False, days=gap, wanted=days_of(below), sources=_cited(below.citations))
        elif gap > days_of(above):
            text = f"{gap} days after the last PIPAC; over {days_of(above)}, the course has a gap"
            yield Conflict(
                kind="interval-over-70-days",
                on=day,
                text=text,
                hard=False,
                days=gap,
                wanted=days_of(above),
                sources=_cited(above.citations),
            )
        elif not window.holds(day):
            wanted = window.earliest if day < window.earliest else window.latest
            text = f"outside the regimen's window, {window.earliest} to {window.latest}"
            yield Conflict(
                kind="outside-window",
                on=day,
                text=text,
                hard=False,
                days=gap,
                wanted=(wanted - before) // timedelta(days=1),
                sources=window.sources,
            )


def _cited(citations: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(str(one) for one in citations)
