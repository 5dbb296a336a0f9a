"""The gas that a spray drags along: its momentum as a force over the first centimetres of the jet, then projection flow on the cavity's
grid.

The spray hands over M (see ``aerosol``) along its axis within ``jet_force_length``, over a width of the cone but at least one cell. A
mixing length
of 0.41 d near walls, capped, carries turbulence. After the start the flow is averaged and frozen for the droplets. SI units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.anatomy.distance import distance_inside
from peritia.delivery.provenance import Parameters
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.numerics import Boundary, Flow, FlowStep, MaskedGrid, Velocity
from peritia.numerics.parcels import Turbulence, extended
from peritia.physics import turbulence

Array = NDArray[np.float64]
SPIN_UP_S = 0.8
MEAN_S = 0.4
SAMPLE_EVERY = 20


@dataclass(frozen=True, eq=False)
class Gas:
    """The frozen mean flow with its turbulence, the steps it took, and what divergence is left over what the spray would make."""

    boundary: Boundary
    velocity: Velocity
    turbulence: Turbulence
    steps: int
    fastest_m_per_s: float


def masked(anatomy: Anatomy) -> tuple[MaskedGrid, tuple[slice, slice, slice]]:
    """The open cells as a grid, cut to the box that holds them, and that box; the grid's origin is the low corner of its first cell."""
    h = anatomy.spacing_m
    filled = np.argwhere(anatomy.open)
    low, high = filled.min(axis=0), filled.max(axis=0) + 1
    box = (slice(int(low[0]), int(high[0])), slice(int(low[1]), int(high[1])), slice(int(low[2]), int(high[2])))
    x, y, z = (origin + (int(start) - 0.5) * h for origin, start in zip(anatomy.origin_m, low, strict=True))
    return MaskedGrid(anatomy.open[box], (h, h, h), (x, y, z)), box


def jet_force(anatomy: Anatomy, nozzle: Placement, half_cone: float, force_n: float, density: float, length_m: float) -> list[Array]:
    """Force per mass (m/s2) at cell centres for each axis; its sum over cells is the whole momentum."""
    h, axis = anatomy.spacing_m, np.asarray(nozzle.direction)
    cells = np.argwhere(anatomy.open)
    away = np.asarray(anatomy.origin_m) + cells * h - np.asarray(nozzle.tip_m)
    along = away @ axis
    across = np.sqrt(np.maximum((away**2).sum(axis=1) - along**2, 0.0))
    width = np.maximum(h, 0.5 * along * np.tan(min(half_cone, 1.2)))
    weight = np.where((along >= 0) & (along <= length_m), np.exp(-0.5 * (across / width) ** 2) / width**2, 0.0)
    if weight.sum() <= 0:
        weight = np.where((away**2).sum(axis=1) <= (2 * h) ** 2, 1.0, 0.0)
    per_mass = force_n / density * weight / (weight.sum() * h**3)
    fields: list[Array] = []
    for part in axis:
        field = np.zeros(anatomy.open.shape)
        field[tuple(cells.T)] = part * per_mass
        fields.append(field)
    return fields


def blow(
    anatomy: Anatomy, nozzle: Placement, half_cone: float, force_n: float, parameters: Parameters, progress: Callable[[float], None]
) -> Gas:
    """The mean gas flow while the nozzle runs. Raises the named errors of ``numerics`` when it diverges or the cavity is in pockets."""
    gas = shipped("tissues", "carbon-dioxide", Tissue).properties
    density = parameters.take("carbon_dioxide.density", gas.get("density"))
    viscosity = parameters.take("carbon_dioxide.viscosity", gas.get("viscosity")) / density
    grid, box = masked(anatomy)
    boundary = Boundary(grid)
    wall = distance_inside(anatomy.open, anatomy.spacing_m)[box] - 0.5 * anatomy.spacing_m
    length = np.minimum(0.41 * np.maximum(wall, 0.25 * anatomy.spacing_m), parameters.own("mixing_length") * 1e-3)
    cells = jet_force(anatomy, nozzle, half_cone, force_n, density, parameters.own("jet_force_length") * 1e-3)
    force = [_on_faces(grid, field[box], axis) for axis, field in enumerate(cells)]
    flow = Flow(boundary, viscosity, mixing_length=length, force=(force[0], force[1], force[2]), dtype=np.float32)
    total, eddy, count, steps = [np.zeros(grid.padded_shape) for _ in range(3)], np.zeros(grid.padded_shape), 0, 0

    def after(current: Flow, _: FlowStep) -> bool:
        nonlocal count, steps
        steps += 1
        if steps % SAMPLE_EVERY == 0:
            progress(current.time / (SPIN_UP_S + MEAN_S))
            if current.time > SPIN_UP_S:
                for sum_, part in zip(total, current.fields, strict=True):
                    sum_ += part
                eddy.__iadd__(current.viscosity - current.base_viscosity)
                count += 1
        return False

    flow.run(SPIN_UP_S + MEAN_S, courant=0.8, longest_step=0.01, relative=0.1, after_step=after)
    u, v, w = (part / max(count, 1) for part in total)
    flow.fields = [part.astype(np.float32) for part in (u, v, w)]
    flow.make_divergence_free(1e-5)
    mean = flow.velocity()
    fastest = float(max(np.abs(part).max() for part in mean.components))
    near = wall < 0.75 * anatomy.spacing_m
    return Gas(boundary, mean, _turbulence(grid, eddy / max(count, 1), length, near, parameters), steps, fastest)


def _on_faces(grid: MaskedGrid, field: Array, axis: int) -> Array:
    """Mean of the two cells of each face, padded; both halves of a cell's force stay in the fluid where it has a neighbour."""
    padded = np.asarray(grid.pad(field), np.float64)
    return np.asarray(0.5 * (padded + np.roll(padded, 1, axis)), np.float64)


def _turbulence(grid: MaskedGrid, eddy: Array, length: Array, near: NDArray[np.bool_], parameters: Parameters) -> Turbulence:
    """Spread and memory by ``physics.turbulence``.

    Turbulence does not pass a wall: in the cells next to it (``near``) the spread is nil, or fine droplets would be thrown on it.
    """
    mixed = np.maximum(np.asarray(length, np.float64), 1e-5)
    least = 1e-4 * np.sqrt(1.5) * turbulence.FACTOR * mixed
    viscosity = np.maximum(grid.inner(eddy), least)
    spread = np.where(near, 1e-4, turbulence.spread(viscosity, mixed))
    memory = np.clip(turbulence.memory(viscosity, mixed, parameters.own("turbulence_constant")), 1e-3, 1.0)
    return Turbulence(extended(grid, np.where(grid.fluid, spread, 0.0)), extended(grid, np.where(grid.fluid, memory, 0.0)))
