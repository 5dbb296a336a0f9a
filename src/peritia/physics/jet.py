"""M = rho_l Q v;    u_c = B sqrt(M/rho) / x;    r_half = S x;    Q_e = E sqrt(M/rho) x;    nu_t = N sqrt(M/rho)

The gas jet that a spray drags along: a round turbulent jet of the spray's momentum.

M momentum flux (N), rho_l liquid density (kg/m3), Q liquid flow (m3/s), v liquid speed (m/s), rho gas density, x distance (m),
u_c speed on the axis (m/s), r_half radius of half speed (m), Q_e gas flow in the jet (m3/s), nu_t eddy viscosity (m2/s). B = 6.6,
S = 0.095, E = 0.284 (from 0.32 x/d), N = 0.018; B and S follow from N by Schlichting's closed form, E is measured. Holds beyond
about ten nozzle widths from a source small against x, in gas at rest, Re above 2000; near the nozzle the droplets still drive the
gas and u_c cannot exceed theirs. Sources: H. Schlichting, Boundary-Layer Theory; S. Pope, Turbulent Flows; F. Ricou, D. Spalding,
J Fluid Mech 1961;11:21 (recalled). Theory page: docs/theory/jet.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number

EDDY_VISCOSITY = 0.018
DECAY = 3 / (8 * np.pi * EDDY_VISCOSITY)
SPREAD = float(np.sqrt(64 * np.pi / 3 * (np.sqrt(2) - 1)) * EDDY_VISCOSITY)
ENTRAINMENT = float(0.32 * np.sqrt(np.pi) / 2)


def momentum_flux(liquid_density: Number, liquid_flow: Number, speed: Number) -> Number:
    """M, N."""
    return liquid_density * liquid_flow * speed


def centre_speed(momentum: Number, gas_density: Number, distance: Number) -> Number:
    """u_c, m/s."""
    return DECAY * np.sqrt(momentum / gas_density) / distance


def half_width(distance: Number) -> Number:
    """r_half, m."""
    return SPREAD * distance


def speed(momentum: Number, gas_density: Number, distance: Number, radius: Number) -> Number:
    """Axial speed off the axis, m/s: u_c / (1 + (sqrt(2) - 1) r^2 / r_half^2)^2."""
    return centre_speed(momentum, gas_density, distance) / (1 + (np.sqrt(2) - 1) * (radius / half_width(distance)) ** 2) ** 2


def entrained_flow(momentum: Number, gas_density: Number, distance: Number) -> Number:
    """Q_e, m3/s."""
    return ENTRAINMENT * np.sqrt(momentum / gas_density) * distance


def eddy_viscosity(momentum: Number, gas_density: Number) -> Number:
    """nu_t, m2/s: constant over a round jet."""
    return EDDY_VISCOSITY * np.sqrt(momentum / gas_density)
