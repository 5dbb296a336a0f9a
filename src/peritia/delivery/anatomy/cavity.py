# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""From a label volume to a cavity: gas lifts the anterior wall, or liquid fills and parts the loops.

The abdominal wall under pressure is taken as a membrane over the footprint of the contents: its lift h solves laplacian(h) = -1 with h = 0
at the rim, scaled until the cavity has the volume asked for. Beside the dome, a gap opens around the contents in front and at the sides
(under the diaphragm, in the flanks), and between loops down to a depth: shallow under gas, deep under liquid. A scan before surgery shows
no cavity, so this step is the largest geometric uncertainty; ``CavityRule`` states its numbers and a plan can change them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.optimize import brentq
from scipy.sparse import diags_array, eye_array, kron
from scipy.sparse.linalg import spsolve

from peritia.delivery.anatomy.distance import distance_inside
from peritia.delivery.anatomy.errors import CavityNotReached, EmptyCavity
from peritia.delivery.anatomy.tissues import INTRAPERITONEAL, Tissue, TissueVolume

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CavityRule:
    """``envelope_m``: gaps narrower than twice this belong to the contents. ``gap_m``: space opened around them in front and at the sides.

    ``channel_depth_m``: how far below the front of the contents the channels between loops are open.
    """

    envelope_m: float
    gap_m: float
    channel_depth_m: float


RULES: dict[Literal["gas", "liquid"], CavityRule] = {
    "gas": CavityRule(envelope_m=0.018, gap_m=0.006, channel_depth_m=0.012),
    "liquid": CavityRule(envelope_m=0.018, gap_m=0.008, channel_depth_m=0.060),
}
"""Modelling choices of this project; stated in every result."""
CEILING_M, EXTRA_M = 0.12, 0.08
"""How far the anterior wall may be lifted, and how much further where a plan needs it."""


@dataclass(frozen=True)
class Cavity:
    """``open``: True where gas or liquid is. ``labels``: what is around it. ``notes`` say what was closed, dropped or assumed."""

    open: Mask
    labels: NDArray[np.uint8]
    volume_m3: float
    lift_m: float
    notes: tuple[str, ...]


def open_cavity(tissues: TissueVolume, *, fill: Literal["gas", "liquid"], volume_l: float, rule: CavityRule | None = None) -> Cavity:
    """The cavity of ``volume_l`` litres, as one connected space.

    Raises ``EmptyCavity`` if the labels hold no abdominal contents, ``CavityNotReached`` if the volume cannot be met within the box.
    """
    chosen = rule or RULES[fill]
    try:
        return _opened(tissues, fill, volume_l, chosen, CEILING_M)
    except CavityNotReached:
        # A small abdomen under much liquid: more room in front. It costs cells, so it is made only where it is needed.
        roomier = replace(tissues, labels=np.pad(tissues.labels, ((0, 0), (0, int(EXTRA_M / tissues.spacing_m)), (0, 0))))
        return _opened(roomier, fill, volume_l, chosen, CEILING_M + EXTRA_M)


def _opened(tissues: TissueVolume, fill: Literal["gas", "liquid"], volume_l: float, chosen: CavityRule, ceiling: float) -> Cavity:
    """The cavity with the wall lifted by at most ``ceiling``."""
    spacing = tissues.spacing_m
    contents = _envelope(tissues, chosen)
    base = _gap(tissues, contents, chosen) | _channels(tissues, contents, chosen)
    shape, front = _membrane(contents), _front(contents)
    target = volume_l / 1000.0

    def cavity_at(lift_m: float) -> Mask:
        return _largest(base | _dome(tissues.labels.shape, front, shape * lift_m / spacing, contents))

    def excess(lift_m: float) -> float:
        return float(np.count_nonzero(cavity_at(lift_m))) * spacing**3 - target

    if excess(0.0) > 0:
        raise CavityNotReached(volume_l, (excess(0.0) + target) * 1000.0, "less", spacing)
    if excess(ceiling) < 0:
        raise CavityNotReached(volume_l, (excess(ceiling) + target) * 1000.0, "more", spacing)
    lift = float(brentq(excess, 0.0, ceiling, xtol=0.05 * spacing, rtol=1e-6))  # pyright: ignore[reportArgumentType]
    mask = cavity_at(lift)
    return Cavity(
        mask, _labels_around(tissues, contents, mask), float(np.count_nonzero(mask)) * spacing**3, lift, _notes(tissues, fill, mask, lift)
    )


