# pyright: basic
# Reason for the looser check: Numba types these bodies itself; fields come in any precision.
"""The kernel that moves droplets. One thread follows a chunk of parcels from their time to the end in sub-steps.

Lengths inside are in cells: ``position`` is in padded cell units (low corner of padded cell ``i`` at ``i``; never negative, so
``int`` is the floor), velocities in m/s.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants
from peritia.numerics.philox import three_kicks

FLOATING, DEPOSITED, ESCAPED = 0, 1, 2
SOLID_CELL, FLUID_CELL, EXIT_CELL = 0, 1, 2
FAR = 1.0e300
EDGE = 1e-9
MOST_BOUNCES = 8
CHUNK = 64
MATCHED = 0.15 * 50.0**-0.0005


@helper
def trilinear(field, x, y, z, sx, sy):
    """Value of a field whose point ``i`` stands at coordinate ``i``."""
    i, j, k = int(x), int(y), int(z)
    fx, fy, fz = x - i, y - j, z - k
    c = i * sx + j * sy + k
    low = (field[c] * (1 - fz) + field[c + 1] * fz) * (1 - fy) + (field[c + sy] * (1 - fz) + field[c + sy + 1] * fz) * fy
    c += sx
    high = (field[c] * (1 - fz) + field[c + 1] * fz) * (1 - fy) + (field[c + sy] * (1 - fz) + field[c + sy + 1] * fz) * fy
    return low * (1 - fx) + high * fx


@helper
def value_and_slope(field, x, y, z, sx, sy):
    """Trilinear value and its gradient (per cell), consistent with each other."""
    i, j, k = int(x), int(y), int(z)
    fx, fy, fz = x - i, y - j, z - k
    c = i * sx + j * sy + k
    a, b, d, e = field[c], field[c + 1], field[c + sy], field[c + sy + 1]
    c += sx
    f, g, h, m = field[c], field[c + 1], field[c + sy], field[c + sy + 1]
    low_y, high_y = a * (1 - fz) + b * fz, d * (1 - fz) + e * fz
    low_y2, high_y2 = f * (1 - fz) + g * fz, h * (1 - fz) + m * fz
    low, high = low_y * (1 - fy) + high_y * fy, low_y2 * (1 - fy) + high_y2 * fy
    slope_y = (high_y - low_y) * (1 - fx) + (high_y2 - low_y2) * fx
    slope_z = ((b - a) * (1 - fy) + (e - d) * fy) * (1 - fx) + ((g - f) * (1 - fy) + (m - h) * fy) * fx
    return low * (1 - fx) + high * fx, high - low, slope_y, slope_z


@helper
def drag_factor(slip_squared, per_speed):
    """Schiller-Naumann's 1 + 0.15 Re^0.687 as Re^(11/16) by square roots, which vectorise; matched at Re 50, error below 2e-3 to 1000.

    Below Re 200, where droplets of a spray are, the error is under 7e-4.
    """
    squared = slip_squared * per_speed * per_speed
    reynolds = np.sqrt(squared)
    half = np.sqrt(reynolds)
    eighth = np.sqrt(np.sqrt(half))
    low = 1.0 + MATCHED * half * eighth * np.sqrt(eighth)
    return low if reynolds < 1000.0 else 0.44 * reynolds / 24.0


@helper
def lost(exponent):
    """``1 - exp(-x)`` for x >= 0 without loss of digits at small x: a Pade quotient to the 64th power, which vectorises; error 2e-9."""
    y = min(exponent, 40.0) / 64.0
    odd, even = y * (60.0 + y * y), 120.0 + 12.0 * y * y
    e = (even - odd) / (even + odd)
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    small = exponent * (1.0 - exponent * (0.5 - exponent * (1.0 / 6.0 - exponent / 24.0)))
    return small if exponent < 1e-2 else 1.0 - e


@helper
def first_wall(kind, x, y, z, dx, dy, dz, sx, sy):
    """Walk the cells from a point along a displacement.

    Returns (fraction travelled, flat cell left, side), side = 2 axis + (1 if towards higher), or side -1 if all cells are fluid.
    """
    i, j, k = int(x), int(y), int(z)
    c = i * sx + j * sy + k
    ex, ey, ez = int(x + dx), int(y + dy), int(z + dz)
    left = abs(ex - i) + abs(ey - j) + abs(ez - k)
    tx = ((i + 1 - x) if dx > 0 else (i - x)) / dx if dx != 0 else FAR
    ty = ((j + 1 - y) if dy > 0 else (j - y)) / dy if dy != 0 else FAR
    tz = ((k + 1 - z) if dz > 0 else (k - z)) / dz if dz != 0 else FAR
    gx, gy, gz = (1.0 / abs(dx) if dx != 0 else FAR), (1.0 / abs(dy) if dy != 0 else FAR), (1.0 / abs(dz) if dz != 0 else FAR)
    for _ in range(left):
        if tx <= ty and tx <= tz:
            reached, step, side = tx, (sx if dx > 0 else -sx), (1 if dx > 0 else 0)
            tx += gx
        elif ty <= tz:
            reached, step, side = ty, (sy if dy > 0 else -sy), (3 if dy > 0 else 2)
            ty += gy
        else:
            reached, step, side = tz, (1 if dz > 0 else -1), (5 if dz > 0 else 4)
            tz += gz
        if kind[c + step] != FLUID_CELL:
            return min(max(reached, 0.0), 1.0), c, side
        c += step
    return 1.0, c, -1


@helper
def cross(n, position, velocity, whirl, status, hit_cell, hit_side, kind, dx, dy, dz, sx, sy, reflect):
    """Move parcel ``n`` across cell faces, up to a wall or by mirror off it; returns the part of the displacement not made."""
    x, y, z = position[n, 0], position[n, 1], position[n, 2]
    unmade = 0.0
    for _ in range(MOST_BOUNCES):
        part, cell, side = first_wall(kind, x, y, z, dx, dy, dz, sx, sy)
        x, y, z = x + part * dx, y + part * dy, z + part * dz
        if side < 0:
            break
        axis, up = side // 2, side % 2
        back = -EDGE if up else EDGE  # step back from the face, into the cell that was left
        if axis == 0:
            x = np.rint(x) + back
        elif axis == 1:
            y = np.rint(y) + back
        else:
            z = np.rint(z) + back
        beyond = cell + (sx if axis == 0 else sy if axis == 1 else 1) * (1 if up else -1)
        if kind[beyond] == EXIT_CELL or not reflect:
            status[n] = ESCAPED if kind[beyond] == EXIT_CELL else DEPOSITED
            hit_cell[n], hit_side[n] = cell, side
            unmade = 1.0 - part
            break
        dx, dy, dz = (1 - part) * dx, (1 - part) * dy, (1 - part) * dz
        if axis == 0:
            dx = -dx
        elif axis == 1:
            dy = -dy
        else:
            dz = -dz
        velocity[n, axis] = -velocity[n, axis]
        whirl[n, axis] = -whirl[n, axis]
    position[n, 0], position[n, 1], position[n, 2] = x, y, z
    return unmade


def advance(
    position, velocity, whirl, clock, draws, status, hit_cell, hit_side, relaxation, reynolds_per_speed, charge_per_mass, identity,
    u, v, w, ex, ey, ez, electric, spread, memory, turbulent, kind, sx, sy, hx, hy, hz, gx, gy, gz,
    until, longest, cells_per_step, memories_per_step, reflect, seed,
):  # fmt: skip
    """Move every floating parcel to ``until``.

    The drag is taken exactly over a sub-step (exponential), with gas velocity seen at its middle; the gas's turbulent part is
    ``spread`` times ``whirl``, which follows d whirl = -whirl dt / T + grad(spread) dt + sqrt(2 / T) dW (exact in time as well).
    """
    reach = cells_per_step * min(hx, hy, hz)
    cx, cy, cz = 1.0 / hx, 1.0 / hy, 1.0 / hz
    count = position.shape[0]
    for chunk in prange((count + CHUNK - 1) // CHUNK):
        first, last = chunk * CHUNK, min(count, chunk * CHUNK + CHUNK)
        who, dt = np.empty(CHUNK, np.int64), np.empty(CHUNK)
        vx, vy, vz, uu, uv, uw = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
        fx, fy, fz, dx, dy, dz = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
        tau, per_speed = np.empty(CHUNK), np.empty(CHUNK)
        while True:
            active = 0
            for n in range(first, last):  # look up the gas, parcel by parcel
                t = clock[n]
                if status[n] != FLOATING or t >= until:
                    continue
                m = active
                x, y, z = position[n, 0], position[n, 1], position[n, 2]
                a, b, c = velocity[n, 0], velocity[n, 1], velocity[n, 2]
                fast = a * a + b * b + c * c
                gap = min(until - t, longest)
                if turbulent:
                    cell = int(x) * sx + int(y) * sy + int(z)
                    gap = min(gap, memories_per_step * memory[cell])
                if fast * gap * gap > reach * reach:
                    gap = reach / np.sqrt(fast)
                if t + gap == t:
                    clock[n] = until
                    continue
                mx, my, mz = x + 0.5 * gap * a * cx, y + 0.5 * gap * b * cy, z + 0.5 * gap * c * cz
                p = trilinear(u, mx, my - 0.5, mz - 0.5, sx, sy)
                q = trilinear(v, mx - 0.5, my, mz - 0.5, sx, sy)
                r = trilinear(w, mx - 0.5, my - 0.5, mz, sx, sy)
                fast = p * p + q * q + r * r
                if fast * gap * gap > 4.0 * reach * reach:  # a slow parcel in a fast gas
                    gap = reach / np.sqrt(fast)
                    mx, my, mz = x, y, z
                    p = trilinear(u, mx, my - 0.5, mz - 0.5, sx, sy)
                    q = trilinear(v, mx - 0.5, my, mz - 0.5, sx, sy)
                    r = trilinear(w, mx - 0.5, my - 0.5, mz, sx, sy)
                if turbulent:
                    sigma, slope_x, slope_y, slope_z = value_and_slope(spread, x - 0.5, y - 0.5, z - 0.5, sx, sy)
                    life = memory[cell]
                    forgot = lost(gap / life)
                    keep = 1.0 - forgot
                    kick, drift = np.sqrt(forgot * (1.0 + keep)), life * forgot
                    r0, r1, r2 = three_kicks(seed, identity[n], draws[n])
                    draws[n] += np.uint64(1)
                    whirl[n, 0] = whirl[n, 0] * keep + drift * slope_x * cx + kick * r0
                    whirl[n, 1] = whirl[n, 1] * keep + drift * slope_y * cy + kick * r1
                    whirl[n, 2] = whirl[n, 2] * keep + drift * slope_z * cz + kick * r2
                    p, q, r = p + sigma * whirl[n, 0], q + sigma * whirl[n, 1], r + sigma * whirl[n, 2]
                fx[m], fy[m], fz[m] = gx, gy, gz
                if electric:
                    charge = charge_per_mass[n]
                    fx[m] += charge * trilinear(ex, mx, my - 0.5, mz - 0.5, sx, sy)
                    fy[m] += charge * trilinear(ey, mx - 0.5, my, mz - 0.5, sx, sy)
                    fz[m] += charge * trilinear(ez, mx - 0.5, my - 0.5, mz, sx, sy)
                who[m], dt[m], vx[m], vy[m], vz[m], uu[m], uv[m], uw[m] = n, gap, a, b, c, p, q, r
                tau[m], per_speed[m] = relaxation[n], reynolds_per_speed[n]
                active += 1
            if active == 0:
                break
            for m in range(active):  # drag, exactly over the sub-step: no branch, so that it runs in vectors
                slip_x, slip_y, slip_z = vx[m] - uu[m], vy[m] - uv[m], vz[m] - uw[m]
                life = tau[m] / drag_factor(slip_x * slip_x + slip_y * slip_y + slip_z * slip_z, per_speed[m])
                gone = lost(dt[m] / life)
                px, py, pz = uu[m] + life * fx[m], uv[m] + life * fy[m], uw[m] + life * fz[m]
                dx[m] = (px * dt[m] + (vx[m] - px) * life * gone) * cx
                dy[m] = (py * dt[m] + (vy[m] - py) * life * gone) * cy
                dz[m] = (pz * dt[m] + (vz[m] - pz) * life * gone) * cz
                vx[m] += (px - vx[m]) * gone
                vy[m] += (py - vy[m]) * gone
                vz[m] += (pz - vz[m]) * gone
            for m in range(active):  # move, parcel by parcel
                n = who[m]
                x, y, z = position[n, 0], position[n, 1], position[n, 2]
                velocity[n, 0], velocity[n, 1], velocity[n, 2] = vx[m], vy[m], vz[m]
                clock[n] += dt[m]
                if int(x + dx[m]) == int(x) and int(y + dy[m]) == int(y) and int(z + dz[m]) == int(z):
                    position[n, 0], position[n, 1], position[n, 2] = x + dx[m], y + dy[m], z + dz[m]
                else:
                    unmade = cross(n, position, velocity, whirl, status, hit_cell, hit_side, kind, dx[m], dy[m], dz[m], sx, sy, reflect)
                    clock[n] -= unmade * dt[m]


KERNELS = (advance,)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
