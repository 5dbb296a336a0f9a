"""q_s = 12 pi eps0 er/(er + 2) a^2 E;    q(t) = q_s t / (t + t_h);    t_h = 4 eps0 / (N e b)

Charge of a droplet in a field of ions (Pauthenier). With diffusion charging (White) for droplets under about 0.5 µm:
q_d = (d k T / (2 K e)) ln(1 + pi K d c e^2 N t / (2 k T)), K = 1/(4 pi eps0).

a radius (m), E field (V/m), er relative permittivity of the liquid, t time in the ions (s), N ions per m3, b ion mobility
(m2/(V s)), c mean thermal speed of the ions (m/s), T gas temperature (K). Holds while the droplet's own field is below E.
Source: M. Pauthenier, M. Moreau-Hanot, J Phys Radium 1932;3:590; W. Hinds, Aerosol Technology (recalled).
Theory page: docs/theory/electrostatics.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import BOLTZMANN, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY, Number, array


def saturation_charge(diameter: Number, field: Number, permittivity: float) -> Number:
    """q_s, C."""
    return 12 * np.pi * VACUUM_PERMITTIVITY * permittivity / (permittivity + 2) * (array(diameter) / 2) ** 2 * field


def field_charge(saturation: Number, time: Number, half_time: Number) -> Number:
    """q(t), C."""
    return saturation * time / (time + half_time)


def half_time(ion_density: Number, ion_mobility: Number) -> Number:
    """t_h, s."""
    return 4 * VACUUM_PERMITTIVITY / (ion_density * ELEMENTARY_CHARGE * ion_mobility)


def diffusion_charge(diameter: Number, time: Number, ion_density: float, ion_speed: float, temperature: float) -> Number:
    """q_d, C."""
    k, e2, thermal = 1 / (4 * np.pi * VACUUM_PERMITTIVITY), ELEMENTARY_CHARGE**2, BOLTZMANN * temperature
    d = array(diameter)
    return ELEMENTARY_CHARGE * d * thermal / (2 * k * e2) * np.log1p(np.pi * k * d * ion_speed * e2 * ion_density * time / (2 * thermal))


def drift_speed(charge: Number, field: Number, diameter: Number, gas_viscosity: Number, slip: Number = 1.0) -> Number:
    """v = q E Cc / (3 pi mu d), m/s: Stokes drag."""
    return charge * field * slip / (3 * np.pi * gas_viscosity * diameter)
