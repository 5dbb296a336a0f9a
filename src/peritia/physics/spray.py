"""M_jet = rho_l Q v <cos a>,  <cos a> = (1 + cos A) / 2;    force per volume: f = (M / rho) w(x, r) along the axis, integral of w = 1

A nozzle's cone of droplets, and the push it gives the gas.

rho_l liquid density (kg/m3), Q liquid flow (m3/s), v liquid speed (m/s), A half the cone angle, a the angle of a droplet;
directions fill the cone evenly by solid angle. The droplets stop within centimetres and hand their momentum to the gas there: it
is laid on the grid as a body force over the first ``length`` of a cone as wide as the jet, and droplets are then followed one
way. Exact in the sum of the force. Source: momentum balance; the shape of w is ours (even along the axis, Gaussian across).
Theory page: docs/theory/jet.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.numerics import BlockedPlace, Cloud, MaskedGrid, cloud, uniform_numbers
from peritia.numerics.grid import PAD, Field
from peritia.physics.quantity import Array, array
from peritia.physics.sizes import Sizes

DRAW_OF_DIRECTION = 1 << 41
DRAW_OF_SIZE = 1 << 42


@dataclass(frozen=True)
class Nozzle:
    """Place (m), ``aim`` (unit vector), ``half_angle`` of the cone (rad), liquid ``speed`` (m/s)."""

    place: tuple[float, float, float]
    aim: tuple[float, float, float]
    half_angle: float
    speed: float

    @property
    def mean_cosine(self) -> float:
        """Share of the momentum that points along the aim."""
        return 0.5 * (1 + float(np.cos(self.half_angle)))


def _frame(aim: tuple[float, float, float]) -> tuple[Array, Array, Array]:
    axis = array(aim) / np.linalg.norm(array(aim))
    side = array(np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))]))
    side /= np.linalg.norm(side)
    return axis, side, array(np.cross(axis, side))


def directions(nozzle: Nozzle, count: int, seed: int, first_identity: int = 0) -> Array:
    """Unit vectors that fill the cone evenly, one per parcel."""
    axis, side, other = _frame(nozzle.aim)
    cosine = 1 - uniform_numbers(count, seed, DRAW_OF_DIRECTION, first_identity) * (1 - np.cos(nozzle.half_angle))
    turn = 2 * np.pi * uniform_numbers(count, seed, DRAW_OF_DIRECTION + 1, first_identity)
    sine = np.sqrt(np.maximum(0.0, 1 - cosine**2))
    return cosine[:, None] * axis + sine[:, None] * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other)


@dataclass(frozen=True, eq=False)
class Droplets:
    """Parcels with their ``size`` class and the share of all the liquid that each stands for (``share`` sums to one)."""

    parcels: Cloud
    size: np.ndarray[tuple[int], np.dtype[np.int64]]
    share: Array


def droplets(
    nozzle: Nozzle, sizes: Sizes, relaxation: Array, reynolds_per_speed: Array, count: int, seed: int, start: float | Array = 0.0
) -> Droplets:
    """Launch ``count`` parcels, as many of each size class, each standing for its class's share of the liquid.

    So the fine mode, a few percent of the volume that goes everywhere, is counted as well as the coarse one.
    """
    classes = len(sizes.diameter)
    size = (np.arange(count) * classes // count).astype(np.int64)
    share = sizes.share[size] / np.bincount(size, minlength=classes)[size]
    velocity = nozzle.speed * directions(nozzle, count, seed)
    place = np.tile(np.asarray(nozzle.place, np.float64), (count, 1))
    parcels = cloud(place, velocity, relaxation[size], reynolds_per_speed=reynolds_per_speed[size], start=start)
    return Droplets(parcels, size, share / share.sum())


def push(grid: MaskedGrid, nozzle: Nozzle, momentum_over_density: float, length: float, width: float) -> tuple[Field, Field, Field]:
    """Force per mass (m/s2) on faces that sums to M/rho (m4/s2) over the first ``length`` (m) along the aim.

    Across it is Gaussian, of standard deviation ``width`` (m) or one cell if that is more. Raises ``BlockedPlace`` if no cell takes it.
    """
    axis, _, _ = _frame(nozzle.aim)
    breadth = max(width, max(grid.spacing))
    fluid, parts = grid.padded_fluid, list[Field]()
    for way in range(3):
        place = [
            (np.arange(n) - PAD + (0.0 if a == way else 0.5)) * grid.spacing[a] + grid.origin[a] for a, n in enumerate(grid.padded_shape)
        ]
        ray = np.stack(np.meshgrid(*place, indexing="ij"), axis=-1) - np.asarray(nozzle.place)
        along = ray @ axis
        off = ((ray - along[..., None] * axis) ** 2).sum(axis=-1)
        inside = fluid & np.roll(fluid, 1, way) & (along >= 0) & (along <= length)
        weight = np.where(inside, np.exp(-off / (2 * breadth**2)), 0.0)
        total = weight.sum() * grid.cell_volume
        if axis[way] != 0 and total == 0:
            raise BlockedPlace("The nozzle's jet", nozzle.place)
        parts.append(weight * (momentum_over_density * axis[way] / total) if axis[way] != 0 else weight * 0.0)
    return parts[0], parts[1], parts[2]
