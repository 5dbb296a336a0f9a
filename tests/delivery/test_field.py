"""Field fidelity: parcels, momentum, heat and drug are kept; the same seed gives the same map; fast and field agree where they must."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np
import pytest
from deliveries import plan_of

from peritia.delivery import Anatomy, Delivery, HipecPlan, PipacPlan, anatomy_for, simulate
from peritia.delivery.electrode import field_in
from peritia.delivery.gas import jet_force, masked
from peritia.delivery.hipec_field import TRANSIENT, simulate_hipec_field
from peritia.delivery.pipac_field import simulate_pipac_field
from peritia.delivery.plan import Addition
from peritia.delivery.provenance import Parameters
from peritia.delivery.simulate import placed

SPACING = 0.012


def silent(what: str, part: float) -> None:
    assert 0 <= part <= 1, what


@lru_cache
def small(fill: str) -> Anatomy:
    return anatomy_for(plan_of("pipac-oxaliplatin-120" if fill == "gas" else "hipec-cisplatin-100-ovhipec"), spacing_m=SPACING)


def sprayed(seed: int, *, electrostatic: bool = False) -> Delivery:
    plan = plan_of("pipac-oxaliplatin-120")
    assert isinstance(plan, PipacPlan)
    changed = msgspec.structs.replace(plan, seed=seed, electrostatic=electrostatic, nozzle="umbilicus")
    return simulate_pipac_field(changed, small("gas"), placed(small("gas"), changed.nozzle), Parameters(), silent, parcels=2000)


@lru_cache
def bathed(minutes: float) -> Delivery:
    plan = plan_of("hipec-cisplatin-100-ovhipec")
    assert isinstance(plan, HipecPlan)
    drugs = tuple(msgspec.structs.replace(one, additions=(Addition(share=1.0),)) for one in plan.drugs)
    return simulate(msgspec.structs.replace(plan, drugs=drugs, minutes=minutes, preheat_minutes=1.0), small("liquid"), fidelity="field")


def test_parcels_liquid_and_drug_are_conserved_and_the_seed_decides() -> None:
    one, again, other = sprayed(1), sprayed(1), sprayed(2)
    for balance in one.balances:
        assert balance.error < 1e-6
        assert sum(balance.parts.values()) == pytest.approx(balance.total, rel=1e-6)
    np.testing.assert_array_equal(one.drugs[0].landed_mg_per_m2, again.drugs[0].landed_mg_per_m2)
    assert not np.array_equal(one.drugs[0].landed_mg_per_m2, other.drugs[0].landed_mg_per_m2)
    landed = float(one.drugs[0].landed_mg_per_m2 @ one.surface.area)
    assert landed == pytest.approx(one.drugs[0].dose_mg * (1 - one.numbers["floating_share"]), rel=1e-6)


def test_the_jet_force_holds_the_whole_momentum() -> None:
    anatomy = small("gas")
    nozzle = placed(anatomy, "umbilicus")
    parts = jet_force(anatomy, nozzle, 0.5, 8e-3, 1.757, 0.04)
    total = np.array([part.sum() for part in parts]) * 1.757 * anatomy.spacing_m**3
    np.testing.assert_allclose(total, 8e-3 * np.asarray(nozzle.direction), rtol=1e-9, atol=1e-12)


def test_the_grid_lies_where_the_anatomy_lies() -> None:
    anatomy = small("gas")
    grid, _ = masked(anatomy)
    points = np.asarray(anatomy.origin_m) + np.argwhere(anatomy.open) * anatomy.spacing_m
    assert np.all(grid.locate(points) >= 0)
    assert grid.cells == anatomy.open.sum()


def test_the_electric_field_has_the_stated_mean_and_points_away_from_the_electrode() -> None:
    anatomy = small("gas")
    strength = np.linalg.norm(field_in(anatomy, 6e4).at_centres(), axis=-1)
    assert strength[masked(anatomy)[0].fluid].mean() == pytest.approx(6e4, rel=0.02)
    assert sprayed(1, electrostatic=True).numbers["clearing_min"] <= sprayed(1).numbers["clearing_min"]


def test_the_bath_keeps_its_heat_and_warms_the_core() -> None:
    made = bathed(3.0)
    for balance in made.balances:
        assert balance.error < 1e-6
    assert made.series["bath_c"][-1] > made.series["bath_c"][0]
    low, high = made.numbers["coldest_twentieth_c"], made.numbers["warmest_twentieth_c"]
    assert low <= made.numbers["bath_mean_c"] <= high


def test_the_quasi_steady_bath_is_that_of_the_transient_one() -> None:
    """Flow frozen between runs, heat in long steps, against flow and heat together throughout; on the coarse cavity of these tests."""
    quick, plan = bathed(3.0), bathed(3.0).plan
    assert isinstance(plan, HipecPlan)
    inflows, outflows = (
        tuple(placed(small("liquid"), one) for one in plan.inflows),
        tuple(placed(small("liquid"), one) for one in plan.outflows),
    )
    full = simulate_hipec_field(plan, small("liquid"), inflows, outflows, Parameters(), silent, TRANSIENT)
    assert full.numbers["flow_runs"] == 0
    assert quick.numbers["bath_steps"] < 0.4 * full.numbers["bath_steps"]
    for name in ("bath_mean_c", "bath_end_c", "outflow_end_c", "coldest_twentieth_c", "warmest_twentieth_c", "core_peak_c"):
        assert quick.numbers[name] == pytest.approx(full.numbers[name], abs=0.05), name
    assert quick.numbers["heat_loss_w"] == pytest.approx(full.numbers["heat_loss_w"], rel=0.02)


def test_field_and_zone_network_agree_on_the_mean_bath() -> None:
    plan = bathed(3.0).plan
    fast = simulate(plan, small("liquid"))
    assert bathed(3.0).numbers["bath_mean_c"] == pytest.approx(fast.numbers["bath_mean_c"], abs=1.0)
    left = "left_percent.cisplatin"
    assert bathed(3.0).numbers[left] == pytest.approx(fast.numbers[left], abs=2)
