"""A nozzle's cone and its push on the gas."""

from __future__ import annotations

import numpy as np
import pytest

from peritia.numerics import BlockedPlace, MaskedGrid, box
from peritia.physics import sizes, spray

NOZZLE = spray.Nozzle((0.1, 0.1, 0.18), (0.0, 0.0, -1.0), np.radians(67.1 / 2), 30.0)


def test_droplets_fill_the_cone_evenly() -> None:
    found = spray.directions(NOZZLE, 20_000, seed=1)
    cosine = found @ np.array([0.0, 0.0, -1.0])
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(20_000))
    assert cosine.min() >= np.cos(NOZZLE.half_angle)
    assert cosine.mean() == pytest.approx(NOZZLE.mean_cosine, abs=0.001)
    assert np.abs(found[:, :2].mean(axis=0)).max() < 0.01


def test_parcels_stand_for_all_the_liquid_and_every_size() -> None:
    table = sizes.mixture([sizes.LogNormal(0.975, 27e-6, 1.7), sizes.LogNormal(0.025, 2e-6, 1.5)], classes=20)
    found = spray.droplets(NOZZLE, table, table.diameter**2 * 3.6e6, table.diameter / 8.7e-6, 2000, seed=3)
    assert found.share.sum() == pytest.approx(1.0)
    assert np.bincount(found.size, found.share) == pytest.approx(table.share)
    assert np.all(np.bincount(found.size) == 100)
    assert np.linalg.norm(found.parcels.velocity, axis=1) == pytest.approx(np.full(2000, 30.0))


@pytest.mark.parametrize("aim", [(0.0, 0.0, -1.0), (0.6, 0.0, -0.8), (1.0, 0.0, 0.0)])
def test_the_push_sums_to_the_momentum(aim: tuple[float, float, float]) -> None:
    grid = box((40, 40, 40), 0.005)
    nozzle = spray.Nozzle(NOZZLE.place, aim, NOZZLE.half_angle, 30.0)
    force = spray.push(grid, nozzle, 8e-3 / 1.757, 0.04, 0.004)
    total = [float(part.sum()) * grid.cell_volume for part in force]
    assert total == pytest.approx(list(8e-3 / 1.757 * np.array(aim)))


def test_a_nozzle_in_tissue_is_named() -> None:
    fluid = np.ones((20, 20, 20), bool)
    fluid[:, :, 10:] = False
    with pytest.raises(BlockedPlace, match="jet"):
        spray.push(MaskedGrid(fluid, (0.01, 0.01, 0.01)), NOZZLE, 1e-3, 0.04, 0.004)
