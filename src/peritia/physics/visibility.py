"""tau = sum_k (3/2) Q v_k L / d_k,  Q = 2;    seen while 1 - exp(-tau) > c

Whether an aerosol is seen: light lost over a path, against the least contrast that the eye tells.

tau optical depth, v_k liquid of size class k over gas volume, d_k diameter (m), L path (m), Q extinction efficiency (2 for droplets well
above the wavelength of light, so from about 1 µm up), c 0.02. Single scattering, even aerosol. Source: H. Koschmieder, Beitr Phys freien
Atm 1924;12:33; W. Hinds, Aerosol Technology (recalled). Theory page: docs/theory/settling.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array

EXTINCTION = 2.0
LEAST_CONTRAST = 0.02


def optical_depth(liquid: Array, diameter: Array, path: float) -> float:
    """Tau of an aerosol with ``liquid`` (volume over volume) in each size."""
    return float(1.5 * EXTINCTION * path * (liquid / diameter).sum())


def seen(depth: float, contrast: float = LEAST_CONTRAST) -> bool:
    """Whether an aerosol of this optical depth shows."""
    return bool(-np.expm1(-depth) > contrast)
