"""dv_k/dt = sum_i sum_j f_ijk K_ij v_i n_j - v_k sum_j K_kj n_j - l_k v_k + s_k
Brownian: K = (2 k T / 3 mu) (d_i + d_j) (Cc_i/d_i + Cc_j/d_j);    gravity: K = (pi/4) (d_i + d_j)^2 |v_i - v_j| E,  E = r^2 / (2 (1 + r)^2)

Droplets that meet and join, while they settle: how the fine part of a dense spray grows until it falls.

v_k liquid of size class k over gas volume, n number (1/m3), K rate of meeting (m3/s), f share of the joined droplet that counts to
class k (its volume is kept), l loss to the walls and s source (1/s), d diameter (m), k T thermal energy (J), mu gas viscosity (Pa s),
Cc slip factor, v settling speed (m/s), r smaller over larger diameter. Every meeting joins; turbulence and charge are left out (like
charges keep droplets apart: use no K then). Stepped implicitly as by Jacobson, so volume is kept whatever the step. Sources: M. von
Smoluchowski, Z Phys Chem 1917;92:129; W. Hinds, Aerosol Technology; H. Pruppacher, J. Klett, Microphysics of Clouds and Precipitation;
M. Jacobson et al., Atmos Environ 1994;28:1327 (recalled). Theory page: docs/theory/settling.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import BOLTZMANN, Array, Number, array


def brownian(one: Number, other: Number, viscosity: float, kelvin: float, slip: tuple[Number, Number] = (1.0, 1.0)) -> Array:
    """K by thermal motion, m3/s; droplets well above the mean free path of the gas."""
    d, e = array(one), array(other)
    return 2 * BOLTZMANN * kelvin / (3 * viscosity) * (d + e) * (slip[0] / d + slip[1] / e)


def gravitational(one: Number, other: Number, speeds: tuple[Number, Number]) -> Array:
    """K by unequal settling, m3/s."""
    d, e = array(one), array(other)
    ratio = np.minimum(d, e) / np.maximum(d, e)
    return np.pi / 4 * (d + e) ** 2 * np.abs(array(speeds[0]) - speeds[1]) * 0.5 * (ratio / (1 + ratio)) ** 2


def doubling_diameters(smallest: float, largest: float) -> Array:
    """Diameters (m) from ``smallest`` up to at least ``largest``, each of twice the volume of the one before."""
    count = int(np.ceil(3 * np.log2(largest / smallest))) + 1
    return smallest * 2 ** (np.arange(count) / 3)


class Suspension:
    """Droplets in a stirred volume of gas, by class of ``doubling_diameters``; ``liquid`` is volume over volume. Changes in place."""

    def __init__(self, diameters: Array, kernel: Array) -> None:
        self.liquid, self._each = np.zeros(len(diameters)), np.pi / 6 * diameters**3
        split = _split(self._each)
        own = np.einsum("kjk->kj", split)
        self._gain = split * kernel[:, :, None]
        self._gain[np.arange(len(diameters)), :, np.arange(len(diameters))] = 0.0
        self._leave = (1 - own) * kernel

    def step(self, duration: float, source: Array, loss: Array) -> Array:
        """Let ``duration`` pass under a source (1/s) and losses to the walls (1/s); returns the liquid lost, by class."""
        number = self.liquid / self._each
        gain = np.einsum("ijk,j->ik", self._gain, number)
        system = np.diag(1 + duration * (loss + self._leave @ number)) - duration * gain.T
        self.liquid = np.asarray(np.linalg.solve(system, self.liquid + duration * source), np.float64)
        return duration * loss * self.liquid


def _split(volumes: Array) -> Array:
    """``f[i, j, k]``: share of the volume of a droplet joined of classes i and j that counts to class k."""
    count = len(volumes)
    joined = volumes[:, None] + volumes[None, :]
    lower = np.clip(np.searchsorted(volumes, joined * (1 + 1e-12), side="right") - 1, 0, count - 1)
    upper = np.minimum(lower + 1, count - 1)
    span = np.where(upper > lower, volumes[upper] - volumes[lower], 1.0)
    low = np.where(upper > lower, (volumes[upper] - joined) / span * volumes[lower] / joined, 1.0)
    split = np.zeros((count, count, count))
    i, j = np.indices((count, count))
    np.add.at(split, (i, j, lower), low)
    np.add.at(split, (i, j, upper), 1 - low)
    return split
