"""X1 to X3: our numerics against stored results of other codes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from peritia.numerics import PAD, Velocity, box
from validation import cloud, nodule, openfoam, tank


def needs(reference: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not reference.exists(), reason=f"reference absent: {reference.name}")


@needs(tank.REFERENCE)
def test_x1_warm_jet_in_a_tank_as_openfoam_has_it() -> None:
    seconds = 8.0
    mine, used = tank.ours(seconds)
    theirs = tank.reference().until(seconds)
    found = tank.compare(mine, theirs)
    assert used["imbalance"] < 1e-4  # single precision
    assert found.mean < 0.02  # a tenth of what is allowed, since the whole rise is 0.26 K
    assert np.abs(found.probes).max() < 0.5
    assert np.abs(found.jet).max() < 0.03


@needs(cloud.REFERENCE)
@pytest.mark.parametrize("diameter", cloud.DIAMETERS, ids=cloud.size)
def test_x2_droplets_stick_to_the_walls_openfoam_says(diameter: float) -> None:
    stored = cloud.reference()
    assert cloud.mark(cloud.frozen_jet()) == pytest.approx(stored["jet"], rel=1e-6)
    mine = cloud.ours()[cloud.size(diameter)]
    assert np.abs(np.array(mine) - stored["percent"][cloud.size(diameter)]).max() < 5


@needs(nodule.REFERENCE)
@pytest.mark.parametrize("case", nodule.CASES, ids=lambda case: case.name)
def test_x3_pressure_and_drug_in_a_nodule_as_fipy_has_them(case: nodule.Nodule) -> None:
    found = nodule.worst(nodule.ours(case), nodule.reference()[case.name])
    assert max(found.values()) < 1, found


def test_references_are_small() -> None:
    assert sum(path.stat().st_size for path in tank.REFERENCE.parent.iterdir()) < 300_000


def test_the_case_files_say_what_was_computed(tmp_path: Path) -> None:
    tank.write_case(tmp_path / "tank", 1.0)
    cloud.write_case(tmp_path / "cloud", cloud.DIAMETERS[0], cloud.places()[:5], 1.0, 1e-3, 1)
    assert f"hex (0 1 2 3 4 5 6 7) ({' '.join(map(str, tank.CELLS))})" in (tmp_path / "tank/system/blockMeshDict").read_text()
    assert f"nu {tank.VISCOSITY};" in (tmp_path / "tank/constant/transportProperties").read_text()
    assert len((tmp_path / "cloud/constant/positions").read_text().splitlines()) == 8
    gas = (tmp_path / "cloud/0/U").read_text()
    assert f"List<vector> {np.prod(cloud.CELLS)} (" in gas


def test_openfoam_output_is_read(tmp_path: Path) -> None:
    table = tmp_path / "U"
    table.write_text("# Probe 0 (1 2 3)\n# Time\n0.5 (1 2 3) (4 5 6)\n1 (7 8 9) (0 1 2)\n")
    assert openfoam.series(table)[1].tolist() == [1, 7, 8, 9, 0, 1, 2]
    fate = "Parcel fate: patch {} (number, mass)\n - escape = 0, 0\n - stick = {}, 1e-9\n"
    log = fate.format("zlow", 1000) + fate.format("xhigh", 40)
    assert cloud.read(log) == [0, 1, 0, 0, 25, 0, 74]
    times = "".join(f"ExecutionTime = {n} s\n" for n in range(1, 41))
    assert openfoam.processor_per_step(times) == (1.0, 40)


def test_the_ladder_names_tests_that_exist() -> None:
    root = Path(__file__).resolve().parents[2]
    named = re.findall(r"`(test_\w+)`", (root / "docs/theory/ladder.md").read_text(encoding="utf-8"))
    written = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    assert len(named) > 40
    assert not [name for name in named if f"def {name}(" not in written]


def test_gas_put_on_the_grid_of_the_case_keeps_what_flows_through_it() -> None:
    stored = cloud.frozen_jet()
    assert cloud.mark(cloud.coarse(stored, 1)) == pytest.approx(cloud.mark(stored))
    fine = box((48, 60, 60), 2.5e-3)
    rng = np.random.default_rng(3)
    parts = tuple(rng.normal(size=part.shape) for part in (fine.zeros(), fine.zeros(), fine.zeros()))
    whole = Velocity(fine, *parts)
    made = cloud.coarse(whole, 2)
    assert made.u[PAD + 1, PAD + 2, PAD + 3] == pytest.approx(parts[0][PAD + 2, PAD + 4 : PAD + 6, PAD + 6 : PAD + 8].mean())
    assert made.w[PAD + 1, PAD + 2, PAD + 30] == pytest.approx(parts[2][PAD + 2 : PAD + 4, PAD + 4 : PAD + 6, PAD + 60].mean())
