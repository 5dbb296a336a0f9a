"""Where the droplets of one spray land, in closed form: what the jet throws on the wall ahead, and what stays, is stirred and settles.

- sizes: the device's volume-weighted mixture of log-normal parts, or one part of its median with the CapnoPen's spread;
- jet: a round turbulent jet of momentum M = rho Q v (1 + cos(cone / 2)) / 2 reaches the wall at distance L with u = B sqrt(M / rho_gas)
  / L and
  half-width b = s L; of droplets with the Stokes number tau u / b the share of ``physics.impaction`` lands there, spread over what the cone
  sees (line of sight);
- the rest is stirred, joins (``physics.coagulation``) and lands on face e at the rate A_e (v_settle max(0, n_e . up) + v_electric) / V;
- electrostatic: saturation charge and drift of ``physics.charging`` in an even field, that of ``electrode``; like charges do not join.

What floats at the end of the hold is evacuated. SI units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.nearest import nearest_faces
from peritia.delivery.plan import PipacPlan
from peritia.delivery.provenance import Parameters
from peritia.knowledge.device import Device, SizeMode
from peritia.knowledge.figure import Figure
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.physics import charging, coagulation, drag, impaction, slip, terminal_speed, visibility
from peritia.physics.quantity import ZERO_CELSIUS

Array = NDArray[np.float64]
CLASSES = 48
RAYS = 40_000


@dataclass(frozen=True)
class Sizes:
    """Droplet classes: ``diameter`` m, ``share`` of the liquid volume, relaxation ``tau`` s, ``settling`` and electric ``drift`` m/s."""

    diameter: Array
    share: Array
    tau: Array
    settling: Array
    drift: Array


@dataclass(frozen=True)
class Landing:
    """Shares of the sprayed liquid: on each face, and floating at the end. ``impacted`` is the part thrown on by the jet."""

    face: Array
    floating: float
    impacted: float
    distance_m: float
    clearing_s: float


def droplet_sizes(device: Device, parameters: Parameters, *, field: float = 0.0) -> Sizes:
    """Droplet classes of a device in carbon dioxide at 37 C, charged in a ``field`` (V/m)."""
    modes = _modes(device, parameters)
    diameters, shares = zip(*(_classes(mode) for mode in modes), strict=True)
    diameter, share = np.concatenate(diameters), np.concatenate(shares)
    return classes(diameter, share, parameters, field=field)


def classes(diameter: Array, share: Array, parameters: Parameters, *, field: float = 0.0) -> Sizes:
    """Motion of droplets of these diameters (m)."""
    gas = shipped("tissues", "carbon-dioxide", Tissue).properties
    viscosity = parameters.take("carbon_dioxide.viscosity", gas.get("viscosity"))
    slip_factor = np.asarray(slip.cunningham(diameter, parameters.own("gas_mean_free_path") * 1e-6))
    tau = np.asarray(drag.relaxation_time(diameter, parameters.own("aerosol_density"), viscosity, slip_factor))
    per_speed = diameter * parameters.take("carbon_dioxide.density", gas.get("density")) / viscosity
    settling = terminal_speed.terminal_speed(tau, per_speed)
    drift = np.zeros_like(tau)
    if field > 0:
        charge = charging.saturation_charge(diameter, field, parameters.own("permittivity_ratio"))
        drift = np.asarray(charging.drift_speed(charge, field, diameter, viscosity, slip_factor))
    return Sizes(diameter, share, tau, settling, drift)


def _modes(device: Device, parameters: Parameters) -> tuple[SizeMode, ...]:
    if device.size_distribution is not None:
        found, scale = device.size_distribution, 1.0
        source = found.source
    else:
        found = shipped("devices", "capnopen", Device).size_distribution
        assert found is not None
        median = parameters.optional(f"{device.id}.volume_median", device.droplets[0].volume_median if device.droplets else None)
        source, scale = found.source, 1.0 if median is None else median / found.modes[0].median_um
    coarse, fine = found.modes[0], found.modes[-1]
    figure = Figure(
        value=coarse.median_um * scale,
        low=22.0 * scale,
        high=32.0 * scale,
        unit="um",
        source=source,
        status=found.status,
        basis="fitted",
        note=found.note,
    )
    share = Figure(
        value=fine.volume_share,
        low=0.5 * fine.volume_share,
        high=2 * fine.volume_share,
        unit="1",
        source=source,
        status=found.status,
        basis="fitted",
    )
    median_um = parameters.take(f"{device.id}.coarse_median", figure)
    small = parameters.take(f"{device.id}.fine_share", share)
    return (
        SizeMode(volume_share=1 - small, median_um=median_um, geometric_sd=coarse.geometric_sd),
        SizeMode(volume_share=small, median_um=fine.median_um, geometric_sd=fine.geometric_sd),
    )


def _classes(mode: SizeMode) -> tuple[Array, Array]:
    """Equal steps of the normal deviate over four standard deviations each way."""
    deviate = np.linspace(-4, 4, CLASSES)
    weight = np.exp(-0.5 * deviate**2)
    return mode.median_um * 1e-6 * mode.geometric_sd**deviate, mode.volume_share * weight / weight.sum()


def land(plan: PipacPlan, device: Device, anatomy: Anatomy, nozzle: Placement, parameters: Parameters, field: float = 0.0) -> Landing:
    """Shares of the liquid on each face of the anatomy; ``field`` is the mean electric field, V/m."""
    sizes = droplet_sizes(device, parameters, field=field)
    half_cone = 0.5 * np.radians(nozzle_cone(device, parameters))
    hit, distance = foot(anatomy, nozzle, half_cone * parameters.own("deposition_spread"))
    stokes = stokes_at(plan, device, sizes, half_cone, distance, parameters)
    thrown = np.asarray(impaction.collected_share(stokes, parameters.own("stokes_cut"), parameters.own("impaction_steepness")))
    impacted = float(sizes.share @ thrown)
    settled, floating, clearing = stirred(plan, sizes.diameter, sizes.share * (1 - thrown), anatomy, parameters, field)
    return Landing(hit * impacted + settled, floating, impacted, distance, clearing)


def stirred(
    plan: PipacPlan, diameter: Array, share: Array, anatomy: Anatomy, parameters: Parameters, field: float = 0.0
) -> tuple[Array, float, float]:
    """What the jet does not throw: share of the liquid on each face, floating at the end of the hold, seconds until it has cleared.

    ``share`` of all the liquid is in droplets of ``diameter``; it joins the gas evenly while the nozzle runs.
    """
    own = coagulation.doubling_diameters(0.4e-6, 160e-6)
    at = np.clip(np.rint(3 * np.log2(diameter / own[0])).astype(int), 0, len(own) - 1)
    entering = np.bincount(at, share, minlength=len(own)) / plan.spray_seconds
    motion = classes(own, np.zeros(len(own)), parameters, field=field)
    surface = anatomy.surface
    ways = np.stack([surface.area * np.clip(surface.normal[:, 1], 0.0, None), surface.area])
    rates = np.stack([motion.settling, motion.drift]) * (ways.sum(axis=1) / anatomy.volume_m3)[:, None]
    dense = plan.liquid_ml * 1e-6 / anatomy.volume_m3
    droplets = coagulation.Suspension(own, np.zeros((len(own), len(own))) if field > 0 else dense * _meeting(own, motion, parameters))
    landed, loss, none = np.zeros(2), rates.sum(axis=0), np.zeros(len(own))
    shares = np.divide(rates, loss, out=np.zeros_like(rates), where=loss > 0)
    for step in _even(plan.spray_seconds):
        landed += shares @ droplets.step(step, entering, loss)
    path, passed, cleared, hold = parameters.own("sight_path") * 1e-2, 0.0, 0.0, _growing(60 * plan.hold_minutes)

    def shows() -> bool:
        return visibility.seen(visibility.optical_depth(dense * droplets.liquid, own, path))

    for step in hold:
        landed += shares @ droplets.step(step, none, loss)
        passed += step
        cleared = passed if shows() else cleared
    floating = float(droplets.liquid.sum())
    while shows() and passed < LONGEST_S:
        droplets.step(30.0, none, loss)
        passed = cleared = passed + 30.0
    return np.asarray((landed / ways.sum(axis=1)) @ ways, np.float64), floating, cleared


LONGEST_S = 6 * 3600.0
"""How long after the hold the clearing of an aerosol is followed."""


def _meeting(own: Array, motion: Sizes, parameters: Parameters) -> Array:
    """Rate at which droplets of two sizes meet, m3/s."""
    viscosity = parameters.take("carbon_dioxide.viscosity", shipped("tissues", "carbon-dioxide", Tissue).properties.get("viscosity"))
    one, other = np.meshgrid(own, own, indexing="ij")
    factor = np.asarray(slip.cunningham(own, parameters.own("gas_mean_free_path") * 1e-6))
    thermal = coagulation.brownian(one, other, viscosity, ZERO_CELSIUS + 37.0, (factor[:, None], factor[None, :]))
    return thermal + coagulation.gravitational(one, other, (motion.settling[:, None], motion.settling[None, :]))


def _even(seconds: float) -> list[float]:
    count = max(1, round(seconds / 2.0))
    return [seconds / count] * count


def _growing(seconds: float) -> list[float]:
    """Steps from about a fifth of a second, each 6 % longer."""
    count = max(1, int(np.ceil(np.log(1 + 0.06 * seconds / 0.2) / np.log(1.06))))
    steps = 1.06 ** np.arange(count)
    return [float(step) for step in steps * seconds / steps.sum()]


def stokes_at(plan: PipacPlan, device: Device, sizes: Sizes, half_cone: float, distance: float, parameters: Parameters) -> Array:
    """Stokes number tau u / b of each class where the jet reaches the wall."""
    force = momentum(plan, device, half_cone, parameters)
    gas = parameters.take("carbon_dioxide.density", shipped("tissues", "carbon-dioxide", Tissue).properties.get("density"))
    speed = parameters.own("jet_decay") * np.sqrt(force / gas) / distance
    return np.asarray(impaction.stokes_number(sizes.tau, speed, parameters.own("jet_spreading") * distance))


def momentum(plan: PipacPlan, device: Device, half_cone: float, parameters: Parameters) -> float:
    """Forward momentum that the liquid brings in a second, N. A device without an exit speed takes the CapnoPen's."""
    with_speed = device if device.exit_speed is not None else shipped("devices", "capnopen", Device)
    speed = parameters.take("exit_speed", with_speed.exit_speed)
    return parameters.own("aerosol_density") * plan.flow_ml_per_min / 6e7 * speed * 0.5 * (1 + np.cos(half_cone))


