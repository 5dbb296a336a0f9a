"""Transport of a scalar (temperature, drug) by a velocity on the masked grid.

    dc/dt + div(u c) = div(D grad c) + gain - loss c

Explicit and conservative; flux second order in space and time with van Leer's limiter (B. van Leer, J Comput Phys 1974;14:361; recalled).
Values stay within their bounds while ``sum |u| dt / h <= 1/2`` and diffusion is within its limit. ``gain`` (unit/s) and ``loss`` (1/s) are
given by cell and taken implicitly: a wall at value ``w`` with conductance ``G`` (1/s) is ``gain = G w``, ``loss = G``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from peritia.numerics import flow_kernels, scalar_kernels
from peritia.numerics.boundary import Boundary, BoundaryFaces, Inlet, Source
from peritia.numerics.errors import Diverged, InvalidParameter, UnstableStep
from peritia.numerics.flow import Velocity
from peritia.numerics.flow_faces import outlet_faces
from peritia.numerics.grid import Field, MaskedGrid
from peritia.numerics.jit import real_type, threads_pay


@dataclass(frozen=True, eq=False)
class Exchange:
    """Per cell: ``gain`` (unit/s) and ``loss`` (1/s), unpadded."""

    gain: NDArray[np.float64]
    loss: NDArray[np.float64]

    def __add__(self, other: Exchange) -> Exchange:
        return Exchange(self.gain + other.gain, self.loss + other.loss)


def wall_exchange(
    grid: MaskedGrid, faces: BoundaryFaces, conductance: float | NDArray[np.float64], value: float | NDArray[np.float64]
) -> Exchange:
    """Walls at ``value`` behind a ``conductance`` (m/s: heat transfer coefficient over heat capacity per volume, or D over distance)."""
    rate = np.zeros(grid.padded_fluid.size)
    gain = np.zeros(grid.padded_fluid.size)
    per_face = np.broadcast_to(conductance * faces.areas(grid) / grid.cell_volume, len(faces))
    np.add.at(rate, faces.cell, per_face)
    np.add.at(gain, faces.cell, per_face * value)
    return Exchange(grid.inner(gain.reshape(grid.padded_shape)).copy(), grid.inner(rate.reshape(grid.padded_shape)).copy())


def fixed_walls(grid: MaskedGrid, faces: BoundaryFaces, diffusivity: float, value: float | NDArray[np.float64]) -> Exchange:
    """Walls held at ``value``, half a cell away through the fluid."""
    half = 0.5 * np.array(grid.spacing)[faces.axis]
    return wall_exchange(grid, faces, diffusivity / half, value)


@dataclass(frozen=True)
class Balance:
    """Amounts (unit x m3) since the start: in store now and at first, entered and left through openings, given by sources and walls."""

    stored: float
    first: float
    entered: float
    given: float

    @property
    def error(self) -> float:
        """Imbalance relative to the largest of the amounts."""
        largest = max(abs(self.stored), abs(self.first), abs(self.entered), abs(self.given), 1e-300)
        return abs(self.stored - self.first - self.entered - self.given) / largest


class Scalar:
    """A scalar field that is carried, diffuses and is exchanged; stepped in place."""

    def __init__(
        self,
        boundary: Boundary,
        initial: float | NDArray[np.float64],
        diffusivity: float | NDArray[np.float64],
        *,
        inflow: tuple[float, ...] = (),
        exchange: Exchange | None = None,
        dtype: DTypeLike = np.float64,
        threads: bool | None = None,
    ) -> None:
        """``inflow``: value of each ``Inlet`` and each feeding ``Source`` of the boundary, in their order."""
        grid = boundary.grid
        self.grid, self.boundary, self.dtype = grid, boundary, np.dtype(dtype)
        self._real = real_type(self.dtype)
        self.values = grid.pad(initial, "initial", dtype)
        self.diffusivity = grid.pad(diffusivity, "diffusivity", dtype, float(np.mean(diffusivity)))
        use_threads = threads_pay(grid.cells) if threads is None else threads
        self._kernels = scalar_kernels.THREADED if use_threads else scalar_kernels.SERIAL
        self._fastest = (flow_kernels.THREADED if use_threads else flow_kernels.SERIAL)["fastest_rate"]
        fluid = grid.padded_fluid
        self._fluid = fluid.astype(np.uint8)
        self.open_faces = [(fluid & np.roll(fluid, 1, axis)).astype(np.uint8) for axis in range(3)]
        self._next = self.values.copy()
        self._partial = np.zeros((2, grid.padded_shape[0]))
        self._scratch = np.zeros((grid.spans.count, grid.strides[0]), dtype)
        self._source_gain, self._source_loss = self._set_inflow(inflow)
        self._next[...] = self.values
        self._outlets = outlet_faces(boundary)
        self._gates = [opening.faces for opening in boundary.openings if isinstance(opening, Inlet)] + list(self._outlets)
        self.set_exchange(exchange)
        self.time = 0.0
        self._first = float(self.values[fluid].sum(dtype=np.float64)) * grid.cell_volume
        self._stored, self._entered, self._given = self._first, 0.0, 0.0

    def _set_inflow(self, inflow: tuple[float, ...]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        feeding = [part for part in self.boundary.openings if isinstance(part, Inlet) or (isinstance(part, Source) and part.rate > 0)]
        if len(feeding) != len(inflow):
            raise InvalidParameter("inflow", inflow, f"one value for each of the {len(feeding)} inlets and feeding sources, in their order")
        gain, loss = np.zeros(self.values.size), np.zeros(self.values.size)
        for opening, value in zip(feeding, inflow, strict=True):
            if isinstance(opening, Inlet):
                self.values.ravel()[opening.faces.ghost] = value
            else:
                np.add.at(gain, opening.cells, value * opening.rate / (len(opening.cells) * self.grid.cell_volume))
        for opening in self.boundary.openings:
            if isinstance(opening, Source) and opening.rate < 0:
                np.add.at(loss, opening.cells, -opening.rate / (len(opening.cells) * self.grid.cell_volume))
        return gain, loss

    def set_exchange(self, exchange: Exchange | None) -> None:
        """Replace the exchange with walls and tissue; sources of the boundary stay."""
        grid = self.grid
        extra = Exchange(np.zeros(grid.shape), np.zeros(grid.shape)) if exchange is None else exchange
        shape = grid.padded_shape
        self.gain = (grid.pad(extra.gain, "gain") + self._source_gain.reshape(shape)).astype(self.dtype)
        self.loss = (grid.pad(extra.loss, "loss") + self._source_loss.reshape(shape)).astype(self.dtype)

    def set_diffusivity(self, diffusivity: NDArray[np.float64]) -> None:
        """Replace the diffusivity by cell, m2/s."""
        self.diffusivity = self.grid.pad(diffusivity, "diffusivity", self.dtype, float(np.mean(diffusivity)))

    def inner(self) -> NDArray[np.float64]:
        """Values by cell, 0 outside the fluid."""
        return self.grid.inner(self.values * self._fluid).astype(np.float64)

    def mean(self) -> float:
        """Mean over the fluid."""
        return self._stored / self.grid.volume

    @property
    def balance(self) -> Balance:
        """What came and went since the start."""
        return Balance(self._stored, self._first, self._entered, self._given)

    def stable_step(self, velocity: Velocity | tuple[Field, Field, Field], courant: float = 0.5) -> float:
        """Longest step within the bounds of the scheme."""
        components = velocity.components if isinstance(velocity, Velocity) else velocity
        real, grid = self._real, self.grid
        flat = [part.astype(self.dtype, copy=False).ravel() for part in components]
        rates = self._partial[0]
        rates[:] = 0
        self._fastest(
            *flat, self.diffusivity.ravel(), self._fluid.ravel(), *grid.strides[:2], *(real(1 / h) for h in grid.spacing),
            real(sum(1 / h**2 for h in grid.spacing)), self._scratch, self._scratch.view(f"u{self.dtype.itemsize}"), rates, *grid.spans,
        )  # fmt: skip
        fastest = float(rates.max())
        return courant / fastest if fastest > 0 else np.inf

    def step(self, velocity: Velocity | tuple[Field, Field, Field], step: float) -> None:
        """Advance by ``step`` seconds. The caller keeps to ``stable_step``; see ``run``."""
        components = velocity.components if isinstance(velocity, Velocity) else velocity
        real, grid = self._real, self.grid
        flat = [part.astype(self.dtype, copy=False).ravel() for part in components]
        values = self.values.ravel()
        for rows in self._outlets:
            values[rows.ghost] = values[rows.cell]
        for rows in self._gates:
            for axis in range(3):
                mine = rows.axis == axis
                face = rows.face[mine]
                speed: Any = flat[axis][face]
                through = speed * np.where(speed > 0, values[face - grid.strides[axis]], values[face])
                self._enter(through, rows.sign[mine], axis, step)
        self._kernels["transport"](
            self._next.ravel(), values, *flat, self.diffusivity.ravel(), *(part.ravel() for part in self.open_faces), self.gain.ravel(),
            self.loss.ravel(), self._fluid.ravel(), *grid.strides[:2], *self._per_length(), real(step), real(0.5), self._partial,
            *grid.spans,
        )  # fmt: skip
        self._settle(step)

    def _per_length(self) -> tuple[Any, Any, Any]:
        hx, hy, hz = (self._real(1 / h) for h in self.grid.spacing)
        return hx, hy, hz

    def _enter(self, through: NDArray[Any], sign: NDArray[np.int8], axis: int, step: float) -> None:
        """Book what passes the faces of openings; ``sign`` is that of the normal that leaves the fluid."""
        self._entered -= float((through.astype(np.float64) * sign).sum()) * step * self.grid.face_area(axis)

    def _settle(self, step: float) -> None:
        """Take the new values over and book what they hold and were given."""
        self.values, self._next = self._next, self.values
        stored, given = self._partial.sum(axis=1)
        self._stored = float(stored) * self.grid.cell_volume
        self._given += float(given) * self.grid.cell_volume
        self.time += step
        if not np.isfinite(self._stored):
            raise Diverged("The scalar", self.time, self._stored)

    def fluxes(self, velocity: Velocity, values: NDArray[Any], *, limited: bool) -> list[NDArray[Any]]:
        """Fluxes through the low faces that ``values`` (flat) would have: limited second order, or first-order upwind."""
        real, half = self._real, self._real(0.5)
        for rows in self._outlets:
            values[rows.ghost] = values[rows.cell]
        out: list[NDArray[Any]] = []
        for axis, part in enumerate(velocity.components):
            flux = np.zeros_like(values)
            fields = (flux, values, part.astype(self.dtype, copy=False).ravel(), self.diffusivity.ravel(), self.open_faces[axis].ravel())
            stride, per_length = self.grid.strides[axis], real(1 / self.grid.spacing[axis])
            if limited:
                self._kernels["limited_flux"](*fields, stride, per_length, real(0), half, *self.grid.wide_spans)
            else:
                self._kernels["upwind_flux"](*fields, stride, per_length, half, *self.grid.wide_spans)
            out.append(flux)
        return out

    def take_fluxes(self, fluxes: list[NDArray[Any]], step: float) -> None:
        """Advance by ``step`` with fluxes worked out elsewhere; the books are kept all the same."""
        real, grid = self._real, self.grid
        for rows in self._gates:
            for axis in range(3):
                mine = rows.axis == axis
                self._enter(fluxes[axis][rows.face[mine]], rows.sign[mine], axis, step)
        self._kernels["update"](
            self._next.ravel(), self.values.ravel(), *fluxes, self.gain.ravel(), self.loss.ravel(), self._fluid.ravel(), *grid.strides[:2],
            *self._per_length(), real(step), real(1), self._partial, *grid.spans,
        )  # fmt: skip
        self._settle(step)

    def run(self, velocity: Velocity | tuple[Field, Field, Field], until: float, courant: float = 0.5, longest_step: float = np.inf) -> int:
        """Step through a frozen velocity until a time (s); returns the steps made."""
        limit = self.stable_step(velocity, 0.5)
        chosen = min(self.stable_step(velocity, courant), longest_step, until)
        if chosen > limit * (1 + 1e-9):
            raise UnstableStep("Scalar transport", chosen, limit)
        count = max(1, int(np.ceil((until - self.time) / chosen - 1e-9)))
        each = (until - self.time) / count
        for _ in range(count):
            self.step(velocity, each)
        return count
