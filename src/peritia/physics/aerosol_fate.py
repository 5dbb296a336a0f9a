"""jet foot: E(Stk);    floating at the end: (1 - E) (1 - exp(-l t_s)) / (l t_s) exp(-l t_h);    settled: the rest

Where a spray goes, size by size, in closed form, when droplets do not join.

E share that the jet throws onto its foot (``impaction``), l stirred settling and drift rate of the size (1/s; ``settling``), t_s
spraying time (s), t_h hold after spraying (s). Droplets leave the nozzle at a steady rate; the gas is mixed at once; what floats
at the end is drawn off with the gas. Neglected: collisions of droplets (``coagulation``; without them the stepped model of a session is
this one), the gas leaving in between. Source: the laws named; the composition is ours. Theory page: docs/theory/settling.md.
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
