"""C_body dT_b/dt = P_bath + M - K,    P_bath = UA (T - T_b)

Core temperature of a patient who is heated from within.

C_body heat capacity (J/K; mass times about 3500 J/(kg K)), T_b core temperature (°C), T bath temperature (°C), UA conductance
(W/K), M own heat production (W; lower under anaesthesia), K cooling by table, air and anaesthetist (W). The body is one
well-mixed pool. Source: heat balance. Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number, array


def rate(core: Number, bath: Number, conductance: Number, capacity: Number, production: Number = 0.0, cooling: Number = 0.0) -> Number:
    """dT_b/dt, K/s."""
    return (array(conductance) * (array(bath) - core) + production - cooling) / capacity


def core(
    time: Number, start: float, bath: float, conductance: float, capacity: float, production: float = 0.0, cooling: float = 0.0
) -> Number:
    """T_b at ``time`` (s) under a steady bath, °C."""
    if conductance == 0.0:
        return start + (production - cooling) * array(time) / capacity
    end = bath + (production - cooling) / conductance
    return end + (start - end) * np.exp(-array(time) * conductance / capacity)
