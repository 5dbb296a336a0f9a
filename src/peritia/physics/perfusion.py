"""muscle: w = w0 + w1 exp(-(T - T1)^2 / s) up to T1;    tumour: w = w0 - (T - 37)^p / q from 37 °C to T1, then w1

How warmth changes blood flow: healthy tissue opens its vessels, tumour closes them.

w perfusion (any unit of w0), T temperature (°C); w0, w1, T1, s (K2), p, q are data of the tissue. Above T1 muscle keeps its
highest value. Holds for 37 to 45 °C held for minutes to an hour. Source: J. Lang et al., IEEE Trans Biomed Eng 1999;46:1129, in
the form coded in rafaelgabler/fhdFoam (mhtFoam). Theory page: docs/theory/heat.md.
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
