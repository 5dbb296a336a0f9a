# pyright: basic
# Reason for the looser check: Numba types these bodies itself.
"""Runge-Kutta for many small systems of compartments at once, 16 cases side by side in each loop."""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants

LANES = 16


@helper
def rates(out, y, exchange, inflow, most, half):
    """``out = K y + inflow - V y / (M + y)`` for one block."""
    states = y.shape[0]
    for i in range(states):
        row, feed, top, knee, mine = out[i], inflow[i], most[i], half[i], y[i]
        for m in range(LANES):
            row[m] = feed[m] - top[m] * mine[m] / (knee[m] + abs(mine[m]))
        for j in range(states):
            k, other = exchange[i, j], y[j]
            for m in range(LANES):
                row[m] += k[m] * other[m]


def runge_kutta(y, exchange, inflow, most, half, step, steps, every, saved):
    """Classical fourth order with fixed steps; ``saved[n]`` gets the state after ``every`` further steps."""
    blocks, states, _lanes = y.shape
    for b in prange(blocks):
        now, trial, total, rate = y[b].copy(), np.empty_like(y[b]), np.empty_like(y[b]), np.empty_like(y[b])
        k, s, v, h = exchange[b], inflow[b], most[b], half[b]
        for n in range(1, steps + 1):
            rates(total, now, k, s, v, h)
            for part in range(3):
                reach, weight = (0.5 * step, 2.0) if part < 2 else (step, 1.0)
                source = total if part == 0 else rate
                for i in range(states):
                    for m in range(LANES):
                        trial[i, m] = now[i, m] + reach * source[i, m]
                rates(rate, trial, k, s, v, h)
                for i in range(states):
                    for m in range(LANES):
                        total[i, m] += weight * rate[i, m]
            for i in range(states):
                for m in range(LANES):
                    now[i, m] += step / 6.0 * total[i, m]
            if n % every == 0:
                saved[n // every - 1, b] = now
        y[b] = now


KERNELS = (runge_kutta,)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
