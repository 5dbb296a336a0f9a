"""F = 3 pi mu d v f(Re) / Cc,    f = 1 + 0.15 Re^0.687 (Re < 1000), else 0.44 Re / 24,    tau = rho_p d^2 Cc / (18 mu)

Drag on a sphere over Stokes' drag (Schiller and Naumann), and the time in which a slow droplet takes on the gas's speed.

Re = rho v d / mu; rho gas density (kg/m3), v slip speed (m/s), d diameter (m), mu gas viscosity (Pa s), rho_p droplet density (kg/m3), Cc
slip correction. Holds for solid spheres to Re about 2e5; a droplet below 1 mm keeps its shape.
Source: L. Schiller, A. Naumann, Z VDI 1935;77:318; R. Clift et al., Bubbles, Drops and Particles (recalled).
Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number


def drag_factor(reynolds: Number) -> Number:
    """f, no unit."""
    re = np.abs(reynolds)
    return np.where(re < 1000, 1 + 0.15 * re**0.687, 0.44 * re / 24)


def relaxation_time(diameter: Number, droplet_density: Number, gas_viscosity: Number, slip: Number = 1.0) -> Number:
    """tau, s."""
    return droplet_density * diameter**2 * slip / (18 * gas_viscosity)
