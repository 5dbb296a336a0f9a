"""rho = p M / (R T);    mu = mu0 (T/T0)^(3/2) (T0 + S) / (T + S);    l = (mu / p) sqrt(pi R T / (2 M))

Density, viscosity (Sutherland) and mean free path of the insufflated gas.

p pressure (Pa), T temperature (K), M molar mass (kg/mol), R gas constant; mu0 viscosity (Pa s) at T0 (K), S Sutherland's temperature (K).
Holds for a dilute gas from 250 to 600 K and below about 5 bar. Water vapour (6 % at 37 °C) is neglected: 3 % in density.
Sources: ideal gas; F. White, Viscous Fluid Flow, for the constants of the gases (recalled); kinetic theory for l.
Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.physics.quantity import GAS_CONSTANT, Number


@dataclass(frozen=True)
class Gas:
    """A pure gas: molar mass (kg/mol), viscosity (Pa s) at a reference temperature (K), Sutherland's temperature (K)."""

    molar_mass: float
    viscosity_at_reference: float
    reference_temperature: float
    sutherland_temperature: float


CARBON_DIOXIDE = Gas(0.04401, 1.370e-5, 273.0, 222.0)
AIR = Gas(0.028966, 1.716e-5, 273.0, 111.0)


def density(gas: Gas, pressure: Number, temperature: Number) -> Number:
    """rho, kg/m3, at absolute ``pressure`` (Pa) and ``temperature`` (K)."""
    return pressure * gas.molar_mass / (GAS_CONSTANT * temperature)


def viscosity(gas: Gas, temperature: Number) -> Number:
    """mu, Pa s."""
    t0, s = gas.reference_temperature, gas.sutherland_temperature
    return gas.viscosity_at_reference * (temperature / t0) ** 1.5 * (t0 + s) / (temperature + s)


def mean_free_path(gas: Gas, pressure: Number, temperature: Number) -> Number:
    """l, m."""
    return viscosity(gas, temperature) / pressure * np.sqrt(np.pi * GAS_CONSTANT * temperature / (2 * gas.molar_mass))
