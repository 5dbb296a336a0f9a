# pyright: basic
# Reason for the looser check: Numba types these bodies itself; fields come in any precision.
"""The kernel that moves droplets. One thread follows a chunk of parcels from their time to the end in sub-steps, step by step for all.

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
CHUNK = 128
LANES = 16
ROWS = 26
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
def cross(m, x, y, z, a, b, c, turn, status, cell_left, side_left, kind, dx, dy, dz, sx, sy, reflect):
    """Move lane ``m`` across cell faces, up to a wall or by mirror off it; returns the part of the displacement not made."""
    px, py, pz = x[m], y[m], z[m]
    unmade = 0.0
    for _ in range(MOST_BOUNCES):
        part, cell, side = first_wall(kind, px, py, pz, dx, dy, dz, sx, sy)
        px, py, pz = px + part * dx, py + part * dy, pz + part * dz
        if side < 0:
            break
        axis, up = side // 2, side % 2
        back = -EDGE if up else EDGE  # step back from the face, into the cell that was left
        if axis == 0:
            px = np.rint(px) + back
        elif axis == 1:
            py = np.rint(py) + back
        else:
            pz = np.rint(pz) + back
        beyond = cell + (sx if axis == 0 else sy if axis == 1 else 1) * (1 if up else -1)
        if kind[beyond] == EXIT_CELL or not reflect:
            status[m] = ESCAPED if kind[beyond] == EXIT_CELL else DEPOSITED
            cell_left[m], side_left[m] = cell, side
            unmade = 1.0 - part
            break
        dx, dy, dz = (1 - part) * dx, (1 - part) * dy, (1 - part) * dz
        if axis == 0:
            dx, a[m] = -dx, -a[m]
        elif axis == 1:
            dy, b[m] = -dy, -b[m]
        else:
            dz, c[m] = -dz, -c[m]
        turn[axis, m] = -turn[axis, m]
    x[m], y[m], z[m] = px, py, pz
    return unmade


@helper
def gas_line(out, field, x, y, z, sx, sy):
    """Trilinear values of a field at many places; its point ``i`` stands at coordinate ``i``."""
    for m in range(len(out)):
        i, j, k = int(x[m]), int(y[m]), int(z[m])
        fx, fy, fz = x[m] - i, y[m] - j, z[m] - k
        c = np.uint64(i * sx + j * sy + k)
        d, e = c + np.uint64(sx), c + np.uint64(sy)
        f, one = d + np.uint64(sy), np.uint64(1)
        a0, a1, a2, a3 = field[c], field[c + one], field[e], field[e + one]
        b0, b1, b2, b3 = field[d], field[d + one], field[f], field[f + one]
        low_0, low_1 = a0 + fz * (a1 - a0), a2 + fz * (a3 - a2)
        high_0, high_1 = b0 + fz * (b1 - b0), b2 + fz * (b3 - b2)
        low, high = low_0 + fy * (low_1 - low_0), high_0 + fy * (high_1 - high_0)
        out[m] = low + fx * (high - low)


@helper
def gas_lines(u, v, w, field_u, field_v, field_w, x, y, z, p, q, r, sx, sy):
    """The three components at many places; ``p``, ``q``, ``r`` are room for the places less half a cell."""
    for m in range(len(x)):
        p[m], q[m], r[m] = x[m] - 0.5, y[m] - 0.5, z[m] - 0.5
    gas_line(u, field_u, x, q, r, sx, sy)
    gas_line(v, field_v, p, y, r, sx, sy)
    gas_line(w, field_w, p, q, z, sx, sy)


@helper
def span_line(dt, mx, my, mz, x, y, z, a, b, c, t, until, longest, reach, cx, cy, cz):
    """Length of the sub-step (``dt`` holds a bound already), and its middle."""
    for m in range(len(dt)):
        fast = a[m] * a[m] + b[m] * b[m] + c[m] * c[m]
        gap = min(min(dt[m], longest), until - t[m])
        gap = reach / np.sqrt(fast) if fast * gap * gap > reach * reach else gap
        dt[m] = gap
        half = 0.5 * gap
        mx[m], my[m], mz[m] = x[m] + half * a[m] * cx, y[m] + half * b[m] * cy, z[m] + half * c[m] * cz


@helper
def fast_line(p, q, r, dt):
    """Largest squared way of the gas in a sub-step."""
    largest = 0.0
    for m in range(len(p)):
        way = (p[m] * p[m] + q[m] * q[m] + r[m] * r[m]) * dt[m] * dt[m]
        largest = way if way > largest else largest
    return largest


@helper
def drag_line(dx, dy, dz, a, b, c, p, q, r, dt, tau, per_speed, fx, fy, fz, cx, cy, cz):
    """Drag, exactly over the sub-step, and the way made: no branch, so that it runs in vectors."""
    for m in range(len(dx)):
        slip_x, slip_y, slip_z = a[m] - p[m], b[m] - q[m], c[m] - r[m]
        life = tau[m] / drag_factor(slip_x * slip_x + slip_y * slip_y + slip_z * slip_z, per_speed[m])
        gone = lost(dt[m] / life)
        ex, ey, ez = p[m] + life * fx[m], q[m] + life * fy[m], r[m] + life * fz[m]
        dx[m] = (ex * dt[m] + (a[m] - ex) * life * gone) * cx
        dy[m] = (ey * dt[m] + (b[m] - ey) * life * gone) * cy
        dz[m] = (ez * dt[m] + (c[m] - ez) * life * gone) * cz
        a[m] += (ex - a[m]) * gone
        b[m] += (ey - b[m]) * gone
        c[m] += (ez - c[m]) * gone


@helper
def step_line(leaves, x, y, z, t, dx, dy, dz, dt):
    """Move those that stay in their cell; ``leaves`` marks the others, which keep their place."""
    for m in range(len(leaves)):
        nx, ny, nz = x[m] + dx[m], y[m] + dy[m], z[m] + dz[m]
        stays = (int(nx) == int(x[m])) & (int(ny) == int(y[m])) & (int(nz) == int(z[m]))
        x[m], y[m], z[m] = (nx if stays else x[m]), (ny if stays else y[m]), (nz if stays else z[m])
        leaves[m] = 0 if stays else 1
        t[m] += dt[m]


@helper
def whirl_lanes(active, p, q, r, turn, dt, cell, x, y, z, spread, memory, who, identity, draws, seed, sx, sy, cx, cy, cz):
    """Add the turbulent part of the gas, parcel by parcel."""
    for m in range(active):
        sigma, slope_x, slope_y, slope_z = value_and_slope(spread, x[m] - 0.5, y[m] - 0.5, z[m] - 0.5, sx, sy)
        life = memory[cell[m]]
        forgot = lost(dt[m] / life)
        keep = 1.0 - forgot
        kick, drift = np.sqrt(forgot * (1.0 + keep)), life * forgot
        n = who[m]
        r0, r1, r2 = three_kicks(seed, identity[n], draws[n])
        draws[n] += np.uint64(1)
        turn[0, m] = turn[0, m] * keep + drift * slope_x * cx + kick * r0
        turn[1, m] = turn[1, m] * keep + drift * slope_y * cy + kick * r1
        turn[2, m] = turn[2, m] * keep + drift * slope_z * cz + kick * r2
        p[m], q[m], r[m] = p[m] + sigma * turn[0, m], q[m] + sigma * turn[1, m], r[m] + sigma * turn[2, m]


def advance(
    position, velocity, whirl, clock, draws, status, hit_cell, hit_side, relaxation, reynolds_per_speed, charge_per_mass, identity, order,
    u, v, w, ex, ey, ez, electric, spread, memory, turbulent, kind, sx, sy, hx, hy, hz, gx, gy, gz,
    until, longest, cells_per_step, memories_per_step, reflect, seed,
):  # fmt: skip
    """Move every floating parcel to ``until``; ``order`` names them so that neighbours in it are neighbours in space.

    The drag is taken exactly over a sub-step (exponential), with gas velocity seen at its middle; the gas's turbulent part is
    ``spread`` times ``whirl``, which follows d whirl = -whirl dt / T + grad(spread) dt + sqrt(2 / T) dW (exact in time as well). A chunk
    of parcels stays in lanes in the core's own memory until each has ended; lanes are worked in whole vectors, and one that has ended
    gives its place to the last.
    """
    reach = cells_per_step * min(hx, hy, hz)
    cx, cy, cz = 1.0 / hx, 1.0 / hy, 1.0 / hz
    count = len(order)
    for chunk in prange((count + CHUNK - 1) // CHUNK):
        who, cell, leaves, state = (
            np.zeros(CHUNK, np.int64),
            np.zeros(CHUNK, np.int64),
            np.zeros(CHUNK, np.int64),
            np.zeros(CHUNK, np.uint8),
        )
        cell_left, side_left = np.zeros(CHUNK, np.int64), np.zeros(CHUNK, np.int64)
        room = np.ones((ROWS, CHUNK))
        x, y, z, a, b, c, t, tau = room[0], room[1], room[2], room[3], room[4], room[5], room[6], room[7]
        per_speed, dt, mx, my, mz, p, q, r = room[8], room[9], room[10], room[11], room[12], room[13], room[14], room[15]
        dx, dy, dz, fx, fy, fz, charge = room[16], room[17], room[18], room[19], room[20], room[21], room[22]
        turn = room[23:26]
        active = 0
        for place in range(chunk * CHUNK, min(count, (chunk + 1) * CHUNK)):
            n = order[place]
            if status[n] == FLOATING and clock[n] < until:
                m = active
                who[m], t[m], tau[m], per_speed[m], charge[m] = n, clock[n], relaxation[n], reynolds_per_speed[n], charge_per_mass[n]
                x[m], y[m], z[m], a[m], b[m], c[m] = (
                    position[n, 0], position[n, 1], position[n, 2], velocity[n, 0], velocity[n, 1], velocity[n, 2],
                )  # fmt: skip
                turn[0, m], turn[1, m], turn[2, m] = whirl[n, 0], whirl[n, 1], whirl[n, 2]
                active += 1
        x[active:], y[active:], z[active:] = x[0], y[0], z[0]  # idle lanes read what is there to be read
        fx[:], fy[:], fz[:] = gx, gy, gz
        while active > 0:
            k = min(CHUNK, (active + LANES - 1) // LANES * LANES)
            if turbulent:
                for m in range(k):
                    cell[m] = int(x[m]) * sx + int(y[m]) * sy + int(z[m])
                    dt[m] = memories_per_step * memory[cell[m]]
            else:
                dt[:k] = longest
            span_line(dt[:k], mx[:k], my[:k], mz[:k], x[:k], y[:k], z[:k], a[:k], b[:k], c[:k], t[:k], until, longest, reach, cx, cy, cz)
            gas_lines(p[:k], q[:k], r[:k], u, v, w, mx[:k], my[:k], mz[:k], dx[:k], dy[:k], dz[:k], sx, sy)
            if fast_line(p[:k], q[:k], r[:k], dt[:k]) > 4.0 * reach * reach:
                for m in range(active):
                    fast = p[m] * p[m] + q[m] * q[m] + r[m] * r[m]
                    if fast * dt[m] * dt[m] > 4.0 * reach * reach:  # a slow parcel in a fast gas
                        dt[m] = reach / np.sqrt(fast)
                        mx[m], my[m], mz[m] = x[m], y[m], z[m]
                        p[m] = trilinear(u, x[m], y[m] - 0.5, z[m] - 0.5, sx, sy)
                        q[m] = trilinear(v, x[m] - 0.5, y[m], z[m] - 0.5, sx, sy)
                        r[m] = trilinear(w, x[m] - 0.5, y[m] - 0.5, z[m], sx, sy)
            if turbulent:
                whirl_lanes(active, p, q, r, turn, dt, cell, x, y, z, spread, memory, who, identity, draws, seed, sx, sy, cx, cy, cz)
            if electric:
                gas_lines(fx[:k], fy[:k], fz[:k], ex, ey, ez, mx[:k], my[:k], mz[:k], dx[:k], dy[:k], dz[:k], sx, sy)
                for m in range(k):
                    fx[m], fy[m], fz[m] = gx + charge[m] * fx[m], gy + charge[m] * fy[m], gz + charge[m] * fz[m]
            drag_line(
                dx[:k], dy[:k], dz[:k], a[:k], b[:k], c[:k], p[:k], q[:k], r[:k], dt[:k], tau[:k], per_speed[:k], fx[:k], fy[:k], fz[:k],
                cx, cy, cz,
            )  # fmt: skip
            step_line(leaves[:k], x[:k], y[:k], z[:k], t[:k], dx[:k], dy[:k], dz[:k], dt[:k])
            for m in range(active - 1, -1, -1):
                if leaves[m]:
                    unmade = cross(m, x, y, z, a, b, c, turn, state, cell_left, side_left, kind, dx[m], dy[m], dz[m], sx, sy, reflect)
                    t[m] -= unmade * dt[m]
                if state[m] != FLOATING or t[m] >= until or t[m] - dt[m] == t[m]:  # the last: what is left is below rounding
                    n = who[m]
                    position[n, 0], position[n, 1], position[n, 2] = x[m], y[m], z[m]
                    velocity[n, 0], velocity[n, 1], velocity[n, 2] = a[m], b[m], c[m]
                    whirl[n, 0], whirl[n, 1], whirl[n, 2] = turn[0, m], turn[1, m], turn[2, m]
                    status[n], clock[n] = state[m], (until if state[m] == FLOATING else t[m])
                    if state[m] != FLOATING:
                        hit_cell[n], hit_side[n] = cell_left[m], side_left[m]
                    active -= 1
                    last = active
                    if last != m:
                        who[m], state[m] = who[last], state[last]
                        cell_left[m], side_left[m] = cell_left[last], side_left[last]
                        for row in range(ROWS):
                            room[row, m] = room[row, last]
                    state[last] = FLOATING


KERNELS = (advance,)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
