"""Fast deliveries: what is kept, what is refused, what trends must hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from deliveries import FACTS, Told, cavity, delivered, plan_of

from peritia.delivery import (
    HipecPlan,
    PipacPlan,
    compare,
    drug_area_histogram,
    drug_metrics,
    load,
    plan_from_regimen,
    plan_text,
    predicted,
    read_plan,
    region_table,
    save,
    simulate,
)
from peritia.delivery.errors import DeliveryRefused, PlanRefused
from peritia.delivery.metrics import gini
from peritia.errors import InputRefused

PIPAC, HIPEC = "pipac-cisplatin-doxorubicin-10-5", "hipec-cisplatin-100-ovhipec"


@pytest.mark.parametrize("regimen", ["pipac-oxaliplatin-120", PIPAC, "epipac-oxaliplatin-92", HIPEC, "hipec-mitomycin-35-dutch"])
def test_drug_liquid_and_heat_are_conserved(regimen: str) -> None:
    for balance in delivered(regimen).balances:
        assert balance.error < 1e-6, balance
        assert sum(balance.parts.values()) == pytest.approx(balance.total, rel=1e-6)


def test_fast_answers_in_under_a_second_of_work() -> None:
    assert delivered("pipac-oxaliplatin-120").run.wall_s < 5.0  # a loaded machine; the benchmark tells the true figure


def test_a_plan_reads_back_as_it_was_written() -> None:
    for regimen in (PIPAC, HIPEC):
        assert read_plan(plan_text(plan_of(regimen))) == plan_of(regimen)


def test_a_plan_doses_by_body_surface_and_warns_of_the_lifetime_total() -> None:
    plan = plan_of("pipac-oxaliplatin-120")
    assert isinstance(plan, PipacPlan)
    assert plan.drugs[0].dose_mg == pytest.approx(120 * plan.body.body_surface_m2, rel=1e-3)
    assert plan.body.dubois_m2 is not None
    assert any("passes 850" in text for text in plan.warnings)


def test_a_case_without_weight_is_refused() -> None:
    with pytest.raises(PlanRefused, match="weight_kg"):
        plan_from_regimen(PIPAC, {**FACTS, "weight_kg": Told(None)})


def test_a_plan_of_another_format_or_with_a_wrong_field_is_refused() -> None:
    with pytest.raises(PlanRefused, match="peritia-plan/9"):
        read_plan("format: peritia-plan/9\nkind: pipac\n")
    with pytest.raises(InputRefused, match="hold_minute"):
        read_plan(plan_text(plan_of(PIPAC)).replace("hold_minutes", "hold_minute"))


def test_a_bath_plan_on_a_gas_cavity_is_refused() -> None:
    with pytest.raises(PlanRefused, match="gas"):
        simulate(plan_of(HIPEC), cavity("gas"))


def test_the_same_plan_gives_the_same_delivery() -> None:
    again = simulate(plan_of(PIPAC), cavity("gas"))
    for one, other in zip(delivered(PIPAC).drugs, again.drugs, strict=True):
        np.testing.assert_array_equal(one.taken_up_mg_per_m2, other.taken_up_mg_per_m2)


def test_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    for regimen in (PIPAC, HIPEC):
        one = delivered(regimen)
        save(one, tmp_path / "one.npz")
        other = load(tmp_path / "one.npz")
        assert other.plan == one.plan
        assert other.used == one.used
        assert other.balances == one.balances
        np.testing.assert_array_equal(other.drugs[0].taken_up_mg_per_m2, one.drugs[0].taken_up_mg_per_m2)
        np.testing.assert_array_equal(other.surface.vertices, one.surface.vertices)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    head = np.frombuffer(msgspec.json.encode({"schema": "peritia-delivery-file/0"}), np.uint8)
    np.savez(tmp_path / "old.npz", head=head)
    with pytest.raises(DeliveryRefused, match="peritia-delivery-file/0"):
        load(tmp_path / "old.npz")
    (tmp_path / "no.npz").write_text("nothing")
    with pytest.raises(DeliveryRefused, match="cannot be read"):
        load(tmp_path / "no.npz")


def test_the_electric_field_clears_the_aerosol_and_evens_the_map() -> None:
    plan = plan_of("pipac-oxaliplatin-120")
    assert isinstance(plan, PipacPlan)
    charged = simulate(msgspec.structs.replace(plan, electrostatic=True), cavity("gas"))
    plain = delivered("pipac-oxaliplatin-120")
    assert charged.numbers["clearing_min"] < 1 < plain.numbers["clearing_min"]
    assert drug_metrics(charged, charged.drugs[0]).homogeneity > drug_metrics(plain, plain.drugs[0]).homogeneity


def test_a_warmer_inflow_warms_bath_and_core() -> None:
    plan = plan_of(HIPEC)
    assert isinstance(plan, HipecPlan)
    warm = simulate(msgspec.structs.replace(plan, inflow_temperature_c=44.0), cavity("liquid"))
    cool = simulate(msgspec.structs.replace(plan, inflow_temperature_c=41.0), cavity("liquid"))
    for name in ("bath_mean_c", "core_peak_c"):
        assert warm.numbers[name] > cool.numbers[name]
    assert warm.cem43_min.mean() > cool.cem43_min.mean()


def test_every_number_used_has_a_unit_a_source_and_a_status() -> None:
    for used in delivered(HIPEC).used:
        assert used.unit
        assert used.sources
        assert used.status in ("seen", "seen-partly", "recalled")


def test_regions_histogram_and_facts_agree_with_the_map() -> None:
    one = delivered(PIPAC)
    rows = [row for row in region_table(one) if row.drug == "cisplatin"]
    assert len(rows) == 13
    amount = sum(row.area_cm2 * 1e-4 * row.taken_up_mg_per_m2 for row in rows if row.area_cm2 > 0)
    assert amount == pytest.approx(float(one.drugs[0].taken_up_mg_per_m2 @ one.surface.area))
    level, share = drug_area_histogram(one, "cisplatin")
    assert share[0] == pytest.approx(1.0)
    assert np.all(np.diff(share) <= 1e-12)
    assert level[-1] == pytest.approx(one.drugs[0].taken_up_mg_per_m2.max())
    assert predicted(one).model == "peritia-delivery/1 fast"


def test_gini_of_even_and_of_one_spot() -> None:
    assert gini(np.full(10, 3.0), np.ones(10)) == pytest.approx(0.0)
    assert gini(np.eye(1, 10).ravel(), np.ones(10)) == pytest.approx(0.9)


def test_two_deliveries_compare_by_region_and_face() -> None:
    made = compare(delivered("pipac-oxaliplatin-120"), delivered("epipac-oxaliplatin-92"))
    assert made.shared == ("oxaliplatin",)
    assert "oxaliplatin" in made.difference
    apart = compare(delivered(PIPAC), delivered(HIPEC))
    assert not apart.difference
    with pytest.raises(DeliveryRefused, match="share no drug"):
        compare(delivered("pipac-oxaliplatin-120"), delivered(HIPEC))
