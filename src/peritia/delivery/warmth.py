"""Heat through the peritoneum: a film of liquid, then perfused tissue with a temperature-dependent perfusion.

    flux = U (T - Tb),   1/U = 1/h_f + 1/h_t,   h_t = sqrt(k w c_b)          (Pennes half-space at rest)
    T(x) = Tb + (Ts - Tb) exp(-x / delta),   delta = sqrt(k / (w c_b)),   Ts = Tb + (T - Tb) h_f / (h_f + h_t)

w(T) in muscle as the tissue file states it, at the surface temperature. Holds once a few minutes have passed (rho c / (w c_b), about 10
min).
The laws of perfusion and thermal dose are ``physics.perfusion`` and ``physics.thermal_dose``. SI, C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Tissue as Kind
from peritia.delivery.provenance import Parameters
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import PerfusionLaw, Tissue
from peritia.physics import perfusion, thermal_dose

Array = NDArray[np.float64]

FILES: dict[Kind, str] = {
    Kind.WALL: "muscle", Kind.LIVER: "liver", Kind.SPLEEN: "liver", Kind.STOMACH: "bowel", Kind.COLON: "bowel", Kind.SMALL_BOWEL: "bowel",
    Kind.MESENTERY: "normal-tissue", Kind.PELVIC_ORGANS: "bowel", Kind.RETROPERITONEUM: "normal-tissue", Kind.GALLBLADDER: "liver",
    Kind.OUTSIDE: "muscle",
}  # fmt: skip
"""Whose heat properties a tissue class takes; a spleen is taken as liver, pelvic organs as bowel."""


@dataclass(frozen=True)
class Warmth:
    """Heat data of tissue classes, one row each: ``conductivity`` W/mK, perfusion ``w`` kg/m3s at rest or by ``law``; ``film`` h_f
    W/m2K.
    """

    conductivity: Array
    perfusion: Array
    law: tuple[PerfusionLaw | None, ...]
    film: float
    blood_heat: float
    blood_density: float

    def perfusion_at(self, temperature_c: Array) -> Array:
        """Perfusion in kg/m3s at the surface temperature of each class (last axis)."""
        out = np.broadcast_to(self.perfusion, temperature_c.shape).copy()
        for row, law in enumerate(self.law):
            if law is not None:
                out[..., row] = self.blood_density * perfusion_by(law, temperature_c[..., row])
        return out

    def tissue_conductance(self, temperature_c: Array) -> Array:
        """h_t of each class, W/m2K."""
        return np.sqrt(self.conductivity * self.perfusion_at(temperature_c) * self.blood_heat)

    def depth_scale(self, temperature_c: Array) -> Array:
        """delta of each class, m."""
        return np.sqrt(self.conductivity / (self.perfusion_at(temperature_c) * self.blood_heat))


def perfusion_by(law: PerfusionLaw, temperature_c: Array) -> Array:
    """Perfusion 1/s of a law at a temperature; beyond its peak it stays there."""
    own = law.coefficients
    if law.kind == "gaussian-rise":
        return perfusion.opening(temperature_c, own["base"], own["rise"], own["peak"], own["width"])
    return perfusion.closing(temperature_c, own["base"], own["power"], own["scale"], own["stop"], own["after"], own["start"])


def warmth(parameters: Parameters) -> Warmth:
    """Heat data of every tissue class, in the order of its number."""
    conductivity, resting, laws = np.zeros(len(Kind)), np.zeros(len(Kind)), list[PerfusionLaw | None]()
    for kind in Kind:
        name = FILES[kind]
        tissue = shipped("tissues", name, Tissue)
        own = shipped("tissues", "muscle", Tissue) if "conductivity" not in tissue.properties else tissue
        conductivity[kind] = parameters.take(f"{own.id}.conductivity", own.properties.get("conductivity"))
        law = tissue.perfusion_law
        laws.append(law)
        resting[kind] = 0.0 if law is not None else parameters.take(f"{name}.perfusion_mass", tissue.properties.get("perfusion_mass"))
    water = shipped("tissues", "perfusate", Tissue).properties
    film = parameters.take("perfusate.film_conductance", water.get("film_conductance"))
    return Warmth(conductivity, resting, tuple(laws), film, parameters.own("blood_heat_capacity"), parameters.own("blood_density"))


def cem43(temperature_c: Array, minutes: float) -> Array:
    """Equivalent minutes at 43 C of so many minutes at a temperature."""
    return thermal_dose.rate(temperature_c) * minutes
