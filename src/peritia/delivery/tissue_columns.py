"""Liquid on tissue: reservoirs of water and drug (films, a pool, a bath) over ``numerics.Columns`` that take both up.

    water       dV/dt = landing - u A, kept at ``capacity``; what exceeds it runs off into the last reservoir
    drug        d(V C)/dt = S - Q C - sum over its columns of A times the flux into the tissue

u is the seepage that pressure drives into tissue while the session lasts and the reservoir holds water; a film that has gone into the
tissue leaves its drug there, and its columns are closed on top. The liquid is eliminated exactly from each implicit step, so drug is
kept to rounding whatever the steps. ``c`` is mg/m3 of liquid equivalent (partition 1). Plasma enters with its value of the step before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.plasma import Blood
from peritia.delivery.tissue_bed import Bed
from peritia.delivery.totals import by_group
from peritia.numerics import Columns

Array = NDArray[np.float64]
CLOSED = 1e-30
"""Mass transfer coefficient of a surface without liquid, m/s."""


@dataclass(frozen=True)
class Drive:
    """What reaches the reservoirs over a step: ``landing`` liquid (m3/s) and ``source`` of drug (mg/s) of each."""

    landing: Array
    source: Array


@dataclass(frozen=True)
class Reservoirs:
    """Water of each reservoir at the start and the most it holds (m3); the last takes what the others cannot, without limit."""

    start: Array
    capacity: Array


@dataclass(frozen=True)
class Layout:
    """Columns: ``area`` (m2), their ``reservoir``, ``spread`` of diffusion over that of the bed (warmth).

    ``hour_dose_per_conc`` (m3/mg/s) turns concentration into the share of a lethal hour (0 where no IC50 is known).
    """

    area: Array
    reservoir: NDArray[np.int64]
    spread: Array
    hour_dose_per_conc: Array


@dataclass(frozen=True)
class Uptake:
    """What the columns did. Rows are columns, then depth cells; ``mg`` are amounts, times in seconds at the end of each step."""

    edges: Array
    time: Array
    reservoir_m3: Array
    reservoir_mg: Array
    reservoir_mg_per_m3: Array
    to_blood_mg_per_s: Array
    taken_up_mg_per_m2: Array
    profile_mg_per_m3: Array
    retained_mg_per_m3: Array
    exposure_mg_s_per_m3: Array
    hour_dose: Array
    liquid_mg_per_m2_s: Array
    given_mg: float
    in_liquid_mg: float
    in_tissue_mg: float
    in_cells_mg: float
    in_blood_mg: float
    drained_mg: float
    seeped_m3: float
    drained_m3: float

    @property
    def error(self) -> float:
        """Imbalance over what was given."""
        return abs(self.given_mg - self.in_liquid_mg - self.in_tissue_mg - self.in_cells_mg - self.in_blood_mg - self.drained_mg) / max(
            self.given_mg, 1e-300
        )


class Tissue:
    """Columns in two states, pressed from above by a wet session or rested, each a set of ``numerics.Columns``; changes in place."""

    def __init__(self, layout: Layout, pressed: Bed, rested: Bed) -> None:
        self.layout, self._beds = layout, (pressed, rested)
        count = len(layout.area)
        self.values = np.zeros((count, len(pressed.edges) - 1))
        self._wet, self._open = np.zeros(count, bool), np.zeros(count, bool)
        self._sets: list[tuple[NDArray[np.int64], Columns, Bed]] = []
        self.to_cells = np.zeros_like(self.values)
        self.width = np.diff(pressed.edges)

    def set_state(self, wet: NDArray[np.bool_], open_: NDArray[np.bool_]) -> None:
        """Which columns are pressed by water, and which have liquid above them at all."""
        if self._sets and np.array_equal(wet, self._wet) and np.array_equal(open_, self._open):
            return
        self._wet, self._open = wet.copy(), open_.copy()
        self._sets = []
        for mine, bed in ((wet, self._beds[0]), (~wet, self._beds[1])):
            chosen = np.flatnonzero(mine)
            if not len(chosen):
                continue
            film = np.where(open_[chosen], np.inf, CLOSED)
            columns = Columns(bed.profile, len(chosen), film=film, spread_scale=self.layout.spread[chosen], threads=False)
            columns.set_values(self.values[chosen])
            self._sets.append((chosen, columns, bed))

    def prepare(self, step: float, plasma: float) -> tuple[Array, Array]:
        """Flux into each column as ``a + g * liquid``."""
        a, g = np.empty(len(self.layout.area)), np.empty(len(self.layout.area))
        for chosen, columns, _ in self._sets:
            columns.set_reference(plasma)
            a[chosen], g[chosen] = columns.prepare(step)
        return a, g

    def finish(self, step: float, above: Array, plasma: float) -> float:
        """New values under the liquid's new ones; returns what blood took, net, in mg/s."""
        given = 0.0
        for chosen, columns, bed in self._sets:
            columns.finish(above[chosen])
            level = columns.values()
            self.values[chosen] = level
            self.to_cells[chosen] = level * bed.to_cells
            out = level @ ((bed.to_blood + bed.to_lymph) * self.width) - plasma * float(bed.from_blood @ self.width)
            given += float(out @ self.layout.area[chosen])
        return given


