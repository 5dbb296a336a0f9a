"""Sums by group, in double precision, with their type said once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def by_group(group: NDArray[Any], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sum of ``values`` in each group 0 .. count - 1."""
    return np.asarray(np.bincount(group, values, minlength=count), np.float64)
