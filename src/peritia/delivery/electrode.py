"""The electric field of a corona electrode in the cavity, for charged droplets.

The electrode stands where the cavity has most room (its place is not in the plan). Its potential is scaled so that the mean field is
``electric_field``: the direction and the unevenness come from Laplace's equation with grounded tissue, the size from the parameter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.aerosol import Sizes
from peritia.delivery.anatomy import Anatomy
from peritia.delivery.anatomy.distance import distance_inside
from peritia.delivery.gas import masked
from peritia.delivery.provenance import Parameters
from peritia.numerics import MaskedGrid, Velocity, boundary_faces
from peritia.physics.charging import saturation_charge
from peritia.physics.electric_field import laplace_field

Array = NDArray[np.float64]


def field_in(anatomy: Anatomy, parameters: Parameters) -> Velocity:
    """The field (V/m) on the faces of the cavity's grid."""
    grid, box = masked(anatomy)
    room = distance_inside(anatomy.open, anatomy.spacing_m)[box]
    i, j, k = np.unravel_index(int(np.argmax(room)), room.shape)
    fluid = grid.fluid.copy()
    fluid[i, j, k] = False
    hollow = MaskedGrid(fluid, grid.spacing, grid.origin)
    faces = boundary_faces(hollow)
    at = np.asarray(hollow.origin) + (np.array([i, j, k]) + 0.5) * hollow.finest
    electrode = np.linalg.norm(faces.centres(hollow) - at, axis=1) < 0.6 * hollow.finest
    found = laplace_field(hollow, faces.where(electrode), 1.0, faces.where(~electrode))
    scale = parameters.own("electric_field") / float(found.strength()[hollow.fluid].mean())
    u, v, w = (scale * np.asarray(part, np.float64) for part in found.field.components)
    return Velocity(grid, u, v, w)


def charge_per_mass(sizes: Sizes, parameters: Parameters) -> Array:
    """Saturation charge over mass of each size class, C/kg."""
    charge = np.asarray(saturation_charge(sizes.diameter, parameters.own("electric_field"), parameters.own("permittivity_ratio")))
    return np.asarray(charge / (parameters.own("aerosol_density") * np.pi / 6 * sizes.diameter**3), np.float64)
