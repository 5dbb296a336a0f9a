# SciPy ships no types.
# pyright: basic
"""A box as an anatomy: the plastic boxes that nozzles are measured in. The nozzle sits under the middle of the lid and points at the
floor.
"""

from __future__ import annotations

import numpy as np

from peritia.delivery.anatomy import Anatomy, Landmarks, Placement, Surface, Tissue
from peritia.delivery.anatomy.surface import contour


def bench_box(side_m: float, depth_m: float, spacing_m: float = 0.004) -> Anatomy:
    """A box with a square floor of ``side_m`` and ``depth_m`` from floor to lid, filled with gas. Up is anterior."""
    across, high = round(side_m / spacing_m), round(depth_m / spacing_m)
    open_ = np.zeros((across + 4, high + 4, across + 4), bool)
    open_[2:-2, 2:-2, 2:-2] = True
    origin = (-0.5 * (across + 3) * spacing_m, -1.5 * spacing_m, -0.5 * (across + 3) * spacing_m)
    vertices, faces, area, normal, centre = contour(open_, spacing_m, origin)
    labels = np.where(open_, Tissue.OUTSIDE, Tissue.WALL).astype(np.uint8)
    count = len(faces)
    surface = Surface(vertices, faces, area, normal, centre, np.full(count, Tissue.WALL, np.uint8), np.zeros(count, np.int8))
    marks = Landmarks(0.25 * side_m, -0.25 * side_m, 0.0, 0.5 * side_m)
    name = f"box of {100 * side_m:.0f} x {100 * depth_m:.0f} x {100 * side_m:.0f} cm"
    return Anatomy(open_, labels, spacing_m, origin, surface, marks, "gas", 0.0, name, ("A bench box, no patient",))


def under_the_lid(box: Anatomy, distance_m: float) -> Placement:
    """A tip ``distance_m`` above the floor, pointing straight down."""
    return Placement((0.0, distance_m, 0.0), (0.0, -1.0, 0.0), f"{100 * distance_m:.0f} cm above the floor of the {box.name}")