def soak(
    layout: Layout,
    pressed: Bed,
    rested: Bed,
    reservoirs: Reservoirs,
    drive: Callable[[float, float], Drive],
    steps: Array,
    *,
    session_s: float,
    drained: tuple[int, ...] = (),
    blood: Blood | None = None,
) -> Uptake:
    """Let the drug of the reservoirs into the tissue. ``drive(start, end)`` gives what reaches them in a step.

    At ``session_s`` the pressure goes and the reservoirs named in ``drained`` are emptied. ``profile`` and ``retained`` are as of that
    moment, exposures to the end.
    """
    tissue, count = Tissue(layout, pressed, rested), len(reservoirs.start)
    where, area = layout.reservoir, layout.area
    areas = by_group(where, area, count)
    volume, amount = reservoirs.start.copy(), np.zeros(count)
    shape = tissue.values.shape
    retained, exposure, dose = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    above, taken = np.zeros(len(area)), np.zeros(len(area))
    blood_total, given, poured, seeped, emptied = 0.0, 0.0, 0.0, 0.0, 0.0
    kept_volume, kept_amount, kept_conc, rate = list[Array](), list[Array](), list[Array](), list[float]()
    profile, profile_retained, taken_session = tissue.values, retained, taken
    now, during = 0.0, True
    for step in (float(one) for one in steps):
        end = now + step
        driven = drive(now, end)
        volume, runoff, water = _water(volume, driven.landing, areas * (pressed.seepage if during else 0.0), reservoirs.capacity, step)
        seeped += water
        held = (volume > 0) | (amount > 0) | (driven.source > 0)
        tissue.set_state(held[where] & during, held[where])
        plasma = 0.0 if blood is None else blood.free_mg_per_m3
        a, g = tissue.prepare(step, plasma)
        draw, back = by_group(where, area * g, count), -by_group(where, area * a, count)
        conc, amount = _reservoirs(amount, volume, driven.source, runoff, draw, back, step)
        level = conc[where]
        to_blood = tissue.finish(step, level, plasma)
        taken = taken + step * (a + g * level)
        retained = retained + step * tissue.to_cells
        given += float(driven.source.sum()) * step
        blood_total += to_blood * step
        rate.append(to_blood)
        if blood is not None:
            blood.step(step, to_blood)
        exposure += step * tissue.values
        dose += step * tissue.values * layout.hour_dose_per_conc[:, None]
        above += step * np.where((volume > 0)[where], level, tissue.values[:, 0])
        now = end
        if during and now >= session_s - 1e-6:
            profile, profile_retained, taken_session, during = tissue.values.copy(), retained.copy(), taken.copy(), False
            chosen = list(drained)
            poured, emptied = float(amount[chosen].sum()), float(volume[chosen].sum())
            amount[chosen], volume[chosen] = 0.0, 0.0
        kept_volume.append(volume.copy())
        kept_amount.append(amount.copy())
        kept_conc.append(conc)
    return Uptake(
        edges=pressed.edges,
        time=np.cumsum(steps),
        reservoir_m3=np.array(kept_volume),
        reservoir_mg=np.array(kept_amount),
        reservoir_mg_per_m3=np.array(kept_conc),
        to_blood_mg_per_s=np.array(rate),
        taken_up_mg_per_m2=taken_session,
        profile_mg_per_m3=profile,
        retained_mg_per_m3=profile_retained,
        exposure_mg_s_per_m3=exposure,
        hour_dose=dose,
        liquid_mg_per_m2_s=above,
        given_mg=given,
        in_liquid_mg=float(amount.sum()),
        in_tissue_mg=float(tissue.values @ tissue.width @ area),
        in_cells_mg=float(retained @ tissue.width @ area),
        in_blood_mg=blood_total,
        drained_mg=poured,
        seeped_m3=seeped,
        drained_m3=emptied,
    )


def _water(volume: Array, landing: Array, seeping: Array, capacity: Array, step: float) -> tuple[Array, Array, float]:
    """New volumes, run-off (m3/s) and what went into the tissue (m3). Seepage takes no more than there is."""
    there = volume + step * landing
    lost = np.where(there > 0, np.minimum(step * seeping, there), 0.0)
    left = there - lost
    over = np.maximum(left - capacity, 0.0)
    over[-1] = 0.0
    left = left - over
    left[-1] += float(over[:-1].sum())
    return left, over / step, float(lost.sum())


def _reservoirs(amount: Array, volume: Array, source: Array, runoff: Array, draw: Array, back: Array, step: float) -> tuple[Array, Array]:
    """New concentration and amount of each reservoir; what runs off arrives in the last one within the same step."""
    size = volume / step + runoff + draw
    load = amount / step + source + back
    conc = np.where(size > CLOSED, load / np.maximum(size, 1e-300), 0.0)
    if len(conc) > 1 and size[-1] > 0:
        conc[-1] = (load[-1] + float((runoff[:-1] * conc[:-1]).sum())) / size[-1]
    return conc, conc * volume


def steps_for(stages: tuple[tuple[float, float], ...]) -> Array:
    """Steps of ``(seconds, step)`` stages, each stage filled exactly."""
    parts = [np.full(max(1, round(length / step)), length / max(1, round(length / step))) for length, step in stages if length > 0]
    return np.concatenate(parts)
