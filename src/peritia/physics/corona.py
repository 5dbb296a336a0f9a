"""E(r) = sqrt(I / (6 pi eps0 b r));    U = 2 sqrt(I R / (6 pi eps0 b));    mean over the sphere: E = 0.6 U / R

Field of a fine electrode that gives off ions, in the middle of a grounded sphere: the ions' own charge, not the electrode's, makes it.

E field (V/m) at distance r (m), U voltage (V), R distance to the tissue (m), I ion current (A), b mobility of the ions (m2/(V s)). From
div E = rho / eps0 and I = 4 pi r^2 rho b E, away from the electrode. So the field grows with the voltage until the device's current is at
its limit, and no further: the plateau. Steady; one kind of ion; droplets carry little of the current (saturated droplets of a whole spray
take about 0.3 microampere). For a cavity R is the mean distance from the electrode to the tissue over all directions. Source:
electrostatics with space charge (J. Townsend, Electricity in Gases, 1915, recalled). Theory page: docs/theory/electrostatics.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import VACUUM_PERMITTIVITY, Array, Number, array

MEAN_OVER_SPHERE = 0.6


def current(voltage: Number, distance: Number, mobility: float) -> Array:
    """I, A."""
    return 6 * np.pi * VACUUM_PERMITTIVITY * mobility * array(voltage) ** 2 / (4 * array(distance))


def highest_voltage(most: float, distance: Number, mobility: float) -> Array:
    """U (V) at which the current is ``most`` (A); beyond it the field stays."""
    return 2 * np.sqrt(most * array(distance) / (6 * np.pi * VACUUM_PERMITTIVITY * mobility))


def field(ions: Number, distance: Number, mobility: float) -> Array:
    """E, V/m, at a distance from the electrode for an ion current (A)."""
    return np.sqrt(array(ions) / (6 * np.pi * VACUUM_PERMITTIVITY * mobility * array(distance)))


def mean_field(voltage: Number, distance: Number, mobility: float, most: float = np.inf) -> Array:
    """Mean of E over the sphere of radius ``distance``, V/m, with no more than the device's current."""
    effective = array(voltage) if np.isinf(most) else np.minimum(array(voltage), highest_voltage(most, distance, mobility))
    return MEAN_OVER_SPHERE * effective / array(distance)
