"""Droplets as parcels in a gas on the masked grid: drag, gravity, electric force, turbulence, deposition.

    dv/dt = f(Re) (u + u' - v) / tau + g + (q/m) E,    dx/dt = v

``f`` is Schiller and Naumann's, ``tau`` the Stokes relaxation time (with slip), both from ``physics``. The turbulent part u' = s a
obeys da = -a dt / T + grad(s) dt + sqrt(2/T) dW with s(x) the velocity spread and T(x) its memory: the drift keeps a well-mixed
cloud well mixed (D. J. Thomson, J Fluid Mech 1987;180:529; recalled; isotropic form). A parcel that meets a face of the mask sticks there.

Results do not depend on the number of threads nor on the order of the parcels: each draws its own random numbers by counter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peritia.numerics import parcel_kernels
from peritia.numerics.boundary import Boundary, BoundaryFaces, Outlet
from peritia.numerics.errors import BlockedPlace, InvalidParameter, MisshapenField
from peritia.numerics.flow import Velocity
from peritia.numerics.grid import PAD, Field, MaskedGrid
from peritia.numerics.jit import threads_pay
from peritia.numerics.parcel_kernels import DEPOSITED, ESCAPED, EXIT_CELL, FLOATING
from peritia.numerics.philox import fill_uniform

Vector = tuple[float, float, float]
CELLS_PER_STEP = 0.5
MEMORIES_PER_STEP = 0.25
PARCELS_PER_CELL_OF_WORK = 50


@dataclass(frozen=True, eq=False)
class Turbulence:
    """By cell, padded: ``spread`` (root mean square of one velocity component, m/s) and ``memory`` (Lagrangian time, s)."""

    spread: Field
    memory: Field


@dataclass(frozen=True, eq=False)
class Air:
    """What the parcels move through: velocity, walls and exits, gravity (m/s2), electric field (V/m on faces), turbulence."""

    boundary: Boundary
    velocity: Velocity
    gravity: Vector = (0.0, 0.0, 0.0)
    electric: Velocity | None = None
    turbulence: Turbulence | None = None
    reflecting: bool = False

    def kinds(self) -> NDArray[np.uint8]:
        """0 solid, 1 fluid, 2 behind an outlet; by padded cell."""
        kinds = self.boundary.grid.padded_fluid.astype(np.uint8).ravel()
        for opening in self.boundary.openings:
            if isinstance(opening, Outlet):
                kinds[opening.faces.ghost] = EXIT_CELL
        return kinds


@dataclass(frozen=True, eq=False)
class Cloud:
    """Parcels; one row each. ``position`` in metres, ``velocity`` in m/s, ``clock`` in seconds.

    ``relaxation``: tau (s); ``reynolds_per_speed``: diameter over the gas's viscosity (s/m); ``charge_per_mass`` (C/kg); ``identity``
    picks the random numbers; ``status``: floating, deposited or escaped; ``hit_cell`` and ``hit_side`` (2 axis + towards higher) say
    through which face the parcel left the fluid.
    """

    position: NDArray[np.float64]
    velocity: NDArray[np.float64]
    relaxation: NDArray[np.float64]
    reynolds_per_speed: NDArray[np.float64]
    charge_per_mass: NDArray[np.float64]
    identity: NDArray[np.uint64]
    clock: NDArray[np.float64]
    whirl: NDArray[np.float64]
    draws: NDArray[np.uint64]
    status: NDArray[np.uint8]
    hit_cell: NDArray[np.int64]
    hit_side: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.clock)

    @property
    def floating(self) -> NDArray[np.bool_]:
        """Which are still in the gas."""
        return self.status == FLOATING

    @property
    def deposited(self) -> NDArray[np.bool_]:
        """Which stick to a wall."""
        return self.status == DEPOSITED

    @property
    def escaped(self) -> NDArray[np.bool_]:
        """Which left through an outlet."""
        return self.status == ESCAPED

    def where(self, chosen: NDArray[Any]) -> Cloud:
        """Keep the chosen rows (mask or indices)."""
        return Cloud(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def on_faces(self, faces: BoundaryFaces, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum ``amount`` of the deposited parcels on each boundary face."""
        side = 2 * faces.axis.astype(np.int64) + (faces.sign > 0)
        key = faces.cell * 6 + side
        order = np.argsort(key)
        hit = self.hit_cell[self.deposited] * 6 + self.hit_side[self.deposited]
        place = order[np.searchsorted(key[order], hit)]
        return np.bincount(place, amount[self.deposited], minlength=len(faces)).astype(np.float64)


