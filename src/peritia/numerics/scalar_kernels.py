# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of scalar transport on the padded grid. See ``jit`` for the rules of writing; ``s`` is the flat stride along a flux."""

from __future__ import annotations

import numpy as np

from peritia.numerics.grid import PAD
from peritia.numerics.jit import prange, serial, threaded, variants


def limited_flux(flux, c, v, diffusivity, open_, s, per_length, step, half, nx, ny, nz):
    """Flux through low faces: upwind, second order in space and time (van Leer's limiter, Lax-Wendroff factor), and diffusion.

    ``open_`` is 1 between two fluid cells, else 0: a solid neighbour gives no slope and takes no diffusion. Fluid that enters
    through an opening brings the value of the ghost cell.
    """
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    zero, one = half - half, half + half
    rate = step * per_length
    for i in prange(PAD, nx + PAD + 1):
        for j in range(PAD, ny + PAD + 1):
            b = (i * rows + j) * deep + PAD
            e = b + nz + 1
            f, c0, c1, c2, cp = flux[b:e], c[b:e], c[b - s : e - s], c[b - 2 * s : e - 2 * s], c[b + s : e + s]
            o0, o1, op = open_[b:e], open_[b - s : e - s], open_[b + s : e + s]
            u, k0, k1 = v[b:e], diffusivity[b:e], diffusivity[b - s : e - s]
            for k in range(nz + 1):
                d = (c0[k] - c1[k]) * o0[k]
                behind = (c1[k] - c2[k]) * o1[k] if u[k] > zero else (cp[k] - c0[k]) * op[k]
                product = behind * d
                slope = product / (behind + d) if product > zero else zero
                slope *= one - abs(u[k]) * rate
                carried = (c1[k] + slope) if u[k] > zero else (c0[k] - slope)
                f[k] = u[k] * carried - half * (k0[k] + k1[k]) * per_length * d


def upwind_flux(flux, c, v, diffusivity, open_, s, per_length, nx, ny, nz, half):
    """First-order upwind and diffusive flux: the part that the implicit scheme takes into its matrix."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    zero = half - half
    for i in prange(PAD, nx + PAD + 1):
        for j in range(PAD, ny + PAD + 1):
            b = (i * rows + j) * deep + PAD
            e = b + nz + 1
            f, c0, c1, o0, u = flux[b:e], c[b:e], c[b - s : e - s], open_[b:e], v[b:e]
            k0, k1 = diffusivity[b:e], diffusivity[b - s : e - s]
            for k in range(nz + 1):
                d = (c0[k] - c1[k]) * o0[k]
                f[k] = u[k] * (c1[k] if u[k] > zero else c0[k]) - half * (k0[k] + k1[k]) * per_length * d


def update(c, fx, fy, fz, gain, loss, fluid, hx, hy, hz, step, one, nx, ny, nz, partial):
    """``c <- (c + step (gain - div F)) / (1 + step loss)`` in the fluid.

    ``partial[0]`` gets the sums of the new values, ``partial[1]`` those of ``step (gain - loss c)``: what sources and walls gave.
    """
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for i in prange(PAD, nx + PAD):
        stored, given = 0.0, 0.0
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            x0, x1, y0, y1 = fx[b:e], fx[b + sx : e + sx], fy[b:e], fy[b + deep : e + deep]
            z0, z1, g, r, m, o = fz[b:e], fz[b + 1 : e + 1], gain[b:e], loss[b:e], fluid[b:e], c[b:e]
            for k in range(nz):
                out = (x1[k] - x0[k]) * hx + (y1[k] - y0[k]) * hy + (z1[k] - z0[k]) * hz
                value = (o[k] + m[k] * step * (g[k] - out)) / (one + m[k] * step * r[k])
                o[k] = value
                stored += np.float64(m[k] * value)
                given += np.float64(step) * np.float64(m[k]) * (np.float64(g[k]) - np.float64(r[k]) * np.float64(value))
        partial[0, i] = stored
        partial[1, i] = given


KERNELS = (limited_flux, upwind_flux, update)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
