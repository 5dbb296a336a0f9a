"""The electric field of a corona electrode in the cavity, for charged droplets.

The electrode stands where the plan puts it, else where the cavity has most room. Its mean field follows from voltage, current limit and the
mean distance to the tissue (``physics.corona``); direction and unevenness come from Laplace's equation with grounded tissue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.aerosol import Sizes, cast, cone_rays
from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.anatomy.distance import distance_inside
from peritia.delivery.gas import masked
from peritia.delivery.plan import PipacPlan
from peritia.delivery.provenance import Parameters
from peritia.knowledge.device import Device
from peritia.knowledge.figure import Figure
from peritia.knowledge.shipped import shipped
from peritia.numerics import MaskedGrid, Velocity, boundary_faces
from peritia.physics import corona
from peritia.physics.charging import saturation_charge
from peritia.physics.electric_field import laplace_field

Array = NDArray[np.float64]
DEVICE = "ultravision"
RAYS = 4000


def electrode_tip(anatomy: Anatomy, placed: Placement | None) -> Array:
    """Where the electrode ends, m: as placed, else the point with most room around it."""
    if placed is not None:
        return np.asarray(placed.tip_m, np.float64)
    room = distance_inside(anatomy.open, anatomy.spacing_m)
    at = np.array(np.unravel_index(int(np.argmax(room)), room.shape))
    return np.asarray(np.asarray(anatomy.origin_m) + at * anatomy.spacing_m, np.float64)


def mean_field(plan: PipacPlan, anatomy: Anatomy, parameters: Parameters, placed: Placement | None) -> float:
    """Mean field in the cavity, V/m; 0 without an electrode. Written down as ``electric_field``, so that a run may vary it."""
    if not plan.electrostatic:
        return 0.0
    device = shipped("devices", DEVICE, Device)
    volts = 1e3 * plan.voltage_kv if plan.voltage_kv is not None else 1e3 * parameters.take("electrode_voltage", device.voltage)
    most = np.inf if device.current is None or device.current.high is None else 1e-6 * device.current.high
    tip = electrode_tip(anatomy, placed)
    ends = cast(anatomy, tip, cone_rays(np.array([0.0, 1.0, 0.0]), 0.9999 * np.pi, RAYS))
    distance = float(np.linalg.norm(ends - tip, axis=1).mean())
    strength = float(corona.mean_field(volts, distance, parameters.own("ion_mobility") * 1e-4, most))
    note = f"{volts / 1e3:g} kV over {100 * distance:.1f} cm to the tissue on average; at most {1e6 * most:g} uA."
    source = ("epipac-first-in-human", "co2-ion-mobility-2016")
    figure = Figure(value=strength, low=0.5 * strength, high=1.5 * strength, unit="V/m", source=source, basis="computed", note=note)
    return parameters.take("electric_field", figure)


def field_in(anatomy: Anatomy, mean: float, placed: Placement | None = None) -> Velocity:
    """The field (V/m) on the faces of the cavity's grid, of this mean."""
    grid, _ = masked(anatomy)
    tip = electrode_tip(anatomy, placed)
    i, j, k = np.clip(np.rint((tip - np.asarray(grid.origin)) / grid.finest - 0.5).astype(int), 0, np.array(grid.fluid.shape) - 1)
    fluid = grid.fluid.copy()
    fluid[i, j, k] = False
    hollow = MaskedGrid(fluid, grid.spacing, grid.origin)
    faces = boundary_faces(hollow)
    at = np.asarray(hollow.origin) + (np.array([i, j, k]) + 0.5) * hollow.finest
    electrode = np.linalg.norm(faces.centres(hollow) - at, axis=1) < 0.6 * hollow.finest
    found = laplace_field(hollow, faces.where(electrode), 1.0, faces.where(~electrode))
    scale = mean / float(found.strength()[hollow.fluid].mean())
    u, v, w = (scale * np.asarray(part, np.float64) for part in found.field.components)
    return Velocity(grid, u, v, w)


def charge_per_mass(sizes: Sizes, field: float, parameters: Parameters) -> Array:
    """Saturation charge over mass of each size class, C/kg."""
    charge = np.asarray(saturation_charge(sizes.diameter, field, parameters.own("permittivity_ratio")))
    return np.asarray(charge / (parameters.own("aerosol_density") * np.pi / 6 * sizes.diameter**3), np.float64)
