"""v f(Re(v)) = tau a,    Re = v d / nu

Terminal speed under a steady acceleration a: gravity (9.8 m/s2) or an electric force per mass (q E / m).

tau relaxation time (s), d diameter (m), nu kinematic viscosity of the gas (m2/s), f drag factor of ``drag``. Buoyancy (0.2 %) neglected.
Source: force balance; W. Hinds, Aerosol Technology, 2nd ed. (recalled). Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.drag import drag_factor
from peritia.physics.quantity import GRAVITY, Array, Number, array


def terminal_speed(relaxation: Number, reynolds_per_speed: Number, acceleration: Number = GRAVITY) -> Array:
    """v, m/s, by bisection to rounding; ``reynolds_per_speed`` is d / nu (s/m)."""
    push = array(relaxation) * acceleration
    per_speed = array(reynolds_per_speed)
    low, high = np.zeros(np.broadcast(push, per_speed).shape), np.broadcast_to(push, np.broadcast(push, per_speed).shape).copy()
    for _ in range(80):
        middle = 0.5 * (low + high)
        short = middle * drag_factor(middle * per_speed) < push
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return 0.5 * (low + high)
