"""s = tau * integral_0^v0 dv / f(v d / nu);    Stokes' limit s = tau v0

How far a droplet flies in still gas before drag stops it.

tau relaxation time (s), v0 first speed (m/s), d diameter (m), nu kinematic viscosity (m2/s), f drag factor of ``drag``. No gravity.
Deviation: none (quadrature with error below 1e-6). Source: equation of motion; N. Fuchs, The Mechanics of Aerosols (recalled).
Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.drag import drag_factor
from peritia.physics.quantity import Array, Number, array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_POWER = 3.0  # v = v0 t^3 takes away the kink of Re^0.687 at rest


def stopping_distance(relaxation: Number, reynolds_per_speed: Number, speed: Number) -> Array:
    """s, m; ``reynolds_per_speed`` is d / nu (s/m)."""
    tau, per_speed, v0 = np.broadcast_arrays(array(relaxation), array(reynolds_per_speed), array(speed))
    t = 0.5 * (_NODES + 1)
    v = v0[..., None] * t**_POWER
    slope = v0[..., None] * _POWER * t ** (_POWER - 1)
    return tau * (0.5 * _WEIGHTS * slope / drag_factor(v * per_speed[..., None])).sum(axis=-1)
