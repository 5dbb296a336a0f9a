# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of scalar transport on the padded grid. See ``jit`` and ``spans`` for the rules of writing.

``s`` is the flat stride along a flux, ``sx`` and ``sy`` those of a plane and a row; every kernel ends with ``first, last, slabs``.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants


@helper
def limited_line(f, c0, c1, c2, cp, u, k0, k1, o0, o1, op, per_length, rate, half):
    """Flux through low faces: upwind, second order in space and time (van Leer's limiter, Lax-Wendroff factor), and diffusion."""
    zero, one = half - half, half + half
    for k in range(len(f)):
        d = (c0[k] - c1[k]) * o0[k]
        behind = (c1[k] - c2[k]) * o1[k] if u[k] > zero else (cp[k] - c0[k]) * op[k]
        product = behind * d
        slope = product / (behind + d) if product > zero else zero
        slope *= one - abs(u[k]) * rate
        carried = (c1[k] + slope) if u[k] > zero else (c0[k] - slope)
        f[k] = u[k] * carried - half * (k0[k] + k1[k]) * per_length * d


@helper
def plane_flux(f, b, e, c, v, diffusivity, open_, s, per_length, step, half):
    """Limited fluxes at ``b`` to ``e`` into the first places of ``f``."""
    limited_line(
        f[: e - b], c[b:e], c[b - s : e - s], c[b - 2 * s : e - 2 * s], c[b + s : e + s], v[b:e], diffusivity[b:e],
        diffusivity[b - s : e - s], open_[b:e], open_[b - s : e - s], open_[b + s : e + s], per_length, step * per_length, half,
    )  # fmt: skip


def limited_flux(flux, c, v, diffusivity, open_, s, per_length, step, half, first, last, slabs):
    """Limited flux through every low face.

    ``open_`` is 1 between two fluid cells, else 0: a solid neighbour gives no slope and takes no diffusion. Fluid that enters
    through an opening brings the value of the ghost cell.
    """
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            plane_flux(flux[b:e], b, e, c, v, diffusivity, open_, s, per_length, step, half)


def upwind_flux(flux, c, v, diffusivity, open_, s, per_length, half, first, last, slabs):
    """First-order upwind and diffusive flux: the part that the implicit scheme takes into its matrix."""
    zero = half - half
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            f, c0, c1, o0, u = flux[b:e], c[b:e], c[b - s : e - s], open_[b:e], v[b:e]
            k0, k1 = diffusivity[b:e], diffusivity[b - s : e - s]
            for k in range(e - b):
                d = (c0[k] - c1[k]) * o0[k]
                f[k] = u[k] * (c1[k] if u[k] > zero else c0[k]) - half * (k0[k] + k1[k]) * per_length * d


@helper
def update_line(new, c, x0, x1, y0, y1, z0, z1, g, r, m, hx, hy, hz, step, one):
    """``new = (c + step (gain - div F)) / (1 + step loss)`` in the fluid, ``c`` elsewhere."""
    for k in range(len(new)):
        out = (x1[k] - x0[k]) * hx + (y1[k] - y0[k]) * hy + (z1[k] - z0[k]) * hz
        new[k] = (c[k] + m[k] * step * (g[k] - out)) / (one + m[k] * step * r[k])


@helper
def stored_line(c, m):
    """Sum over the fluid, in double."""
    total = 0.0
    for k in range(len(c)):
        total += np.float64(m[k] * c[k])
    return total


@helper
def given_line(c, g, r, m):
    """Sum of ``gain - loss c`` over the fluid, in double."""
    total = 0.0
    for k in range(len(c)):
        total += np.float64(m[k]) * (np.float64(g[k]) - np.float64(r[k]) * np.float64(c[k]))
    return total


def update(new, c, fx, fy, fz, gain, loss, fluid, sx, sy, hx, hy, hz, step, one, partial, first, last, slabs):
    """One step with given fluxes.

    ``partial[0]`` gets the sums of the new values, ``partial[1]`` those of ``step (gain - loss new)``: what sources and walls gave.
    """
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            update_line(
                new[b:e], c[b:e], fx[b:e], fx[b + sx : e + sx], fy[b:e], fy[b + sy : e + sy], fz[b:e], fz[b + 1 : e + 1], gain[b:e],
                loss[b:e], fluid[b:e], hx, hy, hz, step, one,
            )  # fmt: skip
            partial[0, i] = stored_line(new[b:e], fluid[b:e])
            partial[1, i] = np.float64(step) * given_line(new[b:e], gain[b:e], loss[b:e], fluid[b:e])


def transport(
    new, c, u, v, w, diffusivity, open_x, open_y, open_z, gain, loss, fluid, sx, sy, hx, hy, hz, step, half, partial, first, last, slabs
):
    """One explicit step: limited fluxes and ``update`` in one pass; fluxes live for two planes only."""
    for n in prange(len(slabs) - 1):
        room = sx + 2 * sy
        below, above, across, along = np.empty(room, c.dtype), np.empty(room, c.dtype), np.empty(room, c.dtype), np.empty(room, c.dtype)
        start, held = 0, 0  # ``below`` holds the fluxes of the faces from ``start`` on, ``held`` of them
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            if e == b:
                held = 0
                continue
            if not (held > 0 and start <= b and e <= start + held):
                plane_flux(below, b, e, c, u, diffusivity, open_x, sx, hx, step, half)
                start = b
            ahead_b, ahead_e = b + sx, e + sx
            if i + 1 < slabs[n + 1] and last[i + 1] > first[i + 1]:
                ahead_b, ahead_e = min(ahead_b, first[i + 1]), max(ahead_e, last[i + 1])
            plane_flux(above, ahead_b, ahead_e, c, u, diffusivity, open_x, sx, hx, step, half)
            plane_flux(across, b, e + sy, c, v, diffusivity, open_y, sy, hy, step, half)
            plane_flux(along, b, e + 1, c, w, diffusivity, open_z, 1, hz, step, half)
            count, low, high = e - b, b - start, b + sx - ahead_b
            update_line(
                new[b:e], c[b:e], below[low : low + count], above[high : high + count], across[:count], across[sy : sy + count],
                along[:count], along[1 : 1 + count], gain[b:e], loss[b:e], fluid[b:e], hx, hy, hz, step, half + half,
            )  # fmt: skip
            partial[0, i] = stored_line(new[b:e], fluid[b:e])
            partial[1, i] = np.float64(step) * given_line(new[b:e], gain[b:e], loss[b:e], fluid[b:e])
            below, above = above, below
            start, held = ahead_b, ahead_e - ahead_b


KERNELS = (limited_flux, upwind_flux, update, transport)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
