"""Toxicities, checklists, devices and tissues: what the files must hold beyond their shape."""

from __future__ import annotations

import pytest

from peritia.knowledge.checklist import Checklist
from peritia.knowledge.device import Device, SizeDistribution, SizeMode
from peritia.knowledge.figure import Figure
from peritia.knowledge.shipped import ids, shipped
from peritia.knowledge.tissue import PROPERTY_UNITS, PerfusionLaw, Tissue
from peritia.knowledge.toxicity import Rate, Toxicity

TOXICITIES = {id_: shipped("toxicities", id_, Toxicity) for id_ in ids("toxicities")}


@pytest.mark.parametrize("id_", sorted(TOXICITIES))
def test_a_counted_rate_is_its_count(id_: str) -> None:
    for rate in TOXICITIES[id_].rates:
        if rate.events is not None and rate.n is not None and rate.figure.value is not None:
            assert rate.figure.value == pytest.approx(100 * rate.events / rate.n, abs=0.6)


def test_a_rate_without_number_or_denominator_is_not_made_up() -> None:
    silent = [id_ for id_, toxicity in TOXICITIES.items() if not toxicity.rates and not toxicity.changes]
    assert silent
    for id_ in silent:
        assert TOXICITIES[id_].notes or TOXICITIES[id_].call_if


def test_more_events_than_patients_are_refused() -> None:
    figure = Figure(value=50, unit="%", source="clinical-practice")
    with pytest.raises(ValueError, match="not more than n"):
        Rate(treatment="pipac", population="x", per="patients", figure=figure, events=3, n=2)
    with pytest.raises(ValueError, match="figure is in %"):
        Rate(treatment="pipac", population="x", per="patients", figure=Figure(value=1, unit="mg", source="clinical-practice"))


def test_an_urgent_sign_says_when_to_call() -> None:
    assert all(toxicity.call_if for toxicity in TOXICITIES.values() if toxicity.urgent)
    assert sum(toxicity.urgent for toxicity in TOXICITIES.values()) >= 8


def test_the_thirteen_steps_of_pipac() -> None:
    pipac = shipped("checklists", "pipac", Checklist)
    assert len(pipac.steps) == 13
    limits = {(limit.value, limit.unit) for step in pipac.steps for limit in step.limits}
    assert limits == {(12, "mm[Hg]"), (30, "mL/min"), (200, "[psi]")}
    timers = [step.timer.value for step in pipac.steps if step.timer]
    assert timers == [30]
    assert [step.id for step in pipac.steps if step.two_people] == ["sign-in", "drug-check"]
    assert len(pipac.abort) == 5


def test_the_drug_goes_in_only_after_tightness_and_limits() -> None:
    order = [step.id for step in shipped("checklists", "pipac", Checklist).steps]
    assert order.index("tightness") < order.index("nozzle") < order.index("injector") < order.index("everyone-out") < order.index("hold")
    assert order.index("hold") < order.index("evacuation") < order.index("closing")


def test_hipec_has_a_run_sheet_in_time() -> None:
    hipec = shipped("checklists", "hipec", Checklist)
    assert {"inflow temperature", "outflow temperature", "core temperature"} <= {column.name for column in hipec.run_sheet}
    order = [step.id for step in hipec.steps]
    assert order.index("warm") < order.index("drug-in")


def test_two_steps_of_one_name_are_refused() -> None:
    step = shipped("checklists", "pipac", Checklist).steps[0]
    with pytest.raises(ValueError, match="one id"):
        Checklist(name="x", steps=(step, step))


def test_droplets_of_the_nozzles_in_use() -> None:
    capnopen = shipped("devices", "capnopen", Device)
    assert capnopen.droplets[0].volume_median.value == 27.9
    assert capnopen.cone is not None
    assert capnopen.cone.value == 67.1
    assert capnopen.size_distribution is not None
    fine = capnopen.size_distribution.modes[1]
    assert (fine.volume_share, fine.median_um) == (0.025, 2)


def test_a_size_distribution_is_the_whole_volume() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        SizeDistribution(modes=(SizeMode(volume_share=0.9, median_um=27, geometric_sd=1.7),), source="peritia-fit")


@pytest.mark.parametrize("id_", ids("tissues"))
def test_tissue_properties_are_in_si(id_: str) -> None:
    for name, figure in shipped("tissues", id_, Tissue).properties.items():
        assert figure.unit == PROPERTY_UNITS[name]


def test_starling_pressure_of_the_nodule_is_its_balance() -> None:
    tumour = shipped("tissues", "tumour", Tissue).properties
    vascular, plasma, tissue, sigma, effective = (
        tumour[name].value
        for name in ("vascular_pressure", "plasma_oncotic_pressure", "interstitial_oncotic_pressure", "reflection", "effective_pressure")
    )
    assert vascular is not None
    assert plasma is not None
    assert tissue is not None
    assert sigma is not None
    assert vascular - sigma * (plasma - tissue) == pytest.approx(effective, abs=1)


def test_a_perfusion_law_names_its_coefficients() -> None:
    with pytest.raises(ValueError, match="has the coefficients"):
        PerfusionLaw(kind="gaussian-rise", coefficients={"base": 1.0}, source="mhtfoam", formula="w = 1")
