# pyright: basic
# Reason for the looser check: Numba types these bodies itself.
"""Runge-Kutta for many small systems of compartments at once, 64 cases side by side in each loop."""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants

LANES = 64


@helper
def rates(out, y, exchange, inflow, most, half, links, saturates):
    """``out = K y + inflow - V y / (M + |y|)`` for one block; ``links`` and ``saturates`` say which terms any case has."""
    states, lanes = y.shape
    for i in range(states):
        row, feed = out[i], inflow[i]
        if saturates[i]:
            top, knee, mine = most[i], half[i], y[i]
            for m in range(lanes):
                row[m] = feed[m] - top[m] * mine[m] / (knee[m] + abs(mine[m]))
        else:
            for m in range(lanes):
                row[m] = feed[m]
        for j in range(states):
            if links[i, j]:
                k, other = exchange[i, j], y[j]
                for m in range(lanes):
                    row[m] += k[m] * other[m]


def runge_kutta(y, exchange, inflow, most, half, links, saturates, step, steps, every, saved):
    """Classical fourth order with fixed steps; ``saved[n]`` gets the state after ``every`` further steps."""
    blocks, states, lanes = y.shape
    for b in prange(blocks):
        now, trial, total, rate = y[b].copy(), np.empty_like(y[b]), np.empty_like(y[b]), np.empty_like(y[b])
        k, s, v, h = exchange[b], inflow[b], most[b], half[b]
        for n in range(1, steps + 1):
            rates(total, now, k, s, v, h, links, saturates)
            for part in range(3):
                reach, weight = (0.5 * step, 2.0) if part < 2 else (step, 1.0)
                for i in range(states):
                    mine, ahead, slope = now[i], trial[i], (total[i] if part == 0 else rate[i])
                    for m in range(lanes):
                        ahead[m] = mine[m] + reach * slope[m]
                rates(rate, trial, k, s, v, h, links, saturates)
                for i in range(states):
                    sums, slope = total[i], rate[i]
                    for m in range(lanes):
                        sums[m] += weight * slope[m]
            for i in range(states):
                mine, sums = now[i], total[i]
                for m in range(lanes):
                    mine[m] += step / 6.0 * sums[m]
            if n % every == 0:
                saved[n // every - 1, b] = now
        y[b] = now


KERNELS = (runge_kutta,)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
