# SciPy, scikit-image and nibabel ship no types.
# pyright: basic
"""A parametric abdomen: sex, height, weight and girth in, a label volume out. Shapes, not a patient.

Cross-sections are superellipses |x/a|^n + |y/b|^n = 1, organs are ellipsoids and tubes placed in fractions of the trunk's length and
width. Proportions stand in ``parametric.yaml`` with their notes; they are our own modelling choices and are marked so there. The small
bowel is a bundle of parallel loops with channels between them, hung from a mesentery root on the spine.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np
import yaml
from numpy.typing import NDArray

from peritia.delivery.anatomy.tissues import Landmarks, Tissue, TissueVolume
from peritia.errors import PeritiaError

Array = NDArray[np.float64]


class Ellipsoid(msgspec.Struct, frozen=True):
    """Centre and half-axes in fractions of (half width, half depth, length); z from 0 (pelvic floor) to 1 (diaphragm)."""

    tissue: str
    centre: tuple[float, float, float]
    half: tuple[float, float, float]
    sex: Literal["female", "male", "both"] = "both"


class Tube(msgspec.Struct, frozen=True):
    """A tube along a polyline of points in the same fractions, with a radius in metres."""

    tissue: str
    points: tuple[tuple[float, float, float], ...]
    radius_m: float


class Bundle(msgspec.Struct, frozen=True):
    """The small bowel: an ellipsoid filled with loops of ``radius_m`` on a lattice of ``pitch_m``."""

    centre: tuple[float, float, float]
    half: tuple[float, float, float]
    radius_m: float
    pitch_m: float


class Proportions(msgspec.Struct, frozen=True):
    """Everything that ``parametric.yaml`` states."""

    length_of_height: float
    depth_of_width: float
    exponent: float
    wall_m: float
    wall_per_bmi_m: float
    reference_bmi: float
    spine_radius_m: float
    spine_protrusion_m: float
    retroperitoneum: float
    costal_margin: float
    iliac_spine: float
    ellipsoids: tuple[Ellipsoid, ...]
    tubes: tuple[Tube, ...]
    small_bowel: Bundle


@lru_cache(maxsize=1)
def proportions() -> Proportions:
    """The shipped proportions."""
    text = files("peritia.delivery.anatomy").joinpath("parametric.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text)["proportions"], Proportions)


def parametric_abdomen(
    *, sex: Literal["female", "male"], height_cm: float, weight_kg: float, girth_cm: float | None = None, spacing_m: float = 0.004
) -> TissueVolume:
    """Label volume of an abdomen of this build.

    ``girth_cm`` is the waist circumference; without it, it is taken from the body mass index by the proportions' own rule.
    Raises ``PeritiaError`` for a build outside what the proportions were drawn for.
    """
    shape = proportions()
    bmi = weight_kg / (height_cm / 100.0) ** 2
    if not (140 <= height_cm <= 210 and 14 <= bmi <= 50):
        raise PeritiaError(
            f"Found height {height_cm:g} cm and a body mass index of {bmi:.1f}",
            "140 to 210 cm and 14 to 50 kg/m2",
            "use a label volume of this patient instead",
        )
    girth_m = (girth_cm or 58.0 + 1.35 * bmi) / 100.0
    wall = shape.wall_m + shape.wall_per_bmi_m * (bmi - shape.reference_bmi)
    outer_a = girth_m / (np.pi * (1.5 * (1 + shape.depth_of_width) - np.sqrt(shape.depth_of_width)))
    size = np.array([outer_a - wall, shape.depth_of_width * outer_a - wall, shape.length_of_height * height_cm / 100.0])
    return _build(shape, sex, size, wall, spacing_m)


def _build(shape: Proportions, sex: str, size: Array, wall: float, spacing: float) -> TissueVolume:
    half_width, half_depth, length = size
    margin = wall + 0.13  # room in front for the lifted wall
    counts = [int(np.ceil(2 * (half_width + wall + 0.03) / spacing)), int(np.ceil((2 * half_depth + wall + margin) / spacing))]
    counts.append(int(np.ceil((length + 0.06) / spacing)))
    origin = (-0.5 * (counts[0] - 1) * spacing, -half_depth - wall, -0.03)
    axes = [np.asarray(start + spacing * np.arange(count), np.float64) for start, count in zip(origin, counts, strict=True)]
    x, y, z = (np.asarray(axis, np.float64) for axis in np.meshgrid(*axes, indexing="ij", sparse=True))
    inner = _trunk(shape, x, y, z, half_width, half_depth, length, 0.0)
    outer = _trunk(shape, x, y, z, half_width, half_depth, length, wall)
    labels = np.zeros(counts, np.uint8)
    labels[outer < 1.0] = Tissue.WALL
    inside = inner < 1.0
    labels[inside] = Tissue.MESENTERY
    spine = np.hypot(x, y + half_depth - shape.spine_protrusion_m + shape.spine_radius_m) < shape.spine_radius_m
    behind = spine | (y < -shape.retroperitoneum * half_depth)
    labels[inside & behind] = Tissue.RETROPERITONEUM
    _paint_bundle(labels, inside & ~behind, shape.small_bowel, (x, y, z), size)
    for tube in shape.tubes:
        labels[inside & ~behind & (_distance_to_line(tube.points, (x, y, z), size) < tube.radius_m)] = Tissue[tube.tissue]
    for organ in shape.ellipsoids:
        if organ.sex in ("both", sex):
            labels[inside & ~behind & _ellipsoid(organ.centre, organ.half, (x, y, z), size)] = Tissue[organ.tissue]
    landmarks = Landmarks(shape.costal_margin * length, shape.iliac_spine * length, 0.0, float(half_width))
    note = "Parametric abdomen: shapes and proportions are modelling choices, not a patient"
    return TissueVolume(labels, spacing, (float(origin[0]), float(origin[1]), float(origin[2])), landmarks, (note,))


def _trunk(shape: Proportions, x: Array, y: Array, z: Array, a: float, b: float, length: float, wall: float) -> Array:
    """Superelliptic trunk, narrowing towards the pelvis and domed under the diaphragm; below 1 is inside."""
    t = np.clip(z / length, 0.0, 1.0)
    taper = np.where(
        t < 0.3, 0.62 + 0.38 * np.sin(0.5 * np.pi * t / 0.3), np.sqrt(np.clip(1.0 - np.clip((t - 0.75) / 0.27, 0, 1) ** 2.6, 0.0, 1))
    )
    taper = np.maximum(taper, 1e-3)
    beyond = np.where((z < -wall) | (z > length + wall), np.inf, 0.0) if wall else np.where((z < 0) | (z > length), np.inf, 0.0)
    n = shape.exponent
    return (np.abs(x) / (a * taper + wall)) ** n + (np.abs(y) / (b * taper + wall)) ** n + beyond


def _ellipsoid(centre: tuple[float, ...], half: tuple[float, ...], grid: tuple[Array, Array, Array], size: Array) -> NDArray[np.bool_]:
    terms = [((axis - c * s) / (h * s)) ** 2 for axis, c, h, s in zip(grid, centre, half, size, strict=True)]
    return terms[0] + terms[1] + terms[2] < 1.0


def _distance_to_line(points: tuple[tuple[float, float, float], ...], grid: tuple[Array, Array, Array], size: Array) -> Array:
    """Distance to a polyline given in fractions of the trunk, metres."""
    corners = np.asarray(points) * size
    best = np.full(np.broadcast_shapes(*(axis.shape for axis in grid)), np.inf)
    for start, end in pairwise(corners):
        along = end - start
        offset = [axis - first for axis, first in zip(grid, start, strict=True)]
        t = np.clip(sum(o * d for o, d in zip(offset, along, strict=True)) / float(along @ along), 0.0, 1.0)
        squared = sum((o - t * d) ** 2 for o, d in zip(offset, along, strict=True))
        best = np.minimum(best, np.sqrt(np.asarray(squared)))
    return best


def _paint_bundle(
    labels: NDArray[np.uint8], inside: NDArray[np.bool_], bundle: Bundle, grid: tuple[Array, Array, Array], size: Array
) -> None:
    """Loops run from side to side and wave; their cross-sections sit on a hexagonal lattice, so that channels stay between them."""
    x, y, z = grid
    region = inside & _ellipsoid(bundle.centre, bundle.half, grid, size)
    row_height = bundle.pitch_m * np.sqrt(3.0) / 2.0
    wave = 0.35 * bundle.pitch_m * np.sin(2 * np.pi * x / (5.0 * bundle.pitch_m))
    row = np.round((y - wave) / row_height)
    shifted = z + wave - 0.5 * bundle.pitch_m * (row % 2)
    across = shifted - bundle.pitch_m * np.round(shifted / bundle.pitch_m)
    loops = np.hypot(across, (y - wave) - row * row_height) < bundle.radius_m
    labels[region & loops] = Tissue.SMALL_BOWEL
