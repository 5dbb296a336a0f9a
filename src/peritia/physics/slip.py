"""Cc = 1 + Kn (1.257 + 0.4 exp(-1.1 / Kn)),    Kn = 2 l / d

Cunningham's slip correction: how much easier a droplet moves whose size nears the gas's mean free path.

d diameter (m), l mean free path (m). Holds for all Kn. Source: W. Hinds, Aerosol Technology, 2nd ed. (after Davies 1945; recalled).
Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number


def cunningham(diameter: Number, mean_free_path: Number) -> Number:
    """Cc, no unit."""
    knudsen = 2 * mean_free_path / diameter
    return 1 + knudsen * (1.257 + 0.4 * np.exp(-1.1 / knudsen))
