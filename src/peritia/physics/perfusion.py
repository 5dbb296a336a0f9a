"""muscle: w = w0 + w1 exp(-(T - T1)^2 / s) up to T1;    tumour: w = w0 - (T - 37)^p / q from 37 °C to T1, then w1
under pressure: w/w0 = 1 up to P1, 1 - f (P - P1) / (P2 - P1) up to P2, then 1 - f

How warmth and pressure change blood flow: healthy tissue opens its vessels to warmth, tumour closes them, gas under pressure presses
on them.

w perfusion (any unit of w0), T temperature (°C); w0, w1, T1, s (K2), p, q are data of the tissue. Above T1 muscle keeps its
highest value. Holds for 37 to 45 °C held for minutes to an hour. P pressure in the cavity, f fall of the flow between P1 and P2
(measured at 10 and 15 mmHg only; nothing is known above). Source: J. Lang et al., IEEE Trans Biomed Eng 1999;46:1129, in
the form coded in rafaelgabler/fhdFoam (mhtFoam); pressure: M. Schilling et al., J Am Coll Surg 1997;184:378. Theory page:
docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def opening(celsius: Number, base: float, rise: float, warmest: float, spread: float) -> Array:
    """Perfusion of healthy tissue."""
    t = np.minimum(array(celsius), warmest)
    return base + rise * np.exp(-((t - warmest) ** 2) / spread)


def closing(celsius: Number, base: float, power: float, divisor: float, warmest: float, floor: float, onset: float = 37.0) -> Array:
    """Perfusion of tumour."""
    t = array(celsius)
    falling = base - np.maximum(t - onset, 0.0) ** power / divisor
    return np.where(t > warmest, floor, falling)


def under_pressure(pressure: Number, fall: float, first: float = 10.0, second: float = 15.0) -> Array:
    """Blood flow over that without pressure; ``pressure``, ``first`` and ``second`` in one unit (mmHg)."""
    return 1 - fall * np.clip((array(pressure) - first) / (second - first), 0.0, 1.0)
