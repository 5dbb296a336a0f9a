"""The masked grid: equal cells in a box, each fluid or not.

Cells are addressed ``(i, j, k)``; fields live on arrays padded by ``PAD`` cells on every side, so that no kernel needs a
test at an edge. Scalars sit at cell centres. Velocity sits on faces (MAC): component ``a`` at padded index ``c`` is on the
*low* face of cell ``c`` along axis ``a``, between cell ``c - 1`` and ``c``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import ndimage  # pyright: ignore[reportMissingTypeStubs]

from peritia.numerics.errors import DisconnectedCavity, EmptyCavity, InvalidParameter, MisshapenField
from peritia.numerics.spans import Spans, spans, widened

PAD = 3

Field = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
Index = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class MaskedGrid:
    """``fluid[i, j, k]`` is True in the cavity; ``spacing`` and ``origin`` (low corner of cell 0, 0, 0) in metres."""

    fluid: Mask
    spacing: tuple[float, float, float]
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        fluid = np.array(self.fluid, dtype=np.bool_, order="C")
        if fluid.ndim != 3:
            raise MisshapenField("fluid", fluid.shape, (0, 0, 0))
        if not fluid.any():
            raise EmptyCavity(fluid.shape)
        if len(self.spacing) != 3 or not all(np.isfinite(h) and h > 0 for h in self.spacing):
            raise InvalidParameter("spacing", self.spacing, "three positive lengths in metres")
        fluid.setflags(write=False)
        object.__setattr__(self, "fluid", fluid)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along each axis, without padding."""
        nx, ny, nz = self.fluid.shape
        return nx, ny, nz

    @property
    def padded_shape(self) -> tuple[int, int, int]:
        """Shape of a field."""
        nx, ny, nz = self.shape
        return nx + 2 * PAD, ny + 2 * PAD, nz + 2 * PAD

    @property
    def strides(self) -> tuple[int, int, int]:
        """Steps in a flat field from a cell to its neighbour along each axis."""
        _, ny, nz = self.padded_shape
        return ny * nz, nz, 1

    @cached_property
    def cells(self) -> int:
        """Number of fluid cells."""
        return int(self.fluid.sum())

    @property
    def cell_volume(self) -> float:
        """Volume of one cell, m3."""
        hx, hy, hz = self.spacing
        return hx * hy * hz

    @property
    def volume(self) -> float:
        """Volume of the cavity, m3."""
        return self.cells * self.cell_volume

    @property
    def finest(self) -> float:
        """Smallest spacing, m."""
        return min(self.spacing)

    def face_area(self, axis: int) -> float:
        """Area of a cell face with normal along ``axis``, m2."""
        return self.cell_volume / self.spacing[axis]

    def centres(self, axis: int) -> NDArray[np.float64]:
        """Coordinates of the cell centres along one axis, m."""
        steps = np.arange(self.shape[axis], dtype=np.float64)
        return self.origin[axis] + (steps + 0.5) * self.spacing[axis]

    def zeros(self, dtype: DTypeLike = np.float64) -> Field:
        """Make an empty padded field."""
        return np.zeros(self.padded_shape, dtype)

    def pad(self, values: Any, name: str = "field", dtype: DTypeLike = np.float64, outside: float = 0.0) -> Field:
        """Put one value per cell (or one for all) on a padded field; cells outside the fluid take ``outside``."""
        array = np.asarray(values, dtype)
        if array.ndim and array.shape != self.shape:
            raise MisshapenField(name, array.shape, self.shape)
        field = np.full(self.padded_shape, outside, dtype)
        self.inner(field)[...] = np.where(self.fluid, array, np.asarray(outside, dtype))
        return field

    @staticmethod
    def inner(field: NDArray[Any]) -> NDArray[Any]:
        """Take the unpadded view of a padded field."""
        return field[PAD:-PAD, PAD:-PAD, PAD:-PAD]

    @cached_property
    def padded_fluid(self) -> Mask:
        """The mask on the padded shape."""
        field = np.zeros(self.padded_shape, np.bool_)
        self.inner(field)[...] = self.fluid
        field.setflags(write=False)
        return field

    @cached_property
    def flat_fluid(self) -> Index:
        """Flat padded indices of the fluid cells, in order."""
        return np.flatnonzero(self.padded_fluid).astype(np.int64)

    @cached_property
    def spans(self) -> Spans:
        """What a kernel on cells sweeps."""
        return spans(self.padded_fluid)

    @cached_property
    def wide_spans(self) -> Spans:
        """What a kernel on faces sweeps: the fluid and what touches it."""
        return spans(widened(self.padded_fluid))

    def locate(self, points: NDArray[np.float64]) -> Index:
        """Flat padded index of the cell that holds each point ``(n, 3)`` in metres; -1 outside the box or in solid."""
        cell = np.floor((np.atleast_2d(points) - np.array(self.origin)) / np.array(self.spacing)).astype(np.int64)
        inside = np.all((cell >= 0) & (cell < np.array(self.shape)), axis=1)
        flat = (np.where(inside[:, None], cell, 0) + PAD) @ np.array(self.strides, np.int64)
        return np.where(inside & self.padded_fluid.ravel()[flat], flat, -1)

    @cached_property
    def _pockets(self) -> tuple[NDArray[np.int32], tuple[int, ...]]:
        labels, count = cast(tuple[NDArray[np.int32], int], cast(Any, ndimage).label(self.fluid))
        sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
        order = np.argsort(-sizes, kind="stable")
        rank = np.zeros(len(sizes) + 1, np.int32)
        rank[order + 1] = np.arange(1, len(sizes) + 1)
        return rank[labels], tuple(int(sizes[n]) for n in order)

    def pockets(self) -> NDArray[np.int32]:
        """Label the connected parts 1, 2, ... from the largest to the smallest; 0 is not fluid."""
        return self._pockets[0]

    def largest_pocket(self) -> MaskedGrid:
        """Keep the largest connected part alone."""
        return MaskedGrid(self.pockets() == 1, self.spacing, self.origin)

    def require_connected(self) -> MaskedGrid:
        """Return the grid itself, or raise ``DisconnectedCavity``."""
        sizes = self._pockets[1]
        if len(sizes) > 1:
            raise DisconnectedCavity(sizes)
        return self


def box(shape: tuple[int, int, int], spacing: float | tuple[float, float, float]) -> MaskedGrid:
    """Make a box all of fluid."""
    lengths = (spacing, spacing, spacing) if isinstance(spacing, int | float) else spacing
    return MaskedGrid(np.ones(shape, np.bool_), lengths)
