"""A drug: what it may be mixed with, how much may be given, what to watch, and how it moves through tissue and blood."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.figure import Figure, expect_unit
from peritia.knowledge.kinetics import KineticModel, Observation, TransportName, expect_transport_units
from peritia.sources import Citation, Status, cite

Carrier = Literal["glucose-5", "dialysis-glucose", "sodium-chloride-0.9", "ringer-lactate", "icodextrin"]
"""dialysis-glucose: peritoneal dialysis fluid on glucose; it holds chloride."""
CARRIER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "glucose-5": "glucose 5 %",
        "dialysis-glucose": "glucose-based peritoneal dialysis fluid",
        "sodium-chloride-0.9": "sodium chloride 0.9 %",
        "ringer-lactate": "Ringer's lactate",
        "icodextrin": "icodextrin fluid",
    }
)
Route = Literal["pipac", "hipec", "iv"]
Technique = Literal["open", "closed"]
DoseUnit = Literal["mg/m2", "mg", "g/m2", "mg/kg"]
Family = Literal[
    "platinum", "anthracycline", "mitomycin", "taxane", "topoisomerase-inhibitor", "fluoropyrimidine", "folate", "antibody", "protective",
]  # fmt: skip


class Carriers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fluids the drug may be given in, and those it must not touch."""

    allowed: tuple[Carrier, ...]
    because: str
    source: str | tuple[str, ...]
    forbidden: tuple[Carrier, ...] = ()
    status: Status | None = None

    def __post_init__(self) -> None:
        if both := set(self.allowed) & set(self.forbidden):
            raise ValueError(f"a carrier is allowed and forbidden at once: {', '.join(sorted(both))}")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class DoseRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dose that belongs to one protocol: given by this route, it needs this technique or this partner drug and dose.

    A rule is not advice: a regimen that breaks it does not construct.
    """

    route: Route
    dose: Figure
    because: str
    technique: Technique | None = None
    with_drug: str = ""
    with_dose: Figure | None = None


class DoseCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Above this single dose, by these routes, the planner says so. ``limit`` is in mg/m2 or mg."""

    routes: tuple[Route, ...]
    limit: Figure
    because: str
    trial_only: bool = False
    inclusive: bool = False

    def __post_init__(self) -> None:
        expect_unit("limit", self.limit, "mg/m2", "mg", "g/m2")


class CumulativeLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lifetime total over all routes. ``fact`` is the tally it is compared with; ``when`` says for whom it holds (empty: everyone)."""

    fact: str
    limit: Figure
    because: str
    when: str = ""


class Adjustment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where ``when`` holds, ``give_fraction`` of the usual intravenous dose is given; 0 says not at all."""

    when: str
    give_fraction: float
    because: str
    source: str | tuple[str, ...]
    status: Status | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.give_fraction <= 1:
            raise ValueError("give_fraction is the part of the dose that is given, 0 to 1")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Washout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days between this drug, given systemically, and a procedure."""

    around: Literal["pipac", "laparoscopy", "surgery"]
    before: Figure
    after: Figure | None = None

    def __post_init__(self) -> None:
        expect_unit("before", self.before, "d")
        expect_unit("after", self.after, "d")


class Contraception(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Months of contraception after the last dose."""

    female: Figure
    male: Figure

    def __post_init__(self) -> None:
        expect_unit("female", self.female, "mo")
        expect_unit("male", self.male, "mo")


class Equivalence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Milligrams of ``drug`` that one milligram of this one counts as, in a cumulative tally."""

    drug: str
    factor: Figure

    def __post_init__(self) -> None:
        expect_unit("factor", self.factor, "1")


class Drug(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drug. ``dose_units`` are the only units it is dosed in; ``contraindicated`` and ``cautions`` are criteria over facts.

    ``tally_fact`` and ``hypersensitivity_fact`` name facts of the case. ``transport`` and ``kinetics`` feed the simulation.
    """

    id: str = ""
    name: str
    family: Family
    dose_units: tuple[DoseUnit, ...]
    routes: tuple[Route, ...]
    patient: str = ""
    carriers: Carriers | None = None
    dose_rules: tuple[DoseRule, ...] = ()
    dose_checks: tuple[DoseCheck, ...] = ()
    cumulative: tuple[CumulativeLimit, ...] = ()
    tally_fact: str = ""
    hypersensitivity_fact: str = ""
    equivalence: Equivalence | None = None
    contraindicated: tuple[Criterion, ...] = ()
    cautions: tuple[Criterion, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    monitoring: tuple[Claim, ...] = ()
    warnings: tuple[Claim, ...] = ()
    contraception: Contraception | None = None
    washout: tuple[Washout, ...] = ()
    molar_mass: Figure | None = None
    transport: dict[TransportName, Figure] = {}
    kinetics: tuple[KineticModel, ...] = ()
    observations: tuple[Observation, ...] = ()

    def __post_init__(self) -> None:
        expect_unit("molar_mass", self.molar_mass, "g/mol")
        expect_transport_units(self.transport)
        for rule in self.dose_rules:
            expect_unit("dose of a rule", rule.dose, *self.dose_units)
