"""The plan of one session: what is given, how, when next; every check with its answer; what two people sign."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from peritia.course.check import Answer, Check, overall
from peritia.course.limit import Limit
from peritia.knowledge.checklist import Column, Step
from peritia.knowledge.claim import Claim
from peritia.knowledge.prescription import DrugDose, Prescription
from peritia.knowledge.tally import Tally
from peritia.quantities.body import SurfaceFormula


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One number that the team sets or keeps to, as printed, with who says so."""

    name: str
    shown: str
    value: float | None = None
    unit: str = ""
    sources: tuple[str, ...] = ()
    verified: bool = False


class FormulaDoses(msgspec.Struct, frozen=True, kw_only=True):
    """The doses by one body surface formula; ``amounts`` as printed, in the order of the regimen."""

    formula: SurfaceFormula
    body_surface_m2: float
    amounts: tuple[str, ...]


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a dose that goes into the bath ``at_minutes`` after the first."""

    drug: str
    name: str
    number: int
    amount: float | None
    unit: str
    at_minutes: float


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What made the plan: the same three hashes give the same plan."""

    program: str
    knowledge_version: str
    knowledge_hash: str
    facts_hash: str


class SessionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What one session gives one person on one day. Whole in itself: it can be stored, printed and signed without the library.

    ``by_formula`` holds the doses by every body surface formula; ``formulas_differ`` says that they differ by more than the stated share.
    ``next_from`` to ``next_to``: the window of the next PIPAC. ``resume_systemic_on``: the first day for systemic treatment again.
    ``notes``: what protocol and labels ask to be watched. ``entered``: facts that somebody gave for this plan and that are not on file.
    ``hold_minutes``: time under aerosol (PIPAC) or of perfusion (HIPEC); the shorter where the source gives a range.
    """

    case_id: str | None
    on: date
    regimen: str
    name: str
    route: Literal["pipac", "hipec"]
    protocol: str
    context: str
    number: int | None
    formula: SurfaceFormula
    height_cm: float | None
    weight_kg: float | None
    weight_on: date | None
    body_surface_m2: float | None
    by_formula: tuple[FormulaDoses, ...]
    formulas_differ: bool | None
    prescription: Prescription | None
    additions: tuple[Addition, ...]
    hold_minutes: float | None
    settings: tuple[Setting, ...]
    notes: tuple[Setting, ...]
    entered: dict[str, bool | int | float | str]
    limits: tuple[Limit, ...]
    tallies: tuple[Tally, ...]
    checks: tuple[Check, ...]
    checklist: str
    steps: tuple[Step, ...]
    run_sheet: tuple[Column, ...]
    abort: tuple[Claim, ...]
    next_from: date | None
    next_to: date | None
    resume_systemic_on: date | None
    provenance: Provenance

    @property
    def answer(self) -> Answer:
        """Go, no-go, or cannot say; hard checks decide."""
        return overall(self.checks)

    @property
    def blocking(self) -> tuple[Check, ...]:
        """The checks that keep it from being signed off without an override."""
        return tuple(check for check in self.checks if check.blocks)

    @property
    def warnings(self) -> tuple[Check, ...]:
        """The checks that warn and do not stop."""
        return tuple(check for check in self.checks if check.warns)

    @property
    def doses(self) -> tuple[DrugDose, ...]:
        """Drugs into the peritoneum, in order of giving; none while the body surface is unknown."""
        return self.prescription.agents if self.prescription is not None else ()

    @property
    def infusions(self) -> tuple[DrugDose, ...]:
        """Drugs by vein beside it."""
        return self.prescription.intravenous if self.prescription is not None else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The line on each syringe, bag or order."""
        return tuple(dose.text for dose in (*self.doses, *self.infusions))

    def check(self, id_: str) -> Check:
        """One check by its id. Raises ``KeyError``."""
        return {check.id: check for check in self.checks}[id_]

    def limit(self, step: str, record: str) -> Limit | None:
        """The limit of a reading, if there is one."""
        return next((limit for limit in self.limits if (limit.step, limit.record) == (step, record)), None)
