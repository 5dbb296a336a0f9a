"""One published number beside ours, and the reference plans that rows share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.plan import Addition, HipecPlan, PipacPlan, Plan
from peritia.delivery.planning import plan_from_regimen
from peritia.delivery.simulate import anatomy_for


@dataclass(frozen=True)
class Row:
    """One published number: what, the value as printed, the band it must lie in, ours, its source, and why it misses if it does.

    ``band`` says where the band comes from when it is not the published spread.
    """

    what: str
    published: str
    low: float
    high: float
    ours: float
    unit: str
    source: str
    reason: str = ""
    band: str = ""

    @property
    def met(self) -> bool:
        """Whether ours lies in the band."""
        return bool(self.low <= self.ours <= self.high)

    @property
    def ours_text(self) -> str:
        """Ours as printed, with as many digits as show on which side of the band it lies."""
        told = next((text for text in (f"{self.ours:.{n}g}" for n in (3, 4, 5)) if (self.low <= float(text) <= self.high) == self.met), "")
        return f"{told or self.ours} {self.unit}".rstrip()


@dataclass(frozen=True)
class _Told:
    value: bool | int | float | str | None


@lru_cache
def reference_plan(regimen: str) -> Plan:
    """A regimen for the reference woman of 165 cm and 65 kg, who stands for no patient."""
    body = {"sex": _Told("female"), "height_cm": _Told(165.0), "weight_kg": _Told(65.0)}
    return plan_from_regimen(regimen, body)


@lru_cache
def cavity(fill: str) -> Anatomy:
    """Her cavity with gas or liquid."""
    return anatomy_for(reference_plan("pipac-oxaliplatin-120" if fill == "gas" else "hipec-cisplatin-100-ovhipec"))


def pipac(regimen: str = "pipac-oxaliplatin-120") -> PipacPlan:
    """A reference PIPAC."""
    plan = reference_plan(regimen)
    assert isinstance(plan, PipacPlan)
    return plan


def hipec(regimen: str) -> HipecPlan:
    """A reference HIPEC with the whole dose at the start."""
    plan = reference_plan(regimen)
    assert isinstance(plan, HipecPlan)
    drugs = tuple(msgspec.structs.replace(one, additions=(Addition(share=1.0),)) for one in plan.drugs)
    return msgspec.structs.replace(plan, drugs=drugs)
