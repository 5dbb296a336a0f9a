"""Liquid on tissue: reservoirs of drug (films, a pool, a bath) over columns of tissue that it diffuses into and is lost from.

    tissue      dc/dt = d/dx (D dc/dx) - k c,      c(0) = C of the liquid above
    reservoir   d(V C)/dt = S - Q C - sum over its columns of A D (C - c)/x at the surface

Fully implicit (first order in time), finite volumes graded in depth. The tissue step is one matrix per diffusion and time-step, made
once; the liquid is then eliminated exactly, so drug is kept to rounding whatever the steps. ``D`` m2/s, ``k`` 1/s, ``V`` m3, ``A`` m2,
``S`` mg/s, ``Q``
m3/s run off into the last reservoir, ``c`` mg/m3 of liquid equivalent (partition 1). Films that stay empty hold nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.delivery.totals import by_group

Array = NDArray[np.float64]
FIRST_CELL_M = 1.0e-5
GROWTH = 1.05


def depth_edges(depth_m: float) -> Array:
    """Cell edges from the surface to ``depth_m``, each cell ``GROWTH`` times the one above it."""
    count = int(np.ceil(np.log(1 + (GROWTH - 1) * depth_m / FIRST_CELL_M) / np.log(GROWTH)))
    edges = FIRST_CELL_M * (GROWTH ** np.arange(count + 1) - 1) / (GROWTH - 1)
    return edges * (depth_m / edges[-1])


@dataclass(frozen=True)
class Liquid:
    """The liquid at one moment: volume (m3), source (mg/s) and run-off (m3/s) of each reservoir over the step that ends there."""

    volume: Array
    source: Array
    runoff: Array


@dataclass(frozen=True)
class Layout:
    """Columns ``area`` (m2), their ``reservoir``, diffusion (m2/s) and loss (1/s); ``retained`` is the share of what is lost that stays
    in cells.

    ``hour_dose_per_conc`` (m3/mg/s) turns concentration into the share of a lethal hour (0 where no IC50 is known).
    """

    area: Array
    reservoir: NDArray[np.int64]
    diffusion: Array
    loss: float
    retained: float
    hour_dose_per_conc: Array


@dataclass(frozen=True)
class Uptake:
    """What the columns did. Rows are columns, then depth cells; ``mg`` are amounts, times in seconds at the end of each step."""

    edges: Array
    time: Array
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

    @property
    def error(self) -> float:
        """Imbalance over what was given."""
        return abs(self.given_mg - self.in_liquid_mg - self.in_tissue_mg - self.in_cells_mg - self.in_blood_mg - self.drained_mg) / max(
            self.given_mg, 1e-300
        )


class _Step:
    """The tissue matrix of one diffusion and time-step: ``after`` advances a column over a clean surface, ``answer`` is its answer to C
    = 1.
    """

    def __init__(self, edges: Array, diffusion: float, loss: float, step: float, *, wet: bool = True) -> None:
        width = np.diff(edges)
        middle = 0.5 * (edges[1:] + edges[:-1])
        between = diffusion / np.diff(middle)
        self.surface = diffusion / middle[0] if wet else 0.0
        size = len(width)
        matrix = np.zeros((size, size))
        rows = np.arange(size - 1)
        matrix[rows, rows] += between
        matrix[rows + 1, rows + 1] += between
        matrix[rows, rows + 1] -= between
        matrix[rows + 1, rows] -= between
        matrix[0, 0] += self.surface
        system = np.eye(size) * (1 + step * loss) + step * matrix / width[:, None]
        self.after = np.linalg.inv(system)
        self.answer = self.after[:, 0] * step * self.surface / width[0]


def soak(
    layout: Layout,
    liquid: Callable[[float, float], Liquid],
    steps: Array,
    *,
    depth_m: float,
    session_s: float,
    drained: tuple[int, ...] = (),
) -> Uptake:
    """Let the drug of the reservoirs into the tissue. ``liquid(start, end)`` gives the liquid of a step.

    At ``session_s`` the reservoirs named in ``drained`` are emptied. ``profile`` and ``retained`` are as of that moment, exposures to
    the end.
    """
    edges = depth_edges(depth_m)
    width = np.diff(edges)
    columns, cells = len(layout.area), len(width)
    kinds, kind = np.unique(layout.diffusion, return_inverse=True)
    made: dict[tuple[float, bool], list[_Step]] = {}
    amount = np.zeros(len(liquid(0.0, float(steps[0])).volume))
    dry = np.isin(layout.reservoir, drained)
    tissue, retained = np.zeros((cells, columns)), np.zeros((cells, columns))
    exposure, dose, above = np.zeros((cells, columns)), np.zeros((cells, columns)), np.zeros(columns)
    taken = np.zeros(columns)
    blood_total, cells_total, given, poured = 0.0, 0.0, 0.0, 0.0
    kept_amount, kept_conc, rate = list[Array](), list[Array](), list[float]()
    profile, profile_retained, taken_session = tissue, retained, taken
    now, open_ = 0.0, True
    for step in steps:
        step = float(step)
        end = now + step
        state = liquid(now, end)
        clean, surface, answer = _advance(made, edges, layout, tissue, step, kinds, kind, np.zeros_like(dry) if open_ else dry)
        draw = by_group(layout.reservoir, layout.area * surface * (1 - answer[0]), len(amount))
        back = by_group(layout.reservoir, layout.area * surface * clean[0], len(amount))
        conc, amount = _reservoirs(amount, state, draw, back, step)
        given += float(state.source.sum()) * step
        above_conc = conc[layout.reservoir]
        tissue = clean + answer * above_conc
        flux = surface * (above_conc - tissue[0])
        taken = taken + step * flux
        lost = step * layout.loss * tissue
        retained = retained + layout.retained * lost
        loss_mg = float((lost * width[:, None]).sum(axis=0) @ layout.area)
        blood_total += (1 - layout.retained) * loss_mg
        cells_total += layout.retained * loss_mg
        rate.append((1 - layout.retained) * loss_mg / step)
        exposure += step * tissue
        dose += step * tissue * layout.hour_dose_per_conc
        above += step * above_conc
        now = end
        if open_ and now >= session_s - 1e-6:
            profile, profile_retained, taken_session, open_ = tissue.copy(), retained.copy(), taken.copy(), False
            chosen = list(drained)
            poured += float(amount[chosen].sum())
            amount[chosen] = 0.0
        kept_amount.append(amount.copy())
        kept_conc.append(conc)
    return Uptake(
        edges=edges,
        time=np.cumsum(steps),
        reservoir_mg=np.array(kept_amount),
        reservoir_mg_per_m3=np.array(kept_conc),
        to_blood_mg_per_s=np.array(rate),
        taken_up_mg_per_m2=taken_session,
        profile_mg_per_m3=profile.T.copy(),
        retained_mg_per_m3=profile_retained.T.copy(),
        exposure_mg_s_per_m3=exposure.T.copy(),
        hour_dose=dose.T.copy(),
        liquid_mg_per_m2_s=above,
        given_mg=given,
        in_liquid_mg=float(amount.sum()),
        in_tissue_mg=float((tissue * width[:, None]).sum(axis=0) @ layout.area),
        in_cells_mg=cells_total,
        in_blood_mg=blood_total,
        drained_mg=poured,
    )


def _advance(
    made: dict[tuple[float, bool], list[_Step]],
    edges: Array,
    layout: Layout,
    tissue: Array,
    step: float,
    kinds: Array,
    kind: NDArray[np.int64],
    dry: NDArray[np.bool_],
) -> tuple[Array, Array, Array]:
    """Every column over a clean surface, its surface conductance (m/s), and its answer to one unit of concentration above it."""
    clean, answer = np.empty_like(tissue), np.empty_like(tissue)
    surface = np.zeros(tissue.shape[1])
    for wet in (True, False):
        chosen = ~dry if wet else dry
        if not chosen.any():
            continue
        if (step, wet) not in made:
            made[step, wet] = [_Step(edges, float(one), layout.loss, step, wet=wet) for one in kinds]
        for index, form in enumerate(made[step, wet]):
            mine = chosen & (kind == index)
            clean[:, mine] = form.after @ tissue[:, mine]
            answer[:, mine] = form.answer[:, None]
            surface[mine] = form.surface
    return clean, surface, answer


def _reservoirs(amount: Array, state: Liquid, draw: Array, back: Array, step: float) -> tuple[Array, Array]:
    """New concentration and amount of each reservoir; what runs off arrives in the last one within the same step."""
    size = state.volume / step + state.runoff + draw
    load = amount / step + state.source + back
    conc = np.where(size > 0, load / np.maximum(size, 1e-300), 0.0)
    if len(conc) > 1 and size[-1] > 0:
        conc[-1] = (load[-1] + float((state.runoff[:-1] * conc[:-1]).sum())) / size[-1]
    return conc, conc * state.volume


def steps_for(stages: tuple[tuple[float, float], ...]) -> Array:
    """Steps of ``(seconds, step)`` stages, each stage filled exactly."""
    parts = [np.full(max(1, round(length / step)), length / max(1, round(length / step))) for length, step in stages if length > 0]
    return np.concatenate(parts)
