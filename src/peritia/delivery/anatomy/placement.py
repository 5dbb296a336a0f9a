# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""Ports, nozzles and catheters placed by name or by coordinates; refused where tissue is, with the nearest place that would do.

A placement reads "left upper quadrant, 8 cm above bowel, aimed at pelvis": where on the anterior wall, how far from what lies
below, aimed at what. The tip must lie in the open cavity with ``clearance_m`` around it, and what lies right ahead
must be open too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy.anatomy import Anatomy
from peritia.delivery.anatomy.distance import distance_inside
from peritia.delivery.anatomy.errors import PlacementRefused
from peritia.delivery.anatomy.tissues import Tissue

Point = tuple[float, float, float]

SITES: dict[str, tuple[float, float]] = {
    "umbilicus": (0.0, 0.5), "midline": (0.0, 0.5), "epigastrium": (0.0, 0.85), "suprapubic": (0.0, 0.1),
    "left upper quadrant": (-0.5, 0.75), "right upper quadrant": (0.5, 0.75),
    "left lower quadrant": (-0.5, 0.25), "right lower quadrant": (0.5, 0.25), "left flank": (-0.8, 0.5), "right flank": (0.8, 0.5),
}  # fmt: skip
"""Places on the anterior wall: fraction of the half width (right positive), fraction of the cavity's height from below."""

AIMS: dict[str, Point] = {
    "pelvis": (0.0, -0.2, 0.05), "right diaphragm": (0.5, 0.0, 0.97), "left diaphragm": (-0.5, 0.0, 0.97),
    "right upper quadrant": (0.5, 0.0, 0.8),
    "left upper quadrant": (-0.5, 0.0, 0.8), "right lower quadrant": (0.5, -0.2, 0.2), "left lower quadrant": (-0.5, -0.2, 0.2),
    "right flank": (0.9, -0.2, 0.5), "left flank": (-0.9, -0.2, 0.5), "central": (0.0, -0.2, 0.5), "bowel": (0.0, -0.5, 0.45),
}  # fmt: skip
"""What a tip can be aimed at: fractions of half width, half depth (anterior positive) and height of the cavity."""


@dataclass(frozen=True)
class Placement:
    """A tip and a unit direction, metres, axes right, anterior, superior. ``described`` says how it was asked for."""

    tip_m: Point
    direction: Point
    described: str


def place(anatomy: Anatomy, described: str, *, clearance_m: float = 0.008) -> Placement:
    """A placement in words: ``"<site>[, <n> cm above bowel][, aimed at <target>]"``; aimed straight back where no target is named.

    Raises ``PlacementRefused`` for words not understood, for a tip in tissue, and for an aim through an organ.
    """
    parts = [part.strip().lower() for part in described.split(",")]
    if parts[0] not in SITES:
        raise PlacementRefused(f"Found the site '{parts[0]}'", f"one of: {', '.join(SITES)}")
    height_m, target = None, None
    for part in parts[1:]:
        above = re.fullmatch(r"(\d+(?:\.\d+)?) ?(cm|mm) above (?:the )?bowel", part)
        aimed = re.fullmatch(r"aimed at (?:the )?(.+)", part)
        if above:
            height_m = float(above[1]) * (0.01 if above[2] == "cm" else 0.001)
        elif aimed and aimed[1] in AIMS:
            target = aimed[1]
        else:
            raise PlacementRefused(f"Found '{part}'", "'8 cm above bowel' or 'aimed at <target>'", f"targets: {', '.join(AIMS)}")
    asked = _under_the_wall(anatomy, SITES[parts[0]], height_m)
    far = _aim_point(anatomy, AIMS[target]) if target else None
    tip = _settled(anatomy, asked, far, clearance_m)
    aim = far or (tip[0], tip[1] - 1.0, tip[2])
    return place_at(anatomy, tip, aim, described=described, clearance_m=clearance_m)


def _settled(anatomy: Anatomy, tip: Point, aim: Point | None, clearance_m: float, reach_m: float = 0.03) -> Point:
    """A site is a place of a few centimetres: the nearest point within ``reach_m`` that has room and sees its aim, else the point itself,
    to be refused.
    """
    valid = np.argwhere(_room(anatomy) >= clearance_m)
    places = np.asarray(anatomy.origin_m) + valid * anatomy.spacing_m
    distance = np.linalg.norm(places - np.asarray(tip), axis=1)
    near = np.flatnonzero(distance <= reach_m)
    for index in near[np.argsort(distance[near], kind="stable")]:
        found = (float(places[index, 0]), float(places[index, 1]), float(places[index, 2]))
        towards = np.subtract(aim, found) if aim else np.array([0.0, -1.0, 0.0])
        if anatomy.tissue_at(_ahead(found, towards / max(float(np.linalg.norm(towards)), 1e-9), clearance_m)) is None:
            return found
    return tip