def cloud(
    position: NDArray[np.float64],
    velocity: NDArray[np.float64],
    relaxation: float | NDArray[np.float64],
    *,
    reynolds_per_speed: float | NDArray[np.float64] = 0.0,
    charge_per_mass: float | NDArray[np.float64] = 0.0,
    start: float | NDArray[np.float64] = 0.0,
    first_identity: int = 0,
) -> Cloud:
    """Make parcels at rest in their turbulence; relaxation times must be positive."""
    count = len(position)
    if position.shape != (count, 3) or velocity.shape != (count, 3):
        raise MisshapenField("position and velocity", velocity.shape, (count, 3))
    if np.any(np.asarray(relaxation) <= 0):
        raise InvalidParameter("relaxation", float(np.min(relaxation)), "a positive time in seconds")

    def column(value: float | NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array(np.broadcast_to(value, count), np.float64)

    identity = np.arange(count, dtype=np.uint64) + np.uint64(first_identity)
    return Cloud(
        np.array(position, np.float64), np.array(velocity, np.float64), column(relaxation), column(reynolds_per_speed),
        column(charge_per_mass), identity, column(start), np.zeros((count, 3)), np.zeros(count, np.uint64),
        np.zeros(count, np.uint8), np.full(count, -1, np.int64), np.full(count, -1, np.int8),
    )  # fmt: skip


def extended(grid: MaskedGrid, values: NDArray[np.float64]) -> Field:
    """Pad cell values; each solid cell beside the fluid takes the mean of its fluid neighbours, so that no slope stands at walls."""
    fluid = grid.padded_fluid.astype(np.float64)
    known, weight = grid.pad(values), fluid
    for _ in range(2):
        total, count = known * weight, weight.copy()
        for axis in range(3):
            for way in (-1, 1):
                total += np.roll(known * weight, way, axis)
                count += np.roll(weight, way, axis)
        fresh = np.where(count > 0, total / np.maximum(count, 1), 0.0)
        known = np.where(weight > 0, known, fresh)
        weight = (count > 0).astype(np.float64)
    return np.where(weight > 0, known, float(np.mean(values[grid.fluid])))


def advance(
    parcels: Cloud,
    air: Air,
    until: float,
    *,
    seed: int = 0,
    longest_step: float = np.inf,
    threads: bool | None = None,
) -> Cloud:
    """Follow the parcels to ``until`` seconds through a frozen gas; returns the new cloud.

    Raises ``BlockedPlace`` when a floating parcel does not start in fluid.
    """
    grid = air.boundary.grid
    where = grid.locate(parcels.position)
    lost = np.flatnonzero((where < 0) & parcels.floating)
    if len(lost):
        x, y, z = parcels.position[lost[0]]
        raise BlockedPlace("A droplet", (float(x), float(y), float(z)))
    spacing, origin = np.array(grid.spacing), np.array(grid.origin)
    moved = replace(
        parcels, **{name: getattr(parcels, name).copy() for name in MOVING}, position=(parcels.position - origin) / spacing + PAD
    )
    nothing = np.zeros(1)
    electric = [nothing] * 3 if air.electric is None else [part.ravel() for part in air.electric.components]
    turbulence = (nothing, nothing) if air.turbulence is None else (air.turbulence.spread.ravel(), air.turbulence.memory.ravel())
    use_threads = threads_pay(len(parcels) * PARCELS_PER_CELL_OF_WORK) if threads is None else threads
    kernel = (parcel_kernels.THREADED if use_threads else parcel_kernels.SERIAL)["advance"]
    kernel(
        moved.position, moved.velocity, moved.whirl, moved.clock, moved.draws, moved.status, moved.hit_cell, moved.hit_side,
        moved.relaxation, moved.reynolds_per_speed, moved.charge_per_mass, moved.identity,
        np.argsort(where, kind="stable"),
        *(part.ravel() for part in air.velocity.components), *electric, air.electric is not None, *turbulence,
        air.turbulence is not None, air.kinds(), *grid.strides[:2], *grid.spacing, *air.gravity, until, longest_step, CELLS_PER_STEP,
        MEMORIES_PER_STEP, air.reflecting, np.uint64(seed),
    )  # fmt: skip
    return replace(moved, position=(moved.position - PAD) * spacing + origin)


MOVING = ("velocity", "whirl", "clock", "draws", "status", "hit_cell", "hit_side")


def uniform_numbers(count: int, seed: int, draw: int, first_identity: int = 0) -> NDArray[np.float64]:
    """Numbers in (0, 1), one per identity, from the same generator as the parcels'; use draws above 2**40 for starting places."""
    return fill_uniform(count, seed, first_identity, draw)
