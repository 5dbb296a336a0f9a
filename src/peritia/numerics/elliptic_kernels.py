# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of the elliptic solver on one level: operator, smoother, transfer. See ``jit`` for the rules of writing.

A level is ``sum_f a_f (x_c - x_n) + e_c x_c``; ``ax[c]`` belongs to the low face of ``c``, ``diagonal`` is the full one (1 where
there is no fluid, so that division is safe and a zero stays zero).
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import prange, serial, threaded, variants


def apply_dot(out, x, ax, ay, az, diagonal, nx, ny, nz, pad, partial):
    """``out = A x``; the slots of ``partial`` get ``x . A x`` plane by plane."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    sx = rows * deep
    for i in prange(pad, nx + pad):
        total = 0.0
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            e = b + nz
            o, x0, d = out[b:e], x[b:e], diagonal[b:e]
            xm, xp, a0, a1 = x[b - sx : e - sx], x[b + sx : e + sx], ax[b:e], ax[b + sx : e + sx]
            ym, yp, b0, b1 = x[b - deep : e - deep], x[b + deep : e + deep], ay[b:e], ay[b + deep : e + deep]
            zm, zp, c0, c1 = x[b - 1 : e - 1], x[b + 1 : e + 1], az[b:e], az[b + 1 : e + 1]
            for k in range(nz):
                value = d[k] * x0[k] - a0[k] * xm[k] - a1[k] * xp[k] - b0[k] * ym[k] - b1[k] * yp[k] - c0[k] * zm[k] - c1[k] * zp[k]
                o[k] = value
                total += np.float64(value) * np.float64(x0[k])
        partial[i] = total


def smooth_dot(out, x, r, ax, ay, az, diagonal, omega, nx, ny, nz, pad, partial):
    """One damped Jacobi sweep, ``out = x + omega (r - A x) / diagonal``; ``partial`` gets ``r . out``."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    sx = rows * deep
    for i in prange(pad, nx + pad):
        total = 0.0
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            e = b + nz
            o, x0, d, r0 = out[b:e], x[b:e], diagonal[b:e], r[b:e]
            xm, xp, a0, a1 = x[b - sx : e - sx], x[b + sx : e + sx], ax[b:e], ax[b + sx : e + sx]
            ym, yp, b0, b1 = x[b - deep : e - deep], x[b + deep : e + deep], ay[b:e], ay[b + deep : e + deep]
            zm, zp, c0, c1 = x[b - 1 : e - 1], x[b + 1 : e + 1], az[b:e], az[b + 1 : e + 1]
            for k in range(nz):
                value = d[k] * x0[k] - a0[k] * xm[k] - a1[k] * xp[k] - b0[k] * ym[k] - b1[k] * yp[k] - c0[k] * zm[k] - c1[k] * zp[k]
                better = x0[k] + omega * (r0[k] - value) / d[k]
                o[k] = better
                total += np.float64(better) * np.float64(r0[k])
        partial[i] = total


def first_sweep(out, r, diagonal, omega, nx, ny, nz, pad):
    """Jacobi from zero is a scaling: ``out = omega r / diagonal``."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    for i in prange(pad, nx + pad):
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            o, d, r0 = out[b : b + nz], diagonal[b : b + nz], r[b : b + nz]
            for k in range(nz):
                o[k] = omega * r0[k] / d[k]


def restrict_residual(coarse, x, r, ax, ay, az, diagonal, nx, ny, nz, pad, cx, cy, cz, fx, fy, fz):
    """Sum ``r - A x`` of the children into each coarse cell; ``f`` are the coarsening factors (1 or 2), coarse padding is 1."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    sx = rows * deep
    for ci in prange(cx):
        sums = np.zeros(nz + 1, x.dtype)
        for cj in range(cy):
            sums[:] = 0
            for i in range(pad + ci * fx, min(pad + ci * fx + fx, pad + nx)):
                for j in range(pad + cj * fy, min(pad + cj * fy + fy, pad + ny)):
                    b = (i * rows + j) * deep + pad
                    e = b + nz
                    x0, d, r0 = x[b:e], diagonal[b:e], r[b:e]
                    xm, xp, a0, a1 = x[b - sx : e - sx], x[b + sx : e + sx], ax[b:e], ax[b + sx : e + sx]
                    ym, yp, b0, b1 = x[b - deep : e - deep], x[b + deep : e + deep], ay[b:e], ay[b + deep : e + deep]
                    zm, zp, c0, c1 = x[b - 1 : e - 1], x[b + 1 : e + 1], az[b:e], az[b + 1 : e + 1]
                    for k in range(nz):
                        value = d[k] * x0[k] - a0[k] * xm[k] - a1[k] * xp[k] - b0[k] * ym[k] - b1[k] * yp[k]
                        sums[k] += r0[k] - value + c0[k] * zm[k] + c1[k] * zp[k]
            c = ((ci + 1) * (cy + 2) + cj + 1) * (cz + 2) + 1
            o = coarse[c : c + cz]
            if fz == 1:
                for k in range(cz):
                    o[k] = sums[k]
            else:
                for k in range(cz):  # the spare slot of ``sums`` is zero, so an odd last cell needs no test
                    o[k] = sums[2 * k] + sums[2 * k + 1]


def prolong_add(x, coarse, diagonal, nx, ny, nz, pad, cx, cy, cz, fx, fy, fz, solid):
    """Add to each fluid cell the correction of its coarse cell; ``solid`` marks the diagonal of a cell without fluid."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    for i in prange(pad, nx + pad):
        ci = (i - pad) // fx + 1
        line = np.zeros(2 * cz, x.dtype)
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            x0, d = x[b : b + nz], diagonal[b : b + nz]
            c = (ci * (cy + 2) + (j - pad) // fy + 1) * (cz + 2) + 1
            o = coarse[c : c + cz]
            if fz == 1:
                for k in range(cz):
                    line[k] = o[k]
            else:
                for k in range(cz):
                    line[2 * k] = o[k]
                    line[2 * k + 1] = o[k]
            for k in range(nz):
                x0[k] += line[k] if d[k] != solid else x.dtype.type(0)


def step_and_norm(x, r, p, q, alpha, nx, ny, nz, pad, partial):
    """``x += alpha p``, ``r -= alpha q``; ``partial`` gets ``r . r``."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    for i in prange(pad, nx + pad):
        total = 0.0
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            x0, r0, p0, q0 = x[b : b + nz], r[b : b + nz], p[b : b + nz], q[b : b + nz]
            for k in range(nz):
                x0[k] += alpha * p0[k]
                value = r0[k] - alpha * q0[k]
                r0[k] = value
                total += np.float64(value) * np.float64(value)
        partial[i] = total


def new_direction(p, z, beta, nx, ny, nz, pad):
    """``p = z + beta p``."""
    rows, deep = ny + 2 * pad, nz + 2 * pad
    for i in prange(pad, nx + pad):
        for j in range(pad, ny + pad):
            b = (i * rows + j) * deep + pad
            p0, z0 = p[b : b + nz], z[b : b + nz]
            for k in range(nz):
                p0[k] = z0[k] + beta * p0[k]


KERNELS = (apply_dot, smooth_dot, first_sweep, restrict_residual, prolong_add, step_and_norm, new_direction)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
