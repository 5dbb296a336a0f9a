"""flux: q = g sin(s) h^3 / (3 nu);    drainage: h = sqrt(nu z / (g t));    run-off: what exceeds the retained thickness goes downhill

The film that deposited droplets form, and where it runs.

q flow per width (m2/s), g gravity, s slope, h thickness (m), nu kinematic viscosity of the liquid (m2/s), z distance from the top of a
vertical wall (m), t time (s). A clean film drains to microns within the hold; tissue retains more (mucus, folds), so the retained
thickness is a parameter and has to be stated. Inertia and surface tension are neglected: holds for films under about 0.3 mm.
Source: W. Nusselt 1916; H. Jeffreys, Proc Camb Phil Soc 1930;26:204 (recalled); routing is ours. Theory page: docs/theory/settling.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peritia.physics.quantity import GRAVITY, Array, Number, array


def flux(thickness: Number, slope: Number, viscosity: Number) -> Number:
    """q, m2/s; ``slope`` in radians from the horizontal."""
    return GRAVITY * np.sin(slope) * array(thickness) ** 3 / (3 * viscosity)


def drained_thickness(viscosity: Number, distance: Number, time: Number) -> Number:
    """h, m, on a vertical wall."""
    return np.sqrt(array(viscosity) * distance / (GRAVITY * array(time)))


def running_time(length: Number, thickness: Number, slope: Number, viscosity: Number) -> Number:
    """Time (s) for a film to run ``length`` at its mean speed q / h."""
    return length * thickness / flux(thickness, slope, viscosity)


@dataclass(frozen=True, eq=False)
class Film:
    """Where the liquid ends: ``kept`` on each element and ``pooled`` in those without a way down, m3."""

    kept: Array
    pooled: Array


def downhill(heights: Array, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Lowest neighbour of each element if it is lower, else -1; ``pairs`` (m, 2) are neighbours."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort((heights[both[:, 1]], both[:, 0]))
    ranked = both[order]
    own, first = np.unique(ranked[:, 0], return_index=True)
    target = np.full(len(heights), -1, np.int64)
    lowest = ranked[first, 1]
    target[own] = np.where(heights[lowest] < heights[own], lowest, -1)
    return target


def run_off(deposited: Array, areas: Array, heights: Array, target: NDArray[np.int64], retained: float) -> Film:
    """Keep up to ``retained`` (m) on each element and send the rest down ``target`` (see ``downhill``); the total is kept exactly."""
    load = array(deposited).copy()
    kept, pooled = np.zeros(len(load)), np.zeros(len(load))
    room = areas * retained
    for element in np.argsort(-heights, kind="stable"):
        kept[element] = min(load[element], room[element])
        rest = load[element] - kept[element]
        if target[element] >= 0:
            load[target[element]] += rest
        else:
            pooled[element] = rest
    return Film(kept, pooled)
