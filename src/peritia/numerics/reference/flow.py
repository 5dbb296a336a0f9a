"""One projection step in whole-array NumPy with a direct pressure solve; Euler in time (the first step of ``Flow``)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from peritia.numerics.boundary import Boundary
from peritia.numerics.elliptic import Dirichlet, elliptic
from peritia.numerics.flow_faces import flow_faces, outlet_faces
from peritia.numerics.grid import Field
from peritia.numerics.reference import elliptic as reference_elliptic


def van_leer_face(behind: Field, here: Field, ahead: Field) -> Field:
    """Value at the face between ``here`` (upwind) and ``ahead``."""
    a, b = here - behind, ahead - here
    with np.errstate(divide="ignore", invalid="ignore"):
        return here + np.where(a * b > 0, a * b / (a + b), 0.0)


def momentum_flux(q: Field, v: Field, nu: Field, weight: Field, way: int, axis: int, h: float) -> Field:
    """Flux of component ``axis`` (``q``) along ``way`` through the low faces of its control volumes."""
    low = np.roll(q, 1, way)
    u = 0.5 * (v + np.roll(v, 1, axis))
    forward = van_leer_face(np.roll(q, 2, way), low, q)
    backward = van_leer_face(np.roll(q, -1, way), q, low)
    edge_nu = 0.25 * (nu + np.roll(nu, 1, way) + np.roll(nu, 1, axis) + np.roll(np.roll(nu, 1, way), 1, axis))
    return u * np.where(u > 0, forward, backward) - edge_nu * weight * np.roll(weight, 1, way) * (q - low) / h


def step(boundary: Boundary, velocity: list[Field], nu: float, force: tuple[float, float, float], dt: float) -> list[NDArray[np.float64]]:
    """Velocity after one step from ``velocity`` with zero old pressure."""
    grid = boundary.grid
    faces = flow_faces(boundary, np.float64)
    field = np.full(grid.padded_shape, nu)
    predicted: list[Field] = []
    for axis in range(3):
        rate = np.full(grid.padded_shape, force[axis])
        for way, h in enumerate(grid.spacing):
            weight = np.ones(grid.padded_shape) if way == axis else faces.weight[axis].astype(np.float64)
            flux = momentum_flux(velocity[axis], velocity[way], field, weight, way, axis, h)
            rate -= (np.roll(flux, -1, way) - flux) / h
        predicted.append(velocity[axis] + faces.free[axis] * dt * rate)
    fixed = tuple(Dirichlet(rows, 0.0, 1.0) for rows in outlet_faces(boundary))
    divergence = sum((np.roll(part, -1, a) - part) / grid.spacing[a] for a, part in enumerate(predicted)) - faces.source
    phi = reference_elliptic.solve(elliptic(grid, 1.0, fixed), np.where(grid.padded_fluid, -divergence * grid.finest**2 / dt, 0.0))
    return [predicted[a] - faces.free[a] * dt * (phi - np.roll(phi, 1, a)) / grid.spacing[a] for a in range(3)]
