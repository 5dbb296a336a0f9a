"""natural: Nu = (0.825 + 0.387 Ra^(1/6) / (1 + (0.492/Pr)^(9/16))^(8/27))^2;    forced: Nu = 0.664 Re^(1/2) Pr^(1/3)

Heat transfer coefficient between liquid and wall, h = Nu k / L; both together h = (h_n^3 + h_f^3)^(1/3).

Ra = g b dT L^3 / (nu a), Pr = nu / a, Re = u L / nu; b expansion (1/K), dT temperature difference (K), L length (m), nu
viscosity, a thermal diffusivity (m2/s), k conductivity (W/(m K)), u speed along the wall (m/s). Vertical wall, Ra 0.1 to 1e12;
flat plate, Re below 5e5. In the abdomen it overstates the exchange where bowel lies on the wall or pockets stand still: a
calibrated factor is expected. Source: S. Churchill, H. Chu, Int J Heat Mass Transf 1975;18:1323; Pohlhausen's plate (recalled).
Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import GRAVITY, Number, array


def natural(length: float, difference: Number, expansion: float, viscosity: float, diffusivity: float, conductivity: float) -> Number:
    """h of natural convection, W/(m2 K); viscosity and diffusivity in m2/s."""
    rayleigh = GRAVITY * expansion * np.abs(array(difference)) * length**3 / (viscosity * diffusivity)
    prandtl = viscosity / diffusivity
    nusselt = (0.825 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.492 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2
    return nusselt * conductivity / length


def forced(length: float, speed: Number, viscosity: float, diffusivity: float, conductivity: float) -> Number:
    """h of a laminar stream along a plate, W/(m2 K)."""
    nusselt = 0.664 * np.sqrt(array(speed) * length / viscosity) * (viscosity / diffusivity) ** (1 / 3)
    return nusselt * conductivity / length


def together(first: Number, second: Number) -> Number:
    """h of both, W/(m2 K)."""
    return np.cbrt(array(first) ** 3 + array(second) ** 3)
