"""PIPAC at field fidelity: the gas solved on the cavity's grid, droplets followed as parcels to the wall, the fine rest stirred and
settling.

Each parcel carries the same liquid volume. The gas is frozen at its mean; parcels meet drag, gravity, turbulence and, in the electrostatic
variant, the force on their saturation charge in the field of ``electrode``. What floats after ``FOLLOW_S`` is handed to the stirred gas
of ``aerosol``. Film, pool, tissue and blood are those of the fast fidelity.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.aerosol import Landing, Sizes, cone_rays, droplet_sizes, foot, momentum, nozzle_cone, stirred
from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.delivery import Balance, Delivery
from peritia.delivery.electrode import charge_per_mass, field_in, mean_field
from peritia.delivery.gas import Gas, blow, masked
from peritia.delivery.nearest import nearest_faces
from peritia.delivery.pipac_fast import NEGLECTED, finish
from peritia.delivery.plan import PipacPlan
from peritia.delivery.provenance import Parameters
from peritia.knowledge.device import Device
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.numerics import Velocity, boundary_faces
from peritia.numerics.parcels import Air, Cloud, advance, cloud, uniform_numbers
from peritia.physics.quantity import GRAVITY

Array = NDArray[np.float64]
PARCELS = 100_000
FOLLOW_S = 4.0
DRAWS = 2**41


def simulate_pipac_field(
    plan: PipacPlan,
    anatomy: Anatomy,
    nozzle: Placement,
    parameters: Parameters,
    progress: Callable[[str, float], None],
    parcels: int = PARCELS,
    electrode: Placement | None = None,
) -> Delivery:
    """One PIPAC session at field fidelity."""
    began = perf_counter()
    device = shipped("devices", plan.device, Device)
    half_cone = 0.5 * np.radians(nozzle_cone(device, parameters))
    strength = mean_field(plan, anatomy, parameters, electrode)
    sizes = droplet_sizes(device, parameters, field=strength)
    gas = blow(
        anatomy, nozzle, half_cone, momentum(plan, device, half_cone, parameters), parameters, lambda part: progress("gas", 0.7 * part)
    )
    progress("droplets", 0.7)
    electric = field_in(anatomy, strength, electrode) if plan.electrostatic else None
    flown, kind = _fly(plan, device, sizes, gas, electric, strength, nozzle, half_cone, parameters, parcels)
    progress("film and tissue", 0.92)
    landing, circle = _landing(plan, anatomy, nozzle, flown, kind, sizes, parameters, strength)
    stuck, left = int(flown.deposited.sum()), int(flown.floating.sum())
    numbers = {
        "inside_15_cm_percent": 100 * circle,
        "impacted_share": landing.impacted,
        "floating_share": landing.floating,
        "distance_to_wall_cm": 100 * landing.distance_m,
        "clearing_min": landing.clearing_s / 60,
        "fastest_gas_m_per_s": gas.fastest_m_per_s,
        "gas_steps": float(gas.steps),
    }
    balance = Balance(
        "parcels",
        "1",
        float(parcels),
        {"on the wall": float(stuck), "handed to settling": float(left)},
        abs(parcels - stuck - left) / parcels,
    )
    neglected = ("change of the gas flow after the nozzle stops, until it has settled", *NEGLECTED)
    made = finish(
        plan,
        anatomy,
        landing,
        parameters,
        numbers,
        fidelity="field",
        neglected=neglected,
        parcels=parcels,
        began=began,
        balances=(balance,),
    )
    progress("done", 1.0)
    return made


def _fly(
    plan: PipacPlan,
    device: Device,
    sizes: Sizes,
    gas: Gas,
    electric: Velocity | None,
    strength: float,
    nozzle: Placement,
    half_cone: float,
    parameters: Parameters,
    parcels: int,
) -> tuple[Cloud, NDArray[np.int64]]:
    """Parcels from the tip to where they land, and the size class of each."""
    kind = _stratified(sizes.share, parcels)
    order = np.argsort(uniform_numbers(parcels, plan.seed, DRAWS))
    rays = cone_rays(np.asarray(nozzle.direction), half_cone, parcels)[order]
    grid = gas.boundary.grid
    start = np.asarray(nozzle.tip_m) + rays * 0.25 * grid.finest
    carrier = shipped("tissues", "carbon-dioxide", Tissue).properties
    density = parameters.take("carbon_dioxide.density", carrier.get("density"))
    viscosity = parameters.take("carbon_dioxide.viscosity", carrier.get("viscosity")) / density
    with_speed = device if device.exit_speed is not None else shipped("devices", "capnopen", Device)
    speed = parameters.take("exit_speed", with_speed.exit_speed)
    charge = charge_per_mass(sizes, strength, parameters)[kind] if electric is not None else 0.0
    drops = cloud(start, rays * speed, sizes.tau[kind], reynolds_per_speed=sizes.diameter[kind] / viscosity, charge_per_mass=charge)
    air = Air(gas.boundary, gas.velocity, (0.0, -GRAVITY, 0.0), electric=electric, turbulence=gas.turbulence)
    return advance(drops, air, FOLLOW_S, seed=plan.seed), kind


def _stratified(share: Array, parcels: int) -> NDArray[np.int64]:
    """Size class of each parcel: as many of each as its share of the volume, the same each time."""
    found = np.searchsorted(np.cumsum(share), (np.arange(parcels) + 0.5) / parcels * float(share.sum()))
    return np.asarray(np.minimum(found, len(share) - 1), np.int64)


def _landing(
    plan: PipacPlan, anatomy: Anatomy, nozzle: Placement, flown: Cloud, kind: NDArray[np.int64], sizes: Sizes, parameters: Parameters,
    strength: float,
) -> tuple[Landing, float]:  # fmt: skip
    """Shares of the liquid on the true surface; and the share inside 15 cm around where the axis meets the wall."""
    surface = anatomy.surface
    each = 1.0 / len(flown)
    hit = flown.deposited
    places = _hit_places(anatomy, flown, hit)
    face = nearest_faces(surface.centre, surface.area, places, np.full(len(places), each)) if len(places) else np.zeros(len(surface.area))
    straight, distance = foot(anatomy, nozzle, 0.02)
    centre = surface.centre[int(np.argmax(straight))]
    circle = float((np.linalg.norm(places - centre, axis=1) < 0.075).sum() * each)
    up = np.asarray(np.bincount(kind[~hit], minlength=len(sizes.diameter)) * each, np.float64)
    settled, floating, clearing = stirred(plan, sizes.diameter, up, anatomy, parameters, strength)
    return Landing(face + settled, floating, float(hit.mean()), distance, clearing), circle


def _hit_places(anatomy: Anatomy, flown: Cloud, hit: NDArray[np.bool_]) -> Array:
    """Centre of the cell face through which each landed parcel left the gas."""
    grid, _ = masked(anatomy)
    faces = boundary_faces(grid)
    key = faces.cell * 6 + 2 * faces.axis.astype(np.int64) + (faces.sign > 0)
    order = np.argsort(key)
    wanted = flown.hit_cell[hit] * 6 + flown.hit_side[hit].astype(np.int64)
    return faces.centres(grid)[order[np.searchsorted(key[order], wanted)]]
