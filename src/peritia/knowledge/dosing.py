"""From a regimen and a body to milligrams, millilitres and minutes. Arithmetic only; every limit stands in the knowledge files.

dose = dose per m2 x body surface (or flat); injection minutes = volume / flow; bath = litres per m2 x body surface (or flat).
Nothing is rounded until it is shown, and an unknown dose stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from peritia.errors import PeritiaError
from peritia.knowledge.checklist import Checklist
from peritia.knowledge.dose_flags import context_flags, dose_flags
from peritia.knowledge.drug import CARRIER_NAMES, Drug
from peritia.knowledge.figure import Figure
from peritia.knowledge.prescription import DrugDose, Flag, Portion, Prescription, shown
from peritia.knowledge.regimen import Agent, Infusion, Regimen
from peritia.knowledge.shipped import shipped
from peritia.quantities.body import BodySurface, SurfaceFormula, body_surface

__all__ = ["DosingError", "DrugDose", "Flag", "Portion", "Prescription", "dose", "dose_for_body", "shown"]


class DosingError(PeritiaError):
    """A body surface or weight that a dose cannot be made from."""


def dose(
    regimen: Regimen, body_surface_m2: float, *, weight_kg: float | None = None, drugs: Mapping[str, Drug] | None = None
) -> Prescription:
    """The prescription of ``regimen`` for a body surface in m2. ``weight_kg`` is needed only where a drug is dosed per kg.

    ``drugs`` defaults to the files that ship with the package. Raises ``DosingError`` for a body surface that is not above zero.
    """
    if not body_surface_m2 > 0:
        raise DosingError("the body surface is not above zero", "m2")
    surface, capped = _capped(regimen, body_surface_m2)
    known = drugs if drugs is not None else _shipped_drugs(regimen)
    agents = tuple(_agent_dose(agent, regimen, surface, weight_kg, known) for agent in regimen.agents)
    times = [one.injection_minutes for one in agents]
    return Prescription(
        regimen=regimen.id,
        protocol=regimen.protocol,
        body_surface_m2=surface,
        agents=agents,
        intravenous=tuple(_infusion_dose(infusion, surface, weight_kg, known) for infusion in regimen.intravenous),
        bath_volume_l=_bath_l(regimen.bath_volume, surface),
        injection_minutes=sum(time for time in times if time is not None) if None not in times else None,
        flags=(*capped, *context_flags(regimen), *dose_flags(regimen, agents, surface, known)),
    )


def dose_for_body(
    regimen: Regimen, height_cm: float, weight_kg: float, *, formula: SurfaceFormula = "mosteller", drugs: Mapping[str, Drug] | None = None
) -> Prescription:
    """The prescription for a body. Where the formulas differ by more than the stated share, a flag gives both doses."""
    surfaces = body_surface(height_cm, weight_kg)
    made = dose(regimen, surfaces.by(formula), weight_kg=weight_kg, drugs=drugs)
    flag = _formula_flag(regimen, surfaces, formula, weight_kg, drugs)
    return made if flag is None else msgspec.structs.replace(made, flags=(flag, *made.flags))


def _formula_flag(
    regimen: Regimen, surfaces: BodySurface, formula: SurfaceFormula, weight_kg: float, drugs: Mapping[str, Drug] | None
) -> Flag | None:
    limit = shipped("checklists", "session-plan", Checklist).limits["body_surface_formulas_differ"]
    if limit.value is None or surfaces.spread_percent <= limit.value:
        return None
    told: list[str] = []
    names: tuple[SurfaceFormula, ...] = ("mosteller", "dubois", "haycock")
    for name in names:
        made = dose(regimen, surfaces.by(name), weight_kg=weight_kg, drugs=drugs)
        amounts = ", ".join(f"{one.name} {shown(one.amount)} {one.unit}" for one in made.agents if one.amount is not None)
        told.append(f"{name} {surfaces.by(name):.2f} m2: {amounts}")
    text = f"The body surface formulas differ by more than {limit.value:g} %. " + "; ".join(told) + f". Used: {formula}"
    return Flag(kind="body-surface", text=text, citations=limit.citations)


def _capped(regimen: Regimen, surface: float) -> tuple[float, tuple[Flag, ...]]:
    cap = regimen.surface_cap
    if cap is None or cap.value is None or surface <= cap.value:
        return surface, ()
    text = f"Body surface {surface:.2f} m2 counted as {cap.value:g} m2, as the protocol caps it"
    return cap.value, (Flag(kind="capped", text=text, citations=cap.citations),)


def _amount(figure: Figure, surface: float, weight_kg: float | None) -> float | None:
    if figure.value is None:
        return None
    if figure.unit == "mg/kg":
        if weight_kg is None:
            raise DosingError("a drug of this regimen is dosed per kg", "the weight in kg")
        return figure.value * weight_kg
    return figure.value * surface if figure.unit.endswith("/m2") else figure.value


def _agent_dose(agent: Agent, regimen: Regimen, surface: float, weight_kg: float | None, drugs: Mapping[str, Drug]) -> DrugDose:
    amount = _amount(agent.dose, surface, weight_kg)
    volume = agent.volume.value if agent.volume is not None else None
    flow = regimen.injection_flow.value if regimen.injection_flow is not None else None
    return DrugDose(
        drug=agent.drug,
        name=_name(agent.drug, drugs),
        ordered=str(agent.dose),
        unit="g" if agent.dose.unit.startswith("g") else "mg",
        amount=amount,
        citations=agent.dose.citations,
        route=regimen.route,
        portions=_portions(agent, amount),
        carrier=CARRIER_NAMES[agent.carrier] if agent.carrier is not None else "",
        volume_ml=volume,
        injection_minutes=volume / flow if volume is not None and flow else None,
        flow_ml_per_min=flow,
    )


def _portions(agent: Agent, amount: float | None) -> tuple[Portion, ...]:
    if amount is None:
        return ()
    return tuple(Portion(amount=amount * part.share, at_minutes=part.at_minutes) for part in agent.fractions)


def _infusion_dose(infusion: Infusion, surface: float, weight_kg: float | None, drugs: Mapping[str, Drug]) -> DrugDose:
    amount = _amount(infusion.dose, surface, weight_kg)
    return DrugDose(
        drug=infusion.drug,
        name=_name(infusion.drug, drugs),
        ordered=str(infusion.dose),
        unit="g" if infusion.dose.unit.startswith("g") else "mg",
        amount=amount,
        citations=infusion.dose.citations,
        route="iv",
        start_minutes=infusion.start_minutes,
        over_minutes=infusion.over_minutes,
    )


def _name(drug: str, drugs: Mapping[str, Drug]) -> str:
    return drugs[drug].name if drug in drugs else drug


def _bath_l(figure: Figure | None, surface: float) -> float | None:
    if figure is None or figure.value is None:
        return None
    return figure.value * surface if figure.unit == "L/m2" else figure.value


def _shipped_drugs(regimen: Regimen) -> dict[str, Drug]:
    names = {*(agent.drug for agent in regimen.agents), *(infusion.drug for infusion in regimen.intravenous)}
    return {name: shipped("drugs", name, Drug) for name in names}
