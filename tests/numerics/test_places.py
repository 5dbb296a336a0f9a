from __future__ import annotations

import numpy as np
import pytest

from peritia.numerics import BlockedPlace, MaskedGrid, box, cells_within, fluid_centres, free_path, nearest_fluid


def _half() -> MaskedGrid:
    fluid = np.ones((10, 10, 10), bool)
    fluid[5:] = False
    return MaskedGrid(fluid, (0.01, 0.01, 0.01), (1.0, 0.0, 0.0))


def test_a_ball_of_cells_has_the_volume_of_a_ball() -> None:
    grid = box((20, 20, 20), 0.01)
    cells = cells_within(grid, (0.1, 0.1, 0.1), 0.05)
    assert len(cells) * grid.cell_volume == pytest.approx(4 / 3 * np.pi * 0.05**3, rel=0.08)
    with pytest.raises(BlockedPlace):
        cells_within(grid, (0.5, 0.1, 0.1), 0.05)


def test_the_nearest_fluid_to_a_blocked_point_is_at_the_wall() -> None:
    grid = _half()
    assert nearest_fluid(grid, (1.08, 0.052, 0.011)) == pytest.approx([1.045, 0.055, 0.015])
    assert len(fluid_centres(grid)) == grid.cells


def test_a_path_is_free_up_to_the_wall() -> None:
    grid = _half()
    assert free_path(grid, (1.01, 0.05, 0.05), (1.0, 0.0, 0.0)) == pytest.approx(0.04, abs=0.0006)
    assert free_path(grid, (1.01, 0.05, 0.05), (0.0, 0.0, -1.0)) == pytest.approx(0.05, abs=0.0006)
    with pytest.raises(BlockedPlace, match="start of the path"):
        free_path(grid, (1.09, 0.05, 0.05), (1.0, 0.0, 0.0))
