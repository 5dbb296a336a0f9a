"""What must not be built: each trap of peritoneal dosing, tried."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from peritia.documents import read
from peritia.errors import InputRefused
from peritia.knowledge.claim import Evidence
from peritia.knowledge.drug import Drug
from peritia.knowledge.figure import Figure
from peritia.knowledge.regimen import Agent, Fraction, Infusion, Regimen
from peritia.knowledge.shipped import FOLDER, NotShippedError, ids, shipped

EVIDENCE = Evidence(grade="none", sentence="Made up for this test", source="clinical-practice")


def figure(value: float | None, unit: str, **more: Any) -> Figure:
    return Figure(value=value, unit=unit, source="clinical-practice", **more)


def agent(drug: str, value: float, unit: str = "mg/m2", **more: Any) -> Agent:
    return Agent(drug=drug, dose=figure(value, unit), **more)


def build(*agents: Agent, route: Any = "hipec", **more: Any) -> Regimen:
    return Regimen(
        name="made up", route=route, protocol="clinical-practice", context="trial-only", agents=agents, evidence=EVIDENCE, **more
    )


@pytest.mark.parametrize("carrier", ["sodium-chloride-0.9", "ringer-lactate", "icodextrin"])
@pytest.mark.parametrize("route", ["pipac", "hipec"])
def test_oxaliplatin_only_in_glucose(carrier: Any, route: str) -> None:
    with pytest.raises(ValueError, match="oxaliplatin"):
        build(agent("oxaliplatin", 120, carrier=carrier), route=route)
    assert build(agent("oxaliplatin", 120, carrier="glucose-5"), route=route).agents[0].carrier == "glucose-5"


def test_cisplatin_only_in_saline() -> None:
    with pytest.raises(ValueError, match="must not be given in glucose-5"):
        build(agent("cisplatin", 75, carrier="glucose-5"))
    build(agent("cisplatin", 75, carrier="sodium-chloride-0.9"))


def test_mitomycin_not_in_glucose() -> None:
    with pytest.raises(ValueError, match="mitomycin must not be given in glucose-5"):
        build(agent("mitomycin", 35, carrier="glucose-5"))


@pytest.mark.parametrize(("value", "right", "wrong"), [(460, "open", "closed"), (360, "closed", "open")])
def test_prodige_7_doses_belong_to_their_technique(value: float, right: Any, wrong: Any) -> None:
    build(agent("oxaliplatin", value), technique=right)
    for technique in (wrong, None):
        with pytest.raises(ValueError, match=f"the dose of the {right} technique"):
            build(agent("oxaliplatin", value), technique=technique)


def test_oxaliplatin_300_only_with_irinotecan_200() -> None:
    build(agent("oxaliplatin", 300), agent("irinotecan", 200))
    with pytest.raises(ValueError, match="only with irinotecan 200"):
        build(agent("oxaliplatin", 300))
    with pytest.raises(ValueError, match="only with irinotecan 200"):
        build(agent("oxaliplatin", 300), agent("irinotecan", 180))


@pytest.mark.parametrize("unit", ["mg/m2", "mg"])
def test_thiosulfate_is_dosed_in_grams(unit: str) -> None:
    with pytest.raises(ValueError, match="thiosulfate is dosed in g/m2"):
        build(agent("cisplatin", 100), intravenous=(Infusion(drug="thiosulfate", dose=figure(9, unit), purpose="protection"),))


def test_mitomycin_takes_both_its_units_and_cisplatin_only_one() -> None:
    build(agent("mitomycin", 40, "mg"))
    build(agent("mitomycin", 35, "mg/m2"))
    with pytest.raises(ValueError, match="cisplatin is dosed in mg/m2"):
        build(agent("cisplatin", 100, "mg"))


def test_fractions_are_the_whole_dose_in_order() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        agent("mitomycin", 35, fractions=(Fraction(share=0.5), Fraction(share=0.25, at_minutes=30)))
    with pytest.raises(ValueError, match="order of time"):
        agent("mitomycin", 35, fractions=(Fraction(share=0.5, at_minutes=30), Fraction(share=0.5)))


def test_a_dose_never_stands_without_its_protocol() -> None:
    with pytest.raises(TypeError, match="protocol"):
        Regimen(name="x", route="hipec", context="standard", agents=(agent("mitomycin", 35),), evidence=EVIDENCE)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="names its protocol"):
        msgspec.structs.replace(build(agent("mitomycin", 35)), protocol="")


def test_conditions_belong_to_their_route_and_their_unit() -> None:
    with pytest.raises(ValueError, match="pressure does not belong to HIPEC"):
        build(agent("mitomycin", 35), pressure=figure(12, "mm[Hg]"))
    with pytest.raises(ValueError, match="technique does not belong to PIPAC"):
        build(agent("oxaliplatin", 90), route="pipac", technique="open")
    with pytest.raises(ValueError, match=r"pressure is in mm\[Hg\], found kPa"):
        build(agent("oxaliplatin", 90), route="pipac", pressure=figure(1.6, "kPa"))


def test_routes_stand_in_the_drug_file() -> None:
    with pytest.raises(ValueError, match="carboplatin has no PIPAC use"):
        build(agent("carboplatin", 100), route="pipac")
    with pytest.raises(ValueError, match="no drug file is named aspirin"):
        build(agent("aspirin", 100))


def test_every_broken_rule_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="oxaliplatin must not be given") as told:
        build(agent("oxaliplatin", 460, carrier="sodium-chloride-0.9"), technique="closed")
    assert "the open technique" in str(told.value)


def test_a_file_that_breaks_a_rule_is_refused_with_its_reason() -> None:
    text = (FOLDER / "regimens" / "pipac-oxaliplatin-120.yaml").read_text(encoding="utf-8").replace("glucose-5", "sodium-chloride-0.9")
    with pytest.raises(InputRefused, match=r"oxaliplatin must not be given in sodium-chloride-0\.9"):
        read(text, Regimen, name="pipac-oxaliplatin-120.yaml")


def test_every_shipped_regimen_and_drug_constructs() -> None:
    assert len(ids("regimens")) == 23
    for id_ in ids("regimens"):
        assert shipped("regimens", id_, Regimen).id == id_
    for id_ in ids("drugs"):
        assert shipped("drugs", id_, Drug).id == id_


def test_a_missing_file_is_named_with_what_there_is() -> None:
    with pytest.raises(NotShippedError, match=r"regimens/pipac.yaml.*pipac-oxaliplatin-90"):
        shipped("regimens", "pipac", Regimen)


def test_a_figure_keeps_its_order_and_says_why_it_is_unknown() -> None:
    with pytest.raises(ValueError, match="not in order"):
        figure(5, "mg", low=6)
    with pytest.raises(ValueError, match="why it is not known"):
        figure(None, "mg")
    assert str(figure(None, "Cel", low=41, high=42)) == "41 to 42 Cel"
    assert not figure(None, "mg/m2", note="not published").known
