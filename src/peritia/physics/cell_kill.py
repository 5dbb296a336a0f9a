"""-ln S = a E + b E^2,    E = (1/t0) integral C / IC50(T) dt,    IC50(T) = IC50_37 exp(-s (T - 37));    heat: -ln S_h = CEM43 / D43

Survival of tumour cells after exposure to drug and heat, each independent of the other but for IC50(T).

S surviving share, C drug (unit of IC50), T temperature (°C), t0 exposure for which IC50 was measured (s), a = ln 2 by definition of IC50,
b curvature (0 if unknown), D43 minutes at 43 °C that leave 1/e. Exponential in T is an interpolation between 37 and 43 °C.
The concentration and time are traded as their product, which holds for platinum over hours, not for cycle-specific drugs.
Source: linear-quadratic form as in radiotherapy; IC50(T) after Löke et al. 2021 for cisplatin. Theory page: docs/theory/effect.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array

LN2 = float(np.log(2))


def half_inhibiting(celsius: Number, at_37: Number, slope: Number) -> Array:
    """IC50(T); ``slope`` s in 1/K."""
    return array(at_37) * np.exp(-array(slope) * (array(celsius) - 37.0))


def exposure(drug: Array, times: Array, ic50: Array | float, reference_time: float) -> Array:
    """E, no unit, along the last axis; ``times`` in s."""
    return array(np.trapezoid(drug / ic50, times, axis=-1)) / reference_time


def log_kill(exposures: Number, linear: float = LN2, quadratic: float = 0.0) -> Array:
    """-ln S by drug."""
    e = array(exposures)
    return linear * e + quadratic * e**2


def heat_log_kill(thermal_dose: Number, tolerance: float) -> Array:
    """-ln S by heat; both in minutes at 43 °C."""
    return array(thermal_dose) / tolerance


def surviving(log_kills: Number) -> Array:
    """S."""
    return np.exp(-array(log_kills))
