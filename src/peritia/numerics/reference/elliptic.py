# pyright: basic
# Reason for the looser check: SciPy's sparse matrices carry no types.
"""The elliptic operator as a SciPy sparse matrix, assembled cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from peritia.numerics.elliptic import Elliptic
from peritia.numerics.grid import Field


def matrix(operator: Elliptic) -> Any:
    """``A`` over the fluid cells in flat order."""
    grid = operator.grid
    cells = grid.flat_fluid
    place = {int(cell): row for row, cell in enumerate(cells)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, cell in enumerate(cells):
        diagonal = sum(float(part.ravel()[cell]) for part in operator.anchor)
        for part, stride in zip(operator.face, grid.strides, strict=True):
            for face, neighbour in ((cell, cell - stride), (cell + stride, cell + stride)):
                conductance = float(part.ravel()[face])
                if conductance:
                    diagonal += conductance
                    rows.append(row)
                    columns.append(place[int(neighbour)])
                    values.append(-conductance)
        rows.append(row)
        columns.append(row)
        values.append(diagonal)
    return sparse.csc_matrix((values, (rows, columns)), shape=(len(cells), len(cells)))


def solve(operator: Elliptic, load: Field) -> Field:
    """Solve directly; for a singular operator the solution of zero mean."""
    cells = operator.grid.flat_fluid
    b = (load + operator.fixed).ravel()[cells].astype(np.float64)
    a = matrix(operator)
    if operator.singular:
        ones = np.ones((len(cells), 1))
        bordered = sparse.bmat([[a, ones], [ones.T, None]], format="csc")
        found = np.asarray(linalg.spsolve(bordered, np.append(b - b.mean(), 0.0)))[:-1]
    else:
        found = np.asarray(linalg.spsolve(a, b))
    out = operator.grid.zeros()
    out.ravel()[cells] = found
    return out
