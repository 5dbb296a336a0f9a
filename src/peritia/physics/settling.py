"""stirred: n/n0 = exp(-v A_h t / V);    still: n/n0 = 1 - v t / H;    channel: share lost = v L / (H U)

Three ways in which droplets settle: in a chamber kept mixed, in one at rest, and out of a laminar stream between plates.

v settling speed (m/s), A_h horizontal projection of the upward-facing surface (m2), V gas volume (m3), H height (m), t time (s), L length
(m), U mean speed (m/s). For a real cavity the stirred rate is a sum over surface elements, each with the speed towards it:
lambda = sum_e max(0, v_e . n_e) A_e / V, n_e pointing out of the gas. Mixing must be fast against settling; the layer at the surface is
not resolved. Source: N. Fuchs, The Mechanics of Aerosols; W. Hinds, Aerosol Technology (recalled).
Theory page: docs/theory/settling.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def stirred_share_left(speed: Number, time: Number, height: Number) -> Number:
    """Share still floating in a mixed chamber; ``height`` is V / A_h (m)."""
    return np.exp(-array(speed) * time / height)


def still_share_left(speed: Number, time: Number, height: Number) -> Number:
    """Share still floating in a chamber at rest."""
    return np.maximum(0.0, 1 - array(speed) * time / height)


def channel_share_lost(speed: Number, length: Number, height: Number, mean_speed: Number) -> Number:
    """Share that has settled out of a laminar stream after ``length``; the profile of the stream does not matter."""
    return np.minimum(1.0, array(speed) * length / (height * array(mean_speed)))


def stirred_rates(velocity: Array, normals: Array, areas: Array, volume: float) -> Array:
    """lambda of each surface element (1/s): ``velocity`` (3,) or (elements, 3) of the droplets through the gas, m/s."""
    towards = np.einsum("ej,ej->e", np.broadcast_to(velocity, normals.shape), normals)
    return np.maximum(0.0, towards) * areas / volume
