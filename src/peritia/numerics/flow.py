"""Incompressible flow on the masked grid: momentum explicit, pressure by projection.

    du/dt + div(u u) = -grad p + div(nu grad u) + f + b (T - T_ref),    div u = s

Second order in space (van Leer-limited upwind fluxes) and time (Adams-Bashforth, incremental projection: J. Kim, P. Moin, J Comput
Phys 1985;59:308; recalled). ``p`` is pressure over density (m2/s2), ``f`` force per mass (m/s2), ``b`` acceleration per kelvin
(Boussinesq), ``s`` sources per volume (1/s). Where a mixing length is given the viscosity is ``nu + l^2 |S|``; the transposed part of
the stress is left out, exact for constant viscosity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from peritia.numerics import flow_kernels
from peritia.numerics.boundary import Boundary, Source
from peritia.numerics.elliptic import Dirichlet, elliptic
from peritia.numerics.errors import Diverged, InvalidParameter, MisshapenField, NotConverged, UnbalancedFlow
from peritia.numerics.flow_faces import flow_faces, outlet_faces
from peritia.numerics.grid import Field, MaskedGrid
from peritia.numerics.jit import real_type, threads_pay
from peritia.numerics.multigrid import MultigridSolver

BALANCE_TOLERANCE = 1e-9
MOST_ITERATIONS = 100


@dataclass(frozen=True)
class FlowStep:
    """What one step did: its length (s), pressure iterations, norm of the divergence before and after (scaled alike)."""

    step: float
    iterations: int
    divergence_before: float
    divergence_after: float


@dataclass(frozen=True, eq=False)
class Velocity:
    """A velocity field on faces, padded; ``u[c]`` on the low face of cell ``c``, m/s."""

    grid: MaskedGrid
    u: Field
    v: Field
    w: Field

    @property
    def components(self) -> tuple[Field, Field, Field]:
        """The three fields."""
        return self.u, self.v, self.w

    def at_centres(self) -> NDArray[np.float64]:
        """Mean of the two faces of each cell, ``(nx, ny, nz, 3)``."""
        means = [0.5 * (part + np.roll(part, -1, axis)) for axis, part in enumerate(self.components)]
        return np.stack([self.grid.inner(mean).astype(np.float64) * self.grid.fluid for mean in means], axis=-1)

    def divergence(self) -> NDArray[np.float64]:
        """Net outflow of each cell per volume, 1/s."""
        total = np.zeros(self.grid.padded_shape)
        for axis, part in enumerate(self.components):
            total += (np.roll(part, -1, axis).astype(np.float64) - part) / self.grid.spacing[axis]
        return self.grid.inner(total) * self.grid.fluid


class Flow:
    """A flow that is stepped in time. Fields change in place; take ``velocity()`` for a frozen copy."""

    def __init__(
        self,
        boundary: Boundary,
        viscosity: float | NDArray[np.float64],
        *,
        mixing_length: float | NDArray[np.float64] | None = None,
        force: tuple[float | Field, float | Field, float | Field] = (0.0, 0.0, 0.0),
        buoyancy: tuple[float, float, float] = (0.0, 0.0, 0.0),
        reference_temperature: float = 0.0,
        dtype: DTypeLike = np.float64,
        threads: bool | None = None,
    ) -> None:
        grid = boundary.grid.require_connected()
        self.grid, self.boundary, self.dtype = grid, boundary, np.dtype(dtype)
        self._real = real_type(self.dtype)
        if np.any(np.asarray(viscosity) < 0) or not np.all(np.isfinite(viscosity)):
            raise InvalidParameter("viscosity", viscosity, "a kinematic viscosity of zero or more, m2/s")
        self._check_balance()
        self.faces = flow_faces(boundary, dtype)
        self.fields: list[Field] = [part.copy() for part in self.faces.start]
        self.pressure = grid.zeros(dtype)
        self.time = 0.0
        use_threads = threads_pay(grid.cells) if threads is None else threads
        self._kernels = flow_kernels.THREADED if use_threads else flow_kernels.SERIAL
        fixed = tuple(Dirichlet(rows, 0.0, 1.0) for rows in outlet_faces(boundary))
        self._poisson = MultigridSolver(elliptic(grid, 1.0, fixed), dtype, use_threads)
        self._fluid = grid.padded_fluid.astype(np.uint8)
        outside = float(np.mean(viscosity))
        self.base_viscosity = grid.pad(viscosity, "viscosity", dtype, outside)
        self.viscosity = self.base_viscosity.copy()
        self._mixing_length = None if mixing_length is None else grid.pad(mixing_length, "mixing_length", dtype)
        self._force = [self._force_field(part) for part in force]
        self._buoyancy, self._reference = buoyancy, reference_temperature
        self._next: list[Field] = [part.copy() for part in self.fields]
        self._old = [grid.zeros(dtype) for _ in range(3)]
        self._phi, self._none = grid.zeros(dtype), grid.zeros(dtype)
        self._shear = [[self._shear_factor(axis, way) for way in range(3)] for axis in range(3)]
        self._even = mixing_length is None and bool(np.all(self.base_viscosity == self.base_viscosity.flat[0]))
        self._forced = [bool(part.any()) for part in self._force]
        self._partial = np.zeros((2, grid.padded_shape[0]))
        self._scratch = np.zeros((grid.spans.count, grid.strides[0]), dtype)
        self._last_step = 0.0
        self._sinks = self._sink_faces()

    def _check_balance(self) -> None:
        net = self.boundary.net_inflow()
        rates = [abs(opening.rate) for opening in self.boundary.openings if isinstance(opening, Source)]
        if not self.boundary.open and abs(net) > BALANCE_TOLERANCE * max([*rates, 1e-300, abs(net) * 1e-9]):
            raise UnbalancedFlow(net)

    def _force_field(self, part: float | Field) -> Field:
        array = np.asarray(part, self.dtype)
        if array.ndim and array.shape != self.grid.padded_shape:
            raise MisshapenField("force", array.shape, self.grid.padded_shape)
        field = self.grid.zeros(self.dtype)
        field[...] = array
        return field

    def _shear_factor(self, axis: int, way: int) -> NDArray[np.uint8]:
        """What multiplies the viscous flux of component ``axis`` along ``way``: 1 in the open, 2 or 4 at walls, 0 at slip."""
        weight = self.faces.weight[axis]
        return np.ones_like(weight) if way == axis else weight * np.roll(weight, 1, way)

    def _sink_faces(self) -> list[tuple[NDArray[np.int64], Field]]:
        """Faces beside cells that drain, with the mean draining rate (1/s): the fluid that leaves takes its momentum along."""
        drain = np.maximum(-self.faces.source, 0)
        parts = [0.5 * (drain + np.roll(drain, 1, axis)).ravel() for axis in range(3)]
        return [(np.flatnonzero(part), part[part > 0]) for part in parts]

    def set_force(self, force: tuple[float | Field, float | Field, float | Field]) -> None:
        """Replace the force per mass (m/s2) on faces."""
        self._force = [self._force_field(part) for part in force]
        self._forced = [bool(part.any()) for part in self._force]

    def velocity(self) -> Velocity:
        """Copy the velocity as it stands."""
        u, v, w = (part.copy() for part in self.fields)
        return Velocity(self.grid, u, v, w)

    def _per_length(self) -> tuple[Any, Any, Any]:
        hx, hy, hz = (self._real(1 / h) for h in self.grid.spacing)
        return hx, hy, hz

    def stable_step(self, courant: float = 0.5) -> float:
        """Longest step at a Courant number (sum over the three directions, viscous part included)."""
        viscous = 3 * sum(1 / h**2 for h in self.grid.spacing)
        flat = [part.ravel() for part in self.fields]
        rates = self._partial[0]
        rates[:] = 0
        self._kernels["fastest_rate"](
            *flat, self.viscosity.ravel(), self._fluid.ravel(), *self.grid.strides[:2], *self._per_length(), self._real(viscous),
            self._scratch, self._scratch.view(f"u{self.dtype.itemsize}"), rates, *self.grid.spans,
        )  # fmt: skip
        rate = float(rates.max())
        if not np.isfinite(rate):
            raise Diverged("The flow", self.time, rate)
        return courant / rate if rate > 0 else np.inf

    def step(self, step: float, temperature: Field | None = None, *, relative: float = 1e-2, absolute: float = 0.0) -> FlowStep:
        """Advance by ``step`` seconds; ``temperature`` is a padded field (K or °C, as the reference).

        The divergence is brought below ``relative`` of what the predicted velocity has, or below ``absolute`` (1/s, root of the sum of
        squares over cells). What is left is corrected in the next step.
        """
        for axis, rows in enumerate(self.faces.beyond):
            self.fields[axis].ravel()[rows] = self.fields[axis].ravel()[self.faces.inside[axis]]
        if self._mixing_length is not None:
            self._update_viscosity()
        self._predict(step, self._none if temperature is None else temperature)
        report = self._project(step, relative, absolute)
        self.time += step
        self._last_step = step
        return report

    def _update_viscosity(self) -> None:
        flat = [part.ravel() for part in self.fields]
        assert self._mixing_length is not None
        self._kernels["eddy_viscosity"](
            self.viscosity.ravel(), *flat, self.base_viscosity.ravel(), self._mixing_length.ravel(), *self.grid.strides[:2],
            *self._per_length(),
            self._real(0.5), *self.grid.spans,
        )  # fmt: skip

    def _predict(self, step: float, temperature: Field) -> None:
        real, half = self._real, self._real(0.5)
        per_length, strides = self._per_length(), self.grid.strides
        ratio = step / self._last_step if self._last_step else 0.0
        now, before = real(step * (1 + 0.5 * ratio)), real(-0.5 * step * ratio)
        flat = [part.ravel() for part in self.fields]
        for axis in range(3):
            forced, lift = self._forced[axis], self._buoyancy[axis]
            self._kernels["predict"](
                self._next[axis].ravel(), flat[axis], self._old[axis].ravel(), *flat, *(part.ravel() for part in self._shear[axis]),
                self.viscosity.ravel(), self._even, self.pressure.ravel(), self._force[axis].ravel(), forced, temperature.ravel(),
                self.faces.free[axis].ravel(), strides[axis], *strides[:2], *per_length, real(lift), real(self._reference), now, before,
                real(step) * per_length[axis], half, *self.grid.wide_spans,
            )  # fmt: skip
            rows, rate = self._sinks[axis]
            if len(rows):
                self._next[axis].ravel()[rows] /= 1 + step * rate
        self.fields, self._next = self._next, self.fields

    def _project(self, step: float, relative: float, absolute: float, *, strict: bool = False) -> FlowStep:
        real, grid, per_length = self._real, self.grid, self._per_length()
        scale = grid.finest**2 / step
        load = self._poisson.right_hand_side
        flat = [part.ravel() for part in self.fields]
        strides = grid.strides[:2]
        fluid = self._fluid.ravel()
        self._kernels["divergence_load"](
            load, *flat, self.faces.source.ravel(), fluid, *strides, *per_length, real(-scale), self._partial, *grid.spans
        )
        squares, total = self._partial.sum(axis=1)
        if self._poisson.operator.singular and total:
            self._kernels["take_off"](load, fluid, real(total / grid.cells), self._partial, *grid.spans)
            squares = self._partial[0].sum()
        before = float(np.sqrt(squares))
        if not np.isfinite(before):
            raise Diverged("The flow", self.time, before)
        phi = self._phi.ravel()
        phi[:] = 0
        goal = max(relative * before, absolute * scale)
        iterations, left = self._poisson.run(phi, before, goal, MOST_ITERATIONS)
        if strict and not left <= goal:
            raise NotConverged("The pressure equation", abs(iterations), left, goal)
        self._kernels["correct"](
            *flat, self.pressure.ravel(), phi, *(part.ravel() for part in self.faces.free), *strides,
            *(real(step) * part for part in per_length), *grid.wide_spans,
        )  # fmt: skip
        return FlowStep(step, abs(iterations), before / scale, left / scale)

    def make_divergence_free(self, relative: float = 1e-8) -> FlowStep:
        """Project once more to a tight tolerance, before a velocity is frozen for scalars or droplets."""
        return self._project(1.0, relative, 0.0, strict=self.dtype == np.float64)

    def run(
        self,
        until: float,
        *,
        courant: float = 0.5,
        longest_step: float = np.inf,
        relative: float = 1e-2,
        after_step: Callable[[Flow, FlowStep], bool] | None = None,
    ) -> int:
        """Step at a Courant number until a time (s), or until ``after_step`` returns True; returns the steps made."""
        steps = 0
        while self.time < until * (1 - 1e-12):
            step = min(self.stable_step(courant), longest_step, until - self.time)
            report = self.step(step, relative=relative)
            steps += 1
            if after_step is not None and after_step(self, report):
                break
        return steps
