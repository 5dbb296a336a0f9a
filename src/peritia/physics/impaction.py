"""Stk = tau u / b;    collected share = 1 / (1 + (Stk50 / Stk)^n);    d50: Stk(d50) = Stk50

Which droplets a jet throws onto the surface it meets, and which go round with the gas.

tau relaxation time (s), u gas speed (m/s), b half-width of the jet (m) at the surface; Stk50 about 0.24 for a round jet
(sqrt 0.49), n steepness (8 for a sharp impactor; a turbulent jet is less sharp). Holds for a surface square to the jet, one to five
widths away. Source: V. Marple, K. Willeke, Atmos Environ 1976;10:891 (recalled); Stk50 is checked against resolved flow in the tests.
Theory page: docs/theory/jet.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number, array

STOKES_AT_HALF = 0.24
STEEPNESS = 8.0


def stokes_number(relaxation: Number, speed: Number, half_width: Number) -> Number:
    """Stk, no unit."""
    return relaxation * speed / half_width


def collected_share(stokes: Number, stokes_at_half: float = STOKES_AT_HALF, steepness: float = STEEPNESS) -> Number:
    """Share of droplets of one size that hit."""
    ratio = np.maximum(array(stokes), 1e-12) / stokes_at_half
    return 1 / (1 + ratio**-steepness)


def cut_relaxation(speed: Number, half_width: Number, stokes_at_half: float = STOKES_AT_HALF) -> Number:
    """Relaxation time (s) of the size of which half is collected."""
    return stokes_at_half * half_width / speed
