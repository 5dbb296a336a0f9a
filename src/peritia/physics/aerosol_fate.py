"""jet foot: E(Stk);    floating at the end: (1 - E) (1 - exp(-l t_s)) / (l t_s) exp(-l t_h);    settled: the rest

Where a spray goes, size by size, in closed form: the fast model of PIPAC.

E share that the jet throws onto its foot (``impaction``), l stirred settling and drift rate of the size (1/s; ``settling``), t_s
spraying time (s), t_h hold after spraying (s). Droplets leave the nozzle at a steady rate; the gas is mixed at once; what floats
at the end is drawn off with the gas. On surface elements the foot falls off from the aim as the jet does, and the settled part
follows the elements' own rates. Neglected: shadows behind organs (the caller may clear elements), collisions of droplets, the gas
leaving in between. Source: the laws named; the composition is ours. Theory page: docs/theory/settling.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peritia.physics.quantity import Array, Number, array


@dataclass(frozen=True, eq=False)
class Fate:
    """Shares of the liquid of each size: on the jet's foot, settled elsewhere, still floating. They sum to one."""

    foot: Array
    settled: Array
    floating: Array


def fate(collected: Array, rate: Array, spraying: float, hold: float) -> Fate:
    """Shares per size from the collected share E and the settling rate l of each size."""
    exponent = array(rate) * spraying
    still_up = np.where(exponent > 1e-9, -np.expm1(-exponent) / np.maximum(exponent, 1e-300), 1.0)
    floating = (1 - array(collected)) * still_up * np.exp(-array(rate) * hold)
    return Fate(array(collected), 1 - array(collected) - floating, floating)


def floating_share(time: Number, collected: float, rate: float, spraying: float) -> Array:
    """Share of all the liquid of one size that floats at ``time`` after the start, during and after spraying."""
    t = array(time)
    up = np.minimum(t, spraying)
    return (1 - collected) * -np.expm1(-rate * up) / (rate * spraying) * np.exp(-rate * np.maximum(t - spraying, 0.0))


def foot_weights(centres: Array, normals: Array, areas: Array, nozzle: Array, aim: Array, width: float) -> Array:
    """How the foot is shared among elements; sums to one.

    ``aim`` is a unit vector, ``width`` the radius of half intensity per distance (the device's; the jet's own is ``jet.SPREAD``).
    An element counts with its area square to the jet, if it faces the nozzle, times the jet's profile at its angle over distance squared.
    """
    ray = centres - nozzle
    along = ray @ aim
    off = np.linalg.norm(ray - along[:, None] * aim, axis=1)
    distance = np.maximum(along, 1e-9)
    profile = 1 / (1 + (np.sqrt(2) - 1) * (off / (width * distance)) ** 2) ** 2
    facing = np.maximum(np.einsum("ej,ej->e", normals, ray) / np.maximum(np.linalg.norm(ray, axis=1), 1e-9), 0.0)
    weights = np.where(along > 0, areas * facing * profile / distance**2, 0.0)
    total = float(weights.sum())
    return weights / total if total > 0 else weights


def on_elements(shares: Array, found: Fate, foot: Array, rates: Array) -> Array:
    """Share of the whole liquid on each element: ``shares`` by size, ``foot`` weights, ``rates`` (sizes, elements) of settling."""
    total = rates.sum(axis=1, keepdims=True)
    spread = rates / np.where(total > 0, total, 1.0)
    return float(shares @ found.foot) * foot + (shares * found.settled) @ spread
