"""CEM43 = integral R^(43 - T) dt,    R = 0.5 at 43 °C and above, 0.25 from 39 to 43 °C, 0 below

Thermal dose: minutes at 43 °C with the same effect.

T temperature (°C), t time (min). Holds for cell death by heat alone between about 39 and 50 °C; says nothing on sensitisation to drugs.
Source: S. Sapareto, W. Dewey, Int J Radiat Oncol Biol Phys 1984;10:787 (recalled). Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array

REFERENCE = 43.0
LOWEST = 39.0


def rate(celsius: Number) -> Array:
    """Minutes at 43 °C per minute."""
    t = array(celsius)
    base = np.where(t >= REFERENCE, 0.5, 0.25)
    return np.where(t < LOWEST, 0.0, base ** (REFERENCE - t))


def cem43(celsius: Array, minutes: Array) -> Array:
    """CEM43 (min) of temperatures along the last axis at times ``minutes``, by the trapezoidal rule on the rate."""
    return array(np.trapezoid(rate(celsius), minutes, axis=-1))
