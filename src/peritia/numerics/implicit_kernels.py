# pyright: basic
# Reason for the looser check: Numba types these bodies itself; fields come in any precision.
"""Kernels of the implicit scalar step: a seven-point matrix of upwind carriage and diffusion, swept and multiplied."""

from __future__ import annotations

from typing import Any

import numpy as np

from peritia.numerics.grid import PAD
from peritia.numerics.jit import helper, prange, serial, threaded, variants


def seven_points(low, high, diagonal, v, diffusivity, open_, s, per_length, half, nx, ny, nz):
    """Add one direction to the matrix: ``low``/``high`` weigh the neighbours (both positive), ``diagonal`` gathers what leaves."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    zero = half - half
    for i in prange(PAD, nx + PAD):
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            l0, h0, d0, u0, u1 = low[b:e], high[b:e], diagonal[b:e], v[b:e], v[b + s : e + s]
            k0, km, kp, o0, o1 = diffusivity[b:e], diffusivity[b - s : e - s], diffusivity[b + s : e + s], open_[b:e], open_[b + s : e + s]
            for k in range(nz):
                left = half * (k0[k] + km[k]) * per_length * o0[k]
                right = half * (k0[k] + kp[k]) * per_length * o1[k]
                l0[k] = (max(u0[k], zero) + left) * per_length
                h0[k] = (max(-u1[k], zero) + right) * per_length
                d0[k] += (max(u1[k], zero) + max(-u0[k], zero) + left + right) * per_length


def multiply(out, x, lx, hx, ly, hy, lz, hz, diagonal, nx, ny, nz):
    """``out = A x`` on the box; neighbours outside the fluid must hold zero."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for i in prange(PAD, nx + PAD):
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            o, x0, d = out[b:e], x[b:e], diagonal[b:e]
            xm, xp, a0, a1 = x[b - sx : e - sx], x[b + sx : e + sx], lx[b:e], hx[b:e]
            ym, yp, b0, b1 = x[b - deep : e - deep], x[b + deep : e + deep], ly[b:e], hy[b:e]
            zm, zp, c0, c1 = x[b - 1 : e - 1], x[b + 1 : e + 1], lz[b:e], hz[b:e]
            for k in range(nz):
                o[k] = d[k] * x0[k] - a0[k] * xm[k] - a1[k] * xp[k] - b0[k] * ym[k] - b1[k] * yp[k] - c0[k] * zm[k] - c1[k] * zp[k]


def sweep(x, r, lx, hx, ly, hy, lz, hz, diagonal, slabs, nx, ny, nz):
    """Solve roughly: from zero, one Gauss-Seidel pass forwards and one backwards, within slabs of planes (one per thread).

    Between slabs the old value (zero) is used, so the result depends on ``slabs`` and not on the threads that work them.
    """
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for slab in prange(slabs):
        first, last = PAD + slab * nx // slabs, PAD + (slab + 1) * nx // slabs
        for i in range(first, last):
            near = 1.0 if i > first else 0.0
            for j in range(PAD, ny + PAD):
                b = (i * rows + j) * deep + PAD
                for c in range(b, b + nz):
                    x[c] = (r[c] + near * lx[c] * x[c - sx] + ly[c] * x[c - deep] + lz[c] * x[c - 1]) / diagonal[c]
        for i in range(last - 1, first - 1, -1):
            near, far = (1.0 if i > first else 0.0), (1.0 if i < last - 1 else 0.0)
            for j in range(ny + PAD - 1, PAD - 1, -1):
                b = (i * rows + j) * deep + PAD
                for c in range(b + nz - 1, b - 1, -1):
                    total = r[c] + near * lx[c] * x[c - sx] + far * hx[c] * x[c + sx] + ly[c] * x[c - deep] + hy[c] * x[c + deep]
                    x[c] = (total + lz[c] * x[c - 1] + hz[c] * x[c + 1]) / diagonal[c]


@helper
def inner(a: Any, b: Any) -> float:
    """``a . b`` in double precision."""
    total = 0.0
    for n in range(len(a)):
        total += np.float64(a[n]) * np.float64(b[n])
    return total


KERNELS = (seven_points, multiply, sweep)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
