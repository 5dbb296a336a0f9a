# pyright: basic
# Reason for the looser check: as in ``elliptic_kernels``; the kernel names below are put in by ``jit.driver``.
"""Conjugate gradients with one V(1,1) multigrid cycle as preconditioner, all levels inside one compiled function.

The levels stand one behind another in flat arrays; a row of ``table`` is (begin, end, nx, ny, nz, pad, fx, fy, fz, planes, planes' end,
slabs, slabs' end): where the level stands, its cells, its padding, the coarsening factors to the next, and where its spans stand.
``fine_*`` kernels serve the first ``fine_levels`` levels, ``small_*`` kernels the rest, where threads would cost more than they give.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from peritia.numerics import elliptic_kernels as kernels
from peritia.numerics.jit import driver

fine_apply_dot = small_apply_dot = kernels.apply_dot
fine_coarse_residual = small_coarse_residual = kernels.coarse_residual
fine_corrected_sweep = small_corrected_sweep = kernels.corrected_sweep
fine_step_and_norm = small_step_and_norm = kernels.step_and_norm
fine_new_direction = small_new_direction = kernels.new_direction

PIECES = 16


def down(table, n, fine_levels, ax, ay, az, diagonal, even, wx, wy, wz, r, omega, solid, first, last, slabs):
    """From level ``n`` to the next: sweep and restrict. ``diagonal`` is that of the level alone; the rest holds all levels."""
    b, e, _, ny, nz, pad, fx, fy, fz, p, q, s, t = table[n]
    cb, ce, cx, cy, cz = table[n + 1, :5]
    sy = nz + 2 * pad
    sx = (ny + 2 * pad) * sy
    chunk = (cx + PIECES - 1) // PIECES
    if n < fine_levels:
        fine_coarse_residual(
            r[cb:ce], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cx, cy, cz, fx, fy,
            fz, chunk, first[p:q], last[p:q], slabs[s:t],
        )  # fmt: skip
    else:
        small_coarse_residual(
            r[cb:ce], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cx, cy, cz, fx, fy,
            fz, chunk, first[p:q], last[p:q], slabs[s:t],
        )  # fmt: skip


def up(table, n, fine_levels, ax, ay, az, diagonal, even, wx, wy, wz, r, z, omega, solid, partial, first, last, slabs):
    """From the next level to level ``n``: prolong and sweep."""
    b, e, _, ny, nz, pad, fx, fy, fz, p, q, s, t = table[n]
    cb, ce, _, cy, cz = table[n + 1, :5]
    sy = nz + 2 * pad
    sx = (ny + 2 * pad) * sy
    if n < fine_levels:
        fine_corrected_sweep(
            z[b:e], z[cb:ce], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cy, cz, fx,
            fy, fz, partial, first[p:q], last[p:q], slabs[s:t],
        )  # fmt: skip
    else:
        small_corrected_sweep(
            z[b:e], z[cb:ce], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal, even, wx, wy, wz, solid, omega, ny, nz, sx, sy, pad, cy, cz, fx,
            fy, fz, partial, first[p:q], last[p:q], slabs[s:t],
        )  # fmt: skip


def v_cycle(
    table, fine_levels, diagonal0, even, wx, wy, wz, ax, ay, az, diagonal, r, z, inverse, coarsest_cells, omega, solid, partial, first,
    last, slabs,
):  # fmt: skip
    """``z = M r`` on the first level; returns ``r . z``. ``r`` and ``z`` of the other levels are work space.

    The first level has its own diagonal, in bytes where it is whole numbers, and where ``even`` one conductance for each direction.
    """
    bottom, top = table.shape[0] - 1, table[0, 0]  # ``top`` is 0: written out, it would be a type of its own and compile all twice
    if bottom > 0:
        down(table, top, fine_levels, ax, ay, az, diagonal0, even, wx, wy, wz, r, omega, solid, first, last, slabs)
    for n in range(1, bottom):
        b, e = table[n, :2]
        down(table, n, fine_levels, ax, ay, az, diagonal[b:e], False, wx, wy, wz, r, omega, solid, first, last, slabs)
    b, e = table[bottom, :2]
    total = 0.0
    for m in range(len(coarsest_cells)):
        value = np.float64(0.0)
        for n in range(len(coarsest_cells)):
            value += inverse[m, n] * np.float64(r[b + coarsest_cells[n]])
        z[b + coarsest_cells[m]] = value
        total += value * np.float64(r[b + coarsest_cells[m]])
    for n in range(bottom - 1, 0, -1):
        b, e = table[n, :2]
        up(table, n, fine_levels, ax, ay, az, diagonal[b:e], False, wx, wy, wz, r, z, omega, solid, partial[1], first, last, slabs)
    if bottom > 0:
        up(table, top, fine_levels, ax, ay, az, diagonal0, even, wx, wy, wz, r, z, omega, solid, partial[0], first, last, slabs)
        p, q = table[0, 9:11]
        total = partial[0, : q - p].sum()
    return total


def conjugate_gradients(
    x, table, fine_levels, diagonal0, even, wx, wy, wz, ax, ay, az, diagonal, r, z, p, q, inverse, coarsest_cells, omega, solid, partial,
    first, last, slabs, norm, target, most,
):  # fmt: skip
    """Improve ``x`` until the residual ``r`` (given with its norm, updated) has norm ``target`` or less.

    Returns the iterations made and the last norm; a negative count means that the operator was found not positive. The first row of
    ``partial`` serves the first level alone and must hold zeros for the planes that no span touches.
    """
    b, e, _, ny, nz, pad = table[0, :6]
    plane, plane_end, slab, slab_end = table[0, 9:]
    f, g, h = first[plane:plane_end], last[plane:plane_end], slabs[slab:slab_end]
    lot = partial[0, : plane_end - plane]
    sy = nz + 2 * pad
    sx = (ny + 2 * pad) * sy
    scalars = np.zeros(2, x.dtype)
    previous = 1.0
    for iteration in range(most):
        if norm <= target or not np.isfinite(norm):
            return iteration, norm
        rz = v_cycle(
            table, fine_levels, diagonal0, even, wx, wy, wz, ax, ay, az, diagonal, r, z, inverse, coarsest_cells, omega, solid, partial,
            first, last, slabs,
        )  # fmt: skip
        scalars[0] = rz / previous if iteration else 0.0
        previous = rz
        fine_new_direction(p, z[b:e], scalars[0], f, g, h)
        fine_apply_dot(q, p, ax[b:e], ay[b:e], az[b:e], diagonal0, even, wx, wy, wz, solid, sx, sy, lot, f, g, h)
        curvature = lot.sum()
        if not curvature > 0:
            return -iteration - 1, norm
        scalars[1] = rz / curvature
        fine_step_and_norm(x, r[b:e], p, q, scalars[1], lot, f, g, h)
        norm = np.sqrt(lot.sum())
    return most, norm


def _named(fine, small):
    return {f"fine_{name}": kernel for name, kernel in fine.items()} | {f"small_{name}": kernel for name, kernel in small.items()}


def _variant(suffix, fine):
    names = _named(fine, kernels.SERIAL)
    names |= {"down": driver(down, suffix, names), "up": driver(up, suffix, names)}
    cycle = driver(v_cycle, suffix, names)
    return driver(conjugate_gradients, suffix, names | {"v_cycle": cycle})


SERIAL: Any = _variant("_serial", kernels.SERIAL)
THREADED: Any = _variant("_threaded", kernels.THREADED)
