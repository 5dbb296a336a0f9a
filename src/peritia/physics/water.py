"""rho(t) after Kell;    mu = 2.414e-5 * 10^(247.8 / (T - 140));    k = -0.5752 + 6.397e-3 T - 8.151e-6 T^2

Properties of water, taken for the carrier liquid (saline and glucose differ by under 2 % in density, up to 10 % in viscosity).

t temperature (°C), T the same in K; rho density (kg/m3), mu viscosity (Pa s), k thermal conductivity (W/(m K)). 0 to 90 °C, 1 bar.
Sources: G. Kell, J Chem Eng Data 1975;20:97; the viscosity fit is within 2.5 %; M. Ramires et al., J Phys Chem Ref Data 1995;24:1377
for k as a parabola (recalled). Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial import polynomial

from peritia.physics.quantity import ZERO_CELSIUS, Array, Number, array

_KELL = (999.83952, 16.945176, -7.9870401e-3, -46.170461e-6, 105.56302e-9, -280.54253e-12)
_KELL_BELOW = (1.0, 16.879850e-3)


def density(celsius: Number) -> Array:
    """rho, kg/m3."""
    t = array(celsius)
    return array(polynomial.polyval(t, _KELL) / polynomial.polyval(t, _KELL_BELOW))


def expansion(celsius: Number) -> Array:
    """-(1/rho) d rho / dT, 1/K."""
    return (density(array(celsius) - 0.05) - density(array(celsius) + 0.05)) / (0.1 * density(celsius))


def viscosity(celsius: Number) -> Array:
    """mu, Pa s."""
    return 2.414e-5 * 10 ** (247.8 / (array(celsius) + ZERO_CELSIUS - 140))


def conductivity(celsius: Number) -> Array:
    """k, W/(m K)."""
    return array(polynomial.polyval(array(celsius) + ZERO_CELSIUS, (-0.5752, 6.397e-3, -8.151e-6)))


def diffusivity_factor(celsius: Number, reference: float = 37.0) -> Array:
    """How D of a solute grows with temperature: (T / mu(T)) over the same at ``reference`` (Stokes-Einstein), about 2.2 % per K."""
    warm, base = array(celsius) + ZERO_CELSIUS, reference + ZERO_CELSIUS
    return np.asarray(warm / viscosity(celsius) / (base / viscosity(reference)), np.float64)
