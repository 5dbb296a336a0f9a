"""What a prescription warns of: a trial's regimen, a former one, a dose above a published limit, a dose nobody published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peritia.knowledge.drug import Drug
from peritia.knowledge.figure import Figure
from peritia.knowledge.prescription import DrugDose, Flag, shown
from peritia.knowledge.regimen import Regimen
from peritia.sources import cite


def context_flags(regimen: Regimen) -> Iterable[Flag]:
    """What the regimen's standing asks for: a trial, or its successor."""
    if regimen.context == "trial-only":
        yield Flag(kind="trial-only", text="This regimen belongs in a trial", citations=cite(regimen.protocol))
    if regimen.context == "historic":
        text = "This is a former regimen" + (f"; now {regimen.replaced_by}" if regimen.replaced_by else "")
        yield Flag(kind="historic", text=text, citations=cite(regimen.protocol))


def dose_flags(regimen: Regimen, agents: Iterable[DrugDose], surface: float, drugs: Mapping[str, Drug]) -> Iterable[Flag]:
    """Doses that are not known, and doses above a limit of their drug."""
    for given in agents:
        if given.amount is None:
            text = f"{given.name}: the protocol's dose is not known here; nothing can be prepared"
            yield Flag(kind="dose-unknown", text=text, drug=given.drug, citations=cite(regimen.protocol))
            continue
        for check in drugs[given.drug].dose_checks if given.drug in drugs else ():
            if regimen.route in check.routes and _above(given, check.limit, surface, inclusive=check.inclusive):
                text = f"{given.name} {given.ordered}, {shown(given.amount)} {given.unit}: {check.because}"
                yield Flag(
                    kind="trial-only" if check.trial_only else "above-limit", text=text, drug=given.drug, citations=check.limit.citations
                )


def _above(given: DrugDose, limit: Figure, surface: float, *, inclusive: bool) -> bool:
    if given.amount is None or limit.value is None or limit.unit.split("/")[0] != given.unit:
        return False
    compared = given.amount / surface if limit.unit.endswith("/m2") else given.amount
    # A dose made from 120 mg/m2 and divided by the body surface again must not read as more than 120.
    tolerance = 1e-9 * limit.value
    return compared >= limit.value - tolerance if inclusive else compared > limit.value + tolerance
