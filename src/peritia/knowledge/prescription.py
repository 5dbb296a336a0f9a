"""What one session of a regimen gives one person: drugs in sequence, milligrams, millilitres, minutes, and what to see first."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.sources import Citation

FlagKind = Literal["trial-only", "historic", "above-limit", "dose-unknown", "body-surface", "capped"]


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
