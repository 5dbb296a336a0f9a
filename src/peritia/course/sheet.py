"""The session sheet: plan, checks, checklist with signatures and run sheet as plain rows, for a page, a print or a terminal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from peritia.course.check import Answer, Check
from peritia.course.plan import SessionPlan
from peritia.course.run_warning import RunWarning, warnings
from peritia.course.session import Session, Status
from peritia.course.step import people_needed
from peritia.course.wording import unit

NOTICE = "Research and education only, not a medical device. The team that signs is answerable for every number on this sheet."


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A name, what stands beside it, who says so, and whether a source that was read says it."""

    name: str
    shown: str
    sources: tuple[str, ...] = ()
    verified: bool | None = None


class CheckRow(msgspec.Struct, frozen=True, kw_only=True):
    """One check as printed. ``mark``: go, warn (not hard), stop (hard and no-go), ask (hard and cannot be said), or overridden."""

    mark: Literal["go", "warn", "stop", "ask", "overridden"]
    id: str
    topic: str
    reason: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool
    override: str = ""


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the checklist with its signatures and what was written down; empty lines where nothing was yet."""

    number: int
    id: str
    phase: str
    text: str
    people: int
    record: tuple[str, ...]
    limits: tuple[str, ...]
    signed: tuple[str, ...]
    recorded: tuple[str, ...]
    done: bool


class SessionSheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on paper. ``answer`` counts overrides that were recorded."""

    title: str
    on: date
    answer: Answer
    status: Status | None
    person: tuple[Line, ...]
    doses: tuple[Line, ...]
    by_formula: tuple[Line, ...]
    settings: tuple[Line, ...]
    notes: tuple[Line, ...]
    entered: tuple[Line, ...]
    limits: tuple[Line, ...]
    totals: tuple[Line, ...]
    additions: tuple[Line, ...]
    checks: tuple[CheckRow, ...]
    plan_signed: tuple[str, ...]
    steps: tuple[StepRow, ...]
    run_columns: tuple[str, ...]
    run_rows: tuple[tuple[str, ...], ...]
    warnings: tuple[RunWarning, ...]
    aborted: str
    afterwards: tuple[Line, ...]
    provenance: tuple[Line, ...]
    notice: str = NOTICE


def session_sheet(plan: SessionPlan, session: Session | None = None, now: datetime | None = None) -> SessionSheet:
    """The sheet of a plan, or of a session as it stands. Warnings of what is due or overdue need ``now``."""
    blocked = plan.blocking if session is None else session.blocking
    answer: Answer = plan.answer if session is None else "no-go" if any(one.answer == "no-go" for one in blocked) else _open(blocked)
    moment = now or (session.last_at if session is not None else None)
    return SessionSheet(
        title=f"{plan.route.upper()}{f' {plan.number}' if plan.number else ''}: {plan.name}",
        on=plan.on,
        answer=answer,
        status=session.status if session is not None else None,
        person=_person(plan),
        doses=tuple(
            Line(name=one.name, shown=one.text, sources=tuple(str(source) for source in one.citations))
            for one in (*plan.doses, *plan.infusions)
        ),
        by_formula=tuple(Line(name=f"{one.formula} {one.body_surface_m2:.3f} m2", shown="; ".join(one.amounts)) for one in plan.by_formula),
        settings=tuple(Line(name=one.name, shown=one.shown, sources=one.sources, verified=one.verified) for one in plan.settings),
        notes=tuple(Line(name=one.name, shown=one.shown, sources=one.sources, verified=one.verified) for one in plan.notes),
        entered=tuple(Line(name=name, shown=str(value)) for name, value in plan.entered.items()),
        limits=tuple(
            Line(name=f"{one.record}{' (stops)' if one.hard else ''}", shown=one.text, sources=one.sources) for one in plan.limits
        ),
        totals=tuple(
            Line(
                name=f"{one.drug}, limit {one.limit:g} {one.unit}",
                shown=f"{_shown(one.before)} + {_shown(one.added)} = {_shown(one.after)} {one.unit}",
                sources=tuple(str(source) for source in one.citations),
            )
            for one in plan.tallies
        ),
        additions=tuple(
            Line(name=f"{one.name}, part {one.number}", shown=f"{_shown(one.amount)} {one.unit} at {one.at_minutes:g} min")
            for one in plan.additions
        ),
        checks=tuple(_check(check, session) for check in sorted(plan.checks, key=_gravity)),
        plan_signed=tuple(_signature(one.by, one.role, one.at) for one in session.plan_signed) if session is not None else (),
        steps=_steps(plan, session),
        run_columns=tuple(f"{column.name} ({unit(column.unit)})" for column in plan.run_sheet),
        run_rows=_rows(plan, session),
        warnings=warnings(session, moment) if session is not None and moment is not None else (),
        aborted=session.aborted.reason if session is not None and session.aborted is not None else "",
        afterwards=_afterwards(plan),
        provenance=(
            Line(name="program", shown=plan.provenance.program),
            Line(name="knowledge", shown=f"{plan.provenance.knowledge_version} ({plan.provenance.knowledge_hash[:12]})"),
            Line(name="facts", shown=plan.provenance.facts_hash[:12]),
        ),
    )


