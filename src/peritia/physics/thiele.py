"""phi = L sqrt(k / D);    slab: eta = tanh(phi) / phi;    sphere: eta = 3 (phi coth(phi) - 1) / phi^2

How much of a piece of tissue the drug serves: mean over surface concentration when loss competes with diffusion.

L half-thickness of a slab reached from both sides, or radius of a sphere (m), k loss (1/s), D diffusivity (m2/s). Steady, linear loss.
Source: E. Thiele, Ind Eng Chem 1939;31:916 (recalled). Theory page: docs/theory/tissue.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def modulus(length: Number, loss: Number, diffusivity: Number) -> Array:
    """phi, no unit."""
    return array(length) * np.sqrt(array(loss) / diffusivity)


def slab(phi: Number) -> Array:
    """eta of a slab."""
    p = np.maximum(array(phi), 1e-8)
    return np.tanh(p) / p


def sphere(phi: Number) -> Array:
    """eta of a sphere."""
    p = array(phi)
    safe = np.maximum(p, 1e-3)
    return np.where(p < 1e-3, 1 - p**2 / 15, 3 * (safe / np.tanh(safe) - 1) / safe**2)
