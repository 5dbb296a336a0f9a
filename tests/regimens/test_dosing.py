"""Dose arithmetic against worked examples; what a prescription says and warns of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peritia.case.disease import PrimarySite
from peritia.knowledge.dosing import DosingError, dose, dose_for_body, shown
from peritia.knowledge.regimen import Regimen
from peritia.knowledge.shipped import ids, shipped

ADULT_M2 = 1.818


def regimen(id_: str) -> Regimen:
    return shipped("regimens", id_, Regimen)


@pytest.mark.parametrize(
    ("id_", "amounts"),
    [
        ("pipac-cisplatin-doxorubicin-10-5", [19.1, 3.82]),
        ("pipac-oxaliplatin-120", [218.2]),
        ("epipac-oxaliplatin-92", [167.3]),
        ("hipec-cisplatin-100-ovhipec", [181.8]),
        ("hipec-mitomycin-35-dutch", [63.6]),
        ("hipec-mitomycin-40-flat", [40.0]),
    ],
)
def test_milligrams_for_an_adult_of_1_818_m2(id_: str, amounts: list[float]) -> None:
    made = dose(regimen(id_), ADULT_M2)
    assert [one.amount for one in made.agents] == pytest.approx(amounts, abs=0.05)
    assert {one.unit for one in made.agents} == {"mg"}


def test_dutch_mitomycin_goes_in_half_quarter_quarter() -> None:
    (mitomycin,) = dose(regimen("hipec-mitomycin-35-dutch"), ADULT_M2).agents
    assert [shown(part.amount) for part in mitomycin.portions] == ["31.8", "15.9", "15.9"]
    assert [part.at_minutes for part in mitomycin.portions] == [0, 30, 60]


def test_flat_mitomycin_does_not_grow_with_the_body() -> None:
    small, large = (dose(regimen("hipec-mitomycin-40-flat"), surface).agents[0] for surface in (1.4, 2.4))
    assert small.amount == large.amount == 40
    assert [part.amount for part in small.portions] == [30, 10]


def test_thiosulfate_is_grams() -> None:
    bolus, infusion = dose(regimen("hipec-cisplatin-100-ovhipec"), ADULT_M2).intravenous
    assert (bolus.unit, infusion.unit) == ("g", "g")
    assert bolus.amount == pytest.approx(16.4, abs=0.05)
    assert infusion.amount == pytest.approx(21.8, abs=0.05)
    assert "at the start" in bolus.text
    assert "over 360 min" in infusion.text


def test_injection_takes_volume_over_flow() -> None:
    assert dose(regimen("pipac-oxaliplatin-120"), ADULT_M2).injection_minutes == pytest.approx(5.0)
    assert dose(regimen("pipac-cisplatin-doxorubicin-10-5"), ADULT_M2).injection_minutes == pytest.approx(6.67, abs=0.01)
    assert dose(regimen("pipac-nab-paclitaxel-112-5"), ADULT_M2).injection_minutes is None


def test_the_syringe_line_says_drug_dose_carrier_and_time() -> None:
    cisplatin = dose(regimen("pipac-cisplatin-doxorubicin-10-5"), ADULT_M2).agents[0]
    assert cisplatin.text == "Cisplatin 19.1 mg (10.5 mg/m2), in 150 mL sodium chloride 0.9 %, 30 mL/min, 5.0 min"


def test_bath_by_body_surface_or_flat() -> None:
    assert dose(regimen("hipec-oxaliplatin-460-open"), 2.0).bath_volume_l == pytest.approx(4.0)
    assert dose(regimen("hipec-mitomycin-40-flat"), 2.0).bath_volume_l == 3
    assert dose(regimen("hipec-mitomycin-35-dutch"), 2.0).bath_volume_l is None


def test_fluorouracil_stands_twenty_minutes_before() -> None:
    made = dose(regimen("hipec-oxaliplatin-360-closed"), ADULT_M2)
    assert [one.drug for one in made.intravenous] == ["leucovorin", "fluorouracil"]
    assert all("20 min before the start" in one.text for one in made.intravenous)


def test_an_unknown_dose_stays_unknown() -> None:
    made = dose(regimen("pipac-mitomycin-us"), ADULT_M2)
    assert made.agents[0].amount is None
    assert {flag.kind for flag in made.flags} == {"trial-only", "dose-unknown"}
    assert "not known" in made.agents[0].text


@pytest.mark.parametrize(
    ("id_", "kinds"),
    [
        ("pipac-cisplatin-doxorubicin-10-5", set()),
        ("pipac-cisplatin-doxorubicin-7-5", {"historic"}),
        ("pipac-oxaliplatin-90", set()),
        ("pipac-oxaliplatin-120", {"above-limit"}),
        ("epipac-oxaliplatin-92", {"trial-only", "above-limit"}),
        ("hipec-mitomycin-35-dutch", {"above-limit"}),
        ("hipec-cisplatin-100-ovhipec", set()),
    ],
)
def test_what_a_prescription_warns_of(id_: str, kinds: set[str]) -> None:
    flags = dose(regimen(id_), ADULT_M2).flags
    assert {flag.kind for flag in flags} == kinds
    assert all(flag.citations for flag in flags)


def test_mitomycin_at_sixty_milligrams_warns_and_below_does_not() -> None:
    dutch = regimen("hipec-mitomycin-35-dutch")
    assert [flag.kind for flag in dose(dutch, 60 / 35).flags] == ["above-limit"]
    assert dose(dutch, 59.9 / 35).flags == ()


def test_two_formulas_that_differ_show_both_doses() -> None:
    made = dose_for_body(regimen("pipac-oxaliplatin-90"), 150, 120)
    assert made.flags[0].kind == "body-surface"
    assert "mosteller 2.24 m2" in made.flags[0].text
    assert "dubois" in made.flags[0].text
    assert dose_for_body(regimen("pipac-oxaliplatin-90"), 170, 70).flags == ()


def test_the_formula_used_is_the_one_asked_for() -> None:
    by_mosteller = dose_for_body(regimen("pipac-oxaliplatin-90"), 180, 110)
    by_dubois = dose_for_body(regimen("pipac-oxaliplatin-90"), 180, 110, formula="dubois")
    assert by_mosteller.body_surface_m2 == pytest.approx(2.345, abs=0.001)
    assert by_dubois.body_surface_m2 == pytest.approx(2.286, abs=0.001)


@given(id_=st.sampled_from(ids("regimens")), surface=st.floats(1.2, 2.6))
def test_portions_add_up_and_doses_per_m2_are_proportional(id_: str, surface: float) -> None:
    once, twice = dose(regimen(id_), surface), dose(regimen(id_), 2 * surface)
    for one, double in zip(once.agents, twice.agents, strict=True):
        if one.amount is None or double.amount is None:
            assert one.amount == double.amount
            continue
        assert sum(part.amount for part in one.portions) == pytest.approx(one.amount)
        assert double.amount == pytest.approx(one.amount * (2 if "/m2" in one.ordered else 1))


@pytest.mark.parametrize("surface", [0, -1, float("nan")])
def test_an_impossible_body_surface_is_refused(surface: float) -> None:
    with pytest.raises(DosingError, match="above zero"):
        dose(regimen("pipac-oxaliplatin-90"), surface)


@pytest.mark.parametrize(
    ("primary", "route", "standard"),
    [
        ("colon", "pipac", {"pipac-oxaliplatin-120", "pipac-oxaliplatin-90"}),
        ("appendix", "pipac", {"pipac-oxaliplatin-120", "pipac-oxaliplatin-90"}),
        ("ovary", "pipac", {"pipac-cisplatin-doxorubicin-10-5"}),
        ("mesothelium", "pipac", {"pipac-cisplatin-doxorubicin-10-5"}),
        ("mesothelium", "hipec", {"hipec-cisplatin-doxorubicin-mesothelioma"}),
        ("ovary", "hipec", {"hipec-cisplatin-100-ovhipec", "hipec-cisplatin-75-chipor", "hipec-cisplatin-75-lim"}),
    ],
)
def test_standard_regimens_of_a_primary(primary: PrimarySite, route: str, standard: set[str]) -> None:
    found = [regimen(id_) for id_ in ids("regimens")]
    assert {one.id for one in found if one.route == route and one.context == "standard" and one.meant_for(primary)} == standard
