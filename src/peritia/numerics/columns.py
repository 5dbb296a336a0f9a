"""Many one-dimensional columns of tissue under a bath, stepped implicitly side by side.

    s dC/dt = d/dx(D dC/dx) - d(q C)/dx - k C + e (C_ref - C) - uptake + release,    dB/dt = uptake - release
    uptake = (b + V / (K + C)) C,    release = r B
    at the surface: flux = G_film (C_bath - C) + carried by q;    at depth: no flux, a fixed value, or free outflow

``x`` runs from the surface inwards over graded nodes (finite volumes; slab, cylinder or sphere). ``C`` may be drug or temperature.
Backward Euler in time (first order, unconditionally stable), saturable uptake linearised about the old value; second order in space on
smooth grading; carried flux central while the cell Peclet number is below 2, else upwind. Amounts are kept to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from peritia.numerics import column_kernels
from peritia.numerics.column_kernels import LANES
from peritia.numerics.errors import InvalidParameter, MisshapenField
from peritia.numerics.jit import threads_pay

Array = NDArray[np.float64]
NEVER_SATURATES = 1e300


def graded_edges(first: float, depth: float, count: int) -> Array:
    """Edges of ``count`` nodes from 0 to ``depth`` (m), the first ``first`` wide, each wider than the last by one ratio."""
    if not 0 < first <= depth / count * (1 + 1e-12):
        raise InvalidParameter("first", first, f"a width above 0 and at most depth/count = {depth / count:.3g} m")
    low, high = 1.0, 2.0
    for _ in range(200):
        ratio = 0.5 * (low + high)
        total = first * count if abs(ratio - 1) < 1e-14 else first * np.expm1(count * np.log(ratio)) / (ratio - 1)
        low, high = (ratio, high) if total < depth else (low, ratio)
    edges = np.concatenate([[0.0], np.cumsum(first * low ** np.arange(count))])
    return edges * (depth / edges[-1])


@dataclass(frozen=True, eq=False)
class Profile:
    """What all columns of a set share, by node (n) or face (n + 1; face 0 is the surface). SI units; widths in m.

    ``storage``: s; ``diffusivity``: D by node; ``flow``: q through faces (m/s, inwards positive); ``sink``: k; ``exchange``: e;
    ``bind``, ``release``: b, r (1/s); ``most``, ``half``: V (unit/s) and K (unit) of saturable uptake. ``shape``: 0 slab, 1 cylinder,
    2 sphere, counted from the outer ``radius`` inwards.
    """

    edges: Array
    diffusivity: float | Array
    storage: float | Array = 1.0
    flow: float | Array = 0.0
    sink: float | Array = 0.0
    exchange: float | Array = 0.0
    bind: float | Array = 0.0
    release: float | Array = 0.0
    most: float | Array = 0.0
    half: float | Array = NEVER_SATURATES
    shape: Literal[0, 1, 2] = 0
    radius: float = np.inf

    def __post_init__(self) -> None:
        if len(self.edges) < 2 or self.edges[0] != 0 or np.any(np.diff(self.edges) <= 0):
            raise InvalidParameter("edges", "not increasing from 0", "node edges in metres that start at 0 and increase")
        if self.shape and not self.edges[-1] <= self.radius * (1 + 1e-9):
            raise InvalidParameter("radius", self.radius, f"at least the depth of the column, {self.edges[-1]:.3g} m")

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.edges) - 1

    @property
    def centres(self) -> Array:
        """Depth of the node centres, m."""
        return 0.5 * (self.edges[1:] + self.edges[:-1])

    def at_nodes(self, value: float | Array) -> Array:
        """Spread a number or array over the nodes."""
        return np.array(np.broadcast_to(value, self.nodes), np.float64)

    @property
    def areas(self) -> Array:
        """Area of each face over that of the surface."""
        if not self.shape:
            return np.ones(self.nodes + 1)
        return np.maximum(1 - self.edges / self.radius, 0.0) ** self.shape

    @property
    def volumes(self) -> Array:
        """Volume of each node over the area of the surface, m."""
        if not self.shape:
            return np.diff(self.edges)
        inner = np.maximum(1 - self.edges / self.radius, 0.0)
        return (inner[:-1] ** (self.shape + 1) - inner[1:] ** (self.shape + 1)) * self.radius / (self.shape + 1)

    @property
    def conductances(self) -> Array:
        """Conductance of each face (m/s): two half nodes in series; face 0 from the surface to the first centre."""
        half = 0.5 * np.diff(self.edges) / self.at_nodes(self.diffusivity)
        areas = self.areas
        between = areas[1:-1] / (half[1:] + half[:-1])
        return np.concatenate([[areas[0] / half[0]], between])


class Columns:
    """A set of columns with one ``Profile``, each with its own bath, film, scales and values; stepped in place."""

    def __init__(
        self,
        profile: Profile,
        count: int,
        *,
        initial: float | Array = 0.0,
        film: float | Array = np.inf,
        spread_scale: float | Array = 1.0,
        sink_scale: float | Array = 1.0,
        deep: float | None = None,
        dtype: DTypeLike = np.float64,
        threads: bool | None = None,
    ) -> None:
        """``film``: mass transfer coefficient of the bath (m/s; infinite if stirred); ``deep``: a fixed value at depth, else no flux.

        ``spread_scale`` multiplies D and ``sink_scale`` k, by column (temperature). ``initial``: one value, or one per node.
        """
        self.profile, self.count, self.dtype = profile, count, np.dtype(dtype)
        self._blocks = -(-count // LANES)
        shape = (self._blocks, profile.nodes, LANES)
        self._c = np.zeros(shape, dtype)
        self._c[...] = profile.at_nodes(initial)[None, :, None]
        self._up, self._offset = np.zeros(shape, dtype), np.zeros(shape, dtype)
        self._binds = bool(np.any(profile.at_nodes(profile.bind)) or np.any(profile.at_nodes(profile.most)))
        self._bound = np.zeros(shape if self._binds else (1, 1, LANES), dtype)
        self._perfused = bool(np.any(profile.at_nodes(profile.exchange)))
        self._exchange = np.zeros(shape if self._perfused else (1, 1, LANES), dtype)
        if self._perfused:
            self._exchange[...] = profile.at_nodes(profile.exchange)[None, :, None]
        self._reference = self._by_lane(0.0)
        self._tally = np.zeros((self._blocks, 3, LANES), dtype)
        self.set_scales(spread_scale, sink_scale, film)
        volume, storage = profile.volumes, profile.at_nodes(profile.storage)
        self._space = volume  # plain volumes: sinks and uptake work on these
        self._stored = volume * storage
        flow = np.broadcast_to(profile.flow, profile.nodes + 1) * profile.areas
        self._flow = flow
        last = profile.nodes - 1
        half_last = 0.5 * (profile.edges[-1] - profile.edges[-2])
        conduct = profile.areas[-1] * profile.at_nodes(profile.diffusivity)[last] / half_last
        self._deep = (0.0, 0.0) if deep is None else (conduct, deep)
        self._deep_out = max(float(flow[-1]), 0.0)
        self._deep_in = max(-float(flow[-1]), 0.0) * (0.0 if deep is None else deep)
        use_threads = threads_pay(count * profile.nodes) if threads is None else threads
        self._kernels = column_kernels.THREADED if use_threads else column_kernels.SERIAL
        self.taken, self.lost, self.through = np.zeros(count), np.zeros(count), np.zeros(count)
        self._first = self.amount()
        self._step = 0.0

    def _by_lane(self, value: float | Array) -> Array:
        out = np.zeros(self._blocks * LANES)
        array = np.asarray(value, np.float64)
        if array.ndim and array.shape != (self.count,):
            raise MisshapenField("a value per column", array.shape, (self.count,))
        out[: self.count] = array
        if self._blocks * LANES > self.count:
            out[self.count :] = out[self.count - 1]
        return out.reshape(self._blocks, LANES)

    def _by_column(self, lanes: Array) -> Array:
        return lanes.reshape(-1)[: self.count].astype(np.float64)

    def set_scales(self, spread_scale: float | Array, sink_scale: float | Array, film: float | Array) -> None:
        """Replace what differs between columns."""
        surface = self.profile.conductances[0]
        spread = np.asarray(spread_scale, np.float64)
        resist = 1 / (surface * spread) + 1 / np.asarray(film, np.float64)
        self._spread, self._sink = self._by_lane(spread_scale), self._by_lane(sink_scale)
        self._film = self._by_lane(np.broadcast_to(1 / resist, self.count) if np.ndim(resist) else float(1 / resist))

    def set_exchange(self, rate: Array, reference: float | Array) -> None:
        """Replace the exchange with blood: ``rate`` (1/s) by column and node, or by node; ``reference`` value by column."""
        rates = np.broadcast_to(rate, (self.count, self.profile.nodes))
        if not self._perfused:
            self._perfused, self._exchange = True, np.zeros_like(self._c)
        lanes = np.zeros((self._blocks * LANES, self.profile.nodes))
        lanes[: self.count] = rates
        self._exchange[...] = lanes.reshape(self._blocks, LANES, -1).transpose(0, 2, 1)
        self._reference = self._by_lane(reference)

    def set_reference(self, reference: float | Array) -> None:
        """Replace the value in blood."""
        self._reference = self._by_lane(reference)

    def set_values(self, values: Array) -> None:
        """Replace ``C``, by column and node; the balance starts anew."""
        if values.shape != (self.count, self.profile.nodes):
            raise MisshapenField("a value per column and node", values.shape, (self.count, self.profile.nodes))
        lanes = np.zeros((self._blocks * LANES, self.profile.nodes))
        lanes[: self.count], lanes[self.count :] = values, values[-1]
        self._c[...] = lanes.reshape(self._blocks, LANES, -1).transpose(0, 2, 1)
        self.taken, self.lost, self.through = np.zeros(self.count), np.zeros(self.count), np.zeros(self.count)
        self._first = self.amount()

    def values(self) -> Array:
        """``C`` by column and node."""
        return self._c.transpose(0, 2, 1).reshape(-1, self.profile.nodes)[: self.count].astype(np.float64)

    def bound(self) -> Array:
        """``B`` by column and node."""
        if not self._binds:
            return np.zeros((self.count, self.profile.nodes))
        return self._bound.transpose(0, 2, 1).reshape(-1, self.profile.nodes)[: self.count].astype(np.float64)

    def amount(self) -> Array:
        """Free and bound amount per surface, by column (unit x m)."""
        return self.values() @ self._stored + self.bound() @ self._space

    def _surface(self) -> tuple[Array, Array]:
        """Weights of bath and first node in the flux through the surface, as in the kernel."""
        film, q = self._by_column(self._film), float(self._flow[0])
        return np.maximum(np.maximum(film + 0.5 * q, q), 0.0), np.maximum(np.maximum(film - 0.5 * q, -q), 0.0)

    def prepare(self, step: float) -> tuple[Array, Array]:
        """First half of a step: the flux into each column as ``a + g * bath`` (unit x m/s); returns ``(a, g)``.

        With these a caller closes its bath implicitly, then calls ``finish`` with the bath's new values.
        """
        if not step > 0:
            raise InvalidParameter("step", step, "a positive time in seconds")
        self._step = step
        node = self.profile.at_nodes
        p = self.profile
        self._kernels["eliminate"](
            self._c, self._bound, self._exchange, self._reference, self._spread, self._sink, self._film,
            self._stored, self._space, p.conductances, self._flow, node(p.sink) * self._space, node(p.bind), node(p.release), node(p.most),
            node(p.half), self._binds, self._perfused, self._up, self._offset, step,
            *self._deep, self._deep_out, self._deep_in,
        )  # fmt: skip
        come, leave = self._surface()
        up, offset = self._by_column(self._up[:, 0]), self._by_column(self._offset[:, 0])
        return -leave * offset, come - leave * up

    def finish(self, bath: float | Array) -> Array:
        """Second half: new values under the bath's new value; returns the amount taken up per surface in the step."""
        p, node, step = self.profile, self.profile.at_nodes, self._step
        lanes = self._by_lane(bath)
        before = self._by_column(self._offset[:, 0]), self._by_column(self._up[:, 0])
        self._kernels["substitute"](
            self._c, self._bound, lanes, self._space, self._stored, node(p.bind), node(p.release), node(p.most), node(p.half),
            self._exchange, self._reference, node(p.sink) * self._space, self._sink, self._binds, self._perfused, self._up, self._offset,
            step, self._tally,
        )  # fmt: skip
        bath_by_column = self._by_column(lanes)
        surface = before[0] + before[1] * bath_by_column
        come, leave = self._surface()
        taken = step * (come * bath_by_column - leave * surface)
        deepest = self._by_column(self._c[:, -1])
        self.taken += taken
        self.lost += self._by_column(self._tally[:, 2])
        self.through += step * ((self._deep[0] + self._deep_out) * deepest - self._deep[0] * self._deep[1] - self._deep_in)
        return taken

    def step(self, step: float, bath: float | Array) -> Array:
        """Advance by ``step`` under a given bath; returns the amount taken up per surface."""
        self.prepare(step)
        return self.finish(bath)

    @property
    def error(self) -> float:
        """Imbalance of first + taken - lost - through = now, relative to the largest of them."""
        now = self.amount()
        largest = max(float(np.abs(part).max()) for part in (now, self._first, self.taken, self.lost, self.through))
        return float(np.abs(self._first + self.taken - self.lost - self.through - now).max()) / max(largest, 1e-300)
