"""Long implicit steps of a scalar through a frozen velocity: seconds where the explicit scheme takes milliseconds.

    (c' - c) / dt + div F(c') = gain - loss c'

The matrix holds upwind carriage and diffusion (unconditionally bounded); the limited second-order part is added as a correction from
the last iterate, twice by default, so that a steady state is that of the explicit scheme. First order in time. Solved by BiCGSTAB with
symmetric Gauss-Seidel sweeps (H. van der Vorst, SIAM J Sci Stat Comput 1992;13:631; recalled). Books are kept from the same fluxes.
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
        size = scalar.values.size
        self._sides = [np.zeros(size, scalar.dtype) for _ in range(6)]
        self._leaving = np.zeros(size, scalar.dtype)
        fluid = grid.padded_fluid.ravel()
        self._fluid = fluid
        self._slabs = min(SLABS, grid.shape[0])
        for axis, part in enumerate(velocity.components):
            self._kernels["seven_points"](
                self._sides[2 * axis], self._sides[2 * axis + 1], self._leaving, part.astype(scalar.dtype).ravel(),
                scalar.diffusivity.ravel(), scalar.open_faces[axis].ravel(), grid.strides[axis], self._real(1 / grid.spacing[axis]),
                self._real(0.5), *grid.shape,
            )  # fmt: skip
        self._inflow = self._from_openings()
        for side in self._sides:
            side[~fluid] = 0
        self._leaving[~fluid] = 1

    def _from_openings(self) -> Any:
        """What ghost cells bring in per time: their value times the neighbour weight. The weight itself leaves the matrix."""
        values, fluid = self.scalar.values.ravel(), self._fluid
        total = np.zeros(values.size)
        for axis, stride in enumerate(self.scalar.grid.strides):
            for which, shift in ((0, -stride), (1, stride)):
                weight = self._sides[2 * axis + which]
                outside = fluid & ~np.roll(fluid, -shift)
                total[outside] += weight[outside].astype(np.float64) * np.roll(values, -shift)[outside]
                weight[outside] = 0
        return total

    def _apply(self, x: Any, diagonal: Any) -> Any:
        out = np.zeros_like(x)
        self._kernels["multiply"](out, x, *self._sides, diagonal, *self.scalar.grid.shape)
        return out

    def _precondition(self, r: Any, diagonal: Any) -> Any:
        x = np.zeros_like(r)
        self._kernels["sweep"](x, r, *self._sides, diagonal, self._slabs, *self.scalar.grid.shape)
        return x

    def _solve(self, x: Any, right: Any, diagonal: Any, relative: float, most: int) -> tuple[Any, int]:
        """BiCGSTAB from ``x``; vectors in the field's precision, products in double."""

        dot = implicit_kernels.inner
        real = self._real
        r = right - self._apply(x, diagonal)
        shadow, p, goal = r.copy(), r.copy(), relative * float(np.sqrt(dot(right, right)))
        rho = dot(shadow, r)
        for iteration in range(most):
            if np.sqrt(dot(r, r)) <= goal:
                return x, iteration
            p_hat = self._precondition(p, diagonal)
            v = self._apply(p_hat, diagonal)
            alpha = rho / dot(shadow, v)
            s = r - real(alpha) * v
            s_hat = self._precondition(s, diagonal)
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
        scalar, real = self.scalar, self._real
        old: Any = scalar.values.ravel().copy()
        old[~self._fluid] = 0
        loss: Any = scalar.loss.ravel()
        gain: Any = scalar.gain.ravel()
        diagonal: Any = (self._leaving + loss + real(1 / step)).astype(scalar.dtype)
        diagonal[~self._fluid] = 1
        base: Any = old.astype(np.float64) / step + gain + self._inflow
        base[~self._fluid] = 0
        x, iterations, extra = old, 0, [np.zeros_like(old)] * 3
        for _ in range(max(corrections, 1)):
            if corrections:
                extra = self._correction(x)
            right: Any = (base - self._divergence(extra)).astype(scalar.dtype)
            x, used = self._solve(x, right, diagonal, relative, most_iterations)
            iterations += used
        if not np.all(np.isfinite(x)):
            raise Diverged("The implicit scalar step", scalar.time, float("inf"))
        upwind = scalar.fluxes(self.velocity, self._with_ghosts(x), limited=False)
        scalar.take_fluxes([first + second for first, second in zip(upwind, extra, strict=True)], step)
        return iterations

    def _with_ghosts(self, x: Any) -> Any:
        return np.where(self._fluid, x, self.scalar.values.ravel())

    def _correction(self, x: Any) -> list[Any]:
        """Limited less upwind fluxes of an iterate."""
        pairs = [self.scalar.fluxes(self.velocity, self._with_ghosts(x), limited=limited) for limited in (True, False)]
        return [high - low for high, low in zip(*pairs, strict=True)]

    def _divergence(self, fluxes: list[Any]) -> Any:
        total = np.zeros(self._fluid.size)
        for flux, stride, h in zip(fluxes, self.scalar.grid.strides, self.scalar.grid.spacing, strict=True):
            total[:-stride] += (flux[stride:] - flux[:-stride]) / h
        return np.where(self._fluid, total, 0.0)