def _open(blocked: tuple[Check, ...]) -> Answer:
    return "cannot-say" if blocked else "go"


def _shown(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:.1f}"


def _person(plan: SessionPlan) -> tuple[Line, ...]:
    height = "unknown" if plan.height_cm is None else f"{plan.height_cm:g} cm"
    weight = "unknown" if plan.weight_kg is None else f"{plan.weight_kg:g} kg" + (f" on {plan.weight_on}" if plan.weight_on else "")
    surface = "unknown" if plan.body_surface_m2 is None else f"{plan.body_surface_m2:.3f} m2 by {plan.formula}"
    return (Line(name="height", shown=height), Line(name="weight", shown=weight), Line(name="body surface", shown=surface))


def _gravity(check: Check) -> int:
    """Stops first, then what cannot be said, then warnings."""
    return 0 if check.blocks and check.answer == "no-go" else 1 if check.blocks else 2 if check.warns else 3


def _check(check: Check, session: Session | None) -> CheckRow:
    override = next((one for one in session.overrides if one.check == check.id), None) if session is not None else None
    facts = tuple(
        f"{fact.name} {'unknown' if fact.value is None else fact.value}"
        + (f" ({fact.shown or fact.state})" if fact.value is not None else "")
        for fact in check.facts
    )
    mark: Literal["go", "warn", "stop", "ask", "overridden"] = "go"
    if override is not None:
        mark = "overridden"
    elif check.blocks:
        mark = "stop" if check.answer == "no-go" else "ask"
    elif check.warns:
        mark = "warn"
    return CheckRow(
        mark=mark,
        id=check.id,
        topic=check.topic,
        reason=check.reason,
        facts=facts,
        sources=check.sources,
        verified=check.verified,
        override=f"{override.reason} ({_signature(override.by, override.role, override.at)})" if override is not None else "",
    )


def _signature(by: str, role: str, at: datetime) -> str:
    return f"{by}, {role}, {at:%H:%M}"


def _steps(plan: SessionPlan, session: Session | None) -> tuple[StepRow, ...]:
    rows: list[StepRow] = []
    for number, step in enumerate(plan.steps, start=1):
        given = session.signatures(step.id) if session is not None else ()
        rows.append(
            StepRow(
                number=number,
                id=step.id,
                phase=step.phase,
                text=step.text,
                people=people_needed(step),
                record=step.record,
                limits=tuple(f"{one.record}: {one.text}" for one in plan.limits if one.step == step.id),
                signed=tuple(_signature(one.by, one.role, one.at) for one in given),
                recorded=tuple(f"{name}: {value}" for one in given for name, value in one.recorded.items()),
                done=len(given) >= people_needed(step),
            )
        )
    return tuple(rows)


def _rows(plan: SessionPlan, session: Session | None) -> tuple[tuple[str, ...], ...]:
    if session is None:
        return ()
    names = [column.name for column in plan.run_sheet]
    return tuple((f"{row.at:%H:%M}", *(f"{row.values[name]:g}" if name in row.values else "" for name in names)) for row in session.rows)


def _afterwards(plan: SessionPlan) -> tuple[Line, ...]:
    lines: list[Line] = []
    if plan.next_from is not None and plan.next_to is not None:
        lines.append(Line(name="next session", shown=f"{plan.next_from} to {plan.next_to}"))
    if plan.resume_systemic_on is not None:
        lines.append(Line(name="systemic treatment again", shown=f"from {plan.resume_systemic_on}"))
    return tuple(lines)
