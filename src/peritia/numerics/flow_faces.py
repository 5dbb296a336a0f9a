"""What each velocity face is: solved for, fixed, or a wall; made once from a ``Boundary``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from peritia.numerics.boundary import Boundary, BoundaryFaces, Inlet, Outlet, Slip, Source
from peritia.numerics.grid import Bytes, Field, Index


@dataclass(frozen=True, eq=False)
class FlowFaces:
    """Per velocity component: ``free`` (1 where solved for), ``weight`` (wall shear), ``start`` (fixed values, else 0).

    ``beyond``/``inside``: faces behind an outlet and the outlet faces they copy. ``ghost``/``cell``: cells behind an outlet and
    the fluid cells they copy. ``source``: m3 per m3 and second by cell.
    """

    free: tuple[Bytes, Bytes, Bytes]
    weight: tuple[Bytes, Bytes, Bytes]
    start: tuple[Field, Field, Field]
    beyond: tuple[Index, Index, Index]
    inside: tuple[Index, Index, Index]
    ghost: Index
    cell: Index
    source: Field


def _beside(rows: BoundaryFaces, axis: int, strides: tuple[int, int, int]) -> Index:
    """Faces of component ``axis`` that lie beside tangential boundary faces, in the ghost cells."""
    ghost = rows.ghost[rows.axis != axis]
    return np.concatenate([ghost, ghost + strides[axis]])


def _set_openings(
    boundary: Boundary, free: list[NDArray[np.float64]], weight: list[NDArray[np.float64]], start: list[NDArray[np.float64]]
) -> None:
    strides = boundary.grid.strides
    for opening in boundary.openings:
        if isinstance(opening, Source):
            continue
        rows = opening.faces
        for axis in range(3):
            mine = rows.axis == axis
            beside = _beside(rows, axis, strides)
            if isinstance(opening, Inlet):
                speed = np.broadcast_to(opening.speed, len(rows))
                start[axis][rows.face[mine]] = -speed[mine] * rows.sign[mine]
            elif isinstance(opening, Outlet):
                free[axis][rows.face[mine]] = 1.0
                weight[axis][rows.face[mine]] = 1.0
                weight[axis][beside] = 0.0
            elif isinstance(opening, Slip):
                weight[axis][beside] = 0.0
            else:
                start[axis][beside] = opening.velocity[axis]


def flow_faces(boundary: Boundary, dtype: DTypeLike) -> FlowFaces:
    """Work out the faces. A face between two fluid cells is always solved for, whatever an opening beside it says."""
    grid = boundary.grid
    fluid = grid.padded_fluid
    inner = [(fluid & np.roll(fluid, 1, axis)) for axis in range(3)]
    free = [part.astype(np.float64).ravel() for part in inner]
    weight = [np.where(part, 1.0, 2.0).ravel() for part in inner]
    start = [np.zeros(fluid.size) for _ in range(3)]
    _set_openings(boundary, free, weight, start)
    for axis in range(3):
        weight[axis][inner[axis].ravel()] = 1.0
        start[axis][inner[axis].ravel()] = 0.0
    outlets = [opening.faces for opening in boundary.openings if isinstance(opening, Outlet)]
    face = [np.concatenate([np.zeros(0, np.int64), *(rows.face[rows.axis == axis] for rows in outlets)]) for axis in range(3)]
    sign = [np.concatenate([np.zeros(0, np.int64), *(rows.sign[rows.axis == axis] for rows in outlets)]) for axis in range(3)]
    beyond = [face[axis] + sign[axis] * grid.strides[axis] for axis in range(3)]
    source = np.zeros(fluid.size)
    for opening in boundary.openings:
        if isinstance(opening, Source):
            np.add.at(source, opening.cells, opening.rate / (len(opening.cells) * grid.cell_volume))

    def shaped(parts: list[NDArray[np.float64]], kind: DTypeLike) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        x, y, z = (part.reshape(grid.padded_shape).astype(kind) for part in parts)
        return x, y, z

    empty = np.zeros(0, np.int64)
    return FlowFaces(
        shaped(free, np.uint8), shaped(weight, np.uint8), shaped(start, dtype),
        (beyond[0], beyond[1], beyond[2]), (face[0], face[1], face[2]),
        np.concatenate([empty, *(rows.ghost for rows in outlets)]), np.concatenate([empty, *(rows.cell for rows in outlets)]),
        source.reshape(grid.padded_shape).astype(dtype),
    )  # fmt: skip


def outlet_faces(boundary: Boundary) -> tuple[BoundaryFaces, ...]:
    """List the outlets' faces."""
    return tuple(opening.faces for opening in boundary.openings if isinstance(opening, Outlet))
