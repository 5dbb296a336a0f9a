"""n/n0 = exp(-w A / Q);    in a closed chamber n/n0 = exp(-w A t / V)

Share of charged droplets that escapes a collector in which the gas is kept mixed.

w drift speed (m/s), A collecting area (m2), Q gas flow (m3/s), V volume (m3), t time (s). Holds for one size, mixing fast against drift.
Source: W. Deutsch, Ann Phys 1922;373:335 (recalled). Theory page: docs/theory/electrostatics.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number, array


def share_escaping(drift: Number, area: Number, gas_flow: Number) -> Number:
    """n/n0 behind the collector."""
    return np.exp(-array(drift) * area / gas_flow)


def share_floating(drift: Number, area: Number, time: Number, volume: Number) -> Number:
    """n/n0 after ``time`` in a closed chamber."""
    return np.exp(-array(drift) * area * time / volume)
