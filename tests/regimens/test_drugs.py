"""Drug files: limits, tallies, units of transport numbers."""

from __future__ import annotations

import pytest

from peritia.knowledge.drug import Drug
from peritia.knowledge.kinetics import TRANSPORT_UNITS, Observation
from peritia.knowledge.shipped import ids, shipped

DRUGS = {id_: shipped("drugs", id_, Drug) for id_ in ids("drugs")}


def test_doxorubicin_has_both_lifetime_limits() -> None:
    limits = {(limit.limit.value, limit.when) for limit in DRUGS["doxorubicin"].cumulative}
    assert limits == {(550, ""), (400, "prior_mediastinal_radiation")}


def test_the_label_prints_a_reduction_and_the_file_what_is_given() -> None:
    given = [(step.when, step.give_fraction) for step in DRUGS["doxorubicin"].adjustments]
    assert [fraction for _, fraction in given] == [0.5, 0.25, 0]


def test_epirubicin_is_counted_by_a_cited_ratio_with_its_interval() -> None:
    equivalence = DRUGS["epirubicin"].equivalence
    assert equivalence is not None
    assert (equivalence.drug, equivalence.factor.value, equivalence.factor.low, equivalence.factor.high) == ("doxorubicin", 0.8, 0.5, 2.8)
    assert equivalence.factor.note


def test_only_anthracyclines_have_an_equivalence() -> None:
    assert {id_ for id_, drug in DRUGS.items() if drug.equivalence} == {
        id_ for id_, drug in DRUGS.items() if drug.family == "anthracycline"
    }


@pytest.mark.parametrize("id_", sorted(DRUGS))
def test_transport_numbers_are_in_their_units_and_say_how_they_came_about(id_: str) -> None:
    for name, figure in DRUGS[id_].transport.items():
        assert figure.unit == TRANSPORT_UNITS[name]
        if "peritia-fit" in figure.source:
            assert figure.basis in {"fitted", "computed"}


@pytest.mark.parametrize(
    ("id_", "low", "high"), [("cisplatin", 420, 490), ("oxaliplatin", 210, 340), ("mitomycin", 500, 900), ("doxorubicin", 126, 180)]
)
def test_penetration_length_is_the_root_of_diffusion_over_loss(id_: str, low: float, high: float) -> None:
    transport = DRUGS[id_].transport
    diffusion, loss = transport["diffusion_tissue"].value, transport["loss_rate"]
    assert diffusion is not None
    assert loss.low is not None
    assert loss.high is not None
    assert 1e6 * (diffusion / loss.high) ** 0.5 == pytest.approx(low, rel=0.03)
    assert 1e6 * (diffusion / loss.low) ** 0.5 == pytest.approx(high, rel=0.03)


def test_cisplatin_ic50_slope_joins_its_two_temperatures() -> None:
    transport = DRUGS["cisplatin"].transport
    cold, warm, slope = (transport[name].value for name in ("ic50_37c", "ic50_43c", "ic50_slope_per_kelvin"))
    assert cold is not None
    assert slope is not None
    assert cold * 2.718281828 ** (-6 * slope) == pytest.approx(warm, rel=0.01)


def test_default_kinetics_are_at_most_one_per_species() -> None:
    for drug in DRUGS.values():
        defaults = [model.species for model in drug.kinetics if model.default]
        assert len(defaults) == len(set(defaults))


def test_observations_carry_their_setting() -> None:
    for drug in DRUGS.values():
        assert all(isinstance(one, Observation) and one.setting for one in drug.observations)
