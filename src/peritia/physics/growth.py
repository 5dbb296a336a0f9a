"""dN/dt = g N ln(K / N):    N = K exp(ln(N0 / K) exp(-g t));    early doubling time Td = ln 2 / (g ln(K / N0))

Growth of a tumour that slows with size (Gompertz).

N cells, N0 at the start, K largest number, g rate (1/s), t time (s). Where a clinical doubling time was measured, at some size N,
g follows. Source: A. Laird, Br J Cancer 1964;18:490 (recalled). Theory page: docs/theory/effect.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def rate_from_doubling(doubling_time: Number, cells: Number, largest: Number) -> Array:
    """g from the momentary doubling time ln 2 / (g ln(K/N)) at ``cells``."""
    return np.log(2) / (array(doubling_time) * np.log(array(largest) / cells))


def cells(time: Number, start: Number, largest: Number, rate: Number) -> Array:
    """N at ``time``."""
    return array(largest) * np.exp(np.log(array(start) / largest) * np.exp(-array(rate) * array(time)))


def time_to_reach(target: Number, start: Number, largest: Number, rate: Number) -> Array:
    """Time (s) until N is ``target``."""
    return np.log(np.log(array(start) / largest) / np.log(array(target) / largest)) / array(rate)


def doubling_time(cells_now: Number, largest: Number, rate: Number) -> Array:
    """Momentary doubling time, s."""
    return np.log(2) / (array(rate) * np.log(array(largest) / cells_now))
