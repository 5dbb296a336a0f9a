"""rho c dT/dt = div(k grad T) + w c_b (T_b - T);    steady half-space: T - T_b = (T_s - T_b) exp(-x/d),  d = sqrt(k / (w c_b))

Heat in perfused tissue (Pennes), closed forms for one dimension.

T tissue, T_b blood, T_s surface temperature (°C), k conductivity (W/(m K)), w perfusion (kg/(m3 s)), c_b heat capacity of blood
(J/(kg K)), rho c heat capacity per volume (J/(m3 K)), x depth (m). The half-space conducts h = sqrt(k w c_b) (W/(m2 K)) per kelvin.
With a step at the surface: (1/2) [exp(-x/d) erfc(x/sqrt(4at) - sqrt(bt)) + exp(x/d) erfc(x/sqrt(4at) + sqrt(bt))], a = k/(rho c),
b = w c_b/(rho c). Blood is taken to arrive at core temperature, which fails near large vessels.
Source: H. Pennes, J Appl Physiol 1948;1:93; H. Carslaw, J. Jaeger, Conduction of Heat in Solids (recalled).
Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc, erfcx  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from peritia.physics.quantity import Array, Number, array


@dataclass(frozen=True)
class Layer:
    """A layer of tissue: ``thickness`` (m; infinite for the last), ``conductivity`` k and ``exchange`` w c_b (W/(m3 K))."""

    thickness: float
    conductivity: float
    exchange: float

    @property
    def decay(self) -> float:
        """1/d, per metre."""
        return float(np.sqrt(self.exchange / self.conductivity))


def depth(conductivity: Number, exchange: Number) -> Number:
    """d, m; ``exchange`` is w c_b (W/(m3 K))."""
    return np.sqrt(array(conductivity) / exchange)


def conductance(conductivity: Number, exchange: Number) -> Number:
    """h of the half-space, W/(m2 K)."""
    return np.sqrt(array(conductivity) * exchange)


def step_response(depths: Number, time: Number, conductivity: float, capacity: float, exchange: float) -> Array:
    """(T - T_b) / (T_s - T_b) after a step of the surface at time 0; ``capacity`` is rho c (J/(m3 K))."""
    x, t = array(depths), array(time)
    a, b = conductivity / capacity, exchange / capacity
    reach, run = x / np.sqrt(4 * a * t), np.sqrt(b * t)
    first = np.exp(-x * np.sqrt(b / a)) * array(erfc(reach - run))
    second = array(erfcx(reach + run)) * np.exp(x * np.sqrt(b / a) - (reach + run) ** 2)
    return 0.5 * (first + second)


def _conductances(layers: Sequence[Layer]) -> list[float]:
    """Conductance seen from the top of each layer, W/(m2 K), from the deepest up."""
    seen: list[float] = [layers[-1].conductivity * layers[-1].decay]
    for layer in reversed(layers[:-1]):
        own, below = layer.conductivity * layer.decay, seen[0]
        if own == 0.0:
            seen.insert(0, 1 / (1 / below + layer.thickness / layer.conductivity))
        else:
            turn = np.tanh(layer.decay * layer.thickness)
            seen.insert(0, float(own * (below + own * turn) / (own + below * turn)))
    return seen


def layered_profile(depths: Array, layers: Sequence[Layer], bath: float, blood: float, film: float = np.inf) -> Array:
    """Steady temperature at ``depths`` under a bath behind a film (W/(m2 K)); the last layer is a half-space and must be perfused."""
    seen = _conductances(layers)
    top = (bath - blood) * (1 / (1 + seen[0] / film))
    out, start = np.full(len(depths), blood), 0.0
    for layer, conduct in zip(layers, seen, strict=True):
        m, x = layer.decay, array(depths) - start

        def rise(x: Array, m: float = m, top: float = top, conduct: float = conduct, k: float = layer.conductivity) -> Array:
            if m == 0.0:
                return top * (1 - conduct / k * x)
            return top * (np.cosh(m * x) - conduct / (k * m) * np.sinh(m * x))

        here = (x >= 0) & (x <= layer.thickness)
        if np.isinf(layer.thickness):
            out[here] = blood + top * np.exp(-m * x[here])
            break
        out[here] = blood + rise(x[here])
        top, start = float(rise(array(layer.thickness))), start + layer.thickness
    return out
