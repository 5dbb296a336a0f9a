"""Masks that the numerical tests share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.numerics import MaskedGrid


def cube_coordinates(shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Cell centres in a box from -1 to 1 along each axis, stacked first."""
    return np.stack(np.meshgrid(*[(2 * np.arange(n) + 1) / n - 1 for n in shape], indexing="ij"))


def organs(shape: tuple[int, int, int], spacing: float = 1.0) -> MaskedGrid:
    """A ball with a ridge and lumps cut out: channels, pockets and thin walls as in an abdomen."""
    x = cube_coordinates(shape)
    fluid = (x**2).sum(axis=0) ** 0.5 < 1.1
    fluid &= ~((np.abs(x[0]) < 0.3) & (np.abs(x[1]) < 0.3))
    fluid &= np.sin(9 * x[0]) * np.sin(8 * x[1]) * np.sin(7 * x[2]) < 0.5
    return MaskedGrid(fluid, (spacing, spacing, spacing)).largest_pocket()


def observed_order(errors: list[float], ratio: float = 2.0) -> float:
    """Order of convergence from the last two grids."""
    return float(np.log(errors[-2] / errors[-1]) / np.log(ratio))
