# pyright: basic
# Reason for the looser check: Numba types these bodies itself; fields come in any precision.
"""Kernels of the implicit scalar step: a seven-point matrix of upwind carriage and diffusion over the fluid cells alone.

The cells stand in one list, in the order of the grid; ``near[n]`` are the places of the six neighbours of cell ``n`` in it, ``weight[n]``
what they bring in (1/s). A neighbour that is no fluid stands at the end of the list, where every vector holds a zero. In a cavity that
fills a sixth of its box this moves a sixth of the memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants

CELLS_AT_ONCE = 8192


def assemble(near, weight, leaving, inflow, cells, place, values, u, v, w, diffusivity, open_x, open_y, open_z, sx, sy, hx, hy, hz, half):
    """Fill the matrix; what a ghost cell of an opening brings in goes to ``inflow`` (unit/s), and what leaves to ``leaving`` (1/s)."""
    zero, outside = half - half, len(cells)
    for n in prange(outside):
        c = cells[n]
        gone, come = zero, 0.0
        for axis in range(3):
            s, h = (sx, hx) if axis == 0 else (sy, hy) if axis == 1 else (1, hz)
            speed = u if axis == 0 else v if axis == 1 else w
            open_ = open_x if axis == 0 else open_y if axis == 1 else open_z
            low, high = speed[c], speed[c + s]
            left = half * (diffusivity[c] + diffusivity[c - s]) * h * open_[c]
            right = half * (diffusivity[c] + diffusivity[c + s]) * h * open_[c + s]
            gone += (max(high, zero) + max(-low, zero) + left + right) * h
            for side in range(2):
                other = c - s if side == 0 else c + s
                enters = ((max(low, zero) + left) if side == 0 else (max(-high, zero) + right)) * h
                beside = place[other]
                near[n, 2 * axis + side] = beside
                weight[n, 2 * axis + side] = enters if beside < outside else zero
                if beside == outside:
                    come += np.float64(enters) * np.float64(values[other])
        leaving[n], inflow[n] = gone, come


def multiply(out, x, near, weight, diagonal):
    """``out = A x``."""
    for part in prange((len(diagonal) + CELLS_AT_ONCE - 1) // CELLS_AT_ONCE):
        for n in range(part * CELLS_AT_ONCE, min(len(diagonal), (part + 1) * CELLS_AT_ONCE)):
            a, g = weight[n], near[n]
            low = a[0] * x[g[0]] + a[1] * x[g[1]] + a[2] * x[g[2]]
            out[n] = diagonal[n] * x[n] - low - (a[3] * x[g[3]] + a[4] * x[g[4]] + a[5] * x[g[5]])


def sweep(x, r, near, weight, inverse, slabs):
    """Solve roughly: from zero, one Gauss-Seidel pass forwards and one backwards, within slabs of cells (one per thread).

    Between slabs the old value (zero) is used, so the result depends on ``slabs`` and not on the threads that work them. ``inverse`` is
    one over the diagonal.
    """
    for slab in prange(len(slabs) - 1):
        first, last = slabs[slab], slabs[slab + 1]
        for n in range(first, last):
            a, g = weight[n], near[n]
            along = a[2] * x[g[2]] + a[4] * x[g[4]]
            if g[0] >= first:
                along += a[0] * x[g[0]]
            x[n] = (r[n] + along) * inverse[n]
        for n in range(last - 1, first - 1, -1):
            a, g = weight[n], near[n]
            along = a[2] * x[g[2]] + a[4] * x[g[4]] + a[3] * x[g[3]] + a[5] * x[g[5]]
            if g[0] >= first:
                along += a[0] * x[g[0]]
            if g[1] < last:
                along += a[1] * x[g[1]]
            x[n] = (r[n] + along) * inverse[n]


@helper
def inner(a: Any, b: Any) -> float:
    """``a . b`` in double precision."""
    total = 0.0
    for n in range(len(a)):
        total += np.float64(a[n]) * np.float64(b[n])
    return total


KERNELS = (assemble, multiply, sweep)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
