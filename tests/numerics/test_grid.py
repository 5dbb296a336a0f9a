from __future__ import annotations

import numpy as np
import pytest

from peritia.numerics import (
    Boundary,
    DisconnectedCavity,
    EmptyCavity,
    Flow,
    Inlet,
    InvalidParameter,
    MaskedGrid,
    MisshapenField,
    Source,
    UnbalancedFlow,
    boundary_faces,
    box,
)


def test_a_mask_without_fluid_is_refused() -> None:
    with pytest.raises(EmptyCavity, match="no fluid cell"):
        MaskedGrid(np.zeros((3, 3, 3), bool), (1.0, 1.0, 1.0))


def test_a_spacing_of_zero_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="spacing"):
        MaskedGrid(np.ones((3, 3, 3), bool), (1.0, 0.0, 1.0))


def test_pockets_are_counted_and_the_largest_kept() -> None:
    fluid = np.ones((9, 4, 4), bool)
    fluid[5] = False
    grid = MaskedGrid(fluid, (1.0, 1.0, 1.0))
    with pytest.raises(DisconnectedCavity) as caught:
        grid.require_connected()
    assert caught.value.sizes == (80, 48)
    assert "2 pockets" in str(caught.value)
    with pytest.raises(DisconnectedCavity):
        Flow(Boundary(grid), 1e-6)
    assert grid.largest_pocket().cells == 80
    assert grid.pockets()[8, 0, 0] == 2


def test_fluid_that_cannot_leave_is_refused() -> None:
    grid = box((4, 4, 4), 0.01)
    inlet = Inlet(boundary_faces(grid).edge(grid, 0, -1), 0.1)
    with pytest.raises(UnbalancedFlow, match="without outlet"):
        Flow(Boundary(grid, (inlet,)), 1e-6)
    cells = grid.flat_fluid[:2]
    with pytest.raises(UnbalancedFlow):
        Flow(Boundary(grid, (Source(cells, 1e-6), Source(cells, -0.9e-6))), 1e-6)


def test_an_opening_without_faces_is_refused() -> None:
    grid = box((4, 4, 4), 0.01)
    faces = boundary_faces(grid)
    with pytest.raises(InvalidParameter, match="empty"):
        Boundary(grid, (Inlet(faces.where(np.zeros(len(faces), bool)), 0.1),))


def test_boundary_faces_of_a_box_are_its_six_sides() -> None:
    grid = box((3, 4, 5), (1.0, 2.0, 3.0))
    faces = boundary_faces(grid)
    assert len(faces) == 2 * (3 * 4 + 3 * 5 + 4 * 5)
    assert faces.areas(grid).sum() == pytest.approx(2 * (3 * 8 + 3 * 15 + 8 * 15))
    high = faces.edge(grid, 1, 1)
    assert np.all(high.centres(grid)[:, 1] == 8.0)
    assert len(high) == 15


def test_points_find_their_cell_and_solid_is_minus_one() -> None:
    fluid = np.ones((3, 3, 3), bool)
    fluid[1, 1, 1] = False
    grid = MaskedGrid(fluid, (2.0, 2.0, 2.0), (10.0, 0.0, 0.0))
    cells = grid.locate(np.array([[10.1, 0.1, 0.1], [13.0, 3.0, 3.0], [9.0, 1.0, 1.0], [15.9, 5.9, 5.9]]))
    assert list(cells[1:3]) == [-1, -1]
    assert cells[0] == grid.flat_fluid[0]
    assert cells[3] == grid.flat_fluid[-1]


def test_a_field_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(MisshapenField, match="viscosity"):
        Flow(Boundary(box((4, 4, 4), 0.01)), np.ones((3, 4, 4)))