def nozzle_cone(device: Device, parameters: Parameters) -> float:
    """Full angle of the cone, degrees. A device without one takes the CapnoPen's."""
    with_cone = device if device.cone is not None else shipped("devices", "capnopen", Device)
    return parameters.take(f"{with_cone.id}.cone", with_cone.cone)


def foot(anatomy: Anatomy, nozzle: Placement, half_cone: float) -> tuple[Array, float]:
    """Share of what flies straight out of the cone that lands on each face, and the distance to the wall along the axis, m."""
    axis = np.asarray(nozzle.direction)
    rays = cone_rays(axis, min(half_cone, 0.999 * np.pi), RAYS)
    ends = cast(anatomy, np.asarray(nozzle.tip_m), np.vstack([axis, rays]))
    distance = max(float(np.linalg.norm(ends[0] - np.asarray(nozzle.tip_m))), anatomy.spacing_m)
    return nearest_faces(anatomy.surface.centre, anatomy.surface.area, ends[1:]), distance


def cone_rays(axis: Array, half_cone: float, count: int) -> Array:
    """Directions that fill a cone evenly by solid angle (Fibonacci lattice): the same each time."""
    index = np.arange(count) + 0.5
    cosine = 1 - (1 - np.cos(half_cone)) * index / count
    turn = np.pi * (1 + np.sqrt(5)) * index
    sine = np.sqrt(1 - cosine**2)
    side = np.cross(axis, np.array([1.0, 0.0, 0.0]) if abs(axis[0]) < 0.9 else np.array([0.0, 1.0, 0.0]))
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    return cosine[:, None] * axis + (sine * np.cos(turn))[:, None] * side + (sine * np.sin(turn))[:, None] * other


def cast(anatomy: Anatomy, tip: Array, rays: Array) -> Array:
    """End of each ray: the last point in the open cavity, in steps of a third of a voxel."""
    step = anatomy.spacing_m / 3
    shape = np.asarray(anatomy.open.shape)
    point = np.repeat(tip[None, :], len(rays), axis=0)
    flying = np.arange(len(rays))
    for _ in range(int(3 * shape.sum())):
        ahead = point[flying] + rays[flying] * step
        index = np.rint((ahead - np.asarray(anatomy.origin_m)) / anatomy.spacing_m).astype(int)
        inside = np.all((index >= 0) & (index < shape), axis=1)
        index[~inside] = 0
        free = inside & anatomy.open[index[:, 0], index[:, 1], index[:, 2]]
        point[flying[free]] = ahead[free]
        flying = flying[free]
        if not len(flying):
            break
    return point
