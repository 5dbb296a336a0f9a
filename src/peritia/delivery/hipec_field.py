"""HIPEC at field fidelity: the bath solved on the cavity's grid with buoyancy, heat carried and lost through the wall, a core that floats.

Catheters are cells within ``catheter_plume`` of the tip: they bring or take flow, and an inflow its momentum rho q v. A ``Schedule`` says
when the flow runs. Quasi-steady: flow and heat run together first, then the flow, averaged over the last half of its run, is frozen and
heat is carried through it in long implicit steps; when the pattern of temperature that drives the flow (its change, less its mean) has
moved by ``refresh_k``, or ``refresh_s`` have gone, both run together again. Transient: both run together throughout. The flow is in single
precision, heat in double, as the excess over the inflow temperature. Wall conductances are those of ``warmth``, on the true, folded area of
each region and tissue, shared among the cells beside it. Drug, tissue and blood are those of the fast fidelity, with the surface
temperatures found here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from peritia.numerics import PAD, Boundary, Exchange, Flow, ImplicitTransport, MaskedGrid, Scalar, Source, boundary_faces
from peritia.numerics.grid import Field
from peritia.physics.quantity import GRAVITY

Array = NDArray[np.float64]
CLASSES = ZONES * len(Kind)
Tips = tuple[Placement, ...]


@dataclass(frozen=True)
class Schedule:
    """When the flow runs: ``first_s`` at the start, ``run_s`` whenever the temperature pattern has changed by ``refresh_k`` (K, root mean
    square) or ``refresh_s`` have gone; between, heat alone in steps that grow from ``shortest_s`` to ``longest_s``.
    """

    first_s: float = 20.0
    run_s: float = 5.0
    refresh_s: float = 900.0
    refresh_k: float = 0.3
    shortest_s: float = 5.0
    longest_s: float = 30.0
    growth: float = 0.05


QUASI_STEADY = Schedule()
TRANSIENT = Schedule(first_s=np.inf, longest_s=5.0)
SAMPLE_EVERY, COURANT, HEAT_STEPS = 4, 0.75, 2
RELATIVE = 1e-4
LONGEST_RUN_S = 5.0


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
            dtype=np.float32,
        )  # fmt: skip
        self.reference = plan.inflow_temperature_c
        inflow = tuple(0.0 for _ in sources)
        self.scalar = Scalar(self.boundary, start - self.reference, conductivity / self.heat + eddy, inflow=inflow)
        self.carrier: ImplicitTransport | None = None
        self.pattern, self.run_at, self.runs = self._pattern(), 0.0, 0
        self.sinks = np.concatenate([one.cells for one in sinks])
        self.area = wetted(anatomy, fold_of(anatomy, parameters))
        self.cell, self.kind, self.wall = _walls(anatomy, self.grid, self.area)
        self.surface = np.full((ZONES, len(Kind)), start)
        self.blood, self.body = plan.starting_core_c, parameters.own("body_heat_capacity") * plan.body.weight_kg
        self.lost, self.steps, self.shortest, self.longest = 0.0, 0, np.inf, 0.0
        self.dose, self.time = np.zeros((ZONES, len(Kind))), 0.0

    def advance(self, seconds: float, *, running: bool) -> None:
        """Let so many seconds pass, with a flow that runs or stands frozen."""
        share, conductance = self._exchange()
        self.time += seconds
        if running:
            self._together(seconds)
        else:
            if self.carrier is None:
                self.carrier = ImplicitTransport(self.scalar, self.flow.velocity())
            self.carrier.step(seconds, relative=RELATIVE)
            self._count(seconds)
        after = self.level_c().ravel()[self.cell]
        through = float((conductance * (after - self.blood)).sum())
        self.lost += seconds * through
        self.blood += seconds * (through - self.plan.cooling_w) / self.body
        self._warm(after, share)
        self.dose += cem43(self.surface, seconds / 60)

    def level_c(self) -> Array:
        """Temperature by cell."""
        return self.scalar.inner() + self.reference

    def _pattern(self) -> Array:
        values = self.scalar.values[self.grid.padded_fluid].astype(np.float64)
        return values - values.mean()

    def due(self, schedule: Schedule) -> bool:
        """Whether the flow is to run again."""
        changed = float(np.sqrt(np.mean((self._pattern() - self.pattern) ** 2)))
        return changed > schedule.refresh_k or self.time >= self.run_at + schedule.refresh_s

    def _exchange(self) -> tuple[Array, Array]:
        """Conductances and blood temperature of now into the heat equation; the film's share, and W/K of each wall face."""
        tissue = self.data.tissue_conductance(self.surface)
        conductance = (1.0 / (1.0 / self.data.film + 1.0 / tissue)).ravel()[self.kind] * self.wall
        loss = by_group(self.cell, conductance, self.grid.fluid.size) / (self.heat * self.grid.cell_volume)
        shaped = loss.reshape(self.grid.shape)
        self.scalar.set_exchange(Exchange(shaped * (self.blood - self.reference), shaped))
        return np.asarray(self.data.film / (self.data.film + tissue), np.float64), conductance

    def _warm(self, temperature: Array, share: Array) -> None:
        """Surface temperature of each class from the liquid beside it."""
        area = by_group(self.kind, self.wall, CLASSES)
        mean = by_group(self.kind, self.wall * temperature, CLASSES) / np.where(area > 0, area, 1.0)
        level = np.where(area > 0, mean, self.blood).reshape(ZONES, len(Kind))
        self.surface = self.blood + (level - self.blood) * share

    def _together(self, seconds: float) -> None:
        """Both run; the flow that stands at the end is the mean over the second half."""
        until, count, made, warm = self.scalar.time + seconds, 0, 0, self.grid.zeros(np.float32)
        total: list[Field] = [np.zeros_like(part) for part in self.flow.fields]
        while self.scalar.time < until - 1e-9:
            now = min(self.flow.stable_step(COURANT), 0.25, until - self.scalar.time)
            if made % SAMPLE_EVERY == 0:
                warm = self.scalar.values.astype(np.float32)
                if self.scalar.time > until - 0.5 * seconds:
                    for sum_, part in zip(total, self.flow.fields, strict=True):
                        sum_ += part
                    count += 1
            self.flow.step(now, warm, relative=0.1)
            u, v, w = self.flow.fields
            for _ in range(HEAT_STEPS):  # the scheme of heat bears half the Courant number of the flow's
                self.scalar.step((u, v, w), now / HEAT_STEPS)
            self._count(now)
            made += 1
        self.mean: list[Field] = [part / np.float32(count) for part in total] if count else [part.copy() for part in self.flow.fields]

    def freeze(self) -> None:
        """Take the mean flow of the last run, free of divergence, for heat to be carried through."""
        self.flow.fields = self.mean
        self.flow.make_divergence_free(1e-5)
        self.carrier, self.pattern, self.run_at = None, self._pattern(), self.time
        self.runs += 1

    def _count(self, step: float) -> None:
        self.steps += 1
        self.shortest, self.longest = min(self.shortest, step), max(self.longest, step)

    @property
    def outflow_c(self) -> float:
        """Mean temperature of what the outflow catheters take."""
        return float(self.scalar.values.ravel()[self.sinks].mean(dtype=np.float64)) + self.reference


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
    plan: HipecPlan,
    anatomy: Anatomy,
    inflows: Tips,
    outflows: Tips,
    parameters: Parameters,
    progress: Callable[[str, float], None],
    schedule: Schedule = QUASI_STEADY,
) -> Delivery:
    """One HIPEC session at field fidelity."""
    began = perf_counter()
    bath = Bath(plan, anatomy, inflows, outflows, parameters)
    seconds = 60 * (plan.preheat_minutes + plan.minutes)
    rows = list[tuple[float, float, float, float]]()
    surfaces, spread, weights = list[Array](), list[tuple[float, float]](), list[float]()
    run_until = schedule.first_s
    while bath.time < seconds - 1e-6:
        running, left = bath.time < run_until, seconds - bath.time
        if running:
            chunk = min(LONGEST_RUN_S, run_until - bath.time, left)
        else:
            grown = schedule.shortest_s + schedule.growth * (bath.time - bath.run_at)
            chunk = min(grown, schedule.longest_s, left)
        bath.advance(chunk, running=running)
        if running and bath.time >= run_until - 1e-6:
            bath.freeze()
        elif not running and bath.due(schedule):
            run_until = bath.time + schedule.run_s
        rows.append((bath.time, bath.scalar.mean() + bath.reference, bath.outflow_c, bath.blood))
        if bath.time > 60 * plan.preheat_minutes:
            surfaces.append(bath.surface)
            low, high = np.percentile(bath.level_c()[bath.grid.fluid], (5, 95))
            spread.append((float(low), float(high)))
            weights.append(chunk)
        progress("bath", 0.9 * bath.time / seconds)
    surface = np.average(np.array(surfaces), axis=0, weights=weights)
    return _result(plan, anatomy, parameters, bath, np.array(rows), surface, np.average(np.array(spread), axis=0, weights=weights), began)


