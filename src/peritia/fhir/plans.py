"""What has never been given, and what the team already intends."""

from __future__ import annotations

from typing import Any

from peritia.case.treatment import NoTreatment, Plans
from peritia.fhir.draft import Draft
from peritia.fhir.panel import Item, panel, read_components
from peritia.fhir.resources import Observation
from peritia.fhir.written import Written, write_components

PLANS = panel(
    "plans",
    Item(code="plan-gastrointestinal-resection", field="gastrointestinal_resection_same_session", shape="boolean"),
    Item(code="plan-interval-debulking", field="interval_debulking", shape="boolean"),
    Item(code="plan-session-on", field="session_on", shape="day"),
)


def read_never(draft: Draft, resource: Observation, kind: Any) -> None:
    """A kind of treatment that was never given."""
    if resource.valueBoolean is True:
        draft.never.append(NoTreatment(kind=kind, on=draft.observed(resource), document=draft.where))
    else:
        draft.note(f"never given: {kind}", "only the value true says something")


def read_plans(draft: Draft, resource: Observation, word: str) -> None:
    """What the team intends; the last statement stands."""
    draft.plans.update(read_components(draft, resource, PLANS), document=draft.where)


def plans(draft: Draft) -> Plans | None:
    """The plans, or nothing said."""
    return Plans(**draft.plans) if draft.plans else None


READ = {PLANS.code: read_plans}
READ_FAMILY = {"never": read_never}


def write_never(statement: NoTreatment, out: Written) -> None:
    """A statement that a kind of treatment was never given."""
    out.observe(f"never-{statement.kind}", statement.on, {"valueBoolean": True}, category="therapy")


def write_plans(one: Plans, out: Written) -> None:
    """All plans as one Observation."""
    out.observe(PLANS.code, None, {"component": write_components(one, PLANS)}, category="therapy")
