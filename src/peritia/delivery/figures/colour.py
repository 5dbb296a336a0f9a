"""Colour maps that are even to the eye, by a few anchors: viridis for amounts, a blue-white-red pair for differences, inferno-like for
heat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ANCHORS: dict[str, tuple[str, ...]] = {
    "viridis": ("440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"),
    "heat": ("0d0829", "3b0f70", "641a80", "8c2981", "b73779", "de4968", "f7705c", "fe9f6d", "fecf92", "fcfdbf"),
    "difference": ("2166ac", "4393c3", "92c5de", "d1e5f0", "f7f7f7", "fddbc7", "f4a582", "d6604d", "b2182b"),
}
"""Anchors of van der Walt and Smith's viridis and magma (matplotlib, CC0) and ColorBrewer's RdBu (Apache-2.0)."""


def colours(name: str, part: Array) -> NDArray[np.uint8]:
    """RGB (n, 3) of values 0..1; out of range is clipped, NaN is light grey."""
    anchors = np.array([[int(code[i : i + 2], 16) for i in (0, 2, 4)] for code in ANCHORS[name]], float)
    where = np.clip(np.nan_to_num(part), 0, 1) * (len(anchors) - 1)
    low = np.minimum(where.astype(int), len(anchors) - 2)
    share = (where - low)[..., None]
    rgb = anchors[low] * (1 - share) + anchors[low + 1] * share
    rgb[np.isnan(part)] = 205.0
    return np.asarray(np.rint(rgb), np.uint8)


def code(name: str, part: float) -> str:
    """One colour as #rrggbb."""
    return "#" + "".join(f"{channel:02x}" for channel in colours(name, np.array([part]))[0])
