# pyright: basic
# Reason for the looser check: Numba types these bodies itself; slices of flat arrays of unknown precision defeat the checker.
"""Kernels of the flow step on the padded MAC grid. See ``jit`` for the rules of writing.

``s`` is the flat stride along which a flux runs, ``a`` the stride of the velocity component that is carried. The flux at ``c`` goes through
the low face of the control volume of ``c``; for a component with stride ``a`` the carrying velocity there is the mean of ``v[c]`` and
``v[c - a]``, whichever component ``v`` is.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.grid import PAD
from peritia.numerics.jit import prange, serial, threaded, variants


def momentum_flux(flux, q, v, nu, weight, s, a, per_length, half, nx, ny, nz):
    """Carried and viscous flux of component ``q`` in direction ``s``: second-order upwind with van Leer's limiter.

    ``weight`` is 1 at an open face, 2 at a no-slip wall (which stands at half the distance), 0 at a slip wall. The viscosity at
    an edge is the mean of four cells. ``half`` is 0.5 in the precision of the fields.
    """
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    quarter = half * half
    zero = half - half
    for i in prange(PAD, nx + PAD + 2):
        for j in range(PAD, ny + PAD + 2):
            b = (i * rows + j) * deep + PAD
            e = b + nz + 2
            f, q0, q1, q2, qp = flux[b:e], q[b:e], q[b - s : e - s], q[b - 2 * s : e - 2 * s], q[b + s : e + s]
            v0, v1, w0, w1 = v[b:e], v[b - a : e - a], weight[b:e], weight[b - s : e - s]
            n0, n1, n2, n3 = nu[b:e], nu[b - s : e - s], nu[b - a : e - a], nu[b - s - a : e - s - a]
            for k in range(nz + 2):
                u = half * (v0[k] + v1[k])
                d = q0[k] - q1[k]
                behind = (q1[k] - q2[k]) if u > zero else (qp[k] - q0[k])
                product = behind * d
                slope = product / (behind + d) if product > zero else zero
                carried = (q1[k] + slope) if u > zero else (q0[k] - slope)
                f[k] = u * carried - quarter * (n0[k] + n1[k] + n2[k] + n3[k]) * w0[k] * w1[k] * per_length * d


def predict(new, q, old, fx, fy, fz, p, force, warm, free, a, hx, hy, hz, buoyancy, reference, now, before, press, half, nx, ny, nz):
    """Adams-Bashforth step of one component without the new pressure; ``old`` keeps the rate for the next step.

    ``hx, hy, hz``: reciprocal spacings. ``now``, ``before``: weights of the rates, times the step. ``press``: step over spacing.
    ``free`` is 1 where the component is solved for, else 0 (walls and inlets keep their value).
    """
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for i in prange(PAD, nx + PAD + 1):
        for j in range(PAD, ny + PAD + 1):
            b = (i * rows + j) * deep + PAD
            e = b + nz + 1
            x0, x1, y0, y1 = fx[b:e], fx[b + sx : e + sx], fy[b:e], fy[b + deep : e + deep]
            z0, z1, g, r = fz[b:e], fz[b + 1 : e + 1], force[b:e], old[b:e]
            t0, t1, p0, p1 = warm[b:e], warm[b - a : e - a], p[b:e], p[b - a : e - a]
            o, q0, m = new[b:e], q[b:e], free[b:e]
            for k in range(nz + 1):
                rate = g[k] - (x1[k] - x0[k]) * hx - (y1[k] - y0[k]) * hy - (z1[k] - z0[k]) * hz
                rate += buoyancy * (half * (t0[k] + t1[k]) - reference)
                o[k] = q0[k] + m[k] * (now * rate + before * r[k] - press * (p0[k] - p1[k]))
                r[k] = rate


def divergence_load(load, u, v, w, source, fluid, hx, hy, hz, factor, nx, ny, nz, partial):
    """``load = factor (div u - source)`` in the fluid, else 0; ``partial`` gets the sums of its squares."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for i in prange(PAD, nx + PAD):
        total = 0.0
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            o, u0, u1, v0, v1 = load[b:e], u[b:e], u[b + sx : e + sx], v[b:e], v[b + deep : e + deep]
            w0, w1, s, m = w[b:e], w[b + 1 : e + 1], source[b:e], fluid[b:e]
            for k in range(nz):
                value = factor * m[k] * ((u1[k] - u0[k]) * hx + (v1[k] - v0[k]) * hy + (w1[k] - w0[k]) * hz - s[k])
                o[k] = value
                total += np.float64(value) * np.float64(value)
        partial[i] = total


