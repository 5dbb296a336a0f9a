# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of the flow step on the padded MAC grid. See ``jit`` and ``spans`` for the rules of writing.

``s`` is the flat stride along which a flux runs, ``a`` the stride of the velocity component that is carried, ``sx`` and ``sy`` those of a
plane and a row. The flux at ``c`` goes through the low face of the control volume of ``c``; for a component with stride ``a`` the carrying
velocity there is the mean of ``v[c]`` and ``v[c - a]``, whichever component ``v`` is. Every kernel ends with ``first, last, slabs``.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import helper, prange, serial, threaded, variants


@helper
def flux_line(f, q0, q1, q2, qp, v0, v1, shear, n0, n1, n2, n3, per_length, half):
    """Carried and viscous flux: second-order upwind with van Leer's limiter.

    ``shear`` is 1 at an open face, 2 or 4 towards no-slip walls (which stand at half the distance), 0 at a slip wall. The viscosity at
    an edge is the mean of four cells.
    """
    quarter, zero = half * half, half - half
    for k in range(len(f)):
        u = half * (v0[k] + v1[k])
        d = q0[k] - q1[k]
        behind = (q1[k] - q2[k]) if u > zero else (qp[k] - q0[k])
        product = behind * d
        slope = product / (behind + d) if product > zero else zero
        carried = (q1[k] + slope) if u > zero else (q0[k] - slope)
        f[k] = u * carried - quarter * (n0[k] + n1[k] + n2[k] + n3[k]) * shear[k] * per_length * d


@helper
def even_flux_line(f, q0, q1, q2, qp, v0, v1, shear, spread, half):
    """The same with one viscosity everywhere; ``spread`` is viscosity over spacing."""
    zero = half - half
    for k in range(len(f)):
        u = half * (v0[k] + v1[k])
        d = q0[k] - q1[k]
        behind = (q1[k] - q2[k]) if u > zero else (qp[k] - q0[k])
        product = behind * d
        slope = product / (behind + d) if product > zero else zero
        carried = (q1[k] + slope) if u > zero else (q0[k] - slope)
        f[k] = u * carried - spread * shear[k] * d


@helper
def plane_flux(f, b, e, q, v, shear, nu, even, s, a, per_length, half):
    """Fluxes at ``b`` to ``e`` into the first places of ``f``."""
    if even:
        even_flux_line(
            f[: e - b], q[b:e], q[b - s : e - s], q[b - 2 * s : e - 2 * s], q[b + s : e + s], v[b:e], v[b - a : e - a], shear[b:e],
            nu[b] * per_length, half,
        )  # fmt: skip
    else:
        flux_line(
            f[: e - b], q[b:e], q[b - s : e - s], q[b - 2 * s : e - 2 * s], q[b + s : e + s], v[b:e], v[b - a : e - a], shear[b:e],
            nu[b:e], nu[b - s : e - s], nu[b - a : e - a], nu[b - s - a : e - s - a], per_length, half,
        )  # fmt: skip


@helper
def push_line(push, force, t0, t1, forced, buoyancy, reference, half):
    """Force and lift per mass."""
    if forced:
        for k in range(len(push)):
            push[k] = force[k] + buoyancy * (half * (t0[k] + t1[k]) - reference)
    else:
        for k in range(len(push)):
            push[k] = buoyancy * (half * (t0[k] + t1[k]) - reference)


@helper
def predict_line(o, r, q, g, x0, x1, y0, y1, z0, z1, p0, p1, m, hx, hy, hz, now, before, press):
    """``o = q + now rate + before r - press grad p`` where ``m`` is 1; ``r`` keeps the rate."""
    for k in range(len(o)):
        rate = g[k] - (x1[k] - x0[k]) * hx - (y1[k] - y0[k]) * hy - (z1[k] - z0[k]) * hz
        o[k] = q[k] + m[k] * (now * rate + before * r[k] - press * (p0[k] - p1[k]))
        r[k] = rate


