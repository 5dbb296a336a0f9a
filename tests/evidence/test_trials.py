"""Trials: well-formed names, a dated status, no limit that the registry does not state but pregnancy, which says that it was not read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from peritia.case.facts import DECLARATIONS
from peritia.criteria import conjunction, evaluate, negation
from peritia.knowledge import Trial, library

TRIALS = tuple(library().trials.values())
WITHOUT_REGISTRY_NUMBER = {"crc-pipac-ii", "pipac-ga03", "chippi"}


def fits(trial: str, **values: bool | float | str) -> bool | None:
    """Whether a patient (a man, say) with these facts meets the coded criteria; every other fact is unknown."""
    criteria = library().trials[trial].criteria
    parts = [negation(one.formula) if one.exclude else one.formula for one in criteria]
    return evaluate(conjunction(parts), {"pregnant": False, "breastfeeding": False} | values)


def test_there_are_enough_trials() -> None:
    assert len(TRIALS) >= 40
    assert sum(trial.status == "recruiting" for trial in TRIALS) >= 8
    assert sum("pipac" in trial.treatments for trial in TRIALS) >= 20


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_a_trial_is_named_by_its_registry_number(trial: Trial) -> None:
    if trial.id in WITHOUT_REGISTRY_NUMBER:
        assert not re.match(r"(NCT|ISRCTN)\d", trial.identifier)
    else:
        assert trial.id == trial.identifier.lower()
        assert re.fullmatch(r"NCT\d{8}|ISRCTN\d{8}", trial.identifier)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_a_status_has_a_date_and_no_trial_is_silently_complete(trial: Trial) -> None:
    assert trial.status_checked == date(2026, 11, 21)
    assert trial.criteria or trial.by_hand
    if trial.status in ("recruiting", "not-yet-recruiting", "unknown"):
        assert trial.by_hand, "no recruiting trial is coded whole; what is left must be named"
        assert trial.status_note
    for criterion in trial.criteria:
        assert set(criterion.formula.facts) <= set(DECLARATIONS)


def test_a_recruiting_trial_without_a_date_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="status_checked"):
        Trial(name="T", identifier="NCT00000000", summary="S.", source="s", treatments=("pipac",), status="recruiting")


def test_no_upper_age_is_made_up() -> None:
    singapore = {
        "peritoneal_disease_present": True,
        "primary_site": "colon",
        "ecog": 1,
        "neutrophils_10_9_per_l": 3.0,
        "platelets_10_9_per_l": 200.0,
        "egfr_ml_per_min_1_73m2": 70.0,
        "bilirubin_x_uln": 0.5,
        "alt_x_uln": 0.5,
        "ast_x_uln": 0.5,
        "pregnant": False,
        "breastfeeding": False,
    }
    assert fits("nct04956068", age_years=95, **singapore) is True
    assert fits("nct04956068", age_years=20, **singapore) is False


def test_a_haemoglobin_whose_unit_is_in_doubt_is_left_to_the_reader() -> None:
    trial = library().trials["nct04956068"]
    assert not any("hemoglobin_g_per_dl" in criterion.formula.facts for criterion in trial.criteria)
    assert any("mmol/L" in item for item in trial.by_hand)


def test_transaminases_may_be_higher_with_liver_metastases() -> None:
    patient = {
        "peritoneal_disease_present": True,
        "primary_site": "ovary",
        "ecog": 2,
        "neutrophils_10_9_per_l": 1.5,
        "platelets_10_9_per_l": 100.0,
        "hemoglobin_g_per_dl": 9.0,
        "bilirubin_x_uln": 1.0,
        "alp_x_uln": 1.0,
        "bowel_obstruction": "none",
        "alt_x_uln": 4.0,
        "ast_x_uln": 4.0,
    }
    assert fits("nct04329494", liver_metastases=True, **patient) is True
    assert fits("nct04329494", liver_metastases=False, **patient) is False
    assert fits("nct04329494", **patient) is None


def test_positive_cytology_alone_is_enough_for_verone() -> None:
    patient: dict[str, bool | float | str] = dict.fromkeys(
        (
            "peritoneal_disease_present",
            "systemic_therapy_given",
            "extraperitoneal_disease",
            "platinum_hypersensitivity",
            "anthracycline_hypersensitivity",
        ),
        False,
    )
    patient |= {
        "primary_site": "stomach",
        "age_years": 60,
        "ecog": 1,
        "pci_surgical": 0,
        "alt_x_uln": 1.0,
        "ast_x_uln": 1.0,
        "bilirubin_x_uln": 1.0,
        "creatinine_mg_per_dl": 0.9,
        "creatinine_clearance_ml_per_min": 80.0,
        "leukocytes_10_9_per_l": 5.0,
        "platelets_10_9_per_l": 200.0,
        "nyha_class": 1,
    }
    assert fits("nct05303714", peritoneal_cytology_positive=True, **patient) is True
    assert fits("nct05303714", peritoneal_cytology_positive=False, **patient) is False


def test_ovarian_cancer_enters_piccos_only_when_platinum_resistant() -> None:
    assert fits("isrctn17575409", primary_site="ovary", platinum_free_interval_months=9.0) is False
    assert fits("isrctn17575409", primary_site="ovary", platinum_free_interval_months=4.0) is None
    assert fits("isrctn17575409", primary_site="colon", platinum_free_interval_months=9.0) is None


def test_mesotip_stands_under_the_number_of_its_registry_record() -> None:
    trial = library().trials["nct03875144"]
    assert "NCT03574493" in trial.other_ids


@pytest.mark.parametrize(
    ("identifier", "word"),
    [
        ("NCT03304210", "PIPAC"),
        ("NCT03287375", "Aerosol"),
        ("NCT03280511", "PIPAC"),
        ("NCT03172416", "Oxaliplatin"),
        ("NCT01809379", "Ovarian"),
        ("NCT01854255", "Gastric"),
        ("NCT02475772", "Cisplatin"),
        ("NCT02758951", "Colorectal"),
        ("NCT02614534", "Mitomycin"),
        ("NCT00769405", "Colorectal"),
        ("NCT02231086", "HIPEC"),
        ("NCT00426257", "Ovarian"),
        ("NCT03348150", "Gastric"),
        ("NCT02356276", "Gastric"),
    ],
)
def test_a_number_belongs_to_the_trial_it_is_said_to(shared_data: Path, identifier: str, word: str) -> None:
    record = shared_data / "ctgov-peritoneal-summaries" / f"{identifier}.txt"
    assert word.lower() in record.read_text().splitlines()[0].lower()
    assert identifier.lower() in library().trials