def correct(q, p, free, a, press, nx, ny, nz):
    """Take the gradient of ``p`` off one component: ``q -= press (p[c] - p[c - a])`` where it is solved for."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    for i in prange(PAD, nx + PAD + 1):
        for j in range(PAD, ny + PAD + 1):
            b = (i * rows + j) * deep + PAD
            e = b + nz + 1
            q0, p0, p1, m = q[b:e], p[b:e], p[b - a : e - a], free[b:e]
            for k in range(nz + 1):
                q0[k] -= m[k] * press * (p0[k] - p1[k])


def fastest_rate(u, v, w, nu, fluid, hx, hy, hz, viscous, nx, ny, nz, partial):
    """Largest ``sum |u| / h + viscous nu`` over the fluid, plane by plane: what bounds an explicit step."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx = rows * deep
    for i in prange(PAD, nx + PAD):
        largest = 0.0
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            u0, u1, v0, v1 = u[b:e], u[b + sx : e + sx], v[b:e], v[b + deep : e + deep]
            w0, w1, n0, m = w[b:e], w[b + 1 : e + 1], nu[b:e], fluid[b:e]
            for k in range(nz):
                rate = max(abs(u0[k]), abs(u1[k])) * hx + max(abs(v0[k]), abs(v1[k])) * hy + max(abs(w0[k]), abs(w1[k])) * hz
                rate = m[k] * (rate + viscous * n0[k])
                if not rate <= largest:  # written so that NaN wins
                    largest = np.float64(rate)
        partial[i] = largest


def eddy_viscosity(nu, u, v, w, base, length, hx, hy, hz, half, nx, ny, nz):
    """``nu = base + length^2 |S|``, ``|S| = sqrt(2 S_ij S_ij)``, at cell centres (Smagorinsky; Prandtl's mixing length)."""
    rows, deep = ny + 2 * PAD, nz + 2 * PAD
    sx, sy = rows * deep, deep
    quarter = half * half
    for i in prange(PAD, nx + PAD):
        for j in range(PAD, ny + PAD):
            b = (i * rows + j) * deep + PAD
            e = b + nz
            o, n0, l0 = nu[b:e], base[b:e], length[b:e]
            u0, u1, v0, v1, w0, w1 = u[b:e], u[b + sx : e + sx], v[b:e], v[b + sy : e + sy], w[b:e], w[b + 1 : e + 1]
            ua, ub, uc, ud = u[b + sy : e + sy], u[b + sy + sx : e + sy + sx], u[b - sy : e - sy], u[b - sy + sx : e - sy + sx]
            ue, uf, ug, uh = u[b + 1 : e + 1], u[b + 1 + sx : e + 1 + sx], u[b - 1 : e - 1], u[b - 1 + sx : e - 1 + sx]
            va, vb, vc, vd = v[b + sx : e + sx], v[b + sy + sx : e + sy + sx], v[b - sx : e - sx], v[b - sx + sy : e - sx + sy]
            ve, vf, vg, vh = v[b + 1 : e + 1], v[b + 1 + sy : e + 1 + sy], v[b - 1 : e - 1], v[b - 1 + sy : e - 1 + sy]
            wa, wb, wc, wd = w[b + sx : e + sx], w[b + 1 + sx : e + 1 + sx], w[b - sx : e - sx], w[b - sx + 1 : e - sx + 1]
            we, wf, wg, wh = w[b + sy : e + sy], w[b + 1 + sy : e + 1 + sy], w[b - sy : e - sy], w[b - sy + 1 : e - sy + 1]
            for k in range(nz):
                xx, yy, zz = (u1[k] - u0[k]) * hx, (v1[k] - v0[k]) * hy, (w1[k] - w0[k]) * hz
                xy = (ua[k] + ub[k] - uc[k] - ud[k]) * hy + (va[k] + vb[k] - vc[k] - vd[k]) * hx
                xz = (ue[k] + uf[k] - ug[k] - uh[k]) * hz + (wa[k] + wb[k] - wc[k] - wd[k]) * hx
                yz = (ve[k] + vf[k] - vg[k] - vh[k]) * hz + (we[k] + wf[k] - wg[k] - wh[k]) * hy
                square = (xx * xx + yy * yy + zz * zz) / half + quarter * quarter * (xy * xy + xz * xz + yz * yz)
                o[k] = n0[k] + l0[k] * l0[k] * np.sqrt(square)


KERNELS = (momentum_flux, predict, divergence_load, correct, fastest_rate, eddy_viscosity)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
