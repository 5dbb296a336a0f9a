"""What is asked on the day of a session before it may begin: which questions, how hard each answer is, which readings stop a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from peritia.knowledge.criterion import formula
from peritia.knowledge.drug import Family
from peritia.knowledge.figure import Figure
from peritia.sources import Citation, Status, cite

if TYPE_CHECKING:
    from peritia.criteria import Formula

Topic = Literal[
    "dose", "total", "organs", "allergy", "pregnancy", "interval", "wash-out", "laboratory", "regimen", "choice", "other",
]  # fmt: skip
RuleId = Literal[
    "body-surface", "formulas-differ", "dose-known", "single-dose", "trial-only", "former-regimen", "capped", "lifetime-limit",
    "lifetime-notice", "contraindication", "drug-caution", "dose-adjustment", "requirement", "exclusion", "refusal", "interval",
    "wash-out", "bevacizumab", "meant-for",
]  # fmt: skip
RegimenFigure = Literal["injection_flow", "injection_pressure_limit", "pressure", "temperature", "perfusion_flow"]
DeviceFigure = Literal["flow", "pressure"]


class DayCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question on the day. ``when`` true is go, with ``because``; false is no-go, with ``otherwise``; unknown cannot be said.

    A ``hard`` one keeps the session from being signed off unless a clinician overrides it. ``families``: asked only with such a drug.
    """

    id: str
    topic: Topic
    when: str
    because: str
    otherwise: str
    source: str | tuple[str, ...]
    hard: bool
    families: tuple[Family, ...] = ()
    status: Status | None = None
    note: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)

    @property
    def formula(self) -> Formula:
        """``when``, parsed."""
        return formula(self.when)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the planner judges what it works out from the regimen, its drugs and the treatment: where it belongs and how hard it is.

    Without ``overridable`` nobody can wave it through: nothing can be prepared while it stands.
    """

    rule: RuleId
    topic: Topic
    hard: bool
    overridable: bool = True
    source: str | tuple[str, ...]
    status: Status | None = None
    note: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number written down at a step (or, without ``step``, on the run sheet) and where it may lie.

    ``figure`` is the border; the regimen's own figure, and the device's where it is stricter, take its place. A reading outside a
    ``hard`` border keeps the step from being signed. ``tolerance`` widens a single value to a range.
    """

    record: str
    figure: Figure
    because: str
    step: str = ""
    hard: bool = False
    from_regimen: RegimenFigure | None = None
    from_device: DeviceFigure | None = None
    tolerance: Figure | None = None
    role: Literal["ceiling", "range"] = "range"


class SessionChecks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything asked on the day of a session by one route.

    ``treatments``: whose requirements and exclusions are asked again, the first that has the regimen as an arm. ``facts``: those that
    only the board judges; criteria over them are not asked again. ``lifetime_limits``: totals that stop a session when passed; totals
    not named here are told and do not stop. ``checklist`` names the steps.
    """

    id: str = ""
    name: str
    route: Literal["pipac", "hipec"]
    checklist: str
    treatments: tuple[str, ...]
    source: str | tuple[str, ...]
    facts: tuple[str, ...] = ()
    lifetime_limits: tuple[str, ...] = ()
    rules: tuple[Rule, ...]
    checks: tuple[DayCheck, ...] = ()
    readings: tuple[Reading, ...] = ()

    def __post_init__(self) -> None:
        seen = [one.rule for one in self.rules]
        if len(seen) != len(set(seen)):
            raise ValueError("two rules have one name")
        ids = [one.id for one in self.checks]
        if len(ids) != len(set(ids)):
            raise ValueError("two checks have one id")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source)

    def rule(self, name: RuleId) -> Rule:
        """The rule of that name. Raises ``KeyError`` when the file has none."""
        return {one.rule: one for one in self.rules}[name]
