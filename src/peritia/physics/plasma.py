"""dA0/dt = -ka A0;  dA1/dt = F ka A0 - (CL + Q + Q3) C1 + Q C2 + Q3 C3;  dA2/dt = Q (C1 - C2);  dA3/dt = Q3 (C1 - C3)
saturable: CL + Vm / (Km + C1) for CL, Q + Wm / (Wk + C) for Q in each direction;    bound: dB/dt = b C1 - l B
C1 = sum of three exponentials with rates ka, alpha, beta (roots of s^2 - (k10 + k12 + k21) s + k10 k21) for two linear compartments

Plasma after absorption from the cavity: up to three compartments, for total or for ultrafilterable drug apart.

A0 amount in the cavity, A1, A2, A3 in the compartments (mol or kg), C = A / V their values, ka absorption (1/s), F share that reaches
blood, V1, V2, V3 volumes (m3), CL clearance, Q and Q3 exchange (m3/s), Vm most that is cleared (kg/s), Km value at half of it, Wm and
Wk the same of exchange, B value bound to protein for good, b binding and l loss (1/s). k10 = CL/V1, k12 = Q/V1, k21 = Q/V2. ka = A
sqrt(D k)/V of ``bath_and_tissue``: the same number, not fitted twice; a run feeds the compartments from its tissue columns instead.
Any consistent units will do. What is bound is not taken from A1: CL holds that path already. Source: M. Gibaldi, D. Perrier,
Pharmacokinetics (recalled); the bound part as in S. Urien, F. Lokiec, Br J Clin Pharmacol 2004;57:756. Theory page: docs/theory/blood.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy import linalg  # pyright: ignore[reportMissingTypeStubs]

from peritia.physics.quantity import Array, Number, array


@dataclass(frozen=True)
class Disposition:
    """V1, V2, V3 (m3), CL, Q, Q3 (m3/s) of one species (total, or ultrafilterable, drug); Vm, Km, Wm, Wk where saturable; b, l if bound."""

    central_volume: float
    clearance: float
    exchange: float = 0.0
    peripheral_volume: float = 1.0
    second_exchange: float = 0.0
    second_volume: float = 1.0
    most_cleared: float = 0.0
    half_cleared: float = 1.0
    most_exchanged: float = 0.0
    half_exchanged: float = 1.0
    binding: float = 0.0
    bound_loss: float = 0.0

    @property
    def linear(self) -> bool:
        """Whether nothing saturates."""
        return self.most_cleared == 0 and self.most_exchanged == 0

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


class Course:
    """One species followed step by step under a constant input per step; changes in place.

    Exact where the kinetics are linear; else the rates are those of the middle of the step (second order).
    """

    def __init__(self, species: Disposition) -> None:
        self._species, self._known = species, dict[float, Array]()
        self._state = np.zeros(4)

    @property
    def value(self) -> float:
        """C1."""
        return float(self._state[0] / self._species.central_volume)

    @property
    def bound(self) -> float:
        """B."""
        return float(self._state[3])

    def step(self, duration: float, rate: float) -> float:
        """Let ``duration`` pass with amounts entering at ``rate``; returns C1 at its end."""
        if self._species.linear:
            key = round(duration, 9)
            if key not in self._known:
                self._known[key] = _passed(_system(self._species, 0.0, 0.0), duration)
            self._state = (self._known[key] @ np.append(self._state, rate))[:4]
            return self.value
        first = _passed(_system(self._species, self.value, self._second), 0.5 * duration)
        middle = (first @ np.append(self._state, rate))[:4]
        one, two = middle[0] / self._species.central_volume, middle[1] / self._species.peripheral_volume
        self._state = (_passed(_system(self._species, float(one), float(two)), duration) @ np.append(self._state, rate))[:4]
        return self.value

    @property
    def _second(self) -> float:
        return float(self._state[1] / self._species.peripheral_volume)


def _system(species: Disposition, first: float, second: float) -> Array:
    """d/dt of (A1, A2, A3, B) and of a constant input to A1, with saturable rates at the values C1 and C2."""
    one, two, three = species.central_volume, species.peripheral_volume, species.second_volume
    clearance = species.clearance + species.most_cleared / (species.half_cleared + first)
    out = species.exchange + species.most_exchanged / (species.half_exchanged + first)
    back = species.exchange + species.most_exchanged / (species.half_exchanged + second)
    third = species.second_exchange
    matrix = np.zeros((5, 5))
    matrix[0, :3] = [-(clearance + out + third) / one, back / two, third / three]
    matrix[1, :2] = [out / one, -back / two]
    matrix[2, 0], matrix[2, 2] = third / one, -third / three
    matrix[3, 0], matrix[3, 3] = species.binding / one, -species.bound_loss
    matrix[0, 4] = 1.0
    return matrix


def _passed(matrix: Array, duration: float) -> Array:
    return np.asarray(cast(Any, linalg).expm(matrix * duration), np.float64)
