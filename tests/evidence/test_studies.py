"""What every study file owes its reader: a clock, an order, a denominator, a definition, a word on bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest

from peritia.case.facts import DECLARATIONS
from peritia.knowledge import Study, library
from peritia.knowledge.library import standing
from peritia.knowledge.outcome import CLOCKS, DEFINITIONS, Clock, Comparison, Definition, Outcome

STUDIES = tuple(library().studies.values())
SURVIVAL = {"overall-survival", "progression-free-survival", "disease-free-survival", "disease-specific-survival"}


def figures() -> Iterator[tuple[Study, Outcome | Comparison]]:
    for study in STUDIES:
        for figure in (*study.outcomes, *study.comparisons):
            yield study, figure


def test_there_are_enough_studies_for_every_treatment_of_the_peritoneum() -> None:
    informed = Counter(treatment for study in STUDIES for treatment in study.treatments)
    assert len(STUDIES) >= 100
    assert informed["pipac"] >= 25
    assert informed["crs-hipec"] >= 25
    assert informed["repeat-crs"] >= 8
    assert informed["second-hipec"] >= 4
    assert informed["targeted-therapy"] >= 8
    assert informed["immunotherapy"] >= 6
    assert informed["radiation"] >= 1
    assert informed["palliative-care"] >= 2


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_a_study_says_what_it_asked_and_found_and_why_it_may_mislead(study: Study) -> None:
    assert study.question.endswith("?")
    assert study.summary.endswith(".")
    assert study.bias
    assert study.outcomes or study.comparisons


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_every_figure_is_ordered_counted_and_on_a_clock(study: Study) -> None:
    for outcome in study.outcomes:
        numbers = [number for number in (outcome.low, outcome.value, outcome.high) if number is not None]
        assert numbers == sorted(numbers), outcome.name
        assert outcome.n is None or outcome.n > 0
        assert outcome.kind not in SURVIVAL or outcome.clock in CLOCKS
        assert outcome.kind != "response" or outcome.definition in DEFINITIONS
        if outcome.unit == "%" and outcome.kind in SURVIVAL:
            assert outcome.at, f"{outcome.name}: a survival rate needs its moment"
    for comparison in study.comparisons:
        numbers = [number for number in (comparison.low, comparison.value, comparison.high) if number is not None]
        assert numbers == sorted(numbers), comparison.name
        assert comparison.measure not in ("hazard-ratio", "risk-ratio", "odds-ratio") or all(number > 0 for number in numbers)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_every_population_speaks_of_declared_facts(study: Study) -> None:
    for criterion in study.population:
        assert set(criterion.formula.facts) <= set(DECLARATIONS)
        assert criterion.because


def test_no_figure_is_stated_twice_within_a_study() -> None:
    for study in STUDIES:
        keys = [(one.name, one.arm, one.at, one.subgroup, one.clock, one.definition) for one in study.outcomes]
        doubled = [key for key, count in Counter(keys).items() if count > 1]
        assert not doubled, f"{study.id}: {doubled}"


def test_clocks_and_definitions_are_each_named_once_in_plain_words() -> None:
    assert set(CLOCKS) == set(get_args(Clock))
    assert set(DEFINITIONS) == set(get_args(Definition))
    assert len(set(CLOCKS.values())) == len(CLOCKS)
    assert len(set(DEFINITIONS.values())) == len(DEFINITIONS)


def test_one_publication_has_one_source() -> None:
    sources = library().sources
    for field in ("pmid", "doi", "pmc"):
        written = Counter(getattr(source, field).lower() for source in sources.values() if getattr(source, field))
        assert not [name for name, count in written.items() if count > 1], field


def test_studies_that_share_a_publication_share_its_source() -> None:
    sources = library().sources
    owner: dict[str, str] = {}
    for study in STUDIES:
        for citation in study.citations:
            for name in (sources[citation.source].pmid, sources[citation.source].doi):
                if name:
                    assert owner.setdefault(name, citation.source) == citation.source


def test_a_recalled_figure_of_a_study_that_was_read_stays_recalled() -> None:
    study = library().studies["prodige-7"]
    subgroup = next(one for one in study.outcomes if one.subgroup == "PCI 11 to 15")
    whole = next(one for one in study.outcomes if one.value == 41.7)
    assert standing(study.cited(subgroup), library().sources) == "recalled"
    assert standing(study.cited(whole), library().sources) == "seen"


def test_every_figure_can_be_cited() -> None:
    for study, figure in figures():
        assert study.cited(figure), f"{study.id}: {figure.name}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gastripec-i", "cyto-chip"),
        ("lim-2022", "ovhipec-1"),
        ("mmc-ox-cohort-2093", "freiburg-hipec"),
        ("chipor", "zivanovic-2021"),
        ("verwaal-2003", "prodige-7"),
        ("hipect4", "colopec"),
        ("pipox", "pipac-ox"),
        ("alyami-2018", "girshally-2016"),
    ],
)
def test_contradicting_studies_name_each_other(one: str, other: str) -> None:
    studies = library().studies
    assert other in studies[one].beside
    assert one in studies[other].beside
