"""Tumour nodules of a plan: own pressure, depth, share served, and the file that keeps them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
from deliveries import cavity, plan_of

from peritia.delivery import Delivery, PipacPlan, load, plan_text, read_plan, save, simulate
from peritia.delivery.errors import PlanRefused
from peritia.delivery.exports import nodules_csv
from peritia.delivery.plan import Nodule
from peritia.physics import thiele

SIZES = (0.5, 2.5, 10.0)
NODULES = (
    *(Nodule(name=f"{size:g} mm", diameter_mm=size, region=6) for size in SIZES),
    Nodule(name="tense", diameter_mm=2.5, region=6, pressure_mmhg=25.0, histology="serous"),
    Nodule(name="placed", diameter_mm=2.5, at_cm=(0.0, 4.0, 4.0)),
)


@lru_cache
def _made(regimen: str) -> Delivery:
    plan = plan_of(regimen)
    return simulate(msgspec.structs.replace(plan, nodules=NODULES), cavity("gas" if isinstance(plan, PipacPlan) else "liquid"))


def test_small_nodules_are_served_whole_and_large_ones_at_the_rim() -> None:
    small, middle, large = (one for one in _made("hipec-cisplatin-100-ovhipec").nodules if one.name in [f"{size:g} mm" for size in SIZES])
    assert small.share_above_ic50 == 1.0
    assert small.share_above_ic50 >= middle.share_above_ic50 > large.share_above_ic50 > 0
    assert small.ug_per_g > middle.ug_per_g > large.ug_per_g
    assert large.depth_half_mm < large.depth_tenth_mm < 5.0


def test_drug_over_the_nodule_is_near_thieles_steady_share() -> None:
    """An hour of perfusion is long against the loss: mean over bath within a third of the steady sphere without flow."""
    made = _made("hipec-cisplatin-100-ovhipec")
    bath = made.series["cavity_mg_per_l.cisplatin"]
    one = next(n for n in made.nodules if n.name == "10 mm")
    d = 2.5e-10 * (1 + 0.022 * (float(made.temperature_c.mean()) - 37.0))
    share = float(thiele.sphere(thiele.modulus(5e-3, 1.2e-3, d)))
    level = bath[bath > 0][: int(0.6 * len(bath))]
    assert one.ug_per_g * 1.05 == pytest.approx(share * float(level[level > level.max() * 0.3].mean()), rel=0.5)


def test_pressure_falls_from_the_nodules_own_to_the_cavitys() -> None:
    made = {(one.name, one.drug): one for one in _made("pipac-cisplatin-doxorubicin-10-5").nodules}
    plain, tense = made["2.5 mm", "doxorubicin"], made["tense", "doxorubicin"]
    assert 11.5 <= plain.centre_pressure_mmhg < 12.0  # 12 mmHg of gas just balance a nodule's 11.5
    assert abs(plain.seepage_um_per_s) < 0.01
    assert tense.seepage_um_per_s > 0.1
    assert tense.depth_half_mm < plain.depth_half_mm
    assert tense.histology == "serous"
    assert np.isnan(plain.share_above_ic50)  # no IC50 of doxorubicin stands in the drug file


@pytest.mark.parametrize("regimen", ["pipac-cisplatin-doxorubicin-10-5", "hipec-cisplatin-100-ovhipec"])
def test_drug_in_nodules_is_conserved(regimen: str) -> None:
    made = _made(regimen)
    books = [balance for balance in made.balances if " in " in balance.name]
    assert len(books) == len(made.nodules)
    assert max(balance.error for balance in books) < 1e-9


def test_nodules_are_kept_in_the_file(tmp_path: Path) -> None:
    made = _made("hipec-cisplatin-100-ovhipec")
    save(made, tmp_path / "with.npz")
    back = load(tmp_path / "with.npz")
    for one, other in zip(made.nodules, back.nodules, strict=True):
        assert other.name == one.name
        assert other.ug_per_g == one.ug_per_g
        assert np.array_equal(other.exposure_mg_h_per_l, one.exposure_mg_h_per_l)
    assert nodules_csv(back).count(b"\n") == 1 + 70 * len(NODULES)
    assert read_plan(plan_text(made.plan)) == made.plan


@pytest.mark.parametrize(
    "wrong",
    [
        {"diameter_mm": 0.0, "region": 1},
        {"diameter_mm": 5.0},
        {"diameter_mm": 5.0, "region": 13},
        {"diameter_mm": 5.0, "region": 1, "pressure_mmhg": -1.0},
    ],
)
def test_a_nodule_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="nodule"):
        Nodule(name="x", **wrong)  # pyright: ignore[reportArgumentType]


def test_a_nodule_far_from_the_peritoneum_is_refused() -> None:
    plan = msgspec.structs.replace(plan_of("pipac-oxaliplatin-120"), nodules=(Nodule(name="lost", diameter_mm=5, at_cm=(0.0, 60.0, 0.0)),))
    with pytest.raises(PlanRefused, match=r"lost.*from the peritoneum"):
        simulate(plan, cavity("gas"))
