"""Elliptic equations on the masked grid: ``-div(k grad p) = s`` as ``sum_f a_f (p_c - p_n) + e_c p_c = b_c``.

Pressure, electric potential and Darcy flow are all of this form. ``Elliptic`` is the operator, ``MultigridSolver`` solves it.
Lengths are scaled by the finest spacing: ``a`` is 1 between two fluid cells of a uniform cubic grid with k = 1, and ``b`` is the
source times the spacing squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.numerics.boundary import BoundaryFaces
from peritia.numerics.grid import Field, MaskedGrid


@dataclass(frozen=True, eq=False)
class Dirichlet:
    """The solution is ``value`` at ``distance`` behind each fluid cell's centre, in spacings along the face normal.

    1 is the centre of the ghost cell, 0.5 the face itself. A true distance to a curved wall (from its signed distance) makes
    the method second order there: F. Gibou et al., J Comput Phys 2002;176:205 (recalled).
    """

    faces: BoundaryFaces
    value: float | NDArray[np.float64]
    distance: float | NDArray[np.float64] = 0.5


@dataclass(frozen=True, eq=False)
class Elliptic:
    """The operator. ``face[a]``: conductance of the low face along axis ``a``; ``anchor[a]``: conductance to fixed values.

    ``fixed`` is what the fixed values add to the right-hand side. Without any anchor the operator is ``singular``: its
    solution is free by a constant and the right-hand side must sum to zero.
    """

    grid: MaskedGrid
    face: tuple[Field, Field, Field]
    anchor: tuple[Field, Field, Field]
    fixed: Field

    @property
    def singular(self) -> bool:
        """Whether a constant can be added to any solution."""
        return not any(bool(part.any()) for part in self.anchor)

    def diagonal(self) -> Field:
        """Sum of all conductances of each fluid cell; zero elsewhere."""
        total = self.grid.zeros()
        for part in self.anchor:
            total += part
        for axis, part in enumerate(self.face):
            total += part + np.roll(part, -1, axis)
        total[~self.grid.padded_fluid] = 0.0
        return total


def elliptic(
    grid: MaskedGrid,
    conductivity: float | NDArray[np.float64] = 1.0,
    fixed: tuple[Dirichlet, ...] = (),
) -> Elliptic:
    """Build the operator; between cells of unlike ``conductivity`` the harmonic mean holds, walls are impermeable."""
    fluid = grid.padded_fluid
    k = grid.pad(conductivity, "conductivity")
    scale = [(grid.finest / h) ** 2 for h in grid.spacing]
    faces: list[Field] = []
    for axis in range(3):
        low, both = np.roll(k, 1, axis), fluid & np.roll(fluid, 1, axis)
        total = np.where(both, k + low, 1.0)
        faces.append(np.where(both, 2 * k * low / total * scale[axis], 0.0))
    anchors = [grid.zeros() for _ in range(3)]
    load = grid.zeros()
    for part in fixed:
        rows = part.faces
        conductance = k.ravel()[rows.cell] * np.array(scale)[rows.axis] / part.distance
        for axis in range(3):
            here = rows.axis == axis
            np.add.at(anchors[axis].ravel(), rows.cell[here], conductance[here])
        np.add.at(load.ravel(), rows.cell, conductance * part.value)
    return Elliptic(grid, (faces[0], faces[1], faces[2]), (anchors[0], anchors[1], anchors[2]), load)
