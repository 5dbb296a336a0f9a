"""HIPEC at field fidelity: the bath solved on the cavity's grid with buoyancy, heat carried and lost through the wall, a core that floats.

Catheters are cells within ``catheter_plume`` of the tip: they bring or take flow, and an inflow its momentum rho q v. Flow and heat run
together for ``FIRST_S``; then the flow is frozen, heat alone is carried, and every ``REFRESH_S`` both run together again for ``RUN_S``
(quasi-steady). After ``LEAP_AFTER_S`` the frozen bath is carried ``CHUNK_S`` of every ``LEAP_S`` only. Wall conductances are those of
``warmth``, on the true, folded area of each region and tissue, shared among the cells beside it. Drug, tissue and blood are those of the
fast fidelity, with the surface temperatures found here.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.anatomy import Anatomy, Placement
from peritia.delivery.anatomy import Tissue as Kind
from peritia.delivery.bath import wetted
from peritia.delivery.delivery import Balance, Delivery
from peritia.delivery.errors import PlanRefused
from peritia.delivery.gas import masked
from peritia.delivery.hipec_fast import NEGLECTED, finish, fold_of
from peritia.delivery.nearest import nearest_face
from peritia.delivery.plan import HipecPlan
from peritia.delivery.provenance import Parameters
from peritia.delivery.totals import by_group
from peritia.delivery.warmth import cem43, warmth
from peritia.delivery.zones import ZONES
from peritia.knowledge.shipped import shipped
from peritia.knowledge.tissue import Tissue
from peritia.numerics import PAD, Boundary, Exchange, Flow, MaskedGrid, Scalar, Source, Velocity, boundary_faces
from peritia.physics.quantity import GRAVITY

Array = NDArray[np.float64]
FIRST_S = 60.0
REFRESH_S = 600.0
RUN_S = 15.0
CHUNK_S = 15.0
LEAP_AFTER_S = 900.0
LEAP_S = 60.0
CLASSES = ZONES * len(Kind)
Tips = tuple[Placement, ...]


class Bath:
    """The bath in motion: flow, heat, blood. Changes in place; heat is counted in joules."""

    def __init__(self, plan: HipecPlan, anatomy: Anatomy, inflows: Tips, outflows: Tips, parameters: Parameters) -> None:
        self.plan, self.data = plan, warmth(parameters)
        self.grid = masked(anatomy)[0].require_connected()
        water = shipped("tissues", "perfusate", Tissue).properties
        density = parameters.take("perfusate.density", water.get("density"))
        self.heat = density * parameters.take("perfusate.heat_capacity", water.get("heat_capacity"))
        conductivity = parameters.take("perfusate.conductivity", water.get("conductivity"))
        eddy, reach = parameters.own("bath_eddy_viscosity"), parameters.own("catheter_plume") * 1e-3
        rate = plan.flow_ml_per_min / 6e7
        sources = [Source(near_cells(self.grid, one, reach), rate / len(inflows)) for one in inflows]
        sinks = [Source(near_cells(self.grid, one, reach), -rate / len(outflows)) for one in outflows]
        self.boundary = Boundary(self.grid, (*sources, *sinks))
        bore = np.pi / 4 * (parameters.own("catheter_bore") * 1e-3) ** 2
        lift = GRAVITY * parameters.take("perfusate.thermal_expansion", water.get("thermal_expansion"))
        start = plan.starting_core_c if plan.starting_bath_c is None else plan.starting_bath_c
        self.flow = Flow(
            self.boundary, eddy, force=_thrust(self.grid, inflows, sources, rate / len(inflows), bore), buoyancy=(0.0, lift, 0.0),
            reference_temperature=plan.inflow_temperature_c, dtype=np.float32, threads=False,
        )  # fmt: skip
        inflow = tuple(plan.inflow_temperature_c for _ in sources)
        self.scalar = Scalar(self.boundary, start, conductivity / self.heat + eddy, inflow=inflow, threads=False)
        self.sinks = np.concatenate([one.cells for one in sinks])
        self.area = wetted(anatomy, fold_of(anatomy, parameters))
        self.cell, self.kind, self.wall = _walls(anatomy, self.grid, self.area)
        self.surface = np.full((ZONES, len(Kind)), start)
        self.blood, self.body = plan.starting_core_c, parameters.own("body_heat_capacity") * plan.body.weight_kg
        self.lost, self.steps, self.shortest, self.longest = 0.0, 0, np.inf, 0.0
        self.dose, self.time = np.zeros((ZONES, len(Kind))), 0.0

    def advance(self, seconds: float, carried: float, frozen: Velocity | None) -> None:
        """Let so many seconds pass, of which the heat is carried for ``carried``: with a flow that runs (``frozen`` None), or a frozen
        one.
        """
        share, conductance = self._exchange()
        self.time += seconds
        until = self.scalar.time + carried
        if frozen is None:
            self._together(until)
        else:
            made = self.scalar.run(frozen, until, courant=0.5)
            self._count(carried / made, made)
        after = self.scalar.inner().ravel()[self.cell]
        through = float((conductance * (after - self.blood)).sum())
        self.lost += seconds * through
        self.blood += seconds * (through - self.plan.cooling_w) / self.body
        self._warm(after, share)
        self.dose += cem43(self.surface, seconds / 60)

    def _exchange(self) -> tuple[Array, Array]:
        """Conductances and blood temperature of now into the heat equation; the film's share, and W/K of each wall face."""
        tissue = self.data.tissue_conductance(self.surface)
        conductance = (1.0 / (1.0 / self.data.film + 1.0 / tissue)).ravel()[self.kind] * self.wall
        loss = by_group(self.cell, conductance, self.grid.fluid.size) / (self.heat * self.grid.cell_volume)
        shaped = loss.reshape(self.grid.shape)
        self.scalar.set_exchange(Exchange(shaped * self.blood, shaped))
        return np.asarray(self.data.film / (self.data.film + tissue), np.float64), conductance

    def _warm(self, temperature: Array, share: Array) -> None:
        """Surface temperature of each class from the liquid beside it."""
        area = by_group(self.kind, self.wall, CLASSES)
        mean = by_group(self.kind, self.wall * temperature, CLASSES) / np.where(area > 0, area, 1.0)
        level = np.where(area > 0, mean, self.blood).reshape(ZONES, len(Kind))
        self.surface = self.blood + (level - self.blood) * share

    def _together(self, until: float) -> None:
        while self.scalar.time < until - 1e-9:
            step = min(self.flow.stable_step(0.5), 0.25, until - self.scalar.time)
            self.flow.step(step, self.scalar.values.astype(np.float32), relative=0.05)
            velocity = self.flow.velocity()
            step = min(step, self.scalar.stable_step(velocity, 0.5))
            self.scalar.step(velocity, step)
            self._count(step, 1)

    def _count(self, step: float, made: int) -> None:
        self.steps += made
        self.shortest, self.longest = min(self.shortest, step), max(self.longest, step)

    @property
    def outflow_c(self) -> float:
        """Mean temperature of what the outflow catheters take."""
        return float(self.scalar.values.ravel()[self.sinks].mean())


