# pyright: basic
# Reason for the looser check: as in ``elliptic_kernels``; the kernel names below are put in by ``jit.driver``.
"""Conjugate gradients with one V(1,1) multigrid cycle as preconditioner, all levels inside one compiled function.

The levels stand one behind another in flat arrays; a row of ``table`` is (begin, end, nx, ny, nz, pad, fx, fy, fz): where the
level stands, its cells, its padding and the coarsening factors to the next. ``fine_*`` kernels serve the first ``fine_levels``
levels, ``small_*`` kernels the rest, where threads would cost more than they give.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from peritia.numerics import elliptic_kernels as kernels
from peritia.numerics.jit import driver

fine_apply_dot = small_apply_dot = kernels.apply_dot
fine_smooth_dot = small_smooth_dot = kernels.smooth_dot
fine_first_sweep = small_first_sweep = kernels.first_sweep
fine_restrict_residual = small_restrict_residual = kernels.restrict_residual
fine_prolong_add = small_prolong_add = kernels.prolong_add
fine_step_and_norm = small_step_and_norm = kernels.step_and_norm
fine_new_direction = small_new_direction = kernels.new_direction


def v_cycle(table, fine_levels, fx0, fy0, fz0, diagonal0, ax, ay, az, diagonal, r, z, t, inverse, coarsest_cells, omega, solid, partial):
    """``t = M r`` on the first level; returns ``r . t``. ``r`` of the other levels, ``z`` and ``t`` are work space.

    The first level has its own coefficients (``fx0`` ...), in bytes where they are whole numbers: half the memory to move.
    """
    last = table.shape[0] - 1
    if last > 0:
        b, e, nx, ny, nz, pad, fx, fy, fz = table[0]
        cb, ce, cx, cy, cz = table[1, :5]
        fine_first_sweep(z[b:e], r[b:e], diagonal0, omega, nx, ny, nz, pad)
        fine_restrict_residual(r[cb:ce], z[b:e], r[b:e], fx0, fy0, fz0, diagonal0, nx, ny, nz, pad, cx, cy, cz, fx, fy, fz)
    for n in range(1, last):
        b, e, nx, ny, nz, pad, fx, fy, fz = table[n]
        cb, ce, cx, cy, cz = table[n + 1, :5]
        if n < fine_levels:
            fine_first_sweep(z[b:e], r[b:e], diagonal[b:e], omega, nx, ny, nz, pad)
            fine_restrict_residual(
                r[cb:ce], z[b:e], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal[b:e], nx, ny, nz, pad, cx, cy, cz, fx, fy, fz
            )
        else:
            small_first_sweep(z[b:e], r[b:e], diagonal[b:e], omega, nx, ny, nz, pad)
            small_restrict_residual(
                r[cb:ce], z[b:e], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal[b:e], nx, ny, nz, pad, cx, cy, cz, fx, fy, fz
            )
    b, e = table[last, :2]
    total = 0.0
    for m in range(len(coarsest_cells)):
        value = np.float64(0.0)
        for n in range(len(coarsest_cells)):
            value += inverse[m, n] * np.float64(r[b + coarsest_cells[n]])
        t[b + coarsest_cells[m]] = value
        total += value * np.float64(r[b + coarsest_cells[m]])
    for n in range(last - 1, 0, -1):
        b, e, nx, ny, nz, pad, fx, fy, fz = table[n]
        cb, ce, cx, cy, cz = table[n + 1, :5]
        lot = partial[pad : nx + 2 * pad]
        if n < fine_levels:
            fine_prolong_add(z[b:e], t[cb:ce], diagonal[b:e], nx, ny, nz, pad, cx, cy, cz, fx, fy, fz, solid)
            fine_smooth_dot(t[b:e], z[b:e], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal[b:e], omega, nx, ny, nz, pad, lot)
        else:
            small_prolong_add(z[b:e], t[cb:ce], diagonal[b:e], nx, ny, nz, pad, cx, cy, cz, fx, fy, fz, solid)
            small_smooth_dot(t[b:e], z[b:e], r[b:e], ax[b:e], ay[b:e], az[b:e], diagonal[b:e], omega, nx, ny, nz, pad, lot)
    if last > 0:
        b, e, nx, ny, nz, pad, fx, fy, fz = table[0]
        cb, ce, cx, cy, cz = table[1, :5]
        lot = partial[pad : nx + 2 * pad]
        fine_prolong_add(z[b:e], t[cb:ce], diagonal0, nx, ny, nz, pad, cx, cy, cz, fx, fy, fz, solid)
        fine_smooth_dot(t[b:e], z[b:e], r[b:e], fx0, fy0, fz0, diagonal0, omega, nx, ny, nz, pad, lot)
        total = lot[pad : nx + pad].sum()
    return total


def conjugate_gradients(
    x, table, fine_levels, fx0, fy0, fz0, diagonal0, ax, ay, az, diagonal, r, z, t, p, q, inverse, coarsest_cells, omega, solid, partial,
    norm, target, most,
):  # fmt: skip
    """Improve ``x`` until the residual ``r`` (given with its norm, updated) has norm ``target`` or less.

    Returns the iterations made and the last norm; a negative count means that the operator was found not positive.
    """
    b, e, nx, ny, nz, pad = table[0, :6]
    scalars = np.zeros(2, x.dtype)
    lot = partial[pad : nx + 2 * pad]
    previous = 1.0
    for iteration in range(most):
        if norm <= target or not np.isfinite(norm):
            return iteration, norm
        rz = v_cycle(
            table, fine_levels, fx0, fy0, fz0, diagonal0, ax, ay, az, diagonal, r, z, t, inverse, coarsest_cells, omega, solid, partial
        )
        scalars[0] = rz / previous if iteration else 0.0
        previous = rz
        fine_new_direction(p, t[b:e], scalars[0], nx, ny, nz, pad)
        fine_apply_dot(q, p, fx0, fy0, fz0, diagonal0, nx, ny, nz, pad, lot)
        curvature = lot[pad : nx + pad].sum()
        if not curvature > 0:
            return -iteration - 1, norm
        scalars[1] = rz / curvature
        fine_step_and_norm(x, r[b:e], p, q, scalars[1], nx, ny, nz, pad, lot)
        norm = np.sqrt(lot[pad : nx + pad].sum())
    return most, norm


def _named(fine, small):
    return {f"fine_{name}": kernel for name, kernel in fine.items()} | {f"small_{name}": kernel for name, kernel in small.items()}


def _variant(suffix, fine):
    names = _named(fine, kernels.SERIAL)
    cycle = driver(v_cycle, suffix, names)
    return driver(conjugate_gradients, suffix, names | {"v_cycle": cycle})


SERIAL: Any = _variant("_serial", kernels.SERIAL)
THREADED: Any = _variant("_threaded", kernels.THREADED)
