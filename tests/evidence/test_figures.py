"""Headline figures typed by hand from the publications, and the traps that a figure can fall into."""

from __future__ import annotations

import pytest

from peritia.knowledge import library
from peritia.knowledge.outcome import Comparison, Outcome


def outcome(study: str, name: str, *, arm: str = "", at: str = "", subgroup: str = "", clock: str | None = None) -> Outcome:
    found = [
        one
        for one in library().studies[study].outcomes
        if one.name == name and one.arm == arm and one.at == at and one.subgroup == subgroup and clock in (None, one.clock)
    ]
    assert len(found) == 1, f"{study}: {name} {arm} {at} {subgroup}: {len(found)} found"
    return found[0]


def comparison(study: str, name: str) -> Comparison:
    (found,) = [one for one in library().studies[study].comparisons if one.name == name]
    return found


@pytest.mark.parametrize(
    ("study", "arm", "value", "low", "high"),
    [
        ("prodige-7", "hipec", 41.7, 36.2, 53.8),
        ("prodige-7", "surgery", 41.2, 35.1, 49.7),
        ("ovhipec-1", "surgery", 33.3, 29.0, 39.1),
        ("ovhipec-1", "hipec", 44.9, 38.6, 55.1),
        ("chipor", "surgery", 45.8, 38.9, 54.2),
        ("chipor", "hipec", 54.3, 41.9, 61.7),
        ("gastripec-i", "hipec", 14.9, 8.7, 17.7),
        ("gastripec-i", "surgery", 14.9, 7.0, 19.4),
        ("mmc-ox-cohort-2093", "oxaliplatin", 47, 42, 53),
        ("mmc-ox-cohort-2093", "mitomycin", 39, 36, 43),
        ("ovarian-italy-511", "", 54.2, 44, 58.4),
        ("crs-chemo-only-50", "", 32.4, 21.5, 41.7),
        ("manchester-recurrence", "", 45.2, 38, 53),
        ("keynote-811", "test", 20.0, 17.8, 22.1),
    ],
)
def test_overall_survival_as_published(study: str, arm: str, value: float, low: float, high: float) -> None:
    found = outcome(study, "Overall survival", arm=arm)
    assert (found.value, found.low, found.high, found.unit) == (value, low, high, "mo")


@pytest.mark.parametrize(
    ("study", "name", "value", "low", "high"),
    [
        ("prodige-7", "Overall survival", 1.00, 0.63, 1.58),
        ("ovhipec-1", "Overall survival", 0.70, 0.53, 0.92),
        ("chipor", "Overall survival", 0.73, 0.56, 0.96),
        ("cyto-chip", "Overall survival", 0.60, 0.42, 0.86),
        ("mmc-ox-cohort-2093", "Overall survival", 0.77, 0.67, 0.90),
        ("prophylochip", "Disease-free survival", 0.97, 0.61, 1.56),
        ("mirnezami-2014", "Alive at 5 years", 4.07, 2.17, 7.64),
        ("codebreak-300", "Progression-free survival", 0.49, 0.30, 0.80),
    ],
)
def test_ratios_as_published(study: str, name: str, value: float, low: float, high: float) -> None:
    found = comparison(study, name)
    assert (found.value, found.low, found.high) == (value, low, high)


@pytest.mark.parametrize(
    ("study", "name", "value"),
    [
        ("isspp-registry-2", "Response by the third PIPAC", 80),
        ("isspp-registry-2", "No access to the abdomen", 3.5),
        ("chen-2025", "Histological response", 66.3),
        ("tempfer-2015", "No access to the abdomen", 17),
        ("pipac-cohort-2022", "Three or more PIPAC", 52),
        ("oncoteam-2576", "Mortality", 1.6),
        ("gustave-roussy-2018", "Relapse", 69),
        ("basingstoke-2021", "Recurrence", 37.6),
        ("ascites-drains", "Any complication", 19.7),
        ("manchester-repeat", "Second operation", 6.7),
    ],
)
def test_shares_as_published(study: str, name: str, value: float) -> None:
    found = next(one for one in library().studies[study].outcomes if one.name == name and not one.arm)
    assert (found.value, found.unit) == (value, "%")


