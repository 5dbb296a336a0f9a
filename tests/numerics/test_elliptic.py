"""The elliptic solver: against SciPy, and its order on a manufactured solution (ladder V1)."""

from __future__ import annotations

import numpy as np
import pytest
from masks import cube_coordinates, observed_order, organs

from peritia.numerics import Dirichlet, MultigridSolver, NotConverged, boundary_faces, box, elliptic
from peritia.numerics.reference import elliptic as reference


@pytest.mark.parametrize("anchored", [True, False])
def test_multigrid_solves_what_scipy_solves_on_an_organ_shaped_mask(anchored: bool) -> None:
    grid = organs((13, 11, 14))
    faces = boundary_faces(grid)
    fixed = (Dirichlet(faces.side(0, -1), 2.0),) if anchored else ()
    conductivity = 1 + 0.5 * cube_coordinates(grid.shape)[1]
    operator = elliptic(grid, conductivity, fixed)
    load = grid.pad(np.random.default_rng(1).standard_normal(grid.shape))
    expected = reference.solve(operator, load)
    found = MultigridSolver(operator).solve(load, relative=1e-11)
    assert np.abs(found.values - expected).max() < 1e-8 * np.abs(expected).max()


def test_iterations_hardly_depend_on_the_grid_or_the_mask() -> None:
    counts = []
    for grid in (box((16, 16, 16), 1.0), box((32, 32, 32), 1.0), organs((32, 32, 32))):
        load = grid.pad(np.random.default_rng(1).standard_normal(grid.shape))
        counts.append(MultigridSolver(elliptic(grid)).solve(load, relative=1e-6).iterations)
    assert max(counts) <= 22
    assert counts[1] <= counts[0] + 4


def test_single_and_double_precision_serial_and_threads_agree() -> None:
    grid = organs((36, 44, 40))
    operator = elliptic(grid, 1.0, (Dirichlet(boundary_faces(grid).side(2, 1), 0.0),))
    load = grid.pad(np.random.default_rng(2).standard_normal(grid.shape))
    one = MultigridSolver(operator, threads=False).solve(load, relative=1e-9).values
    two = MultigridSolver(operator, np.float32, threads=True).solve(load, relative=1e-5).values
    assert np.abs(one - two).max() < 1e-4 * np.abs(one).max()


def test_poisson_is_second_order_on_a_manufactured_solution() -> None:
    """V1: -lap p = 3 pi^2 p with p = sin sin sin, zero on the sides."""
    errors = []
    for n in (8, 16, 32):
        grid = box((n, n, n), 1 / n)
        x = [grid.centres(axis) for axis in range(3)]
        exact = np.sin(np.pi * x[0])[:, None, None] * np.sin(np.pi * x[1])[:, None] * np.sin(np.pi * x[2])
        load = grid.pad(3 * np.pi**2 * exact / n**2)
        found = MultigridSolver(elliptic(grid, 1.0, (Dirichlet(boundary_faces(grid), 0.0),))).solve(load, relative=1e-10)
        errors.append(float(np.sqrt(np.mean((grid.inner(found.values) - exact) ** 2))))
    assert observed_order(errors) > 1.8


def test_an_anisotropic_grid_gives_the_same_solution() -> None:
    grid = box((24, 12, 16), (1 / 24, 1 / 12, 1 / 16))
    x = [grid.centres(axis) for axis in range(3)]
    exact = np.sin(np.pi * x[0])[:, None, None] * np.sin(np.pi * x[1])[:, None] * np.sin(np.pi * x[2])
    load = grid.pad(3 * np.pi**2 * exact * grid.finest**2)
    found = MultigridSolver(elliptic(grid, 1.0, (Dirichlet(boundary_faces(grid), 0.0),))).solve(load, relative=1e-10)
    assert np.abs(grid.inner(found.values) - exact).max() < 0.015


def test_too_few_iterations_are_a_named_outcome() -> None:
    grid = box((16, 16, 16), 1.0)
    load = grid.pad(np.random.default_rng(3).standard_normal(grid.shape))
    with pytest.raises(NotConverged) as caught:
        MultigridSolver(elliptic(grid)).solve(load, relative=1e-10, most_iterations=2)
    assert caught.value.iterations == 2
    assert "Loosen the tolerance" in str(caught.value)
