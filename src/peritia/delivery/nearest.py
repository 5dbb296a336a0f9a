# SciPy ships no types.
# pyright: basic
"""The faces of a surface that lie nearest to points."""

from __future__ import annotations

from weakref import ref

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree  # pyright: ignore[reportAttributeAccessIssue]

NEIGHBOURS = 6
_TREES: dict[int, tuple[ref, cKDTree]] = {}


def _tree(centre: NDArray[np.float64]) -> cKDTree:
    """One tree per surface, kept while the surface lives."""
    held = _TREES.get(id(centre))
    if held is None or held[0]() is not centre:
        _TREES.clear()
        _TREES[id(centre)] = held = (ref(centre), cKDTree(centre))
    return held[1]


def nearest_faces(
    centre: NDArray[np.float64], area: NDArray[np.float64], points: NDArray[np.float64], amount: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """What of ``amount`` (one per point; a share of 1 / points each by default) falls on each face.

    A point is shared among its nearest faces by their areas.
    """
    _, index = _tree(centre).query(points, k=NEIGHBOURS)
    weight = area[index]
    weight = weight / weight.sum(axis=1, keepdims=True)
    given = np.full(len(points), 1.0 / len(points)) if amount is None else amount
    return np.asarray(np.bincount(index.ravel(), (weight * given[:, None]).ravel(), minlength=len(area)), np.float64)


def nearest_face(centre: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int64]:
    """The one nearest face of each point."""
    return np.asarray(_tree(centre).query(points)[1], np.int64)
