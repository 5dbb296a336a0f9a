# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of the elliptic solver on one level: operator, smoother, transfer. See ``jit`` and ``spans`` for the rules of writing.

A level is ``sum_f a_f (x_c - x_n) + e_c x_c``; ``ax[c]`` belongs to the low face of ``c``, ``diagonal`` is the full one (``solid`` where
there is no fluid, so that division is safe and a zero stays zero). Where all ``a_f`` of a direction are one number (``even``: the first
level of a uniform medium), ``ax``, ``ay``, ``az`` are not read: ``wx``, ``wy``, ``wz`` stand for them. Vectors are zero outside the fluid.
Every kernel ends with ``first, last, slabs``.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants

BLOCK = 1024


@helper
def dot_line(a, b):
    """``a . b`` of lines that are not empty: blocks in the precision of the fields, their sum in double."""
    total, zero = 0.0, a[0] - a[0]
    for n in range(0, len(a), BLOCK):
        x, y, part = a[n : n + BLOCK], b[n : n + BLOCK], zero
        for k in range(len(x)):
            part += x[k] * y[k]
        total += np.float64(part)
    return total


@helper
def even_line(out, x0, xm, xp, ym, yp, zm, zp, d, wx, wy, wz, solid):
    """``out = A x`` with one conductance a direction, 0 where there is no fluid."""
    for k in range(len(out)):
        value = d[k] * x0[k] - wx * (xm[k] + xp[k]) - wy * (ym[k] + yp[k]) - wz * (zm[k] + zp[k])
        out[k] = value if d[k] != solid else x0[k]


@helper
def uneven_line(out, x0, xm, xp, ym, yp, zm, zp, d, a0, a1, b0, b1, c0, c1):
    """``out = A x``."""
    for k in range(len(out)):
        value = d[k] * x0[k] - a0[k] * xm[k] - a1[k] * xp[k] - b0[k] * ym[k] - b1[k] * yp[k]
        out[k] = value - c0[k] * zm[k] - c1[k] * zp[k]


@helper
def product_line(out, below, here, above, b, e, base, ax, ay, az, d, even, wx, wy, wz, solid, sx, sy):
    """``out = A x`` from ``b`` to ``e`` given the values of three planes, each counted from its own ``base`` at ``here``."""
    f, g = b - base, e - base
    planes = here[f:g], below[f:g], above[f:g], here[f - sy : g - sy], here[f + sy : g + sy], here[f - 1 : g - 1], here[f + 1 : g + 1]
    x0, xm, xp, ym, yp, zm, zp = planes
    if even:
        even_line(out, x0, xm, xp, ym, yp, zm, zp, d[b:e], wx, wy, wz, solid)
    else:
        uneven_line(
            out, x0, xm, xp, ym, yp, zm, zp, d[b:e], ax[b:e], ax[b + sx : e + sx], ay[b:e], ay[b + sy : e + sy], az[b:e], az[b + 1 : e + 1]
        )


