"""From a regimen and the facts of a case to a plan: doses from the body surface, caps, cumulative warnings, a bath temperature that is
met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

from peritia.criteria import evaluate
from peritia.delivery.errors import PlanRefused
from peritia.delivery.plan import Addition, BathDose, Body, Dose, HipecPlan, PipacPlan, Plan
from peritia.delivery.provenance import Parameters
from peritia.knowledge.criterion import formula
from peritia.knowledge.device import Device
from peritia.knowledge.dosing import Prescription, dose_for_body
from peritia.knowledge.drug import Carrier, Drug
from peritia.knowledge.figure import Figure
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.physics import bath
from peritia.quantities.body import SurfaceFormula, body_surface


class Known(Protocol):
    """A fact of the case: its value, or None where it is unknown."""

    @property
    def value(self) -> bool | int | float | str | None:
        """The value."""
        ...


Facts = Mapping[str, Known]


def plan_from_regimen(
    regimen: Regimen | str,
    case_facts: Facts,
    *,
    formula: SurfaceFormula = "mosteller",
    girth_cm: float | None = None,
    **changes: Any,
) -> Plan:
    """The plan of a regimen for a case; ``changes`` replaces fields of the plan (``nozzle``, ``flow_ml_per_min``, ``minutes`` ...).

    Raises ``PlanRefused`` when sex, height or weight is not known, or when the protocol's dose is not.
    """
    chosen = shipped("regimens", regimen, Regimen) if isinstance(regimen, str) else regimen
    sex, height, weight = _text(case_facts, "sex"), _number(case_facts, "height_cm"), _number(case_facts, "weight_kg")
    if sex not in ("female", "male") or height is None or weight is None:
        told = {"sex": sex, "height_cm": height, "weight_kg": weight}
        missing = ", ".join(name for name, value in told.items() if value is None)
        raise PlanRefused(f"The case does not tell {missing}", "sex, height in cm and weight in kg", "add them to the case")
    ordered = dose_for_body(chosen, height, weight, formula=formula)
    surfaces = body_surface(height, weight)
    body = Body(
        sex=_sex(sex),
        height_cm=height,
        weight_kg=weight,
        girth_cm=girth_cm,
        body_surface_m2=round(ordered.body_surface_m2, 4),
        mosteller_m2=round(surfaces.mosteller_m2, 4),
        dubois_m2=round(surfaces.dubois_m2, 4),
        haycock_m2=round(surfaces.haycock_m2, 4),
    )
    unknown = [one.name for one in ordered.agents if one.amount is None]
    if unknown:
        raise PlanRefused(f"The protocol's dose of {', '.join(unknown)} is not known", "a dose", "choose another regimen")
    warnings = (*(flag.text for flag in ordered.flags), *_cumulative(ordered, case_facts))
    made = _pipac(chosen, ordered, body, warnings) if chosen.route == "pipac" else _hipec(chosen, ordered, body, warnings)
    return made.__class__(**{**{name: getattr(made, name) for name in made.__struct_fields__}, **changes})


def _number(facts: Facts, name: str) -> float | None:
    value = facts[name].value if name in facts else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(facts: Facts, name: str) -> str | None:
    value = facts[name].value if name in facts else None
    return value if isinstance(value, str) else None


def _sex(text: str) -> Literal["female", "male"]:
    return "female" if text == "female" else "male"


def _mg(amount: float | None, unit: str) -> float:
    assert amount is not None
    return amount * 1000 if unit == "g" else amount


def _value(parameters: Parameters, name: str, figure: Figure | None, otherwise: str, warnings: list[str]) -> float:
    found = parameters.optional(name, figure)
    if found is not None:
        return found
    value = parameters.own(otherwise)
    used = parameters.used
    unit = next(one.unit for one in used if one.name == otherwise)
    warnings.append(f"The regimen names no {name.replace('_', ' ')}: {value:g} {unit} taken; check it")
    return value


def _pipac(regimen: Regimen, ordered: Prescription, body: Body, warnings: tuple[str, ...]) -> PipacPlan:
    parameters, told = Parameters(), list(warnings)
    drugs = tuple(
        Dose(
            drug=one.drug,
            dose_mg=round(_mg(one.amount, one.unit), 3),
            volume_ml=one.volume_ml or _value(parameters, f"syringe_of_{one.drug}", None, "syringe_volume", told),
            carrier=agent.carrier,
            ordered=one.ordered,
        )
        for one, agent in zip(ordered.agents, regimen.agents, strict=True)
    )
    flow = shipped_flow(regimen)
    if flow is None:
        raise PlanRefused("The regimen names no injection flow", "mL/min", "choose another regimen")
    return PipacPlan(
        title=regimen.name,
        regimen=regimen.id,
        body=body,
        drugs=drugs,
        flow_ml_per_min=flow,
        pressure_mmhg=_value(parameters, "pressure", regimen.pressure, "capnoperitoneum", told),
        hold_minutes=_value(parameters, "hold", regimen.minutes, "pipac_minutes", told),
        gas_volume_l=parameters.own("gas_volume"),
        electrostatic=bool(regimen.electrostatic),
        warnings=tuple(told),
    )


def shipped_flow(regimen: Regimen) -> float | None:
    """Injection flow of a regimen, else that of the device in clinical use."""
    for figure in (regimen.injection_flow, shipped("devices", "capnopen", Device).flow):
        if figure is not None and figure.value is not None:
            return figure.value
    return None


def _hipec(regimen: Regimen, ordered: Prescription, body: Body, warnings: tuple[str, ...]) -> HipecPlan:
    parameters, told = Parameters(), list(warnings)
    flow = _value(parameters, "perfusion_flow", regimen.perfusion_flow, "perfusion_flow", told)
    target = _value(parameters, "bath_temperature", regimen.temperature, "hipec_target", told)
    core, cooling = parameters.own("starting_core"), parameters.own("cooling")
    told.append(f"Starting core {core:g} C and cooling {cooling:g} W are assumed: set them for this patient and room")
    drugs = tuple(
        BathDose(
            drug=one.drug,
            dose_mg=round(_mg(one.amount, one.unit), 3),
            additions=tuple(Addition(share=part.share, at_minutes=part.at_minutes) for part in agent.fractions),
            ordered=one.ordered,
        )
        for one, agent in zip(ordered.agents, regimen.agents, strict=True)
    )
    carriers: list[Carrier] = [agent.carrier for agent in regimen.agents if agent.carrier is not None]
    return HipecPlan(
        title=regimen.name,
        regimen=regimen.id,
        body=body,
        drugs=drugs,
        carrier=carriers[0] if carriers else None,
        bath_volume_l=round(ordered.bath_volume_l or _value(parameters, "bath_volume", None, "bath_volume", told), 3),
        flow_ml_per_min=flow,
        inflow_temperature_c=inflow_for(target, flow, told),
        minutes=_value(parameters, "time", regimen.minutes, "hipec_minutes", told),
        technique=regimen.technique or "closed",
        starting_core_c=core,
        cooling_w=cooling,
        warnings=tuple(told),
    )


def inflow_for(target_c: float, flow_ml_per_min: float, warnings: list[str] | None = None) -> float:
    """Inflow that holds a well-mixed bath at ``target_c``: Tin = T + (T - Tb) UA / (rho c q), with blood at 38.5 C once warm."""
    parameters = Parameters()
    water = shipped("tissues", "perfusate", Tissue).properties
    carried = parameters.take("density", water.get("density")) * parameters.take("heat", water.get("heat_capacity")) * flow_ml_per_min / 6e7
    loss = parameters.take("bath_heat_loss", water.get("bath_heat_loss"))
    needed = float(bath.needed_inflow(target_c, parameters.own("warm_blood"), carried, loss))
    hottest = parameters.own("hottest_inflow")
    if needed > hottest and warnings is not None:
        warnings.append(f"{target_c:g} C in the bath would need an inflow of {needed:.1f} C; limited to {hottest:g} C: raise the flow")
    return round(min(needed, hottest), 1)


def _cumulative(ordered: Prescription, facts: Facts) -> Iterator[str]:
    """Lifetime totals with this session added, against the drug's own limits."""
    for one in ordered.agents:
        drug = shipped("drugs", one.drug, Drug)
        for limit in drug.cumulative:
            before, border = _number(facts, limit.fact), limit.limit.value
            if one.amount is None or border is None or not _holds(limit.when, facts):
                continue
            given = _mg(one.amount, one.unit) / (ordered.body_surface_m2 if "m2" in limit.limit.unit else 1.0)
            if before is None:
                adds = f"this session adds {given:.1f} {limit.limit.unit} towards {border:g}"
                yield f"{drug.name}: the total given so far is not known; {adds}"
            elif before + given > border:
                yield f"{drug.name}: {before:.0f} + {given:.1f} {limit.limit.unit} passes {border:g}. {limit.because}"


def _holds(when: str, facts: Facts) -> bool:
    """Whether a limit concerns this patient; a condition that is not known does not, since the wider limit is told anyway."""
    if not when:
        return True
    wanted = formula(when)
    return evaluate(wanted, {name: facts[name].value if name in facts else None for name in wanted.facts}) is True