def _ahead(tip: Point, direction: NDArray[np.float64], clearance_m: float) -> Point:
    """What lies right in front of the tip."""
    point = np.asarray(tip) + direction * clearance_m * 1.5
    return float(point[0]), float(point[1]), float(point[2])


def place_at(anatomy: Anatomy, tip_m: Point, aim_m: Point, *, described: str = "", clearance_m: float = 0.008) -> Placement:
    """A tip at a point, aimed at another. Raises ``PlacementRefused`` with the nearest valid tip."""
    direction = np.asarray(aim_m, float) - np.asarray(tip_m, float)
    length = float(np.linalg.norm(direction))
    if length < 1e-9:
        raise PlacementRefused("Found an aim at the tip itself", "two different points")
    direction /= length
    room = _room(anatomy)
    found = anatomy.tissue_at(tip_m)
    if found is not None or room[anatomy.voxel(tip_m)] < clearance_m:
        near = _nearest_valid(anatomy, room, tip_m, clearance_m)
        where = f"in {_name(found)}" if found is not None else f"{room[anatomy.voxel(tip_m)] * 1000:.0f} mm from tissue"
        raise PlacementRefused(
            f"Found the tip {where}",
            f"open cavity with {clearance_m * 1000:.0f} mm around the tip",
            f"nearest valid tip: {', '.join(f'{c * 100:.1f}' for c in near)} cm (right, anterior, superior)",
        )
    blocked = anatomy.tissue_at(_ahead(tip_m, direction, clearance_m))
    if blocked is not None:
        raise PlacementRefused(
            f"Found {_name(blocked)} right in front of the tip",
            "an aim into the open cavity",
            "turn the tip, or draw it back from the surface",
        )
    return Placement(tip_m, (float(direction[0]), float(direction[1]), float(direction[2])), described)


def _room(anatomy: Anatomy) -> NDArray[np.float64]:
    """Distance of each open voxel to the nearest closed one, metres."""
    return distance_inside(anatomy.open, anatomy.spacing_m)


def _extent(anatomy: Anatomy) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    filled = np.argwhere(anatomy.open)
    low, high = filled.min(axis=0), filled.max(axis=0)
    origin = np.asarray(anatomy.origin_m)
    return origin + low * anatomy.spacing_m, origin + high * anatomy.spacing_m


def _aim_point(anatomy: Anatomy, fractions: Point) -> Point:
    low, high = _extent(anatomy)
    middle = 0.5 * (low + high)
    half = 0.5 * (high - low)
    return (
        float(anatomy.landmarks.midline_x + fractions[0] * half[0]),
        float(middle[1] + fractions[1] * half[1]),
        float(low[2] + fractions[2] * (high[2] - low[2])),
    )


def _under_the_wall(anatomy: Anatomy, site: tuple[float, float], height_m: float | None) -> Point:
    """Below the wall at the site: 1.5 cm inside it, or at ``height_m`` above what lies underneath."""
    low, high = _extent(anatomy)
    x = anatomy.landmarks.midline_x + site[0] * 0.5 * (high[0] - low[0])
    z = low[2] + site[1] * (high[2] - low[2])
    i, _, k = anatomy.voxel((float(x), 0.0, float(z)))
    column = np.flatnonzero(anatomy.open[i, :, k])
    if column.size == 0:
        raise PlacementRefused("Found no cavity under that site", "a site over the open cavity", f"sites: {', '.join(SITES)}")
    top = column[-1]
    run = column[np.flatnonzero(np.diff(column, prepend=column[0] - 1) > 1)]
    bottom = run[-1] if run.size else column[0]
    index = top - 0.015 / anatomy.spacing_m if height_m is None else bottom + height_m / anatomy.spacing_m
    return float(x), float(anatomy.origin_m[1] + index * anatomy.spacing_m), float(z)


def _nearest_valid(anatomy: Anatomy, room: NDArray[np.float64], point: Point, clearance_m: float) -> Point:
    valid = np.argwhere(room >= clearance_m)
    if not len(valid):
        raise PlacementRefused(f"Found no place with {clearance_m * 1000:.0f} mm around it", "a larger cavity or a smaller clearance")
    places = np.asarray(anatomy.origin_m) + valid * anatomy.spacing_m
    best = places[np.argmin(((places - np.asarray(point)) ** 2).sum(axis=1))]
    return float(best[0]), float(best[1]), float(best[2])


def _name(tissue: Tissue) -> str:
    return "nothing (outside the volume)" if tissue is Tissue.OUTSIDE else f"the {tissue.name.lower().replace('_', ' ')}"
