"""Multigrid-preconditioned conjugate gradients for ``Elliptic`` operators on masked grids.

Coarsening is by agglomeration: a coarse cell is 2 x 2 x 2 fine cells, fluid if one of them is; its face conductance is the sum of the
fine ones times 1/2 along the halved direction, for the distance has doubled (and a little stiffer: ``STIFFER`` and ``OMEGA`` were tuned
on box and organ-shaped masks). Axes too thin are left as they are. The last level
is solved by its dense inverse. Residuals are summed down, corrections copied up, and one damped Jacobi sweep stands before and after,
which keeps the preconditioner symmetric. Iterations hardly depend on the grid or on the shape of the mask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from peritia.numerics import multigrid_kernels
from peritia.numerics.elliptic import Elliptic
from peritia.numerics.errors import MisshapenField, NotConverged
from peritia.numerics.grid import PAD, Field
from peritia.numerics.jit import real_type, threads_pay
from peritia.numerics.spans import spans

OMEGA = 0.9
STIFFER = 1.15
SOLID = 255.0
SMALLEST_LEVEL_CELLS = 100
THINNEST_AXIS = 4
THREADED_LEVEL_CELLS = 30_000


@dataclass(frozen=True, eq=False)
class _Level:
    shape: tuple[int, int, int]
    pad: int
    factors: tuple[int, int, int]
    face: tuple[Field, Field, Field]
    anchor: tuple[Field, Field, Field]
    fluid: NDArray[np.bool_]

    def diagonal(self) -> Field:
        total = self.anchor[0] + self.anchor[1] + self.anchor[2]
        for axis, part in enumerate(self.face):
            total = total + part + np.roll(part, -1, axis)
        return np.where(self.fluid & (total > 0), total, SOLID)  # nothing divides a non-zero by SOLID: there the residual is zero


@dataclass(frozen=True, eq=False)
class Solution:
    """``values`` on a padded field, the iterations it took and the norm of what is left."""

    values: Field
    iterations: int
    residual: float


def _factors(shape: tuple[int, ...], cells: int) -> tuple[int, int, int]:
    if cells <= SMALLEST_LEVEL_CELLS:
        return 1, 1, 1
    fx, fy, fz = (2 if n >= THINNEST_AXIS else 1 for n in shape)
    return fx, fy, fz


def _agglomerate(field: Field, level: _Level, shape: tuple[int, ...], axis: int | None) -> Field:
    """Sum children into coarse cells; for a face field along ``axis`` only the first child's low face lies on a coarse face."""
    inner = field[tuple(slice(level.pad, level.pad + n) for n in level.shape)]
    grown = np.zeros(tuple(n * f for n, f in zip(shape, level.factors, strict=True)), field.dtype)
    grown[tuple(slice(0, n) for n in level.shape)] = inner
    blocks = grown.reshape(tuple(v for n, f in zip(shape, level.factors, strict=True) for v in (n, f)))
    if axis is not None:
        blocks = np.take(blocks, [0], axis=2 * axis + 1)
    coarse = np.zeros(tuple(n + 2 for n in shape), field.dtype)
    coarse[1:-1, 1:-1, 1:-1] = blocks.sum(axis=(1, 3, 5))
    return coarse