def predict(
    new, q, old, u, v, w, shear_x, shear_y, shear_z, nu, even, p, force, forced, warm, free, a, sx, sy, hx, hy, hz, buoyancy, reference,
    now, before, press, half, first, last, slabs,
):  # fmt: skip
    """Adams-Bashforth step of one component without the new pressure; ``old`` keeps the rate for the next step.

    ``hx, hy, hz``: reciprocal spacings. ``now``, ``before``: weights of the rates, times the step. ``press``: step over spacing.
    ``free`` is 1 where the component is solved for, else 0 (walls and inlets keep their value). Fluxes live for two planes only, in the
    core's own memory; the first plane of a slab makes its own.
    """
    for n in prange(len(slabs) - 1):
        room = sx + 2 * sy
        below, above = np.empty(room, q.dtype), np.empty(room, q.dtype)
        across, along, push = np.empty(room, q.dtype), np.empty(room, q.dtype), np.empty(room, q.dtype)
        start, held = 0, 0  # ``below`` holds the fluxes of the faces from ``start`` on, ``held`` of them
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            if e == b:
                held = 0
                continue
            if not (held > 0 and start <= b and e <= start + held):
                plane_flux(below, b, e, q, u, shear_x, nu, even, sx, a, hx, half)
                start = b
            ahead_b, ahead_e = b + sx, e + sx
            if i + 1 < slabs[n + 1] and last[i + 1] > first[i + 1]:
                ahead_b, ahead_e = min(ahead_b, first[i + 1]), max(ahead_e, last[i + 1])
            plane_flux(above, ahead_b, ahead_e, q, u, shear_x, nu, even, sx, a, hx, half)
            plane_flux(across, b, e + sy, q, v, shear_y, nu, even, sy, a, hy, half)
            plane_flux(along, b, e + 1, q, w, shear_z, nu, even, 1, a, hz, half)
            count = e - b
            push_line(push[:count], force[b:e], warm[b:e], warm[b - a : e - a], forced, buoyancy, reference, half)
            low, high = b - start, b + sx - ahead_b
            predict_line(
                new[b:e], old[b:e], q[b:e], push[:count], below[low : low + count], above[high : high + count], across[:count],
                across[sy : sy + count], along[:count], along[1 : 1 + count], p[b:e], p[b - a : e - a], free[b:e], hx, hy, hz, now, before,
                press,
            )  # fmt: skip
            below, above = above, below
            start, held = ahead_b, ahead_e - ahead_b


def divergence_load(load, u, v, w, source, fluid, sx, sy, hx, hy, hz, factor, partial, first, last, slabs):
    """``load = factor (div u - source)`` in the fluid, else 0; ``partial`` gets the sums of its squares and of itself, by plane."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            o, u0, u1, v0, v1 = load[b:e], u[b:e], u[b + sx : e + sx], v[b:e], v[b + sy : e + sy]
            w0, w1, s, m = w[b:e], w[b + 1 : e + 1], source[b:e], fluid[b:e]
            for k in range(e - b):
                o[k] = factor * m[k] * ((u1[k] - u0[k]) * hx + (v1[k] - v0[k]) * hy + (w1[k] - w0[k]) * hz - s[k])
            squares, total = 0.0, 0.0
            for k in range(e - b):
                squares += np.float64(o[k]) * np.float64(o[k])
                total += np.float64(o[k])
            partial[0, i], partial[1, i] = squares, total


def take_off(load, fluid, mean, partial, first, last, slabs):
    """Take the mean off the load of a closed cavity; ``partial`` gets the sums of its squares."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            o, m = load[b:e], fluid[b:e]
            squares = 0.0
            for k in range(e - b):
                value = o[k] - mean * m[k]
                o[k] = value
                squares += np.float64(value) * np.float64(value)
            partial[0, i] = squares


@helper
def correct_line(q, p0, p1, m, press):
    """Take a gradient off one component where it is solved for."""
    for k in range(len(q)):
        q[k] -= m[k] * press * (p0[k] - p1[k])


@helper
def add_line(p, change):
    """``p += change``."""
    for k in range(len(p)):
        p[k] += change[k]


def correct(u, v, w, p, change, free_u, free_v, free_w, sx, sy, press_x, press_y, press_z, first, last, slabs):
    """Take the gradient of ``change`` off the velocity where it is solved for, and add ``change`` to the pressure."""
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            correct_line(u[b:e], change[b:e], change[b - sx : e - sx], free_u[b:e], press_x)
            correct_line(v[b:e], change[b:e], change[b - sy : e - sy], free_v[b:e], press_y)
            correct_line(w[b:e], change[b:e], change[b - 1 : e - 1], free_w[b:e], press_z)
            add_line(p[b:e], change[b:e])


