"""The thirteen PCI regions on a surface.

Two transverse planes (costal margin, iliac spines) and two sagittal planes that divide the width in thirds make the nine abdominopelvic
regions 0 to 8 (Jacquet and Sugarbaker 1996). Small-bowel surface is counted in 9 to 12 instead: the left half of the bundle as jejunum,
the right half as ileum, each split at the middle of its height: a simplification, since a label volume does not tell loops apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy.tissues import Landmarks, Tissue

# Rows from cranial to caudal, columns from the patient's right to left.
_GRID = np.array([[1, 2, 3], [8, 0, 4], [7, 6, 5]], np.int8)


def pci_regions(centre: NDArray[np.float64], tissue: NDArray[np.uint8], landmarks: Landmarks) -> NDArray[np.int8]:
    """PCI region 0..12 of each face. ``centre`` (n, 3) in metres, axes right, anterior, superior."""
    third = landmarks.half_width / 3.0
    side = centre[:, 0] - landmarks.midline_x
    column = np.where(side > third, 0, np.where(side < -third, 2, 1))
    row = np.where(centre[:, 2] > landmarks.costal_margin_z, 0, np.where(centre[:, 2] < landmarks.iliac_spine_z, 2, 1))
    region = _GRID[row, column]
    bowel = tissue == Tissue.SMALL_BOWEL
    if bowel.any():
        middle = float(np.median(centre[bowel, 2]))
        left = side < 0
        upper = centre[:, 2] >= middle
        jejunum = np.where(upper, 9, 10)
        ileum = np.where(upper, 11, 12)
        region = np.where(bowel, np.where(left, jejunum, ileum), region).astype(np.int8)
    return region
