# SciPy ships no types.
# pyright: basic
"""Distances on a grid, in metres, with their types said once."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


def distance_inside(mask: NDArray[np.bool_], spacing_m: float) -> NDArray[np.float64]:
    """Distance of each voxel of ``mask`` to the nearest voxel outside it, centre to centre; 0 outside."""
    return cast(NDArray[np.float64], ndimage.distance_transform_edt(mask)) * spacing_m


def nearest_outside(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Index (3, nx, ny, nz) of the nearest voxel outside ``mask``."""
    return cast(NDArray[np.int64], ndimage.distance_transform_edt(mask, return_distances=False, return_indices=True))
