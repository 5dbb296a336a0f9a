"""V22: area and settling flux of staircase surfaces."""

from __future__ import annotations

import numpy as np
import pytest
from masks import cube_coordinates

from peritia.numerics import MaskedGrid, box, surface

DOWN = np.array([0.0, 0.0, -1.0])


@pytest.mark.parametrize("cells", [24, 48])
def test_a_ball_has_the_area_and_the_footprint_of_a_ball(cells: int) -> None:
    radius = 0.8 * cells / 2
    grid = MaskedGrid((cube_coordinates((cells, cells, cells)) ** 2).sum(axis=0) < 0.8**2, (1.0, 1.0, 1.0))
    found = surface(grid)
    assert found.area.sum() == pytest.approx(4 * np.pi * radius**2, rel=0.03)
    falling = np.maximum(found.normal @ DOWN, 0) * found.area
    assert falling.sum() == pytest.approx(np.pi * radius**2, rel=0.03)
    assert found.faces.areas(grid).sum() > 1.4 * 4 * np.pi * radius**2  # the staircase itself


@pytest.mark.parametrize("degrees", [0.0, 15.0, 30.0, 45.0])
def test_a_tilted_plane_has_its_area_and_takes_the_cosine(degrees: float) -> None:
    slope = np.tan(np.radians(degrees))
    x, _, z = cube_coordinates((40, 20, 60))
    fluid = z * 60 > slope * x * 40 - 0.123
    grid = MaskedGrid(fluid, (1.0, 1.0, 1.0))
    found = surface(grid)
    middle = np.abs(found.centre - np.array([20.0, 10.0, 30.0]))
    near = (middle[:, 0] <= 12) & (middle[:, 1] <= 5) & (middle[:, 2] < 25)
    footprint = 24 * 10
    assert found.area[near].sum() == pytest.approx(footprint / np.cos(np.radians(degrees)), rel=0.03)
    falling = np.maximum(found.normal[near] @ DOWN, 0) * found.area[near]
    assert falling.sum() == pytest.approx(footprint, rel=0.03)


def test_area_weighted_normals_of_a_closed_surface_cancel() -> None:
    grid = MaskedGrid((cube_coordinates((20, 24, 28)) ** 2).sum(axis=0) < 0.85**2, (1.0, 1.1, 0.9))
    found = surface(grid)
    assert np.abs((found.normal * found.area[:, None]).sum(axis=0)).max() < 1e-9 * found.area.sum()


def test_a_box_keeps_its_flat_sides() -> None:
    found = surface(box((20, 20, 20), 1.0))
    assert found.area.sum() == pytest.approx(6 * 400, rel=0.1)  # edges are rounded
    centre_of_side = np.all(np.abs(found.centre - 10) < 5, axis=1) | (np.abs(found.centre - 10).max(axis=1) == 10)
    inner = centre_of_side & (np.sort(np.abs(found.centre - 10), axis=1)[:, 1] < 4)
    assert np.abs(found.area[inner] - 1).max() < 1e-6