def _coarsen(level: _Level) -> _Level:
    shape = tuple((n + f - 1) // f for n, f in zip(level.shape, level.factors, strict=True))
    faces = [_agglomerate(level.face[axis], level, shape, axis) * (STIFFER / level.factors[axis]) for axis in range(3)]
    anchors = [_agglomerate(level.anchor[axis], level, shape, None) * (STIFFER / level.factors[axis]) for axis in range(3)]
    fluid = _agglomerate(level.fluid.astype(np.float64), level, shape, None) > 0
    sizes = (shape[0], shape[1], shape[2])
    factors = _factors(sizes, int(fluid.sum()))
    return _Level(sizes, 1, factors, (faces[0], faces[1], faces[2]), (anchors[0], anchors[1], anchors[2]), fluid)


def _levels(operator: Elliptic) -> list[_Level]:
    grid = operator.grid
    levels = [_Level(grid.shape, PAD, _factors(grid.shape, grid.cells), operator.face, operator.anchor, grid.padded_fluid)]
    while levels[-1].factors != (1, 1, 1):
        levels.append(_coarsen(levels[-1]))
    return levels


def _in_bytes(diagonal: Field) -> NDArray[Any]:
    """Whole numbers of a single-precision level as bytes: a uniform grid moves a quarter of the memory."""
    whole = diagonal.dtype == np.float32 and bool(np.all((diagonal == np.rint(diagonal)) & (diagonal <= SOLID)))
    return diagonal.astype(np.uint8) if whole else diagonal


def _one_conductance(operator: Elliptic) -> tuple[bool, tuple[float, float, float]]:
    """Whether all open faces of each direction have one conductance, and which."""
    found = [np.unique(part[part > 0]) for part in operator.face]
    x, y, z = (float(values[0]) if len(values) else 1.0 for values in found)
    return all(len(values) <= 1 for values in found), (x, y, z)


def _dense_inverse(level: _Level) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    diagonal = level.diagonal()
    cells = np.flatnonzero(diagonal != SOLID).astype(np.int64)
    place = np.full(diagonal.size, -1, np.int64)
    place[cells] = np.arange(len(cells))
    matrix = np.diag(diagonal.ravel()[cells].astype(np.float64))
    _, ny, nz = diagonal.shape
    for part, stride in zip(level.face, (ny * nz, nz, 1), strict=True):
        flat = part.ravel()
        joined = cells[flat[cells] > 0]
        a, b = place[joined], place[joined - stride]
        matrix[a, b] -= flat[joined]
        matrix[b, a] -= flat[joined]
    return np.ascontiguousarray(np.linalg.pinv(matrix, hermitian=True), np.float64), cells


class MultigridSolver:
    """Solves one operator for many right-hand sides; the levels are built once. ``dtype`` is that of fields; sums are double."""

    def __init__(self, operator: Elliptic, dtype: DTypeLike = np.float64, threads: bool | None = None) -> None:
        self.operator = operator
        self.dtype = np.dtype(dtype)
        grid = operator.grid
        levels = _levels(operator)
        sizes = [int(np.prod([n + 2 * level.pad for n in level.shape])) for level in levels]
        begins = np.concatenate([[0], np.cumsum(sizes)])
        parts = [spans(level.fluid) for level in levels]
        planes = np.concatenate([[0], np.cumsum([len(part.first) for part in parts])])
        slabs = np.concatenate([[0], np.cumsum([len(part.slabs) for part in parts])])
        rows = [
            (begins[n], begins[n + 1], *level.shape, level.pad, *level.factors, planes[n], planes[n + 1], slabs[n], slabs[n + 1])
            for n, level in enumerate(levels)
        ]
        self._table = np.array(rows, np.int64)
        self._spans = [np.concatenate([getattr(part, name) for part in parts]) for name in ("first", "last", "slabs")]
        self._face = [self._joined([level.face[axis] for level in levels]) for axis in range(3)]
        self._diagonal = self._joined([level.diagonal() for level in levels])
        self._first = _in_bytes(self._diagonal[: sizes[0]])
        self._even, self._conductance = _one_conductance(operator)
        self._inverse, self._coarsest = _dense_inverse(levels[-1])
        self._work = [np.zeros(int(begins[-1]), self.dtype) for _ in range(2)]
        self._direction = [np.zeros(sizes[0], self.dtype) for _ in range(2)]
        self._partial = np.zeros((2, grid.padded_shape[0]))
        self._fluid = grid.padded_fluid.ravel()
        use_threads = threads_pay(grid.cells) if threads is None else threads
        self._fine_levels = sum(size > THREADED_LEVEL_CELLS for size in sizes) if use_threads else 0
        self._run: Callable[..., tuple[int, float]] = multigrid_kernels.THREADED if use_threads else multigrid_kernels.SERIAL

    def _joined(self, parts: list[Field]) -> Field:
        return cast(Field, np.concatenate([part.ravel() for part in parts]).astype(self.dtype))

    def residual(self, values: Field, load: Field) -> Field:
        """``b - A x`` in plain NumPy."""
        grid, operator = self.operator.grid, self.operator
        total: Field = operator.diagonal()
        total *= values
        for axis, part in enumerate(operator.face):
            total -= part * np.roll(values, 1, axis) + np.roll(part * 1.0, -1, axis) * np.roll(values, -1, axis)
        total *= -1.0
        total += load
        total[~grid.padded_fluid] = 0.0
        return total

    def solve(
        self,
        load: Field,
        *,
        start: Field | None = None,
        relative: float = 1e-6,
        absolute: float = 0.0,
        most_iterations: int = 200,
    ) -> Solution:
        """Solve ``A x = load + fixed``.

        Stops when the norm of the residual is below ``relative`` times that of the right-hand side, or below ``absolute``.
        For a singular operator the mean of the right-hand side is taken off and the mean of the solution is zero.
        Raises ``NotConverged``.
        """
        grid = self.operator.grid
        if load.shape != grid.padded_shape:
            raise MisshapenField("load", load.shape, grid.padded_shape)
        fluid = grid.padded_fluid
        full: Field = load + self.operator.fixed
        full[~fluid] = 0.0
        if self.operator.singular:
            full[fluid] -= full[fluid].mean()
        goal = max(relative * float(np.linalg.norm(full)), absolute)
        x: Field = grid.zeros(self.dtype)
        if start is not None:
            x[...] = start
        first = full if start is None else self.residual(x.astype(np.float64), full)
        self._work[0][: first.size] = first.ravel()
        iterations, left = self.run(x.ravel(), float(np.linalg.norm(first)), goal, most_iterations)
        if iterations < 0 or not left <= goal:
            raise NotConverged("The multigrid solver", abs(iterations), left, goal)
        if self.operator.singular:
            x[fluid] -= x[fluid].mean(dtype=np.float64)
        return Solution(x, iterations, left)

    @property
    def right_hand_side(self) -> Any:
        """The flat residual on the first level, for a caller that fills it in place before ``run``."""
        return self._work[0][: self._direction[0].size]

    def run(self, x: Any, norm: float, target: float, most_iterations: int) -> tuple[int, float]:
        """Iterate in place on flat ``x`` from the residual in ``right_hand_side``, whose ``norm`` is given.

        Returns the iterations (negative: the operator was found not positive) and the last norm.
        """
        faces, work, direction, real = self._face, self._work, self._direction, real_type(self.dtype)
        iterations, left = self._run(
            x, self._table, self._fine_levels, self._first, self._even, *(real(one) for one in self._conductance), *faces, self._diagonal,
            *work, *direction, self._inverse, self._coarsest, real(OMEGA), real(SOLID), self._partial, *self._spans, norm, target,
            most_iterations,
        )  # fmt: skip
        return int(iterations), float(left)
