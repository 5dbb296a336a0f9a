"""From a regimen and a body to milligrams, millilitres and minutes. Arithmetic only; every limit stands in the knowledge files.

dose = dose per m2 x body surface (or flat); injection minutes = volume / flow; bath = litres per m2 x body surface (or flat).
Nothing is rounded until it is shown, and an unknown dose stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from peritia.errors import PeritiaError
from peritia.knowledge.checklist import Checklist
from peritia.knowledge.drug import CARRIER_NAMES, Drug
from peritia.knowledge.figure import Figure
from peritia.knowledge.regimen import Agent, Infusion, Regimen
from peritia.knowledge.shipped import shipped
from peritia.quantities.body import BodySurface, SurfaceFormula, body_surface
from peritia.sources import Citation, cite

FlagKind = Literal["trial-only", "historic", "above-limit", "dose-unknown", "body-surface", "capped"]


class DosingError(PeritiaError):
    """A body surface or weight that a dose cannot be made from."""


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """Something the two people who sign must see, with its sources."""

    kind: FlagKind
    text: str
    drug: str = ""
    citations: tuple[Citation, ...] = ()


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a dose, in the dose's own mass unit, and when it is given."""

    amount: float
    at_minutes: float


class DrugDose(msgspec.Struct, frozen=True, kw_only=True):
    """One drug for one person. ``amount`` is in ``unit`` (mg or g); ``None`` when the protocol's dose is not known."""

    drug: str
    name: str
    ordered: str
    unit: Literal["mg", "g"]
    amount: float | None
    citations: tuple[Citation, ...]
    route: Literal["pipac", "hipec", "iv"]
    portions: tuple[Portion, ...] = ()
    carrier: str = ""
    volume_ml: float | None = None
    injection_minutes: float | None = None
    flow_ml_per_min: float | None = None
    start_minutes: float | None = None
    over_minutes: float | None = None

    @property
    def text(self) -> str:
        """The line on the syringe, bag or order."""
        if self.amount is None:
            return f"{self.name}: dose not known from the protocol ({self.ordered})"
        parts = [f"{self.name} {shown(self.amount)} {self.unit} ({self.ordered})"]
        if self.volume_ml is not None:
            parts.append(f"in {self.volume_ml:g} mL {self.carrier}".rstrip())
        elif self.carrier:
            parts.append(f"in {self.carrier}")
        if self.injection_minutes is not None:
            parts.append(f"{self.flow_ml_per_min:g} mL/min, {self.injection_minutes:.1f} min")
        if len(self.portions) > 1:
            parts.append(" + ".join(f"{shown(part.amount)} {self.unit} at {part.at_minutes:g} min" for part in self.portions))
        if self.start_minutes is not None:
            parts.append(_start(self.start_minutes))
        if self.over_minutes is not None:
            parts.append(f"over {self.over_minutes:g} min")
        return ", ".join(parts)


def _start(minutes: float) -> str:
    if minutes == 0:
        return "at the start"
    return f"{abs(minutes):g} min {'before' if minutes < 0 else 'after'} the start"


class Prescription(msgspec.Struct, frozen=True, kw_only=True):
    """What one session of a regimen gives one person. Agents in sequence; ``injection_minutes`` is their sum."""

    regimen: str
    protocol: str
    body_surface_m2: float
    agents: tuple[DrugDose, ...]
    intravenous: tuple[DrugDose, ...]
    bath_volume_l: float | None
    injection_minutes: float | None
    flags: tuple[Flag, ...]


def shown(amount: float) -> str:
    """A dose as printed: one decimal from 10 on, two below."""
    return f"{amount:.1f}" if amount >= 10 else f"{amount:.2f}"


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
        flags=(*capped, *_context_flags(regimen), *_dose_flags(regimen, agents, surface, known)),
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


def _context_flags(regimen: Regimen) -> Iterable[Flag]:
    if regimen.context == "trial-only":
        yield Flag(kind="trial-only", text="This regimen belongs in a trial", citations=cite(regimen.protocol))
    if regimen.context == "historic":
        text = "This is a former regimen" + (f"; now {regimen.replaced_by}" if regimen.replaced_by else "")
        yield Flag(kind="historic", text=text, citations=cite(regimen.protocol))


def _dose_flags(regimen: Regimen, agents: Iterable[DrugDose], surface: float, drugs: Mapping[str, Drug]) -> Iterable[Flag]:
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
