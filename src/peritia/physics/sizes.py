"""q3(d) = sum_i w_i / (sqrt(2 pi) ln(g_i)) exp(-ln(d / m_i)^2 / (2 ln(g_i)^2)) per ln d

A spray's droplet sizes as a table: a mixture of log-normal parts by volume, or a measured histogram.

d diameter (m), w_i volume share, m_i volume median (m), g_i geometric standard deviation of part i. A class stands for its volume-mean
diameter. Source: definition; medians and spreads come with the device. Theory page: docs/theory/droplets.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from peritia.physics.quantity import Array, array


@dataclass(frozen=True, eq=False)
class Sizes:
    """Classes of droplets: ``diameter`` (m) and the ``share`` of the liquid's volume in each; shares sum to one."""

    diameter: Array
    share: Array

    def below(self, diameter: float) -> float:
        """Share of volume in droplets smaller than ``diameter``."""
        return float(self.share[self.diameter < diameter].sum())


@dataclass(frozen=True)
class LogNormal:
    """One part of a spray: volume ``share``, volume ``median`` (m), geometric standard deviation ``spread``."""

    share: float
    median: float
    spread: float


def mixture(parts: Sequence[LogNormal], classes: int = 40, smallest: float = 0.5e-6, largest: float = 150e-6) -> Sizes:
    """Make a table with classes equally wide in the logarithm; what lies outside goes to the end classes."""
    edges = np.geomspace(smallest, largest, classes + 1)
    total = np.zeros(classes)
    for part in parts:
        steps = np.log(edges / part.median) / np.log(part.spread)
        cumulative = array(ndtr(steps))
        cumulative[0], cumulative[-1] = 0.0, 1.0
        total += part.share * np.diff(cumulative)
    return Sizes(np.sqrt(edges[1:] * edges[:-1]), total / total.sum())