def near_cells(grid: MaskedGrid, place: Placement, reach: float) -> NDArray[np.int64]:
    """Fluid cells within ``reach`` of a tip, padded index; at least the one that holds it."""
    axes = [grid.centres(axis) - tip for axis, tip in enumerate(place.tip_m)]
    distance = axes[0][:, None, None] ** 2 + axes[1][None, :, None] ** 2 + axes[2][None, None, :] ** 2
    near = grid.fluid & (distance <= max(reach, 0.9 * grid.finest) ** 2)
    if not near.any():
        raise PlanRefused("Found no open cell at a catheter's tip", "a tip in the cavity", "draw it back from the surface")
    return np.asarray(np.flatnonzero(grid.pad(near.astype(np.float64)).ravel() > 0.5), np.int64)


def _thrust(grid: MaskedGrid, tips: Tips, sources: list[Source], rate: float, bore_m2: float) -> tuple[Array, Array, Array]:
    """Force per mass (m/s2) of the jets on faces: q v shared by the cells of each inflow."""
    fields = [np.zeros(grid.padded_fluid.size) for _ in range(3)]
    for tip, source in zip(tips, sources, strict=True):
        push = rate * rate / bore_m2 / (len(source.cells) * grid.cell_volume)
        for axis, part in enumerate(tip.direction):
            fields[axis][source.cells] += push * part
    faced = [field.reshape(grid.padded_shape) for field in fields]
    x, y, z = (0.5 * (field + np.roll(field, 1, axis)) for axis, field in enumerate(faced))
    return x, y, z


