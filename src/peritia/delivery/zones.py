"""The bath as a network of zones, one for each PCI region: volumes, the windows between them, and the flow that the catheters drive.

Cells of the cavity belong to the region of their nearest face. Neighbouring zones mix by buoyancy, ``exchange_speed`` times half the window
between them; the net streams follow from the catheters (``physics.zone_network``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.nearest import nearest_face
from peritia.physics.zone_network import Network

Array = NDArray[np.float64]
ZONES = 13


@dataclass(frozen=True, eq=False)
class Zones:
    """``volume`` m3 of every region; ``network`` of the regions that hold liquid, whose numbers are ``held``."""

    volume: Array
    held: NDArray[np.int64]
    network: Network


def cell_regions(anatomy: Anatomy) -> NDArray[np.int8]:
    """Region of every open cell, -1 elsewhere."""
    cells = np.argwhere(anatomy.open)
    points = np.asarray(np.asarray(anatomy.origin_m) + cells * anatomy.spacing_m, np.float64)
    region = np.full(anatomy.open.shape, -1, np.int8)
    region[anatomy.open] = anatomy.surface.region[nearest_face(anatomy.surface.centre, points)]
    return region


def windows(region: NDArray[np.int8], spacing_m: float) -> Array:
    """Area between each two zones, m2."""
    area = np.zeros((ZONES, ZONES))
    for axis in range(3):
        low, high = np.moveaxis(region, axis, 0)[:-1].ravel(), np.moveaxis(region, axis, 0)[1:].ravel()
        met = (low >= 0) & (high >= 0) & (low != high)
        np.add.at(area, (low[met], high[met]), spacing_m**2)
    return area + area.T


def zones(
    anatomy: Anatomy, inflows: tuple[Placement, ...], outflows: tuple[Placement, ...], flow_m3_per_s: float, exchange_m_per_s: float
) -> Zones:
    """The network for these catheters; the flow is shared equally among inflows and among outflows."""
    region = cell_regions(anatomy)
    area = windows(region, anatomy.spacing_m)
    volume = np.bincount(region[region >= 0], minlength=ZONES).astype(float) * anatomy.spacing_m**3
    entering, leaving = np.zeros(ZONES), np.zeros(ZONES)
    for places, into in ((inflows, entering), (outflows, leaving)):
        for one in places:
            into[region[anatomy.voxel(one.tip_m)]] += flow_m3_per_s / len(places)
    held = np.flatnonzero(volume > 0)
    mixing = 0.5 * exchange_m_per_s * area[np.ix_(held, held)]
    return Zones(volume, held, Network(volume[held], entering[held], leaving[held], mixing))