def _result(
    plan: HipecPlan, anatomy: Anatomy, parameters: Parameters, bath: Bath, rows: Array, surface: Array, spread: Array, began: float
) -> Delivery:
    minutes = rows[:, 0] / 60
    during = minutes > plan.preheat_minutes
    books, heat = bath.scalar.balance, bath.heat
    weight = np.diff(rows[:, 0], prepend=0.0) * during
    stored = heat * (books.stored - books.first)
    brought = stored + bath.lost
    total = bath.area.sum(axis=1)
    mean = float((surface * bath.area).sum() / bath.area.sum())
    zone_c = np.where(total > 0, (surface * bath.area).sum(axis=1) / np.where(total > 0, total, 1.0), mean)
    region, tissue = anatomy.surface.region, anatomy.surface.tissue
    numbers = {
        "bath_mean_c": float(np.average(rows[:, 1], weights=weight)), "bath_end_c": float(rows[-1, 1]), "outflow_end_c": float(rows[-1, 2]),
        "coldest_twentieth_c": float(spread[0]), "warmest_twentieth_c": float(spread[1]),
        "core_peak_c": float(rows[:, 3].max()), "heat_loss_w": bath.lost / float(rows[-1, 0]), "bath_steps": float(bath.steps),
        "flow_runs": float(bath.runs),
    }  # fmt: skip
    series: dict[str, Array] = {}
    for column, name in ((1, "bath_c"), (2, "outflow_c"), (3, "core_c")):
        series[name], series[f"{name}_min"] = rows[:, column].copy(), minutes
    parts = {"to the body": bath.lost / 1000, "warming of the bath": stored / 1000}
    balance = Balance("heat of the bath", "kJ", brought / 1000, parts, books.error)
    neglected = (
        "change of the flow until the pattern of temperature has moved by 0.3 K; the flow then runs again for 5 s",
        *NEGLECTED,
    )
    return finish(
        plan, anatomy, parameters, zone_area=total, zone_c=zone_c, column=region.astype(np.int64), temperature=surface[region, tissue],
        thermal_dose=bath.dose[region, tissue], series=series, numbers=numbers, balances=(balance,), fidelity="field", neglected=neglected,
        fold=fold_of(anatomy, parameters), began=began, steps=(float(bath.shortest), float(bath.longest)),
    )  # fmt: skip