@helper
def rate_line(out, u0, u1, v0, v1, w0, w1, nu, m, hx, hy, hz, viscous):
    """``sum |u| / h + viscous nu`` in the fluid, else 0."""
    for k in range(len(out)):
        x, y, z = max(abs(u0[k]), abs(u1[k])), max(abs(v0[k]), abs(v1[k])), max(abs(w0[k]), abs(w1[k]))
        out[k] = m[k] * (x * hx + y * hy + z * hz + viscous * nu[k])


def fastest_rate(u, v, w, nu, fluid, sx, sy, hx, hy, hz, viscous, scratch, bits, partial, first, last, slabs):
    """Largest ``sum |u| / h + viscous nu`` over the fluid, plane by plane: what bounds an explicit step.

    ``bits`` is ``scratch`` seen as whole numbers: for numbers above zero their order is the same, NaN is largest, and it vectorises.
    """
    for n in prange(len(slabs) - 1):
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            count = e - b
            rate_line(
                scratch[n, :count], u[b:e], u[b + sx : e + sx], v[b:e], v[b + sy : e + sy], w[b:e], w[b + 1 : e + 1], nu[b:e], fluid[b:e],
                hx, hy, hz, viscous,
            )  # fmt: skip
            line = bits[n, :count]
            largest = line[0] if count else 0
            for k in range(count):
                largest = max(largest, line[k])
            bits[n, 0] = largest
            partial[i] = scratch[n, 0]


def eddy_viscosity(nu, u, v, w, base, length, sx, sy, hx, hy, hz, half, first, last, slabs):
    """``nu = base + length^2 |S|``, ``|S| = sqrt(2 S_ij S_ij)``, at cell centres (Smagorinsky; Prandtl's mixing length)."""
    quarter = half * half
    for n in prange(len(slabs) - 1):
        xx, xy, xz, yz = np.empty(sx, nu.dtype), np.empty(sx, nu.dtype), np.empty(sx, nu.dtype), np.empty(sx, nu.dtype)
        for i in range(slabs[n], slabs[n + 1]):
            b, e = first[i], last[i]
            count = e - b
            u0, u1, v0, v1, w0, w1 = u[b:e], u[b + sx : e + sx], v[b:e], v[b + sy : e + sy], w[b:e], w[b + 1 : e + 1]
            for k in range(count):
                x, y, z = (u1[k] - u0[k]) * hx, (v1[k] - v0[k]) * hy, (w1[k] - w0[k]) * hz
                xx[k] = (x * x + y * y + z * z) / half
            ua, ub, uc, ud = u[b + sy : e + sy], u[b + sy + sx : e + sy + sx], u[b - sy : e - sy], u[b - sy + sx : e - sy + sx]
            va, vb, vc, vd = v[b + sx : e + sx], v[b + sy + sx : e + sy + sx], v[b - sx : e - sx], v[b - sx + sy : e - sx + sy]
            for k in range(count):
                xy[k] = (ua[k] + ub[k] - uc[k] - ud[k]) * hy + (va[k] + vb[k] - vc[k] - vd[k]) * hx
            ue, uf, ug, uh = u[b + 1 : e + 1], u[b + 1 + sx : e + 1 + sx], u[b - 1 : e - 1], u[b - 1 + sx : e - 1 + sx]
            wa, wb, wc, wd = w[b + sx : e + sx], w[b + 1 + sx : e + 1 + sx], w[b - sx : e - sx], w[b - sx + 1 : e - sx + 1]
            for k in range(count):
                xz[k] = (ue[k] + uf[k] - ug[k] - uh[k]) * hz + (wa[k] + wb[k] - wc[k] - wd[k]) * hx
            ve, vf, vg, vh = v[b + 1 : e + 1], v[b + 1 + sy : e + 1 + sy], v[b - 1 : e - 1], v[b - 1 + sy : e - 1 + sy]
            we, wf, wg, wh = w[b + sy : e + sy], w[b + 1 + sy : e + 1 + sy], w[b - sy : e - sy], w[b - sy + 1 : e - sy + 1]
            for k in range(count):
                yz[k] = (ve[k] + vf[k] - vg[k] - vh[k]) * hz + (we[k] + wf[k] - wg[k] - wh[k]) * hy
            o, n0, l0 = nu[b:e], base[b:e], length[b:e]
            for k in range(count):
                square = xx[k] + quarter * quarter * (xy[k] * xy[k] + xz[k] * xz[k] + yz[k] * yz[k])
                o[k] = n0[k] + l0[k] * l0[k] * np.sqrt(square)


KERNELS = (predict, divergence_load, take_off, correct, fastest_rate, eddy_viscosity)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
