"""One explicit step of scalar transport, face by face in Python."""

from __future__ import annotations

import numpy as np

from peritia.numerics.grid import Field, MaskedGrid


def face_value(behind: float, here: float, ahead: float, courant: float) -> float:
    """Van Leer's limited value at the face ahead of ``here`` (upwind), half a step later."""
    a, b = here - behind, ahead - here
    slope = a * b / (a + b) if a * b > 0 else 0.0
    return here + slope * (1 - courant)


def step(grid: MaskedGrid, c: Field, velocity: tuple[Field, Field, Field], diffusivity: float, dt: float) -> Field:
    """Values after ``dt``; the ghost cells of ``c`` hold what enters."""
    fluid, flat = grid.padded_fluid.ravel(), c.ravel()
    new = flat.astype(np.float64).copy()

    def flux(face: int, axis: int) -> float:
        stride, h = grid.strides[axis], grid.spacing[axis]
        u = float(velocity[axis].ravel()[face])
        low, high = face - stride, face
        inner = bool(fluid[low] and fluid[high])
        up, ahead, behind = (low, high, low - stride) if u > 0 else (high, low, high + stride)
        far = float(flat[ahead]) if inner else float(flat[up])
        back = float(flat[behind]) if fluid[behind] and fluid[up] else float(flat[up])
        carried = face_value(back, float(flat[up]), far, abs(u) * dt / h)
        gradient = (float(flat[high]) - float(flat[low])) / h if inner else 0.0
        return u * carried - diffusivity * gradient

    for cell in grid.flat_fluid:
        out = sum((flux(int(cell) + stride, axis) - flux(int(cell), axis)) / grid.spacing[axis] for axis, stride in enumerate(grid.strides))
        new[cell] = flat[cell] - dt * out
    return new.reshape(c.shape)