@pytest.mark.parametrize(
    ("count", "of", "study", "name"),
    [
        (33, 53, "tempfer-2015", "Objective tumour response"),
        (26, 34, "tempfer-2015", "Histological regression"),
        (11, 64, "tempfer-2015", "No access to the abdomen"),
        (7, 11, "pipac-ov1", "Tumour regression"),
        (190, 274, "gustave-roussy-2018", "Relapse"),
        (106, 414, "dutch-recurrence-2018", "Isolated peritoneal recurrence"),
        (430, 1145, "basingstoke-2021", "Recurrence"),
        (84, 1259, "manchester-repeat", "Second operation"),
        (21, 406, "girshally-2016", "Cytoreduction after PIPAC"),
        (95, 183, "pipac-cohort-2022", "Three or more PIPAC"),
        (7, 20, "crc-pipac-ii", "Patients with a major event"),
        (255, 1297, "ascites-drains", "Any complication"),
        (8, 27, "cristea-nab-paclitaxel", "Without progression for 6 months or more"),
    ],
)
def test_a_share_agrees_with_its_count(count: int, of: int, study: str, name: str) -> None:
    found = next(one for one in library().studies[study].outcomes if one.name == name)
    assert found.value == pytest.approx(100 * count / of, abs=0.51)
    assert found.n == of


def test_oxaliplatin_for_pipac_has_no_single_dose() -> None:
    """French limit with intravenous fluorouracil, Singapore limit without: each stands with its own study."""
    assert outcome("pipox", "Highest tolerated dose of oxaliplatin").value == 90
    assert outcome("pipac-ox", "Recommended dose of oxaliplatin").value == 120


def test_each_definition_of_response_keeps_its_name() -> None:
    assert outcome("isspp-registry-2", "Response by the third PIPAC", at="third PIPAC").definition == "prgs-mean-le-2-or-drop-ge-1"
    assert outcome("pipac-opc2", "Major histological response at the third PIPAC", at="third PIPAC").definition == "prgs-mean-le-2"
    assert outcome("baake-2023", "Histological response over two or more cycles").definition == "prgs-mean-stable-or-lower"
    assert outcome("tempfer-2015", "Objective tumour response").definition == "tempfer-otr-incl-stable"


def test_one_survival_reads_differently_on_two_clocks() -> None:
    assert outcome("pancreas-biliary-pipac", "Overall survival", clock="from-peritoneal-diagnosis").value == 11
    assert outcome("pancreas-biliary-pipac", "Overall survival", clock="from-first-pipac").value == 6


def test_survival_by_number_of_pipac_is_called_selection() -> None:
    for study in ("pipac-cohort-2022", "gastric-pipac-repeat-meta"):
        assert "immortal time" in " ".join(library().studies[study].bias).lower()


def test_the_inconsistent_median_after_pseudomyxoma_relapse_is_not_used() -> None:
    study = library().studies["basingstoke-2021"]
    assert 39 not in [one.value for one in study.outcomes]
    assert "39 months" in study.not_usable[0]


def test_hipec_in_colorectal_cancer_is_neutral_where_it_was_randomised() -> None:
    for name in ("Overall survival", "Relapse-free survival"):
        found = comparison("prodige-7", name)
        assert found.value is not None
        assert 0.9 <= found.value <= 1.0


def test_a_figure_without_its_clock_or_definition_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="clock"):
        Outcome(name="Survival", kind="overall-survival", unit="mo", value=10)
    with pytest.raises(ValueError, match="definition"):
        Outcome(name="Response", kind="response", unit="%", value=60)
    with pytest.raises(ValueError, match="order"):
        Outcome(name="Stay", kind="course", unit="d", value=1, low=2, interval="IQR")
    with pytest.raises(ValueError, match="interval"):
        Outcome(name="Stay", kind="course", unit="d", value=3, low=2)
    with pytest.raises(ValueError, match="percentage"):
        Outcome(name="Access", kind="access", unit="%", value=101)
    with pytest.raises(ValueError, match="measure"):
        Comparison(name="Survival", meaning="Longer.", measure="hazard-ratio")
