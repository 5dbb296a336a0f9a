"""dA0/dt = -ka A0;  V1 dC1/dt = F ka A0 - (CL + Q) C1 + Q C2;  V2 dC2/dt = Q (C1 - C2)
C1 = sum of three exponentials with rates ka, alpha, beta (roots of s^2 - (k10 + k12 + k21) s + k10 k21)

Plasma after absorption from the cavity: two compartments, for total or for ultrafilterable drug apart.

A0 amount in the cavity (mol or kg), ka absorption (1/s), F share that reaches blood, V1, V2 volumes (m3), CL clearance, Q
exchange (m3/s), C1, C2 values; k10 = CL/V1, k12 = Q/V1, k21 = Q/V2. ka = A sqrt(D k)/V of ``bath_and_tissue``: the same number,
not fitted twice. Linear kinetics. Source: M. Gibaldi, D. Perrier, Pharmacokinetics (recalled). Theory page: docs/theory/blood.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.physics.quantity import Array, Number, array


@dataclass(frozen=True)
class Disposition:
    """V1 and V2 (m3), CL and Q (m3/s) of one species (total, or ultrafilterable, drug)."""

    central_volume: float
    clearance: float
    exchange: float = 0.0
    peripheral_volume: float = 1.0

    def rates(self) -> tuple[float, float, float]:
        """k10, k12, k21, 1/s."""
        return self.clearance / self.central_volume, self.exchange / self.central_volume, self.exchange / self.peripheral_volume

    def exponents(self) -> tuple[float, float]:
        """Alpha and beta, 1/s."""
        k10, k12, k21 = self.rates()
        total = k10 + k12 + k21
        root = np.sqrt(max(total**2 - 4 * k10 * k21, 0.0))
        alpha = 0.5 * (total + root)
        return float(alpha), float(k10 * k21 / alpha)


def after_bolus(time: Number, amount: float, species: Disposition) -> Array:
    """C1 after a dose into the blood."""
    t, (alpha, beta), (_, _, k21) = array(time), species.exponents(), species.rates()
    top = amount / species.central_volume
    if alpha == beta:
        return top * np.exp(-alpha * t)
    return top * ((alpha - k21) * np.exp(-alpha * t) + (k21 - beta) * np.exp(-beta * t)) / (alpha - beta)


def after_absorption(time: Number, amount: float, absorption: float, species: Disposition) -> Array:
    """C1 while ``amount`` (reaching blood in the end) is absorbed at the rate ka; ka must differ from alpha and beta."""
    t, (alpha, beta), (_, _, k21) = array(time), species.exponents(), species.rates()
    ka, top = absorption, absorption * amount / species.central_volume
    return top * (
        (k21 - alpha) * np.exp(-alpha * t) / ((ka - alpha) * (beta - alpha))
        + (k21 - beta) * np.exp(-beta * t) / ((ka - beta) * (alpha - beta))
        + (k21 - ka) * np.exp(-ka * t) / ((alpha - ka) * (beta - ka))
    )


def area_under_curve(amount: Number, species: Disposition) -> Array:
    """AUC from zero to infinity: amount over clearance."""
    return array(amount) / species.clearance


def matrix(absorption: float, species: Disposition, reaching_blood: float = 1.0) -> Array:
    """K of ``numerics.Compartments`` for amounts in (cavity, central, peripheral, cleared) and the area under C1."""
    k10, k12, k21 = species.rates()
    k = np.zeros((5, 5))
    k[0, 0] = -absorption
    k[1] = [reaching_blood * absorption, -(k10 + k12), k21, 0.0, 0.0]
    k[2] = [0.0, k12, -k21, 0.0, 0.0]
    k[3] = [(1 - reaching_blood) * absorption, k10, 0.0, 0.0, 0.0]
    k[4, 1] = 1 / species.central_volume
    return k
