"""The type of a number that a law takes: one float, or an array of them. SI units throughout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = float | Array
GRAVITY = 9.80665  # m/s2, standard
GAS_CONSTANT = 8.314462618  # J/(mol K), CODATA 2018
VACUUM_PERMITTIVITY = 8.8541878128e-12  # F/m, CODATA 2018
BOLTZMANN = 1.380649e-23  # J/K, exact
ELEMENTARY_CHARGE = 1.602176634e-19  # C, exact
ZERO_CELSIUS = 273.15  # K


def array(value: Any) -> Array:
    """Read a number or sequence as an array of doubles."""
    return np.asarray(value, np.float64)
