"""The drug goes in: aerosol by aerosol, or part by part into the bath; and the run sheet beside it."""

from __future__ import annotations

import difflib

from msgspec.structs import replace

from peritia.course.errors import StepRefused
from peritia.course.event import SIGNING, FractionGiven, InjectionEnded, InjectionStarted, RowRecorded
from peritia.course.session import Injection, Session
from peritia.course.step import is_addition_step


def start_injection(session: Session, event: InjectionStarted) -> Session:
    """The next drug of the plan starts, with everyone out and from outside."""
    current = session.current
    if session.aborted is not None or current is None or current.phase != "delivery":
        raise StepRefused("it is not the time for an injection", "every step before it signed, and no abort")
    if event.role not in SIGNING:
        raise StepRefused(f"a {event.role} cannot start an injection", "a clinician, nurse or pharmacist")
    if not event.everyone_out:
        raise StepRefused("somebody is still in the room", "everyone out and the sign on the door")
    if not event.remote:
        raise StepRefused("the injection is not started from outside", "a remote start")
    if session.injecting is not None:
        raise StepRefused("an injection is running", "its end")
    planned = session.plan.doses
    if len(session.injections) >= len(planned):
        raise StepRefused("every drug of the plan is in", "the next step")
    expected = planned[len(session.injections)]
    if event.drug != expected.drug:
        raise StepRefused(f"{event.drug} is not the next drug", expected.drug, "the order is that of the plan")
    return replace(session, injections=(*session.injections, Injection(drug=event.drug, started_at=event.at)))


def end_injection(session: Session, event: InjectionEnded) -> Session:
    """The running injection ends. A volume that is not known leaves the dose unknown."""
    running = session.injecting
    if running is None or running.drug != event.drug:
        raise StepRefused(f"no injection of {event.drug} is running", "the drug whose injection runs")
    planned = session.plan.doses[len(session.injections) - 1].volume_ml
    if event.volume_ml is not None and (event.volume_ml < 0 or (planned is not None and event.volume_ml > planned)):
        raise StepRefused("the volume cannot be right", f"0 to {planned:g} mL" if planned is not None else "a volume not below 0 mL")
    if event.whole and event.volume_ml is not None and planned is not None and event.volume_ml < planned:
        raise StepRefused("the whole syringe is said to be in, yet less than its volume", "one of the two")
    ended = replace(
        running,
        ended_at=event.at,
        volume_ml=event.volume_ml,
        whole=event.whole,
        highest_pressure_psi=event.highest_pressure_psi,
    )
    return replace(session, injections=(*session.injections[:-1], ended))


def give_fraction(session: Session, event: FractionGiven) -> Session:
    """The next part of the dose goes into the bath."""
    if event.role not in SIGNING:
        raise StepRefused(f"a {event.role} cannot give a drug", "a clinician, nurse or pharmacist")
    current = session.current
    begun = bool(session.fractions)
    if session.aborted is not None or current is None or not (begun or is_addition_step(session, current)):
        raise StepRefused("it is not the time to add the drug", "every step before it signed, and no abort")
    expected = session.next_addition
    if expected is None:
        raise StepRefused("every part of the dose is in", "the next step")
    if (event.drug, event.number) != (expected.drug, expected.number):
        raise StepRefused(f"part {event.number} of {event.drug} is not next", f"part {expected.number} of {expected.drug}")
    return replace(session, fractions=(*session.fractions, event))


def record_row(session: Session, event: RowRecorded) -> Session:
    """A line of the run sheet. Columns that the sheet does not have are refused with the nearest name."""
    columns = [column.name for column in session.plan.run_sheet]
    for name in event.values:
        if name not in columns:
            near = difflib.get_close_matches(name, columns, n=2)
            raise StepRefused(f"the run sheet has no column {name[:60]!r}", f"one of {', '.join(near or columns) or 'none'}")
    if not event.values:
        raise StepRefused("the line is empty", "at least one reading")
    return replace(session, rows=(*session.rows, event))
