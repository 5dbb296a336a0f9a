"""div grad phi = 0 in the gas;    phi = U at the electrode, 0 at the tissue;    E = -grad phi

The field of an electrode in the cavity. Tissue is a conductor (it is, against gas) and grounded.

phi potential (V), U voltage (V), E field (V/m). Space charge of ions and droplets is neglected: near a corona it flattens the field.
Solved on the masked grid; the field returned lives on cell faces, as the parcels want it.
Source: electrostatics. Theory page: docs/theory/electrostatics.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.numerics import BoundaryFaces, Dirichlet, MaskedGrid, MultigridSolver, Velocity, elliptic
from peritia.physics.quantity import Array, Number


@dataclass(frozen=True, eq=False)
class ElectricField:
    """``potential`` (V) by cell, unpadded; ``field`` (V/m) on faces, in the shape of a velocity."""

    potential: Array
    field: Velocity

    def strength(self) -> Array:
        """|E| by cell, V/m."""
        return np.linalg.norm(self.field.at_centres(), axis=-1)


def laplace_field(
    grid: MaskedGrid, electrode: BoundaryFaces, voltage: float, tissue: BoundaryFaces, distance: tuple[Number, Number] = (0.5, 0.5)
) -> ElectricField:
    """Solve; ``distance`` of electrode and tissue behind the cell centres, in spacings (0.5 is the face; true distances are better)."""
    fixed = (Dirichlet(electrode, voltage, distance[0]), Dirichlet(tissue, 0.0, distance[1]))
    phi = MultigridSolver(elliptic(grid, 1.0, fixed), threads=False).solve(grid.zeros(), relative=1e-8).values
    fluid = grid.padded_fluid
    parts = [
        np.where(fluid & np.roll(fluid, 1, axis), (np.roll(phi, 1, axis) - phi) / h, 0.0).astype(np.float64)
        for axis, h in enumerate(grid.spacing)
    ]
    for wall, value, gap in ((electrode, voltage, distance[0]), (tissue, 0.0, distance[1])):
        slope = (phi.ravel()[wall.cell] - value) / (gap * np.array(grid.spacing)[wall.axis]) * wall.sign
        for axis in range(3):
            mine = wall.axis == axis
            parts[axis].ravel()[wall.face[mine]] = slope[mine]
    return ElectricField(grid.inner(phi).astype(np.float64), Velocity(grid, parts[0], parts[1], parts[2]))
