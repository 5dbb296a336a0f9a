"""Long implicit steps of a scalar through a frozen velocity: seconds where the explicit scheme takes milliseconds.

    (c' - c) / dt + div F(c') = gain - loss c'

The matrix holds upwind carriage and diffusion (unconditionally bounded); the limited second-order part is added as a correction from
the last iterate, twice by default, so that a steady state is that of the explicit scheme. First order in time. Solved by BiCGSTAB with
symmetric Gauss-Seidel sweeps over the fluid cells alone (H. van der Vorst, SIAM J Sci Stat Comput 1992;13:631; recalled). Books are kept
from the same fluxes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from peritia.numerics import implicit_kernels
from peritia.numerics.errors import Diverged, NotConverged
from peritia.numerics.flow import Velocity
from peritia.numerics.jit import real_type, threads_pay
from peritia.numerics.scalar import Scalar

SLABS = 4
CORRECTIONS = 2


class ImplicitTransport:
    """Steps a ``Scalar`` through one frozen velocity; build it anew when velocity, diffusivity or openings change."""

    def __init__(self, scalar: Scalar, velocity: Velocity, *, threads: bool | None = None) -> None:
        grid = scalar.grid
        self.scalar, self.velocity = scalar, velocity
        use_threads = threads_pay(grid.cells) if threads is None else threads
        self._kernels = implicit_kernels.THREADED if use_threads else implicit_kernels.SERIAL
        self._real = real_type(scalar.dtype)
        self._cells, count = grid.flat_fluid, grid.cells
        place = np.full(scalar.values.size, count, np.int32)
        place[self._cells] = np.arange(count, dtype=np.int32)
        self._near, self._weight = np.zeros((count, 6), np.int32), np.zeros((count, 6), scalar.dtype)
        self._leaving, self._inflow = np.zeros(count, scalar.dtype), np.zeros(count)
        self._kernels["assemble"](
            self._near, self._weight, self._leaving, self._inflow, self._cells, place, scalar.values.ravel(),
            *(part.astype(scalar.dtype, copy=False).ravel() for part in velocity.components), scalar.diffusivity.ravel(),
            *(part.ravel() for part in scalar.open_faces), *grid.strides[:2], *(self._real(1 / h) for h in grid.spacing), self._real(0.5),
        )  # fmt: skip
        plane = np.arange(grid.padded_shape[0] + 1) * grid.strides[0]  # slabs end with a plane, so that only planes meet across them
        ends = np.searchsorted(self._cells, plane)
        self._slabs = np.unique(ends[np.searchsorted(ends, np.linspace(0, count, SLABS + 1))]).astype(np.int64)

    def _apply(self, x: Any, diagonal: Any) -> Any:
        out = np.zeros_like(x)
        self._kernels["multiply"](out, x, self._near, self._weight, diagonal)
        return out

    def _precondition(self, r: Any, inverse: Any) -> Any:
        x = np.zeros_like(r)
        self._kernels["sweep"](x, r, self._near, self._weight, inverse, self._slabs)
        return x

    def _solve(self, x: Any, right: Any, diagonal: Any, relative: float, most: int) -> tuple[Any, int]:
        """BiCGSTAB from ``x``; vectors in the field's precision, products in double. The last place of a vector holds a zero."""
        dot, inverse = implicit_kernels.inner, self._real(1) / diagonal
        real = self._real
        r = right - self._apply(x, diagonal)
        shadow, p, goal = r.copy(), r.copy(), relative * float(np.sqrt(dot(right, right)))
        rho = dot(shadow, r)
        for iteration in range(most):
            if np.sqrt(dot(r, r)) <= goal:
                return x, iteration
            p_hat = self._precondition(p, inverse)
            v = self._apply(p_hat, diagonal)
            alpha = rho / dot(shadow, v)
            s = r - real(alpha) * v
            s_hat = self._precondition(s, inverse)
            t = self._apply(s_hat, diagonal)
            square = dot(t, t)
            omega = dot(t, s) / square if square > 0 else 0.0
            x = x + real(alpha) * p_hat + real(omega) * s_hat
            r = s - real(omega) * t
            previous, rho = rho, dot(shadow, r)
            if omega == 0 or previous == 0:
                break
            p = r + real(rho / previous * alpha / omega) * (p - real(omega) * v)
        left = float(np.sqrt(dot(r, r)))
        if left <= goal:
            return x, most
        raise NotConverged("The implicit scalar step", most, left, goal)

    def step(self, step: float, *, relative: float = 1e-6, corrections: int = CORRECTIONS, most_iterations: int = 100) -> int:
        """Advance the scalar by ``step`` seconds; returns the iterations made."""
        scalar, real, cells = self.scalar, self._real, self._cells
        old = self._listed(scalar.values.ravel())
        loss: Any = scalar.loss.ravel()[cells]
        diagonal = self._leaving + loss + real(1 / step)
        base: Any = old[:-1].astype(np.float64) / step + scalar.gain.ravel()[cells] + self._inflow
        x, iterations, extra = old, 0, list[Any]()
        for _ in range(max(corrections, 1)):
            if corrections:
                extra = self._correction(x)
            right = np.zeros_like(old)
            right[:-1] = base - self._divergence(extra)
            x, used = self._solve(x, right, diagonal, relative, most_iterations)
            iterations += used
        if not np.all(np.isfinite(x)):
            raise Diverged("The implicit scalar step", scalar.time, float("inf"))
        upwind = scalar.fluxes(self.velocity, self._on_grid(x), limited=False)
        scalar.take_fluxes([first + second for first, second in zip(upwind, extra, strict=True)] if extra else upwind, step)
        return iterations

    def _listed(self, field: Any) -> Any:
        """Values of the fluid cells in a row, a zero behind them."""
        out = np.zeros(len(self._cells) + 1, self.scalar.dtype)
        out[:-1] = field[self._cells]
        return out

    def _on_grid(self, x: Any) -> Any:
        """A list of cells on the grid, with the ghost cells of the scalar."""
        field: Any = self.scalar.values.ravel().copy()
        field[self._cells] = x[:-1]
        return field

    def _correction(self, x: Any) -> list[Any]:
        """Limited less upwind fluxes of an iterate."""
        field = self._on_grid(x)
        pairs = [self.scalar.fluxes(self.velocity, field, limited=limited) for limited in (True, False)]
        return [high - low for high, low in zip(*pairs, strict=True)]

    def _divergence(self, fluxes: list[Any]) -> Any:
        """Net outflow of each listed cell per volume."""
        total = np.zeros(len(self._cells))
        for flux, stride, h in zip(fluxes, self.scalar.grid.strides, self.scalar.grid.spacing, strict=False):
            total += (flux[self._cells + stride] - flux[self._cells]) / h
        return total
