"""The faces between fluid and not fluid, one row a face, and what stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from peritia.numerics.errors import InvalidParameter
from peritia.numerics.grid import PAD, Index, Mask, MaskedGrid


@dataclass(frozen=True, eq=False)
class BoundaryFaces:
    """Faces of fluid cells towards solid or the outside.

    ``axis`` 0 to 2; ``sign`` +1 or -1, the direction of the normal that leaves the fluid; ``cell``, ``ghost``: flat padded
    indices of the fluid cell and of the cell behind the face; ``face``: flat padded index of the face itself.
    """

    axis: NDArray[np.int8]
    sign: NDArray[np.int8]
    cell: Index
    ghost: Index
    face: Index

    def __len__(self) -> int:
        return len(self.axis)

    def where(self, chosen: Mask) -> BoundaryFaces:
        """Keep the faces for which ``chosen`` is True."""
        return BoundaryFaces(self.axis[chosen], self.sign[chosen], self.cell[chosen], self.ghost[chosen], self.face[chosen])

    def side(self, axis: int, sign: int) -> BoundaryFaces:
        """Keep the faces whose normal points along ``sign`` of ``axis``."""
        return self.where((self.axis == axis) & (self.sign == sign))

    def edge(self, grid: MaskedGrid, axis: int, sign: int) -> BoundaryFaces:
        """Keep the faces that lie on one outer side of the box."""
        side = self.side(axis, sign)
        wanted = PAD - 1 if sign < 0 else grid.shape[axis] + PAD
        return side.where(np.asarray(np.unravel_index(side.ghost, grid.padded_shape)[axis] == wanted))

    def centres(self, grid: MaskedGrid) -> NDArray[np.float64]:
        """Coordinates of the face centres, ``(n, 3)`` in metres."""
        cell = np.stack(np.unravel_index(self.cell, grid.padded_shape), axis=1).astype(np.float64) - PAD + 0.5
        cell[np.arange(len(self)), self.axis] += 0.5 * self.sign
        return np.array(grid.origin) + cell * np.array(grid.spacing)

    def areas(self, grid: MaskedGrid) -> NDArray[np.float64]:
        """Area of each cell face, m2 (a staircase: see ``surface`` for the true area)."""
        return np.array([grid.face_area(axis) for axis in range(3)])[self.axis]


def boundary_faces(grid: MaskedGrid) -> BoundaryFaces:
    """List every face between a fluid cell and one that is not, ordered by axis, sign and cell."""
    fluid = grid.padded_fluid.ravel()
    cells = grid.flat_fluid
    parts: list[tuple[NDArray[np.int8], NDArray[np.int8], Index, Index, Index]] = []
    for axis, stride in enumerate(grid.strides):
        for sign in (-1, 1):
            mine = cells[~fluid[cells + sign * stride]]
            filled = np.full(len(mine), axis, np.int8), np.full(len(mine), sign, np.int8)
            parts.append((*filled, mine, mine + sign * stride, mine if sign < 0 else mine + stride))
    axes, signs = (np.concatenate([part[column] for part in parts]).astype(np.int8) for column in (0, 1))
    cell, ghost, face = (np.concatenate([part[column] for part in parts]).astype(np.int64) for column in (2, 3, 4))
    return BoundaryFaces(axes, signs, cell, ghost, face)


@dataclass(frozen=True, eq=False)
class Inlet:
    """Faces through which fluid enters at ``speed`` (m/s along the inward normal; one value or one per face)."""

    faces: BoundaryFaces
    speed: float | NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outlet:
    """Faces open to pressure zero; the fluid leaves, or enters, as it will."""

    faces: BoundaryFaces


@dataclass(frozen=True, eq=False)
class Slip:
    """Faces that let the fluid glide (a plane of symmetry)."""

    faces: BoundaryFaces


@dataclass(frozen=True, eq=False)
class Moving:
    """A wall that moves in its own plane with ``velocity`` (m/s)."""

    faces: BoundaryFaces
    velocity: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Source:
    """Cells in which fluid appears (a catheter tip) or vanishes; ``rate`` in m3/s, positive into the cavity, shared equally."""

    cells: Index
    rate: float


Opening = Inlet | Outlet | Slip | Moving | Source


@dataclass(frozen=True, eq=False)
class Boundary:
    """All openings of a grid; a boundary face that none names is a wall at rest."""

    grid: MaskedGrid
    openings: Sequence[Opening] = field(default_factory=tuple[Opening, ...])

    def __post_init__(self) -> None:
        for opening in self.openings:
            empty = len(opening.cells) == 0 if isinstance(opening, Source) else len(opening.faces) == 0
            if empty:
                name = type(opening).__name__.lower()
                raise InvalidParameter(name, "empty", "at least one face or cell", "Check its place against the mask")

    def net_inflow(self) -> float:
        """Fluid that inlets and sources bring in, m3/s."""
        total = 0.0
        for opening in self.openings:
            if isinstance(opening, Inlet):
                total += float(np.sum(opening.speed * opening.faces.areas(self.grid)))
            elif isinstance(opening, Source):
                total += opening.rate
        return total

    @property
    def open(self) -> bool:
        """Whether there is an outlet."""
        return any(isinstance(opening, Outlet) for opening in self.openings)