def _envelope(tissues: TissueVolume, rule: CavityRule) -> Mask:
    """The contents of the peritoneum with the fat between them: a closing of the intraperitoneal organs, less what lies behind."""
    labels = tissues.labels
    organs = np.isin(labels, [int(tissue) for tissue in INTRAPERITONEAL])
    if not organs.any():
        raise EmptyCavity()
    behind = np.isin(labels, (int(Tissue.RETROPERITONEUM), int(Tissue.WALL)))
    reach = rule.envelope_m / tissues.spacing_m
    pad = int(np.ceil(reach)) + 1
    padded = np.pad(organs, pad)
    grown = distance_inside(~padded, 1.0) <= reach
    closed = distance_inside(grown, 1.0) > reach
    inner = closed[pad:-pad, pad:-pad, pad:-pad]
    return (inner | organs) & ~(behind & ~organs)


def _gap(tissues: TissueVolume, contents: Mask, rule: CavityRule) -> Mask:
    """The space that opens around the contents, not behind them (there they are attached)."""
    distance = distance_inside(~contents, tissues.spacing_m)
    behind = _behind(contents) | (tissues.labels == Tissue.RETROPERITONEUM)
    return (distance <= rule.gap_m) & ~contents & ~behind


def _behind(contents: Mask) -> Mask:
    """Voxels at or below the back of the contents in their own column."""
    index = np.arange(contents.shape[1])[None, :, None]
    lowest = np.where(contents, index, contents.shape[1]).min(axis=1, keepdims=True)
    return (index <= lowest + 1) & contents.any(axis=1, keepdims=True)


def _channels(tissues: TissueVolume, contents: Mask, rule: CavityRule) -> Mask:
    """Fat between loops, open down to the rule's depth below the front of the contents."""
    between = contents & ~np.isin(tissues.labels, [int(tissue) for tissue in INTRAPERITONEAL])
    depth = distance_inside(contents, tissues.spacing_m)
    return between & (depth <= rule.channel_depth_m)


def _front(contents: Mask) -> NDArray[np.float64]:
    """Index of the foremost content voxel of each (x, z) column; NaN outside the footprint."""
    index = np.arange(contents.shape[1])[None, :, None]
    top = np.where(contents, index, -1).max(axis=1).astype(float)
    return np.where(top < 0, np.nan, top)


def _membrane(contents: Mask) -> NDArray[np.float64]:
    """Lift of a membrane under uniform pressure over the footprint, scaled to 1 at its highest point."""
    footprint = np.asarray(contents.any(axis=1))
    nx, _, nz = contents.shape

    def second(n: int):
        return diags_array([np.ones(n - 1), -2 * np.ones(n), np.ones(n - 1)], offsets=[-1, 0, 1])  # pyright: ignore

    laplacian = (kron(second(nx), eye_array(nz)) + kron(eye_array(nx), second(nz))).tocsr()
    inside = np.flatnonzero(footprint.ravel())
    lift = np.zeros(footprint.size)
    lift[inside] = np.asarray(spsolve(laplacian[inside][:, inside].tocsc(), -np.ones(inside.size)))
    return (lift / lift.max()).reshape(footprint.shape)


def _dome(shape: tuple[int, ...], front: NDArray[np.float64], lift: NDArray[np.float64], contents: Mask) -> Mask:
    """Between the contents and the lifted wall. The resting wall is the smoothed front of the contents."""
    filled = np.where(np.isnan(front), -1.0, front)
    weight = ndimage.gaussian_filter((filled >= 0).astype(float), 4.0)
    resting = ndimage.gaussian_filter(np.where(filled >= 0, filled, 0.0), 4.0) / np.maximum(weight, 1e-6)
    wall = np.where(filled >= 0, np.maximum(resting, filled) * (lift > 0) + lift, -1.0)
    index = np.arange(shape[1])[None, :, None]
    return (index <= wall[:, None, :]) & (index > filled[:, None, :]) & (filled[:, None, :] >= 0) & ~contents


def _largest(mask: Mask) -> Mask:
    labelled, count = ndimage.label(mask)  # pyright: ignore
    if count == 0:
        return mask
    sizes = np.bincount(labelled.ravel())
    sizes[0] = 0
    return labelled == sizes.argmax()


def _labels_around(tissues: TissueVolume, contents: Mask, mask: Mask) -> NDArray[np.uint8]:
    """What each closed voxel is: contents without a name are mesentery, everything else without one is wall."""
    labels = tissues.labels.copy()
    unnamed = (labels == Tissue.OUTSIDE) | (labels == Tissue.MESENTERY)
    labels[unnamed & contents] = Tissue.MESENTERY
    labels[unnamed & ~contents] = Tissue.WALL
    labels[mask] = Tissue.OUTSIDE
    return labels


def _notes(tissues: TissueVolume, fill: str, mask: Mask, lift: float) -> tuple[str, ...]:
    volume = np.count_nonzero(mask) * tissues.spacing_m**3 * 1000.0
    made = f"Cavity made by {fill} to {volume:.2f} L, anterior wall lifted by up to {lift * 1000:.0f} mm"
    return (*tissues.notes, f"{made}: a model step, the largest geometric uncertainty")
