# pyright: basic
# Reason for the looser check: unsigned arithmetic in fixed widths, typed by Numba.
"""Random numbers by counter: Philox 4x32-10. The same key and counter give the same numbers on any thread, in any order.

J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011); known answers of its reference code are tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.numerics.jit import helper

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_ROUNDS = 10


@helper
def philox(c0, c1, c2, c3, k0, k1):
    """Four 32-bit numbers (in unsigned 64) from a counter of four and a key of two."""
    for _ in range(_ROUNDS):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c2 = (p1 >> _SHIFT) ^ c1 ^ k0, (p0 >> _SHIFT) ^ c3 ^ k1
        c1, c3 = p1 & _LOW, p0 & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@helper
def three_kicks(seed, identity, draw):
    """Three independent numbers of mean 0 and variance 1, each the sum of three uniform ones.

    Enough for a weak scheme of a Langevin equation, where only the first moments count, and cheaper than normal numbers.
    """
    a, b, c, d = philox(identity & _LOW, identity >> _SHIFT, draw & _LOW, draw >> _SHIFT, seed & _LOW, seed >> _SHIFT)
    half, ten = np.uint64(0xFFFF), np.uint64(0x3FF)
    sixteen, fine, coarse = np.uint64(16), 1.0 / 65536.0, 1.0 / 1024.0
    x = (np.float64(a & half) + np.float64(a >> sixteen) + 1.0) * fine + (np.float64(d & ten) + 0.5) * coarse
    y = (np.float64(b & half) + np.float64(b >> sixteen) + 1.0) * fine + (np.float64((d >> np.uint64(10)) & ten) + 0.5) * coarse
    z = (np.float64(c & half) + np.float64(c >> sixteen) + 1.0) * fine + (np.float64((d >> np.uint64(20)) & ten) + 0.5) * coarse
    return 2.0 * x - 3.0, 2.0 * y - 3.0, 2.0 * z - 3.0


@helper
def uniform(seed, identity, draw):
    """One number in the open interval 0 to 1."""
    a, _b, _c, _d = philox(identity & _LOW, identity >> _SHIFT, draw & _LOW, draw >> _SHIFT, seed & _LOW, seed >> _SHIFT)
    return (np.float64(a) + 0.5) / 4294967296.0


@helper
def _fill_uniform(out, seed, first_identity, draw):
    for n in range(len(out)):
        out[n] = uniform(seed, first_identity + np.uint64(n), draw)


def fill_uniform(count: int, seed: int, first_identity: int, draw: int) -> NDArray[np.float64]:
    """Uniform numbers for identities in order; the host's way to draw starting places."""
    out = np.zeros(count)
    _fill_uniform(out, np.uint64(seed), np.uint64(first_identity), np.uint64(draw))
    return out
