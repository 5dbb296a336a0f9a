# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""What a voxel of the abdomen can be, and the label volume that every anatomy starts from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Tissue(IntEnum):
    """Tissue classes. Whatever a label table names is mapped onto these."""

    OUTSIDE = 0
    WALL = 1
    LIVER = 2
    SPLEEN = 3
    STOMACH = 4
    COLON = 5
    SMALL_BOWEL = 6
    MESENTERY = 7
    PELVIC_ORGANS = 8
    RETROPERITONEUM = 9
    GALLBLADDER = 10


INTRAPERITONEAL = (Tissue.LIVER, Tissue.SPLEEN, Tissue.STOMACH, Tissue.COLON, Tissue.SMALL_BOWEL, Tissue.PELVIC_ORGANS, Tissue.GALLBLADDER)
"""Organs whose surface is visceral peritoneum."""


@dataclass(frozen=True)
class Landmarks:
    """Heights and depths that place ports and PCI regions, in metres along the axes of the volume (RAS: right, anterior, superior)."""

    costal_margin_z: float
    iliac_spine_z: float
    midline_x: float
    half_width: float


@dataclass(frozen=True)
class TissueVolume:
    """A label volume: ``labels[x, y, z]`` of ``Tissue``, cubic voxels, axes right, anterior, superior.

    ``spacing_m`` is the edge of a voxel, ``origin_m`` the centre of voxel (0, 0, 0). ``notes`` says what was closed, cut or assumed.
    """

    labels: NDArray[np.uint8]
    spacing_m: float
    origin_m: tuple[float, float, float]
    landmarks: Landmarks
    notes: tuple[str, ...] = ()

    def volume_l(self, tissue: Tissue) -> float:
        """Volume of one class, litres."""
        return float(np.count_nonzero(self.labels == tissue)) * self.spacing_m**3 * 1000.0

    def axes_m(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Coordinates of the voxel centres along each axis, metres."""
        x, y, z = (origin + self.spacing_m * np.arange(size) for origin, size in zip(self.origin_m, self.labels.shape, strict=True))
        return x, y, z
