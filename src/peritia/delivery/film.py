"""What stays where it lands and what runs off: a film up to the retained thickness, the rest in the pool at the lowest part of the cavity.

The pool is hydrostatic: it fills the open cells from below to one level (supine; up is anterior). Loops that lie folded at this grid
are wetted by the pool too, by the anatomy's fold factor. SI units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.totals import by_group

Array = NDArray[np.float64]
BINS = 40


@dataclass(frozen=True)
class Films:
    """``group`` of each face: 0.. films, the last the pool, -1 dry. ``area`` m2 and ``landed`` m3 of liquid of each group; ``level`` m."""

    group: NDArray[np.int64]
    area: Array
    landed: Array
    retained_m: float
    pool_m3: float
    level_m: float


def films(anatomy: Anatomy, landed_m3: Array, retained_m: float) -> Films:
    """Groups of faces with a like thickness of landed liquid, and the pool."""
    area = anatomy.surface.area
    runoff = float((landed_m3 - np.minimum(landed_m3, area * retained_m)).sum())
    level, _ = pool_level(anatomy, runoff)
    under = anatomy.surface.centre[:, 1] < level
    runoff = float(np.where(under, landed_m3, landed_m3 - np.minimum(landed_m3, area * retained_m)).sum())
    thickness = np.maximum(landed_m3 / area, 0.0)
    wet = (thickness > 1e-12) & ~under
    group = np.full(len(area), -1, np.int64)
    if wet.any():
        logs = np.log(thickness[wet])
        edges = np.linspace(float(logs.min()), float(logs.max()) + 1e-9, BINS + 1)
        _, group[wet] = np.unique(np.digitize(logs, edges), return_inverse=True)
    count = int(group.max()) + 1
    group[under] = count
    used = group >= 0
    areas = by_group(group[used], area[used], count + 1)
    volumes = by_group(group[used], landed_m3[used], count + 1)
    return Films(group, areas, volumes, retained_m, runoff, level)


def pool_level(anatomy: Anatomy, volume_m3: float) -> tuple[float, int]:
    """Height of the surface of so much liquid at the bottom of the cavity, and the number of rows that it reaches."""
    per_row = anatomy.open.sum(axis=(0, 2)) * anatomy.spacing_m**3
    filled = np.cumsum(per_row)
    row = int(np.searchsorted(filled, volume_m3))
    row = min(row, len(per_row) - 1)
    below = float(filled[row - 1]) if row else 0.0
    part = (volume_m3 - below) / per_row[row] if per_row[row] > 0 else 0.0
    return anatomy.origin_m[1] + (row - 0.5 + part) * anatomy.spacing_m, row
