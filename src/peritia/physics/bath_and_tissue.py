"""V dC/dt = -A flux;    C/C0 = exp(-k t) [r1 e(r1) - r2 e(r2)] / (r1 - r2),  e(r) = exp(r^2 t) erfc(-r sqrt(t)),
r1, r2 = (-a +- sqrt(a^2 + 4 k)) / 2,  a = A sqrt(D) / V

A finite bath over tissue that takes the drug up by diffusion and loses it at a steady rate.

V bath volume (m3), A area (m2), D diffusivity (m2/s), k loss (1/s), t time (s). Late decay rate where k is large against a^2: A
sqrt(D k) / V, the clearance that plasma kinetics see; the tissue model and the plasma model share this one parameter. Stirred
bath, half-space, no flow, plasma level far below the bath's. Source: Laplace transform, ours. Theory page: docs/theory/tissue.md.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfc, erfcx  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from peritia.physics.quantity import Array, Number, array


def share_left(time: Number, area: float, volume: float, diffusivity: float, loss: float) -> Array:
    """C/C0 of the bath."""
    t = array(time)
    a = area * np.sqrt(diffusivity) / volume
    root = np.sqrt(a**2 + 4 * loss)
    r1, r2 = 2 * loss / (a + root), -(a + root) / 2  # the first without cancellation
    fading = np.exp((r1**2 - loss) * t) * array(erfc(-r1 * np.sqrt(t)))
    falling = np.exp(-loss * t) * array(erfcx(-r2 * np.sqrt(t)))
    return (r1 * fading - r2 * falling) / (r1 - r2)


def clearance(area: Number, diffusivity: Number, loss: Number) -> Array:
    """PA = A sqrt(D k), m3/s."""
    return array(area) * np.sqrt(array(diffusivity) * loss)


def late_rate(area: float, volume: float, diffusivity: float, loss: float) -> float:
    """Exact rate (1/s) at which the bath decays after long: k - r1^2."""
    a = area * np.sqrt(diffusivity) / volume
    r1 = 2 * loss / (a + np.sqrt(a**2 + 4 * loss))
    return float(loss - r1**2)
