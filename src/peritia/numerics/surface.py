"""True area and direction of the wall behind each boundary face.

A staircase of cell faces has about 1.5 times the area of the smooth wall it stands for. The normal is taken from the gradient of the
smoothed mask; then each face stands for its own area times |n . axis|, which sums to the true area: over a plane, sum A |n_a| |n_a| = A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage  # pyright: ignore[reportMissingTypeStubs]

from peritia.numerics.boundary import BoundaryFaces, boundary_faces
from peritia.numerics.grid import PAD, MaskedGrid

SMOOTHING_CELLS = 1.6
MARGIN = 6


@dataclass(frozen=True, eq=False)
class Surface:
    """``faces`` with, for each, its centre (m), outward ``normal`` (unit vector, out of the fluid) and true ``area`` (m2)."""

    faces: BoundaryFaces
    centre: NDArray[np.float64]
    normal: NDArray[np.float64]
    area: NDArray[np.float64]


def surface(grid: MaskedGrid, smoothing: float = SMOOTHING_CELLS) -> Surface:
    """Work out the surface; ``smoothing`` is the width of the filter in (finest) cells: larger is smoother, and rounds edges more."""
    faces = boundary_faces(grid)
    mask = np.pad(grid.fluid.astype(np.float64), MARGIN)
    widths = [smoothing * grid.finest / h for h in grid.spacing]
    soft = cast(NDArray[np.float64], cast(Any, ndimage).gaussian_filter(mask, widths, mode="constant", truncate=3.5))
    index = np.stack(np.unravel_index(faces.cell, grid.padded_shape), axis=1) - PAD + MARGIN
    ghost = index.copy()
    ghost[np.arange(len(faces)), faces.axis] += faces.sign
    slopes = np.zeros((len(faces), 3))
    for axis, h in enumerate(grid.spacing):
        gradient = np.gradient(soft, h, axis=axis)
        slopes[:, axis] = -0.5 * (gradient[tuple(index.T)] + gradient[tuple(ghost.T)])
    own = np.zeros((len(faces), 3))
    own[np.arange(len(faces)), faces.axis] = faces.sign
    length = np.linalg.norm(slopes, axis=1)
    thin = length * grid.finest < 1e-3  # a wall one cell thick: both sides cancel, the cell face is all that is known
    normal = np.where(thin[:, None], own, slopes / np.maximum(length, 1e-300)[:, None])
    along = np.einsum("fj,fj->f", normal, own)
    area = faces.areas(grid) * np.maximum(along, 0.0)
    return Surface(faces, faces.centres(grid), normal, area)
