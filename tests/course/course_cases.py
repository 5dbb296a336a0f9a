"""Cases, plans and event lists that the tests of the course share."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import cache

import msgspec

from peritia.case import Case
from peritia.course import (
    CheckOverridden,
    Event,
    FractionGiven,
    InjectionEnded,
    InjectionStarted,
    PlanSigned,
    RowRecorded,
    SessionOpened,
    SessionPlan,
    StepSigned,
    plan_session,
)
from peritia.patients import ASSESSED_ON, read

DAY = ASSESSED_ON
ZONE = timezone(timedelta(hours=1))
START = datetime(DAY.year, DAY.month, DAY.day, 8, 0, tzinfo=ZONE)


@cache
def maria_plan() -> SessionPlan:
    """Oxaliplatin for Maria: every hard check is go."""
    return plan_session(read("maria"), "pipac-oxaliplatin-120", DAY)


@cache
def maria_blocked() -> SessionPlan:
    """The same eight days later: the laboratory values are too old."""
    later = date(2026, 11, 24)
    return plan_session(read("maria"), "pipac-oxaliplatin-120", later)


@cache
def double_plan() -> SessionPlan:
    """Cisplatin and doxorubicin for Maria, with what is missing entered."""
    return plan_session(read("maria"), "pipac-cisplatin-doxorubicin-10-5", DAY, entered={"breastfeeding": False})


@cache
def bath_plan() -> SessionPlan:
    """Mitomycin in three parts for Maria."""
    return plan_session(read("maria"), "hipec-mitomycin-35-dutch", DAY, entered={"mitomycin_hypersensitivity": False})


def with_body(case: Case, height_cm: float, weight_kg: float) -> Case:
    """The case with one body measure."""
    from peritia.case.identity import BodyMeasure

    body = (BodyMeasure(on=DAY, height_cm=height_cm, weight_kg=weight_kg),)
    return msgspec.structs.replace(case, patient=msgspec.structs.replace(case.patient, body=body))


class Script:
    """Writes events with a clock that moves on by a minute each."""

    def __init__(self, plan: SessionPlan) -> None:
        self.at = START.replace(year=plan.on.year, month=plan.on.month, day=plan.on.day)
        self.plan = plan
        self.events: list[Event] = [SessionOpened(at=self.at, by="Ada", role="clinician", session="s1", plan=plan)]

    def wait(self, minutes: float) -> Script:
        self.at += timedelta(minutes=minutes)
        return self

    def tick(self) -> datetime:
        self.wait(1)
        return self.at

    def override_all(self) -> Script:
        for check in self.plan.blocking:
            self.events.append(CheckOverridden(at=self.tick(), by="Ada", role="clinician", check=check.id, reason="seen on paper"))
        return self

    def sign_plan(self) -> Script:
        self.events += [
            PlanSigned(at=self.tick(), by="Ada", role="clinician"),
            PlanSigned(at=self.tick(), by="Ben", role="nurse"),
        ]
        return self

    def step(self, id_: str, **recorded: float | str) -> Script:
        step = {one.id: one for one in self.plan.steps}[id_]
        values: dict[str, float | str] = {name: recorded.get(name.replace(" ", "_"), recorded.get(name, "noted")) for name in step.record}
        values |= {name.replace("_", " "): value for name, value in recorded.items() if name.replace("_", " ") in step.record}
        people = (("Ada", "clinician"), ("Ben", "nurse")) if step.two_people else (("Ben", "nurse"),)
        for name, role in people:
            self.events.append(StepSigned(at=self.tick(), by=name, role=role, step=id_, recorded=values))  # pyright: ignore
        return self

    def until_delivery(self) -> Script:
        self.sign_plan()
        for id_ in ("sign-in", "drug-check", "trocars", "extent", "biopsies"):
            self.step(id_)
        self.step("tightness", pressure=12.0, gas_flow=0.0)
        self.step("nozzle")
        return self.step("injector", flow=30.0, pressure_limit=200.0)

    def inject(self) -> Script:
        for dose in self.plan.doses:
            self.events.append(InjectionStarted(at=self.tick(), by="Ben", role="nurse", drug=dose.drug, everyone_out=True, remote=True))
            self.wait(dose.injection_minutes or 5)
            self.events.append(
                InjectionEnded(at=self.tick(), by="Ben", role="nurse", drug=dose.drug, volume_ml=dose.volume_ml, highest_pressure_psi=180.0)
            )
        return self

    def whole_pipac(self) -> list[Event]:
        self.until_delivery().inject().step("everyone-out").wait(30).step("hold", pressure=12.0)
        for id_ in ("evacuation", "closing", "staff-log"):
            self.step(id_)
        return self.events

    def until_drug(self) -> Script:
        self.sign_plan()
        for id_ in ("sign-in", "drug-check", "residual", "catheters", "fill", "cool-patient", "warm", "intravenous"):
            self.step(id_)
        return self

    def add(self, position: int) -> Script:
        part = self.plan.additions[position]
        self.events.append(FractionGiven(at=self.tick(), by="Ben", role="nurse", drug=part.drug, number=part.number))
        return self

    def row(self, **values: float) -> Script:
        named = {name.replace("_", " "): value for name, value in values.items()}
        self.events.append(RowRecorded(at=self.at, by="Ben", role="nurse", values=named))
        return self