def _walls(anatomy: Anatomy, grid: MaskedGrid, area: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Fluid cell (flat, unpadded), class and true area of every wall face; the area of a class is shared evenly among its faces."""
    faces = boundary_faces(grid)
    near = nearest_face(anatomy.surface.centre, faces.centres(grid))
    kind = anatomy.surface.region[near].astype(np.int64) * len(Kind) + anatomy.surface.tissue[near]
    count = by_group(kind, np.ones(len(kind)), CLASSES)
    place = np.stack(np.unravel_index(faces.cell, grid.padded_shape), axis=0) - PAD
    cell = np.asarray(np.ravel_multi_index(tuple(place), grid.shape), np.int64)
    # A class without a face of its own (a sliver) gives its area to all others, so that the whole stays the whole.
    held = np.where(count > 0, area.ravel(), 0.0)
    held *= area.sum() / held.sum()
    return cell, np.asarray(kind, np.int64), np.asarray(held[kind] / count[kind], np.float64)


def simulate_hipec_field(
    plan: HipecPlan, anatomy: Anatomy, inflows: Tips, outflows: Tips, parameters: Parameters, progress: Callable[[str, float], None]
) -> Delivery:
    """One HIPEC session at field fidelity."""
    began = perf_counter()
    bath = Bath(plan, anatomy, inflows, outflows, parameters)
    seconds = 60 * (plan.preheat_minutes + plan.minutes)
    rows, frozen = list[tuple[float, float, float, float]](), None
    surfaces, spread = list[Array](), list[tuple[float, float]]()
    while bath.time < seconds - 1e-6:
        now = bath.time
        running = now < FIRST_S or now % REFRESH_S < RUN_S
        if running:
            frozen = None
        elif frozen is None:
            bath.flow.make_divergence_free(1e-5)
            frozen = bath.flow.velocity()
        chunk = min(LEAP_S if frozen is not None and now >= LEAP_AFTER_S else CHUNK_S, seconds - now)
        bath.advance(chunk, min(chunk, CHUNK_S), frozen)
        rows.append((bath.time, bath.scalar.mean(), bath.outflow_c, bath.blood))
        if bath.time > 60 * plan.preheat_minutes:
            surfaces.append(bath.surface)
            values = bath.scalar.inner()[bath.grid.fluid]
            low, high = np.percentile(values, (5, 95))
            spread.append((float(low), float(high)))
        progress("bath", 0.9 * bath.time / seconds)
    return _result(plan, anatomy, parameters, bath, np.array(rows), np.mean(surfaces, axis=0), np.array(spread), began)


def _result(
    plan: HipecPlan, anatomy: Anatomy, parameters: Parameters, bath: Bath, rows: Array, surface: Array, spread: Array, began: float
) -> Delivery:
    minutes = rows[:, 0] / 60
    during = minutes > plan.preheat_minutes
    books, heat = bath.scalar.balance, bath.heat
    stored = heat * (books.stored - books.first)
    brought = stored + bath.lost
    total = bath.area.sum(axis=1)
    mean = float((surface * bath.area).sum() / bath.area.sum())
    zone_c = np.where(total > 0, (surface * bath.area).sum(axis=1) / np.where(total > 0, total, 1.0), mean)
    region, tissue = anatomy.surface.region, anatomy.surface.tissue
    numbers = {
        "bath_mean_c": float(rows[during, 1].mean()), "bath_end_c": float(rows[-1, 1]), "outflow_end_c": float(rows[-1, 2]),
        "coldest_twentieth_c": float(spread[:, 0].mean()), "warmest_twentieth_c": float(spread[:, 1].mean()),
        "core_peak_c": float(rows[:, 3].max()), "heat_loss_w": bath.lost / float(rows[-1, 0]), "bath_steps": float(bath.steps),
    }  # fmt: skip
    series: dict[str, Array] = {}
    for column, name in ((1, "bath_c"), (2, "outflow_c"), (3, "core_c")):
        series[name], series[f"{name}_min"] = rows[:, column].copy(), minutes
    parts = {"to the body": bath.lost / 1000, "warming of the bath": stored / 1000}
    balance = Balance("heat of the bath", "kJ", brought / 1000, parts, books.error)
    neglected = (
        "after a quarter of an hour the frozen bath is carried 15 s of each minute, then taken as steady: it follows the core late",
        "change of the flow between its refreshes every ten minutes",
        *NEGLECTED,
    )
    return finish(
        plan, anatomy, parameters, zone_area=total, zone_c=zone_c, column=region.astype(np.int64), temperature=surface[region, tissue],
        thermal_dose=bath.dose[region, tissue], series=series, numbers=numbers, balances=(balance,), fidelity="field", neglected=neglected,
        fold=fold_of(anatomy, parameters), began=began, steps=(float(bath.shortest), float(bath.longest)),
    )  # fmt: skip
