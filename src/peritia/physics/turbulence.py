"""k = (nu_t / (c l))^2,  c = 0.548;    eps = c^3 k^(3/2) / l;    spread = sqrt(2 k / 3);    memory = 2 k / (C0 eps)

What a droplet feels of turbulence that the grid does not resolve: root mean square of a velocity component and Lagrangian memory.

nu_t eddy viscosity (m2/s), l mixing length (m; Smagorinsky: Cs times the spacing), k turbulent energy (m2/s2), eps dissipation
(m2/s3), C0 between 2.1 and 4 (a parameter). c is c_mu^(1/4), so that in a wall layer u*^2 = 0.3 k. Local equilibrium of
production and dissipation is assumed. Source: Prandtl and Kolmogorov, in S. Pope, Turbulent Flows (recalled). Theory page:
docs/theory/jet.md.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics import Flow, Turbulence, extended
from peritia.physics.quantity import Array, Number, array

FACTOR = 0.09**0.25


def energy(eddy_viscosity: Number, length: Number) -> Array:
    """k, m2/s2."""
    return (array(eddy_viscosity) / (FACTOR * array(length))) ** 2


def dissipation(eddy_viscosity: Number, length: Number) -> Array:
    """eps, m2/s3."""
    return FACTOR**3 * energy(eddy_viscosity, length) ** 1.5 / length


def spread(eddy_viscosity: Number, length: Number) -> Array:
    """Root mean square of one velocity component, m/s."""
    return np.sqrt(2 / 3 * energy(eddy_viscosity, length))


def memory(eddy_viscosity: Number, length: Number, c0: float) -> Array:
    """Lagrangian time, s."""
    return 2 * energy(eddy_viscosity, length) / (c0 * dissipation(eddy_viscosity, length))


def unresolved(flow: Flow, eddy_viscosity: Array, length: Number, c0: float, least_spread: float = 1e-4) -> Turbulence:
    """Turbulence for the parcels, from eddy viscosity by cell; where it is almost none, ``least_spread`` (m/s) keeps the memory finite."""
    least = least_spread * np.sqrt(1.5) * FACTOR * array(length)
    nu_t = np.maximum(eddy_viscosity, least)
    lengths = np.broadcast_to(length, nu_t.shape)
    return Turbulence(extended(flow.grid, spread(nu_t, lengths)), extended(flow.grid, memory(nu_t, lengths, c0)))
