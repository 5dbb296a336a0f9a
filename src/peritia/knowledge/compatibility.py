"""Why a regimen may not exist: its carrier, its units or its partners break a rule of one of its drugs.

The rules stand in the drug files; here is only how they are read. All reasons come back, not the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from peritia.knowledge.drug import DoseRule, Drug
from peritia.knowledge.shipped import NotShippedError, shipped

if TYPE_CHECKING:
    from peritia.knowledge.regimen import Agent, Infusion, Regimen


def refusals(regimen: Regimen, drugs: Mapping[str, Drug]) -> tuple[str, ...]:
    """Every reason why the regimen breaks a rule of its drugs; empty when it may be given as written."""
    return tuple(_refusals(regimen, drugs))


def refusals_by_shipped_drugs(regimen: Regimen) -> tuple[str, ...]:
    """``refusals`` by the drug files that ship with the package."""
    found: dict[str, Drug] = {}
    for name in {*(agent.drug for agent in regimen.agents), *(infusion.drug for infusion in regimen.intravenous)}:
        try:
            found[name] = shipped("drugs", name, Drug)
        except NotShippedError:
            continue
    return refusals(regimen, found)


def _refusals(regimen: Regimen, drugs: Mapping[str, Drug]) -> Iterable[str]:
    for given in (*regimen.agents, *regimen.intravenous):
        drug = drugs.get(given.drug)
        if drug is None:
            yield f"no drug file is named {given.drug}"
        elif given.dose.unit not in drug.dose_units:
            yield f"{given.drug} is dosed in {' or '.join(drug.dose_units)}, not in {given.dose.unit}"
    for agent in regimen.agents:
        drug = drugs.get(agent.drug)
        if drug is not None:
            yield from _carrier(agent, drug)
            if regimen.route not in drug.routes:
                yield f"{agent.drug} has no {regimen.route.upper()} use on file"
            for rule in drug.dose_rules:
                yield from _rule(regimen, agent, rule)
    for infusion in regimen.intravenous:
        drug = drugs.get(infusion.drug)
        if drug is not None and "iv" not in drug.routes:
            yield f"{infusion.drug} has no intravenous use on file"


def _carrier(agent: Agent, drug: Drug) -> Iterable[str]:
    if drug.carriers is None or agent.carrier is None:
        return
    if agent.carrier in drug.carriers.forbidden:
        yield f"{agent.drug} must not be given in {agent.carrier}: {drug.carriers.because}"
    elif agent.carrier not in drug.carriers.allowed:
        yield f"{agent.drug} is given in {' or '.join(drug.carriers.allowed)}, not in {agent.carrier}: {drug.carriers.because}"


def _rule(regimen: Regimen, agent: Agent, rule: DoseRule) -> Iterable[str]:
    if rule.route != regimen.route or (agent.dose.value, agent.dose.unit) != (rule.dose.value, rule.dose.unit):
        return
    if rule.technique is not None and regimen.technique != rule.technique:
        yield f"{agent.drug} {rule.dose} is the dose of the {rule.technique} technique: {rule.because}"
    if rule.with_drug and not _has(regimen.agents, rule):
        partner = f"{rule.with_drug} {rule.with_dose}" if rule.with_dose else rule.with_drug
        yield f"{agent.drug} {rule.dose} is given only with {partner}: {rule.because}"


def _has(given: Iterable[Agent | Infusion], rule: DoseRule) -> bool:
    return any(
        one.drug == rule.with_drug
        and (rule.with_dose is None or (one.dose.value, one.dose.unit) == (rule.with_dose.value, rule.with_dose.unit))
        for one in given
    )
