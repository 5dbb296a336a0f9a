"""J = L_p (S/V) [p_B - p - s (pi_B - pi_i)] - L (p - p_L);    drug: N = J_f (1 - s_f) (C_p e - C) / (e - 1),  e = exp(Pe)
Pe = J_f (1 - s_f) / (P S/V);    at Pe = 0: N = P S/V (C_p - C)

What passes the wall of capillaries: water (Starling) and drug (Patlak).

J net water per tissue volume (1/s), J_f its part through capillaries, L_p permeability (m/(Pa s)), S/V surface per volume (1/m),
p pressures and pi oncotic pressures (Pa), s and s_f reflection, L lymph uptake (1/(Pa s)), P drug permeability (m/s), C tissue,
C_p plasma value. Source: R. Jain, L. Baxter, Cancer Res 1988;48:7022; C. Patlak et al., J Theor Biol 1963;5:426 (recalled).
Theory page: docs/theory/tissue.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.physics.quantity import Array, Number, array


@dataclass(frozen=True)
class Vessels:
    """A tissue's capillaries: L_p, S/V, pressure p_B, oncotic pressures pi_B and pi_i, reflection s, lymph L and its pressure. SI."""

    permeability: float
    surface: float
    pressure: float
    oncotic: float
    oncotic_tissue: float
    reflection: float
    lymph: float = 0.0
    lymph_pressure: float = 0.0

    @property
    def conductance(self) -> float:
        """L_p S/V, 1/(Pa s)."""
        return self.permeability * self.surface

    @property
    def effective_pressure(self) -> float:
        """p_e = p_B - s (pi_B - pi_i), Pa: where filtration stops."""
        return self.pressure - self.reflection * (self.oncotic - self.oncotic_tissue)


def filtration(vessels: Vessels, pressure: Number) -> Array:
    """J_f, 1/s, at tissue ``pressure`` (Pa)."""
    return vessels.conductance * (vessels.effective_pressure - array(pressure))


def drainage(vessels: Vessels, pressure: Number) -> Array:
    """Lymph uptake, 1/s."""
    return vessels.lymph * np.maximum(array(pressure) - vessels.lymph_pressure, 0.0)


def balance_pressure(vessels: Vessels) -> float:
    """Pressure (Pa) far from any surface, where filtration equals drainage."""
    total = vessels.conductance + vessels.lymph
    return (vessels.conductance * vessels.effective_pressure + vessels.lymph * vessels.lymph_pressure) / total


def exchange_rates(filtrate: Number, permeability_surface: Number, reflection: Number) -> tuple[Array, Array]:
    """From blood and to blood (1/s): N is the first times C_p less the second times C; ``permeability_surface`` is P S/V (1/s)."""
    carried, spread = np.broadcast_arrays(array(filtrate) * (1 - array(reflection)), array(permeability_surface))
    pe = np.divide(carried, spread, out=np.zeros(carried.shape), where=spread > 0)
    few = np.abs(pe) < 1e-6
    safe = np.where(few, 1.0, pe)
    back = np.where(few, spread - 0.5 * carried, carried / np.expm1(safe))
    alone = spread > 0  # without permeability only what flows out takes drug along
    back = np.where(alone, back, np.maximum(-carried, 0.0))
    return array(back + carried), array(back)


def drug_exchange(plasma: Number, tissue: Number, filtrate: Number, permeability_surface: Number, reflection: Number) -> Array:
    """N, value per second into the tissue; ``permeability_surface`` is P S/V (1/s)."""
    given, taken = exchange_rates(filtrate, permeability_surface, reflection)
    return given * plasma - taken * array(tissue)
