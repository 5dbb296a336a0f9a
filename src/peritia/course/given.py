"""What a session really gave: milligrams from the volumes that went in or the parts that were added. Unknown volumes give unknown doses."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from peritia.case.treatment import Dose, Drug
from peritia.course.errors import CourseRefused
from peritia.course.session import Session
from peritia.knowledge.prescription import DrugDose


class BathRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a HIPEC gave: doses, minutes from the first part to the drain, mean inflow temperature of the lines written in that time."""

    drugs: tuple[Dose, ...]
    minutes: float | None
    temperature_c: float | None


def doses_given(session: Session) -> tuple[Dose, ...]:
    """The doses that entered the abdomen. A drug that was not started is not listed; one of unknown amount is listed without a dose."""
    return _aerosol(session) if session.plan.route == "pipac" else _bath(session)


def bath_record(session: Session) -> BathRecord:
    """The perfusion of a HIPEC. Raises ``CourseRefused`` for a PIPAC."""
    if session.plan.route != "hipec":
        raise CourseRefused("this session is a PIPAC", "a HIPEC")
    clock = session.clock
    drained = next((one.at for one in session.signed if session.step(one.step).phase == "evacuation"), None)
    warm = [
        row.values["inflow temperature"]
        for row in session.rows
        if "inflow temperature" in row.values
        and clock is not None
        and row.at >= clock.started_at
        and (drained is None or row.at <= drained)
    ]
    return BathRecord(
        drugs=doses_given(session),
        minutes=(drained - clock.started_at).total_seconds() / 60 if drained is not None and clock is not None else None,
        temperature_c=sum(warm) / len(warm) if warm else None,
    )


def _aerosol(session: Session) -> tuple[Dose, ...]:
    found: list[Dose] = []
    for injection, planned in zip(session.injections, session.plan.doses, strict=False):
        share = 1.0 if injection.whole else None
        if share is None and injection.volume_ml is not None and planned.volume_ml:
            share = injection.volume_ml / planned.volume_ml
        found.append(_dose(planned, share, session))
    return tuple(found)


def _bath(session: Session) -> tuple[Dose, ...]:
    given = session.plan.additions[: len(session.fractions)]
    found: list[Dose] = []
    for planned in session.plan.doses:
        parts = [one.amount for one in given if one.drug == planned.drug]
        if parts:
            whole = planned.amount
            total = _sum(parts)
            found.append(_dose(planned, None if whole is None or total is None else total / whole, session))
    return tuple(found)


def _dose(planned: DrugDose, share: float | None, session: Session) -> Dose:
    drug: Drug = planned.drug  # pyright: ignore[reportAssignmentType]  (drugs of regimens are drugs of the case; a test holds it)
    amount = planned.amount
    surface = session.plan.body_surface_m2
    if share is None or amount is None or surface is None or planned.unit != "mg":
        return Dose(drug=drug)
    return Dose(drug=drug, mg=amount * share, mg_per_m2=amount * share / surface)


def _sum(parts: Iterable[float | None]) -> float | None:
    known = list(parts)
    return None if None in known else sum(part for part in known if part is not None)
