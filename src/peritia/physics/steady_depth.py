"""D C'' - u C' - k C = 0:    C = C0 exp(-m x),    m = (sqrt(u^2 + 4 D k) - u) / (2 D)

Steady profile of a drug that diffuses, is carried and is lost below a surface.

C0 surface value, x depth (m), D diffusivity (m2/s), u velocity into the tissue (m/s; negative if fluid seeps out), k loss (1/s).
Half-space. Where u is zero, m = sqrt(k / D). Source: closed form. Theory page: docs/theory/tissue.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def decay(diffusivity: Number, loss: Number, velocity: Number = 0.0) -> Array:
    """m, 1/m."""
    d, u = array(diffusivity), array(velocity)
    root = np.sqrt(u**2 + 4 * d * array(loss))
    return np.where(u > 0, 2 * array(loss) / (root + u), (root - u) / (2 * d))  # the same number, without cancellation


def depth_of_share(share: Number, diffusivity: Number, loss: Number, velocity: Number = 0.0) -> Array:
    """Depth (m) at which C is ``share`` of the surface value."""
    return -np.log(array(share)) / decay(diffusivity, loss, velocity)


def surface_clearance(diffusivity: Number, loss: Number, velocity: Number = 0.0) -> Array:
    """Flux into the tissue over C0 (m/s): u + D m; sqrt(D k) without flow."""
    return array(velocity) + array(diffusivity) * decay(diffusivity, loss, velocity)
