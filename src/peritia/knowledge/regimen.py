"""A regimen: which drugs, how much, in what, for how long, how warm. One that its drugs' rules forbid does not construct."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.case.disease import PrimarySite
from peritia.knowledge.claim import Claim, Evidence
from peritia.knowledge.compatibility import refusals_by_shipped_drugs
from peritia.knowledge.drug import Carrier, Technique
from peritia.knowledge.figure import Figure, expect_unit

Context = Literal["standard", "historic", "trial-only"]
DOSE_UNITS = ("mg/m2", "mg", "g/m2", "mg/kg")


class Fraction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the dose, ``share`` 0 to 1, added ``at_minutes`` after the start of perfusion or aerosol."""

    share: float
    at_minutes: float = 0.0


WHOLE = (Fraction(share=1.0),)


class Agent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drug given into the peritoneum. Order in the regimen is the sequence. ``volume`` is the syringe of an aerosol.

    ``carrier`` left out says that the source read does not name it.
    """

    drug: str
    dose: Figure
    carrier: Carrier | None = None
    volume: Figure | None = None
    fractions: tuple[Fraction, ...] = WHOLE
    note: str = ""

    def __post_init__(self) -> None:
        expect_unit("dose", self.dose, *DOSE_UNITS)
        expect_unit("volume", self.volume, "mL")
        if abs(sum(part.share for part in self.fractions) - 1) > 1e-9:
            raise ValueError(f"the fractions of {self.drug} do not add up to the whole dose")
        times = [part.at_minutes for part in self.fractions]
        if times != sorted(times) or any(part.share <= 0 for part in self.fractions):
            raise ValueError(f"the fractions of {self.drug} are not parts in order of time")


class Infusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drug given into a vein beside it. ``start_minutes`` counts from the start of perfusion, negative before it."""

    drug: str
    dose: Figure
    purpose: Literal["sensitising", "protection", "systemic"]
    start_minutes: float | None = None
    over_minutes: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        expect_unit("dose", self.dose, *DOSE_UNITS)


class Regimen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One regimen of one protocol. ``protocol`` is the source's id: a dose never stands without it.

    Figures left out are not stated by the source. ``minutes`` is the time of perfusion (HIPEC) or of the hold after the aerosol (PIPAC);
    ``surface_cap`` the body surface above which the protocol doses no further. Raises ``ValueError`` for a combination that its
    route, its units or its drugs' rules forbid.
    """

    id: str = ""
    name: str
    route: Literal["pipac", "hipec"]
    protocol: str
    context: Context
    agents: tuple[Agent, ...]
    evidence: Evidence
    primaries: tuple[PrimarySite, ...] = ()
    technique: Technique | None = None
    intravenous: tuple[Infusion, ...] = ()
    minutes: Figure | None = None
    pressure: Figure | None = None
    injection_flow: Figure | None = None
    injection_pressure_limit: Figure | None = None
    temperature: Figure | None = None
    perfusion_flow: Figure | None = None
    bath_volume: Figure | None = None
    interval: Figure | None = None
    washout_before: Figure | None = None
    washout_after: Figure | None = None
    surface_cap: Figure | None = None
    electrostatic: bool | None = None
    sessions: Figure | None = None
    replaced_by: str = ""
    notes: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        if not self.protocol or not self.agents:
            raise ValueError("a regimen names its protocol and at least one drug")
        for name, units in _UNITS.items():
            expect_unit(name, getattr(self, name), *units)
        _fits_route(self)
        if reasons := refusals_by_shipped_drugs(self):
            raise ValueError("; ".join(reasons))

    def meant_for(self, primary: PrimarySite | None) -> bool:
        """Whether the protocol speaks of this primary tumour; several regimens may, and none is the default."""
        return primary in self.primaries


_UNITS: dict[str, tuple[str, ...]] = {
    "minutes": ("min",),
    "pressure": ("mm[Hg]",),
    "injection_flow": ("mL/min",),
    "injection_pressure_limit": ("[psi]",),
    "temperature": ("Cel",),
    "perfusion_flow": ("mL/min",),
    "bath_volume": ("L", "L/m2"),
    "interval": ("wk",),
    "washout_before": ("d",),
    "washout_after": ("d",),
    "surface_cap": ("m2",),
    "sessions": ("{count}",),
}


def _fits_route(regimen: Regimen) -> None:
    if regimen.route == "pipac":
        wrong = [name for name in ("technique", "perfusion_flow", "bath_volume") if getattr(regimen, name) is not None]
    else:
        names = ("pressure", "injection_flow", "injection_pressure_limit", "electrostatic", "interval")
        wrong = [name for name in names if getattr(regimen, name) is not None]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} does not belong to {regimen.route.upper()}")
