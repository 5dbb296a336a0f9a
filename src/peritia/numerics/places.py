"""Cells by place: a ball of cells around a point, the nearest fluid, whether a straight path is free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.numerics.errors import BlockedPlace
from peritia.numerics.grid import PAD, Index, MaskedGrid

Point = tuple[float, float, float] | NDArray[np.float64]


def fluid_centres(grid: MaskedGrid) -> NDArray[np.float64]:
    """Centres of the fluid cells, ``(n, 3)`` in metres, in the order of ``grid.flat_fluid``."""
    cells = np.stack(np.unravel_index(grid.flat_fluid, grid.padded_shape), axis=1).astype(np.float64)
    return np.array(grid.origin) + (cells - PAD + 0.5) * np.array(grid.spacing)


def cells_within(grid: MaskedGrid, centre: Point, radius: float) -> Index:
    """Flat padded indices of the fluid cells whose centres lie within ``radius`` of a point; raises ``BlockedPlace`` if there is none."""
    near = np.linalg.norm(fluid_centres(grid) - np.asarray(centre), axis=1) <= radius
    if not near.any():
        raise BlockedPlace("The place", tuple(float(value) for value in centre))
    return grid.flat_fluid[near]


def nearest_fluid(grid: MaskedGrid, point: Point) -> NDArray[np.float64]:
    """Centre of the fluid cell nearest to a point, m."""
    centres = fluid_centres(grid)
    return centres[np.argmin(((centres - np.asarray(point)) ** 2).sum(axis=1))]


def free_path(grid: MaskedGrid, start: Point, direction: Point) -> float:
    """Distance (m) from a point in fluid along a unit vector to the first face that is not fluid; raises ``BlockedPlace`` in solid."""
    here = np.asarray(start, np.float64)
    if grid.locate(here)[0] < 0:
        raise BlockedPlace("The start of the path", tuple(float(value) for value in here))
    far = float(np.linalg.norm(np.array(grid.shape) * grid.spacing))
    steps = np.arange(0.0, far, 0.05 * grid.finest)
    solid = grid.locate(here + steps[:, None] * np.asarray(direction)) < 0
    return float(steps[np.argmax(solid)]) if solid.any() else far
