"""sphere: p = p_e - (p_e - p_0) sinh(a r/R) / ((r/R) sinh a),  a = R sqrt(L_p S/V / K);    rim: u = K (p_e - p_0) (a coth a - 1) / R
half-space: p = p_e + (p_0 - p_e) exp(-x/l),  l = sqrt(K / (L_p S/V + L));    u = K (p_0 - p_e) exp(-x/l) / l into the tissue

Fluid pressure in a nodule or below a surface, and the seepage it drives.

p pressure (Pa), p_e where filtration stops (with lymph, where it equals drainage: ``capillary.balance_pressure``), p_0 at the surface
(the pressure in the cavity), r radius, R outer radius, x depth (m), K hydraulic conductivity (m2/(Pa s)), L lymph uptake (1/(Pa s);
none in tumour), u Darcy velocity (m/s; outwards at the rim of a sphere). Rigid, uniform tissue; steady, which takes some minutes.
Source: L. Baxter, R. Jain, Microvasc Res 1989;37:77 (recalled). Theory page: docs/theory/tissue.md.
"""

from __future__ import annotations

import numpy as np

from peritia.physics.quantity import Array, Number, array


def modulus(radius: Number, conductance: Number, conductivity: Number) -> Array:
    """a, no unit; ``conductance`` is L_p S/V (1/(Pa s))."""
    return array(radius) * np.sqrt(array(conductance) / conductivity)


def sphere_pressure(relative_radius: Number, a: float, effective: float, surface: float = 0.0) -> Array:
    """p at r/R, Pa."""
    s = np.maximum(array(relative_radius), 1e-9)
    ratio = np.exp(a * (s - 1)) * -np.expm1(-2 * a * s) / (s * -np.expm1(-2 * a))  # sinh(a s)/(s sinh a) without overflow
    return effective - (effective - surface) * ratio


def rim_velocity(radius: Number, a: Number, conductivity: Number, effective: Number, surface: Number = 0.0) -> Array:
    """u at the rim, m/s outwards."""
    return array(conductivity) * (array(effective) - surface) * (array(a) / np.tanh(a) - 1) / radius


def surface_pressure(depth: Number, length: float, effective: float, surface: float) -> Array:
    """p below a surface, Pa; ``length`` is l."""
    return effective + (surface - effective) * np.exp(-array(depth) / length)


def surface_velocity(length: Number, conductivity: Number, effective: Number, surface: Number) -> Array:
    """u into the tissue at its surface, m/s."""
    return array(conductivity) * (array(surface) - effective) / length


def reach(conductivity: Number, exchange: Number) -> Array:
    """l, m; ``exchange`` is L_p S/V + L (1/(Pa s)). Infinite in tissue whose vessels and lymph stand still."""
    taken = array(exchange)
    return np.sqrt(np.divide(array(conductivity), taken, out=np.full(taken.shape, np.inf), where=taken > 0))


def velocity(depth: Number, length: float, conductivity: float, effective: float, surface: float) -> Array:
    """u into the tissue at a depth, m/s; none where ``length`` is infinite, since nothing takes the water up."""
    return surface_velocity(length, conductivity, effective, surface) * np.exp(-array(depth) / length)


def sphere_velocity(relative_radius: Number, radius: float, a: float, conductivity: float, effective: float, surface: float) -> Array:
    """u at r/R, m/s outwards: the rim velocity of a sphere of that radius whose surface pressure is the local one."""
    inner = np.maximum(array(relative_radius), 1e-6)
    local = sphere_pressure(inner, a, effective, surface)
    return rim_velocity(inner * radius, a * inner, conductivity, effective, local)
