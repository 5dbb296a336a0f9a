"""C dT/dt = m (T_in - T) - UA (T - T_b);    end: T = (m T_in + UA T_b) / (m + UA);    tau = C / (m + UA)

Temperature of a well-mixed perfusate that loses heat to the body.

T bath, T_in inflow, T_b blood temperature (°C), m = rho c q heat carried by the inflow per kelvin (W/K), UA conductance to the
tissue (W/K), C = rho c V (J/K). One temperature for the whole cavity; UA steady (after some minutes).
Source: heat balance; UA is calibrated on measurements. Theory page: docs/theory/heat.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Number, array


def end_temperature(inflow_temperature: Number, blood: Number, carried: Number, conductance: Number) -> Number:
    """T after long, °C."""
    return (array(carried) * inflow_temperature + array(conductance) * blood) / (array(carried) + conductance)


def time_constant(capacity: Number, carried: Number, conductance: Number) -> Number:
    """tau, s."""
    return array(capacity) / (array(carried) + conductance)


def temperature(
    time: Number, start: float, inflow_temperature: float, blood: float, carried: float, conductance: float, capacity: float
) -> Number:
    """T at ``time`` (s), °C."""
    end = end_temperature(inflow_temperature, blood, carried, conductance)
    return end + (start - end) * np.exp(-array(time) / time_constant(capacity, carried, conductance))


def fitted_conductance(first: tuple[float, float], second: tuple[float, float], blood: float) -> tuple[float, float]:
    """UA (W/K) and T_in (°C) from two pairs of (carried W/K, bath °C) at one inflow temperature."""
    (m1, t1), (m2, t2) = first, second
    conductance = (t1 - t2) / ((t2 - blood) / m2 - (t1 - blood) / m1)
    return conductance, t1 + conductance * (t1 - blood) / m1


def needed_inflow(bath: Number, blood: Number, carried: Number, conductance: Number) -> Number:
    """T_in (°C) that holds the bath at a temperature for long."""
    return array(bath) + (array(bath) - blood) * conductance / carried
