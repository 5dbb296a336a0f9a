"""TCP = exp(-sum_i N_i S_i p),    p = 1 - d/b

Chance that no clonogenic cell is left to grow.

N_i cells in part i, S_i surviving share, p chance that one survivor founds a tumour when cells divide at b and die at d (1 if d = 0).
Cells are independent (Poisson). Source: J. Munro, C. Gilbert, Br J Radiol 1961;34:246 (recalled). Theory page: docs/theory/effect.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def founding_chance(birth: Number, death: Number) -> Array:
    """p: chance that the offspring of one cell does not die out."""
    return np.maximum(0.0, 1 - array(death) / birth)


def control_probability(cells: Array, surviving: Array, founding: float = 1.0) -> float:
    """TCP."""
    return float(np.exp(-founding * np.sum(cells * surviving)))
