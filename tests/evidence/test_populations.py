"""Would this patient have been in the study? Worked by hand for the studies that decide most."""

from __future__ import annotations

import pytest

from peritia.criteria import conjunction, evaluate, negation
from peritia.knowledge import library

COLON = {"primary_site": "colon", "peritoneal_disease_present": True}


def fits(study: str, **values: bool | float | str) -> bool | None:
    """Whether a patient with these facts meets the coded population; every other fact is unknown."""
    population = library().studies[study].population
    return evaluate(conjunction([negation(one.formula) if one.exclude else one.formula for one in population]), values)


def prodige(**changed: bool | float | str) -> bool | None:
    return fits("prodige-7", **(COLON | {"peritoneal_biopsy_positive": True, "age_years": 65, "ecog": 1, "pci_surgical": 18} | changed))


def test_prodige_7_took_fit_patients_up_to_70_with_pci_up_to_25() -> None:
    assert prodige() is True
    assert prodige(age_years=70, pci_surgical=25) is True
    assert prodige(age_years=71) is False
    assert prodige(age_years=17) is False
    assert prodige(pci_surgical=26) is False
    assert prodige(ecog=2) is False
    assert prodige(primary_site="appendix") is False


def test_a_missing_pci_leaves_prodige_7_open() -> None:
    values: dict[str, bool | float | str] = COLON | {"peritoneal_biopsy_positive": True, "age_years": 65, "ecog": 1}
    assert fits("prodige-7", **values) is None
    assert fits("prodige-7", **(values | {"age_years": 80})) is False


def test_ct_pci_is_not_surgical_pci() -> None:
    assert fits("prodige-7", **COLON, peritoneal_biopsy_positive=True, age_years=65, ecog=1, pci_ct=10, pci_imaging=10) is None


@pytest.mark.parametrize(("age", "answer"), [(18, True), (76, True), (77, False)])
def test_ovhipec_1_ended_at_76(age: int, answer: bool) -> None:
    assert fits("ovhipec-1", primary_site="ovary", figo_stage="III", age_years=age, ecog=2, interval_debulking_planned=True) is answer


def test_chipor_and_mirasol_part_at_six_months() -> None:
    chipor: dict[str, bool | float | str] = {"primary_site": "ovary", "age_years": 60, "ecog": 1, "complete_resection_expected": True}
    assert fits("chipor", platinum_free_interval_months=6.0, **chipor) is True
    assert fits("chipor", platinum_free_interval_months=5.9, **chipor) is False
    mirasol: dict[str, bool | float | str] = {"primary_site": "ovary", "folate_receptor_alpha_high": True, "systemic_lines_palliative": 2}
    assert fits("mirasol", platinum_free_interval_months=5.9, **mirasol) is True
    assert fits("mirasol", platinum_free_interval_months=6.0, **mirasol) is False


def test_pipac_opc2_allowed_one_metastasis_outside() -> None:
    patient: dict[str, bool | float | str] = {
        "peritoneal_disease_present": True,
        "age_years": 60,
        "ecog": 1,
        "nasogastric_tube": False,
        "parenteral_nutrition": "none",
        "platinum_hypersensitivity": False,
        "anthracycline_hypersensitivity": False,
        "creatinine_clearance_ml_per_min": 40.0,
        "nyha_class": 2,
        "bilirubin_x_uln": 1.0,
        "neutrophils_10_9_per_l": 2.0,
    }
    assert fits("pipac-opc2", extraperitoneal_lesions_count=1, **patient) is True
    assert fits("pipac-opc2", extraperitoneal_lesions_count=2, **patient) is False
    assert fits("pipac-opc2", **(patient | {"creatinine_clearance_ml_per_min": 39.0}), extraperitoneal_lesions_count=0) is False


def test_crc_pipac_converts_haemoglobin_once() -> None:
    """5.0 mmol/L is 8.06 g/dL at 1.6114 g/dL each mmol/L; the file writes 8.1."""
    limits = [one.when for one in library().studies["crc-pipac"].population if "hemoglobin" in one.when]
    assert limits == ["hemoglobin_g_per_dl >= 8.1"]
    assert pytest.approx(8.1, abs=0.05) == 5.0 * 1.6114


def test_recurrence_studies_took_only_those_treated_before() -> None:
    for study in ("gustave-roussy-2018", "dutch-recurrence-2018", "manchester-recurrence", "manchester-repeat"):
        assert fits(study, primary_site="colon", prior_hipec=False) is False


def test_prevention_studies_did_not_take_established_disease() -> None:
    for study in ("colopec", "prophylochip", "hipect4"):
        assert fits(study, primary_site="colon", t_stage_4=True, age_years=60, peritoneal_disease_present=True) is False