def apply_dot(out, x, ax, ay, az, d, even, wx, wy, wz, solid, sx, sy, partial, first, last, slabs):
    """``out = A x``; the slots of ``partial`` get ``x . A x`` plane by plane."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            if e > b:
                base = i * sx
                below, here, above = x[base - sx : base], x[base : base + sx], x[base + sx : base + 2 * sx]
                product_line(out[b:e], below, here, above, b, e, base, ax, ay, az, d, even, wx, wy, wz, solid, sx, sy)
                partial[i] = dot_line(out[b:e], x[b:e])


@helper
def scaled_line(z, r, d, omega):
    """Jacobi from zero is a scaling: ``z = omega r / diagonal``."""
    for k in range(len(z)):
        z[k] = omega * r[k] / d[k]


@helper
def left_line(out, r):
    """``out = r - out``."""
    for k in range(len(out)):
        out[k] = r[k] - out[k]


@helper
def add_line(out, more):
    """``out += more``."""
    for k in range(len(out)):
        out[k] += more[k]


@helper
def sum_line(out, a, b):
    """``out = a + b``."""
    for k in range(len(out)):
        out[k] = a[k] + b[k]


def coarse_residual(
    coarse, r, ax, ay, az, d, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cx, cy, cz, fx, fy, fz, chunk, first, last, slabs,
):  # fmt: skip
    """Sum what one sweep from zero leaves of ``r`` into each coarse cell; ``f`` are the coarsening factors, coarse padding is 1.

    The sweep itself is never stored: three planes of it live in the core's own memory. ``chunk`` coarse planes are one piece of work.
    """
    crow, cplane = cz + 2, (cy + 2) * (cz + 2)
    for piece in prange((cx + chunk - 1) // chunk):
        below, here, above = np.empty(sx, r.dtype), np.empty(sx, r.dtype), np.empty(sx, r.dtype)
        left, total = np.empty(sx, r.dtype), np.empty(sx, r.dtype)
        at = -9
        for ci in range(piece * chunk, min(cx, piece * chunk + chunk)):
            total[:] = 0
            for i in range(pad + ci * fx, min(pad + ci * fx + fx, len(first) - pad)):
                base, b, e = i * sx, first[i], last[i]
                if at == i - 1:
                    below, here, above = here, above, below
                else:
                    scaled_line(below, r[base - sx : base], d[base - sx : base], omega)
                    scaled_line(here, r[base : base + sx], d[base : base + sx], omega)
                scaled_line(above, r[base + sx : base + 2 * sx], d[base + sx : base + 2 * sx], omega)
                at = i
                if e > b:
                    f, g = b - base, e - base
                    product_line(left[f:g], below, here, above, b, e, base, ax, ay, az, d, even, wx, wy, wz, solid, sx, sy)
                    left_line(left[f:g], r[b:e])
                    add_line(total[f:g], left[f:g])
            if fy == 2:
                sum_line(left[: sx - sy], total[: sx - sy], total[sy:])
                left, total = total, left
            if fz == 2:
                sum_line(left[: sx - 1], total[: sx - 1], total[1:])
                left, total = total, left
            for cj in range(cy):
                c = (ci + 1) * cplane + (cj + 1) * crow + 1
                f = (pad + cj * fy) * sy + pad
                for k in range(cz):
                    coarse[np.uint64(c + k)] = total[np.uint64(f + fz * k)]


@helper
def spread_plane(out, coarse, c, ny, nz, sy, pad, cz, fy, fz):
    """Copy one coarse plane, whose first cell is ``c``, to its children in a fine plane."""
    crow = cz + 2
    for j in range(ny):
        f, row = (pad + j) * sy + pad, c + (j // fy) * crow
        if fz == 2:
            for k in range(nz):
                out[np.uint64(f + k)] = coarse[np.uint64(row + (k >> 1))]
        else:
            for k in range(nz):
                out[np.uint64(f + k)] = coarse[np.uint64(row + k)]


@helper
def raised_line(out, r, d, more, omega, solid):
    """A sweep from zero and the coarse correction, in the fluid."""
    for k in range(len(out)):
        out[k] = omega * r[k] / d[k] + (more[k] if d[k] != solid else r[k])


@helper
def relaxed_line(out, x, r, d, omega):
    """``out = x + omega (r - out) / d`` where ``out`` held ``A x``."""
    for k in range(len(out)):
        out[k] = x[k] + omega * (r[k] - out[k]) / d[k]


def corrected_sweep(
    out, coarse, r, ax, ay, az, d, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cy, cz, fx, fy, fz, partial, first, last, slabs
):
    """The sweep from zero, the coarse correction, and one damped Jacobi sweep more: ``out``; ``partial`` gets ``r . out``."""
    cplane = (cy + 2) * (cz + 2)
    planes = len(first)
    for n in prange(len(slabs) - 1):
        below, here, above = np.zeros(sx, r.dtype), np.zeros(sx, r.dtype), np.zeros(sx, r.dtype)
        more = np.zeros(sx, r.dtype)
        held = -1
        for i in range(slabs[n] - 1, slabs[n + 1] + 1):
            # plane ``i`` is raised into ``above``; then plane ``i - 1`` can be swept
            below, here, above = here, above, below
            base = i * sx
            if pad <= i < planes - pad:
                ci = (i - pad) // fx
                if ci != held:
                    spread_plane(more, coarse, (ci + 1) * cplane + cz + 3, ny, nz, sy, pad, cz, fy, fz)
                    held = ci
                raised_line(above, r[base : base + sx], d[base : base + sx], more, omega, solid)
            else:
                above[:] = 0
            if i - 1 >= slabs[n]:
                b, e, base = first[i - 1], last[i - 1], base - sx
                if e > b:
                    product_line(out[b:e], below, here, above, b, e, base, ax, ay, az, d, even, wx, wy, wz, solid, sx, sy)
                    relaxed_line(out[b:e], here[b - base : e - base], r[b:e], d[b:e], omega)
                    partial[i - 1] = dot_line(out[b:e], r[b:e])


@helper
def step_line(x, r, p, q, alpha):
    """``x += alpha p``, ``r -= alpha q``."""
    for k in range(len(x)):
        x[k] += alpha * p[k]
    for k in range(len(x)):
        r[k] -= alpha * q[k]


def step_and_norm(x, r, p, q, alpha, partial, first, last, slabs):
    """``x += alpha p``, ``r -= alpha q``; ``partial`` gets ``r . r``."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            if e > b:
                step_line(x[b:e], r[b:e], p[b:e], q[b:e], alpha)
                partial[i] = dot_line(r[b:e], r[b:e])


def new_direction(p, z, beta, first, last, slabs):
    """``p = z + beta p``."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            p0, z0 = p[b:e], z[b:e]
            for k in range(e - b):
                p0[k] = z0[k] + beta * p0[k]


KERNELS = (apply_dot, coarse_residual, corrected_sweep, step_and_norm, new_direction)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
