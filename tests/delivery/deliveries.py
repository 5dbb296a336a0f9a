"""Plans, cavities and deliveries that several tests share; each is made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from peritia.delivery import Anatomy, Delivery, PipacPlan, Plan, anatomy_for, plan_from_regimen, simulate


@dataclass
class Told:
    value: bool | int | float | str | None


FACTS = {"sex": Told("female"), "height_cm": Told(165.0), "weight_kg": Told(65.0), "cumulative_oxaliplatin_mg_per_m2": Told(800.0)}


@lru_cache
def plan_of(regimen: str) -> Plan:
    return plan_from_regimen(regimen, FACTS)


@lru_cache
def cavity(fill: str) -> Anatomy:
    return anatomy_for(plan_of("pipac-oxaliplatin-120" if fill == "gas" else "hipec-cisplatin-100-ovhipec"), spacing_m=0.006)


@lru_cache
def delivered(regimen: str) -> Delivery:
    plan = plan_of(regimen)
    return simulate(plan, cavity("gas" if isinstance(plan, PipacPlan) else "liquid"))
