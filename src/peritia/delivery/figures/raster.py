"""A picture of triangles seen along one direction: depth-buffered, lit, smooth at the edges (rendered twice as large and averaged)."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
OVERSAMPLE = 2


def picture(
    vertices: Array,
    faces: NDArray[np.int64],
    normal: Array,
    rgb: NDArray[np.uint8],
    view: tuple[Array, Array, Array],
    width: int,
    scale: float,
) -> NDArray[np.uint8]:
    """RGBA picture. ``view`` is (right, up, towards the viewer); faces whose normal points away are left out; ``scale`` in pixels a
    metre.
    """
    right, up, towards = view
    shown = normal @ towards > 0.02
    corner = vertices[faces[shown]]
    size = scale * OVERSAMPLE
    x, y, depth = corner @ right * size, corner @ up * size, corner @ towards
    low_x, high_y = vertices @ right * size, vertices @ up * size
    columns = width * OVERSAMPLE
    rows = int(np.ceil(high_y.max() - high_y.min())) + 2 * OVERSAMPLE
    rows += rows % OVERSAMPLE
    x = x - 0.5 * (low_x.max() + low_x.min()) + 0.5 * columns
    y = high_y.max() - y + OVERSAMPLE
    smooth = _smooth(vertices, faces, normal)[shown]
    light = towards * 0.8 + up * 0.45 + right * -0.25
    shade = 0.52 + 0.48 * np.clip(smooth @ (light / np.linalg.norm(light)), 0, 1)
    lit = rgb[shown].astype(float) * shade[:, None]
    image = _fill(x, y, depth, lit, rows, columns)
    cells = image.reshape(rows // OVERSAMPLE, OVERSAMPLE, columns // OVERSAMPLE, OVERSAMPLE, 4)
    alpha = cells[..., 3].mean(axis=(1, 3))
    weight = np.maximum(cells[..., 3].sum(axis=(1, 3)), 1e-9)[..., None]
    colour = (cells[..., :3] * cells[..., 3:]).sum(axis=(1, 3)) / weight
    return np.dstack([np.rint(colour), np.rint(255 * alpha)]).astype(np.uint8)


def _smooth(vertices: Array, faces: NDArray[np.int64], normal: Array) -> Array:
    """Face normals averaged over their corners, twice: the light then shows the organ and not the voxel."""
    for _ in range(2):
        corner = np.zeros_like(vertices)
        for column in range(3):
            np.add.at(corner, faces[:, column], normal)
        corner /= np.maximum(np.linalg.norm(corner, axis=1, keepdims=True), 1e-12)
        normal = corner[faces].mean(axis=1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return normal


def _fill(x: Array, y: Array, depth: Array, lit: Array, rows: int, columns: int) -> Array:
    """Samples of every triangle, dense enough to leave no hole; the nearest sample of each pixel stays."""
    image = np.zeros((rows * columns, 4))
    nearest = np.full(rows * columns, -np.inf)
    extent = np.maximum(np.ptp(x, axis=1), np.ptp(y, axis=1))
    steps = np.clip(np.ceil(extent * 1.6).astype(int), 1, 64)
    for count in sorted({int(each) for each in steps}):
        chosen = np.flatnonzero(steps == count)
        a, b = np.meshgrid((np.arange(count) + 0.5) / count, (np.arange(count) + 0.5) / count)
        flip = a + b > 1
        first, second = np.where(flip, 1 - a, a).ravel(), np.where(flip, 1 - b, b).ravel()
        weight = np.stack([1 - first - second, first, second], axis=1)
        px, py, pz = (np.asarray(part[chosen] @ weight.T).ravel() for part in (x, y, depth))
        owner = np.repeat(chosen, len(first))
        inside = (px >= 0) & (px < columns) & (py >= 0) & (py < rows)
        pixel = py[inside].astype(int) * columns + px[inside].astype(int)
        pz, owner = pz[inside], owner[inside]
        order = np.argsort(pz, kind="stable")
        pixel, pz, owner = pixel[order], pz[order], owner[order]
        # Written from far to near, so the nearest of this batch is what stays.
        best = np.full(rows * columns, -1, np.int64)
        best[pixel] = np.arange(len(pixel))
        hit = np.flatnonzero(best >= 0)
        source = best[hit]
        closer = pz[source] > nearest[hit]
        hit, source = hit[closer], source[closer]
        nearest[hit] = pz[source]
        image[hit, :3], image[hit, 3] = lit[owner[source]], 1.0
    return image.reshape(rows, columns, 4)


def png_bytes(image: NDArray[np.uint8]) -> bytes:
    """An RGBA picture as PNG."""
    height, width = image.shape[:2]
    # Each row is written as its difference from the one above (filter 2): about a third smaller.
    above = np.vstack([np.zeros((1, width * 4), np.uint8), image.reshape(height, -1)[:-1]])
    raw = np.hstack([np.full((height, 1), 2, np.uint8), image.reshape(height, -1) - above]).tobytes()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def data_uri(image: NDArray[np.uint8]) -> str:
    """An RGBA picture for an ``<image>`` of an SVG."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(image)).decode("ascii")
