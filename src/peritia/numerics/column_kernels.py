# pyright: basic
# Reason for the looser check: Numba types these bodies itself; fields come in any precision.
"""Kernels of the tissue columns: one implicit step for many columns at once, 64 of them side by side in each loop.

Arrays are (blocks, nodes, LANES): the last index runs over columns, so that each node's work is one vector instruction. Elimination runs
from the deep end to the surface; the surface node then reads ``c = a + g bath``, so the flux into the tissue is known as a linear
function of the bath before the bath is. That makes an implicit, conservative coupling cost nothing.
"""

from __future__ import annotations

import numpy as np

from peritia.numerics.jit import prange, serial, threaded, variants

LANES = 64


def eliminate(
    c, bound, exchange, reference, spread_scale, sink_scale, film, stored, space, conductance, flow, sink, bind, release, most, half,
    binds, perfused, up, offset, dt, deep_conductance, deep_value, deep_out, deep_in,
):  # fmt: skip
    """Reduce the system of each column from the deep end; ``up`` and ``offset`` keep ``c[n] = offset[n] + up[n] c[n-1]``.

    For node 0 the value before is that of the bath. Shared by all columns, per node: ``space`` (volume per surface, m), ``stored``
    (the same times storage), ``conductance`` and ``flow`` of the face above (m/s), ``sink`` (1/s times m), ``bind``, ``release``,
    ``most``, ``half``. Per column: ``spread_scale`` and ``sink_scale`` multiply conductance and sink; ``film`` is the conductance from
    the bath to the first centre (m/s); ``reference`` the value in blood. A carried flux is central where diffusion bears it, else upwind.
    ``binds`` and ``perfused`` say whether ``bound`` and ``exchange`` hold anything: if not, they are never read.
    """
    blocks, nodes, lanes = c.shape
    for b in prange(blocks):
        ss, ks, fm, rb = spread_scale[b], sink_scale[b], film[b], reference[b]
        right, extra = np.empty(lanes, c.dtype), np.empty(lanes, c.dtype)
        for n in range(nodes - 1, -1, -1):
            cn, un, on = c[b, n], up[b, n], offset[b, n]
            store = stored[n] / dt
            q, loss, g0 = flow[n], sink[n], conductance[n]
            for m in range(lanes):
                right[m] = store * cn[m]
                extra[m] = store + loss * ks[m]
            if perfused:
                en = exchange[b, n]
                volume = space[n]
                for m in range(lanes):
                    right[m] += en[m] * volume * rb[m]
                    extra[m] += en[m] * volume
            if binds:
                bn = bound[b, n]
                keep = space[n] / (1.0 + dt * release[n])
                linear, top, knee, give = bind[n] * keep, most[n] * keep, half[n], release[n] * keep
                for m in range(lanes):
                    right[m] += give * bn[m]
                    extra[m] += linear + top / (knee + max(cn[m], 0.0))
            if n == nodes - 1:
                for m in range(lanes):
                    g = g0 * ss[m] if n > 0 else fm[m]
                    come, leave = max(g + 0.5 * q, q, 0.0), max(g - 0.5 * q, -q, 0.0)
                    pivot = 1.0 / (extra[m] + leave + deep_conductance + deep_out)
                    un[m] = come * pivot
                    on[m] = (right[m] + deep_conductance * deep_value + deep_in) * pivot
            else:
                q_low, g_low, u1, o1 = flow[n + 1], conductance[n + 1], up[b, n + 1], offset[b, n + 1]
                for m in range(lanes):
                    g = g0 * ss[m] if n > 0 else fm[m]
                    h = g_low * ss[m]
                    come, leave = max(g + 0.5 * q, q, 0.0), max(g - 0.5 * q, -q, 0.0)
                    sent, back = max(h + 0.5 * q_low, q_low, 0.0), max(h - 0.5 * q_low, -q_low, 0.0)
                    pivot = 1.0 / (extra[m] + leave + sent - back * u1[m])
                    un[m] = come * pivot
                    on[m] = (right[m] + back * o1[m]) * pivot


def substitute(
    c, bound, bath, space, stored, bind, release, most, half, exchange, reference, sink, sink_scale, binds, perfused, up, offset, dt, tally,
):  # fmt: skip
    """New values from the surface down, given each column's ``bath``; ``tally`` gets what is free, bound and lost, per column.

    Amounts are per surface (value times m); "lost" is what sinks and blood took in this step (negative if blood gave).
    """
    blocks, nodes, lanes = c.shape
    for b in prange(blocks):
        previous = bath[b].copy()
        free, held, lost = np.zeros(lanes, c.dtype), np.zeros(lanes, c.dtype), np.zeros(lanes, c.dtype)
        rb, ks = reference[b], sink_scale[b]
        for n in range(nodes):
            cn, un, on = c[b, n], up[b, n], offset[b, n]
            volume, loss, store = space[n], sink[n] * dt, stored[n]
            if binds:
                bn = bound[b, n]
                keep, linear, top, knee = 1.0 / (1.0 + dt * release[n]), bind[n], most[n], half[n]
                for m in range(lanes):
                    value = on[m] + un[m] * previous[m]
                    bn[m] = (bn[m] + dt * (linear + top / (knee + max(cn[m], 0.0))) * value) * keep
                    held[m] += bn[m] * volume
            for m in range(lanes):
                value = on[m] + un[m] * previous[m]
                cn[m] = value
                previous[m] = value
                free[m] += value * store
                lost[m] += loss * ks[m] * value
            if perfused:
                en = exchange[b, n]
                for m in range(lanes):
                    lost[m] += dt * volume * en[m] * (previous[m] - rb[m])
        for m in range(lanes):
            tally[b, 0, m], tally[b, 1, m], tally[b, 2, m] = free[m], held[m], lost[m]


KERNELS = (eliminate, substitute)
SERIAL = variants(KERNELS, serial)
THREADED = variants(KERNELS, threaded)
