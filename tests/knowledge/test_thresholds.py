"""Every criterion of the library answers as reviewed on both sides of each of its thresholds, and with each fact missing."""

from __future__ import annotations

import pytest
from criterion_mutants import mutants
from expectations import Expectations, differences, stored
from mutate_thresholds import survivors
from threshold_probes import places, probes

from peritia.case.facts import DECLARATIONS
from peritia.criteria import evaluate, parse
from peritia.knowledge.files import Files, read_files


@pytest.fixture(scope="module")
def files() -> Files:
    return read_files()


@pytest.fixture(scope="module")
def expected() -> Expectations:
    return stored()


def test_every_criterion_answers_as_reviewed(files: Files, expected: Expectations) -> None:
    assert list(differences(files, expected)) == [], "run tests/knowledge/write_thresholds.py and read the difference line by line"


def test_every_mutant_is_caught(files: Files, expected: Expectations) -> None:
    count, alive = survivors(places(files), expected)
    assert alive == []
    assert count["caught"] > 5000


def test_missing_everything_is_unknown(files: Files) -> None:
    """No criterion can be decided when nothing at all is known."""
    decided = {c.text for _, c in places(files) if evaluate(c, dict.fromkeys(c.facts)) is not None}
    assert decided == set()


@pytest.mark.parametrize(
    "text",
    [
        "ecog <= 2",
        "pregnant",
        "NOT pregnant",
        "ecog = 2",
        "primary_site IN ('colon', 'rectum') AND pci_surgical > 20",
        "bilirubin_x_uln <= 1.5 OR bilirubin_mg_per_dl <= 1.5",
        "ecog BETWEEN 1 AND 2",
        "prgs_mean <= 2 OR prgs_mean_first - prgs_mean >= 1",
        "prgs_mean <= prgs_mean_first",
        "NOT (ecog >= 3 AND (pregnant OR dialysis))",
    ],
)
def test_the_tool_tells_every_mutant_apart(text: str) -> None:
    criterion = parse(text, DECLARATIONS)
    found = probes(criterion)
    assert all(probe.fits(criterion) for probe in found)
    every = list(mutants(criterion))
    assert every
    assert [mutant.text for mutant in every if all(probe.fits(mutant) for probe in found)] == []
