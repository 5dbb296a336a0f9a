"""The invented patients: each reads, fits together and says in its facts what its story says."""

# ruff: noqa: E501  (tables read best with one case on a line)

from __future__ import annotations

from typing import Any

import pytest

from peritia import patients
from peritia.case import conflicts, facts


@pytest.mark.parametrize("name", patients.names())
def test_each_patient_reads_without_contradiction(name: str) -> None:
    case = patients.read(name)
    assert case.id == name
    assert case.title
    assert case.story
    assert case.question
    flags = {one.name for one in conflicts(case, patients.ASSESSED_ON)}
    assert flags == ({"undated"} if name == "nora" else set())


def test_there_is_a_cast() -> None:
    assert len(patients.names()) == 20
    assert {"maria", "anton", "nora"} <= set(patients.names())
    with pytest.raises(patients.UnknownPatientError, match="no invented patient"):
        patients.read("nobody")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("maria", {"pci_surgical": 24, "systemic_lines_palliative": 2, "diffuse_small_bowel_disease": True, "complete_resection_expected": False, "prior_hipec": False}),
        ("anton", {"pci_surgical": 8, "complete_resection_expected": True, "extraperitoneal_disease": False, "ras_wild_type": True, "dpci": -3}),
        ("nora", {"primary_site": "colon", "peritoneal_disease_present": True, "ecog": None, "pci_surgical": None, "prior_hipec": None}),
        ("pavel", {"recurrence_pattern": "isolated-peritoneal", "low_grade_mucinous": True, "complete_resection_expected": True, "pci_below_index": True}),
        ("greta", {"recurrence_pattern": "isolated-peritoneal", "last_hipec_drug": "mitomycin", "pci_below_index": False, "index_cc": 0}),
        ("ibrahim", {"recurrence_pattern": "both", "kras_g12c": True, "liver_metastases_count": 3, "pci_surgical": None, "systemic_ongoing": True}),
        ("helena", {"ecog": 1, "refuses_systemic_therapy": True, "folate_receptor_alpha_high": True, "bowel_obstruction": "partial", "crs_count": 2}),
        ("sofia", {"figo_stage": "III", "interval_debulking_planned": True, "prior_crs": False, "brca_pathogenic": None, "hemoglobin_g_per_dl": 10.8}),
        ("kenji", {"pci_surgical": 4, "her2_positive": True, "peritoneal_cytology_positive": True, "pdl1_cps": 6}),
        ("lucia", {"pci_surgical": 15, "signet_ring_cells": True, "pregnant": None, "ascites_volume_ml": 600, "albumin_g_per_l": 31}),
        ("omar", {"peritoneal_mesothelioma": True, "pci_surgical": 18, "complete_resection_expected": True, "systemic_therapy_given": False}),
        ("ruth", {"bowel_obstruction": "complete", "parenteral_nutrition": "exclusive", "ecog": 3, "retroperitoneal_nodes": True}),
        ("ingrid", {"mmr_deficient": True, "braf_v600e": True, "pci_surgical": None, "tmb_mut_per_mb": 38}),
        ("daniel", {"refuses_surgery": True, "refuses_pipac": True, "refuses_blood_transfusion": True, "refuses_radiation": False}),
        ("aisha", {"platinum_hypersensitivity": True, "kras_g12c": True, "cumulative_oxaliplatin_mg_per_m2": 680}),
        ("thomas", {"recurrence_pattern": "distant", "extraperitoneal_irradiable": True, "liver_metastases_count": 1, "peritoneal_disease_present": False}),
        ("elena", {"pipac_sessions": 3, "prgs_mean": 1.25, "prgs_mean_first": 3.25, "peritoneal_cytology_positive": False, "dpci": -2}),
        ("walter", {"age_years": 84, "frail": True, "severe_cardiac_disease": True, "extraperitoneal_disease": None}),
        ("chiara", {"recurrence_after_crs_hipec": False, "peritoneal_disease_present": False}),
    ],
)  # fmt: skip
def test_facts_tell_the_story(name: str, expected: dict[str, Any]) -> None:
    found = facts(patients.read(name), patients.ASSESSED_ON)
    assert {fact: found[fact].value for fact in expected} == pytest.approx(expected)


def test_viktor_in_si_units() -> None:
    found = facts(patients.read("viktor"), patients.ASSESSED_ON)
    assert found["creatinine_mg_per_dl"].value == pytest.approx(2.33, abs=0.01)
    assert found["creatinine_mg_per_dl"].origins[0].shown == "206 umol/L"
    assert found["creatinine_clearance_ml_per_min"].value == pytest.approx(28.0, abs=0.1)
    assert found["hemoglobin_g_per_dl"].value == pytest.approx(10.15, abs=0.01)
    assert found["alt_x_uln"].value == pytest.approx(0.49, abs=0.01)
