"""Facts one by one: what each entry makes known, and what it leaves open."""

# ruff: noqa: E501  (tables read best with one case on a line)

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from peritia.case import FACTS, facts
from peritia.case.facts import calendar, pages
from peritia.case.facts.definitions import DEFINITIONS
from tests.case.cases import ON, case, fact, value

CRS = "cytoreductions: [{on: 2025-11-21, completed: true, cc: 0, pci: 14, hipec: true, hipec_drugs: [{drug: mitomycin, mg: 40}]}]"


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-05-21", "2026-11-21", 6), ("2026-01-31", "2026-02-28", 1), ("2024-02-29", "2025-02-28", 12), ("2026-11-20", "2026-11-21", 1 / 30),
        ("2025-11-22", "2026-11-21", 11 + 30 / 31), ("2026-11-21", "2026-11-21", 0),
    ],
)  # fmt: skip
def test_calendar_months(start: str, end: str, months: float) -> None:
    assert calendar.months_between(date.fromisoformat(start), date.fromisoformat(end)) == pytest.approx(months)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # patient
        ("patient: {birth_date: 1960-11-21}", "age_years", 66),
        ("patient: {birth_date: 1960-11-22}", "age_years", 65),
        ("patient: {sex: male}", "pregnant", False),
        ("patient: {sex: female}", "pregnant", None),
        ("labs: [{analyte: pregnancy-test, positive: true, on: 2026-11-10}]", "pregnant", True),
        ("labs: [{analyte: pregnancy-test, positive: false, on: 2026-09-10}]", "pregnant", None),
        ("patient: {pregnant: false}\nlabs: [{analyte: pregnancy-test, positive: true, on: 2026-11-10}]", "pregnant", None),
        ("labs: [{analyte: pregnancy-test, positive: false, on: 2026-11-10}]", "pregnancy_test_age_days", 11),
        ("patient: {death_date: 2026-11-21}", "alive", False),
        ("patient: {death_date: 2026-11-22}", "alive", True),
        ("patient: {deceased: true}", "alive", False),
        ("patient: {deceased: true, death_date: 2026-11-22}", "alive", True),
        ("patient: {deceased: false}", "alive", True),
        ("patient: {body: [{height_cm: 170, on: 2024-01-01}, {weight_kg: 70, on: 2026-11-01}]}", "body_surface_m2", pytest.approx(1.818, abs=1e-3)),
        # primary and histology
        ("primary: {site: rectum}", "primary_side", "left"),
        ("primary: {site: colon}", "primary_side", None),
        ("primary: {site: colon, t_stage: T4b}", "t_stage_4", True),
        ("primary: {site: colon, n_stage: N0}", "regional_nodes_positive", False),
        ("histology: {type: signet-ring-cell-carcinoma}", "signet_ring_cells", True),
        ("histology: {type: signet-ring-cell-carcinoma, signet_ring_cells: absent}", "signet_ring_cells", None),
        ("histology: {lymphatic_invasion: absent}", "lymphatic_or_venous_invasion", None),
        ("histology: {lymphatic_invasion: absent, venous_invasion: present}", "lymphatic_or_venous_invasion", True),
        ("histology: {type: adenocarcinoma, on: 2026-12-24}", "histology_type", None),
        ("primary: {site: appendix}\nhistology: {type: pseudomyxoma-low-grade}", "pseudomyxoma", True),
        ("primary: {site: appendix}\nhistology: {type: low-grade-appendiceal-mucinous-neoplasm}", "pseudomyxoma", None),
        ("primary: {site: appendix, synchronous_peritoneal: true}\nhistology: {type: low-grade-appendiceal-mucinous-neoplasm}", "pseudomyxoma", True),
        ("primary: {site: appendix}\nhistology: {type: mucinous-adenocarcinoma}", "pseudomyxoma", None),
        ("histology: {type: mucinous-adenocarcinoma}", "pseudomyxoma", False),
        ("primary: {site: mesothelium}", "peritoneal_mesothelioma", True),
        ("primary: {site: peritoneum}", "peritoneal_mesothelioma", None),
        ("histology: {type: mesothelioma-epithelioid}", "peritoneal_mesothelioma", None),
        ("histology: {type: adenocarcinoma}", "invasive_gastrointestinal", True),
        ("", "invasive_gastrointestinal", None),
        ("primary: {site: ovary}", "invasive_gastrointestinal", False),
        # molecular
        ("molecular: [{marker: kras, tested: true}]", "kras_status", None),
        ("molecular: [{marker: kras, result: wild-type}, {marker: nras, result: wild-type}]", "ras_wild_type", True),
        ("molecular: [{marker: kras, result: wild-type}]", "ras_wild_type", None),
        ("molecular: [{marker: nras, result: mutated, variant: Q61K}]", "ras_wild_type", False),
        ("molecular: [{marker: kras, result: mutated, variant: p.Gly12Cys}]", "kras_g12c", True),
        ("molecular: [{marker: kras, result: mutated, variant: G12D}]", "kras_g12c", False),
        ("molecular: [{marker: kras, result: mutated}]", "kras_g12c", None),
        ("molecular: [{marker: kras, result: mutated, variant: G12D}, {marker: kras, result: mutated, variant: G12C}]", "kras_g12c", True),
        ("molecular: [{marker: braf, result: wild-type}]", "braf_v600e", False),
        ("molecular: [{marker: her2, result: equivocal}]", "her2_positive", None),
        ("molecular: [{marker: mmr, result: deficient}]", "mmr_deficient", True),
        ("molecular: [{marker: brca1, result: wild-type}, {marker: brca2, result: mutated, variant: likely pathogenic}]", "brca_pathogenic", True),
        ("molecular: [{marker: brca1, result: wild-type}, {marker: brca2, result: mutated, variant: VUS}]", "brca_pathogenic", False),
        ("molecular: [{marker: brca2, result: mutated}]", "brca_pathogenic", None),
        ("molecular: [{marker: folate-receptor-alpha, value: 75}]", "folate_receptor_alpha_high", True),
        ("molecular: [{marker: folate-receptor-alpha, value: 74}]", "folate_receptor_alpha_high", False),
        # peritoneum
        ("peritoneum: [{method: laparoscopy, total: 12}]", "pci_surgical", 12),
        ("peritoneum: [{method: ct, total: 12}]", "pci_surgical", None),
        ("peritoneum: [{method: ct, total: 12}]", "pci_imaging", 12),
        ("peritoneum: [{method: ct, total: 5, on: 2026-11-01}, {method: mri, total: 9, on: 2026-11-01}]", "pci_imaging", 9),
        ("peritoneum: [{method: laparoscopy, regions: {0: 3, 1: 2}}]", "pci_surgical", None),
        ("peritoneum: [{method: laparoscopy, total: 30, regions: {0: 1}}]", "pci_surgical", 30),
        ("peritoneum: [{method: laparoscopy, total: 38, regions: {0: 1}}]", "pci_surgical", None),
        ("peritoneum: [{method: laparoscopy, regions: {9: 1, 10: 2, 11: 0, 12: 3}}]", "pci_small_bowel", 6),
        ("peritoneum: [{method: laparoscopy, total: 5, on: 2026-03-21}, {method: laparotomy, total: 12, on: 2026-11-21}]", "dpci", 7),
        ("peritoneum: [{method: laparoscopy, total: 5, on: 2026-03-21}, {method: laparotomy, total: 12, on: 2026-11-21}]", "months_between_explorations", 8),
        ("cytoreductions: [{on: 2026-10-01, completed: false, pci: 30}]", "pci_surgical", 30),
        ("peritoneum: [{method: ct, confluent_small_bowel: absent, diffuse_mesentery: absent}]", "diffuse_small_bowel_disease", None),
        ("peritoneum: [{method: laparoscopy, confluent_small_bowel: absent, diffuse_mesentery: absent}]", "diffuse_small_bowel_disease", False),
        ("peritoneum: [{method: ct, confluent_small_bowel: present}]", "diffuse_small_bowel_disease", True),
        ("peritoneum: [{method: laparoscopy, complete_resection_expected: cc1}]\nhistology: {type: adenocarcinoma}", "complete_resection_expected", False),
        ("peritoneum: [{method: laparoscopy, complete_resection_expected: cc1}]", "complete_resection_expected", None),
        ("primary: {site: appendix}\nhistology: {type: pseudomyxoma-low-grade}\nperitoneum: [{method: laparoscopy, complete_resection_expected: cc1}]", "complete_resection_expected", True),
        ("peritoneum: [{method: laparoscopy, complete_resection_expected: cc1}]", "cc0_expected", False),
        ("peritoneum: [{method: laparoscopy, complete_resection_expected: uncertain}]", "cc0_expected", None),
        ("pipac: [{on: 2026-10-01, access: failed}]", "adhesions_prevent_access", True),
        ("ascites: [{volume_ml: 0}]", "ascites_present", False),
        ("ascites: [{symptomatic: true}]", "ascites_present", True),
        ("ascites: [{symptomatic: false}]", "ascites_present", None),
        ("ascites: [{volume_ml: 0}]", "ascites_symptomatic", False),
        ("ascites: [{cause: cirrhosis}]", "ascites_non_malignant", True),
        ("cytology: [{result: indeterminate}]", "peritoneal_cytology_positive", None),
        ("regression: [{on: 2026-06-01, grades: [3, 4]}, {on: 2026-11-01, grades: [1, 2, 1, 1]}]", "prgs_mean", 1.25),
        ("regression: [{on: 2026-06-01, grades: [3, 4]}, {on: 2026-11-01, grades: [1, 2, 1, 1]}]", "prgs_mean_first", 3.5),
        ("regression: [{on: 2026-06-01, grades: [3, 4]}, {on: 2026-11-01, grades: [1, 2, 1, 1]}]", "prgs_worst", 2),
        # disease of the peritoneum now
        ("status: [{status: stable, peritoneal: present}]", "peritoneal_disease_present", True),
        ("peritoneum: [{method: ct, total: 0}]", "peritoneal_disease_present", None),
        ("peritoneum: [{method: laparoscopy, total: 0}]", "peritoneal_disease_present", False),
        ("primary: {site: colon, synchronous_peritoneal: true}", "peritoneal_disease_present", True),
        ("primary: {site: colon, synchronous_peritoneal: true}\n" + CRS, "peritoneal_disease_present", None),
        ("cytoreductions: [{on: 2025-11-21, cc: 2}]", "peritoneal_disease_present", True),
        (CRS + "\nstatus: [{on: 2026-05-01, status: no-evidence-of-disease}]", "peritoneal_disease_present", False),
        ("peritoneum: [{on: 2025-10-01, method: laparoscopy, total: 12}]\n" + CRS, "pci_surgical", None),
        # outside
        ("extraperitoneal: [{site: bone, presence: present}]", "extraperitoneal_disease", True),
        ("extraperitoneal: [{site: liver, presence: absent}, {site: lung, presence: absent}, {site: distant-nodes, presence: absent}]", "extraperitoneal_disease", None),
        ("status: [{status: stable, distant: absent}]", "extraperitoneal_disease", False),
        ("status: [{status: stable, distant: absent}]", "bone_metastases", False),
        ("status: [{status: stable, distant: present}]", "extraperitoneal_disease", True),
        ("status: [{status: stable, distant: absent, on: 2026-01-01}]\nextraperitoneal: [{site: liver, presence: present, on: 2026-10-01}]", "liver_metastases", True),
        ("status: [{status: stable, distant: absent, on: 2026-10-01}]\nextraperitoneal: [{site: liver, presence: present, on: 2026-01-01}]", "liver_metastases", False),
        ("status: [{status: stable, distant: absent, on: 2026-10-01}]\nextraperitoneal: [{site: liver, presence: present, on: 2026-10-01}]", "liver_metastases", None),
        ("extraperitoneal: [{site: liver, presence: present, lesions: 3}]", "liver_metastases_count", 3),
        ("extraperitoneal: [{site: liver, presence: absent}]", "liver_metastases_count", 0),
        ("extraperitoneal: [{site: liver, presence: present, lesions: 3}]", "extraperitoneal_sites_count", None),
        ("extraperitoneal: [{site: liver, presence: present, resectable: false}]", "extraperitoneal_unresectable", True),
        ("status: [{status: stable, distant: absent}]", "extraperitoneal_unresectable", False),
        ("status: [{status: stable, distant: absent, on: 2026-11-11}]", "staging_age_days", 10),
        # fitness, organs, illnesses
        ("performance: [{karnofsky: 70}]", "ecog", 1),
        ("performance: [{karnofsky: 50, on: 2026-11-01}, {ecog: 1, on: 2026-01-01}]", "ecog", 2),
        ("performance: [{karnofsky: 50, on: 2026-11-01}, {ecog: 1, on: 2026-11-01}]", "ecog", 1),
        ("labs: [{analyte: alt, value: 90, unit: U/L, upper_limit: 45, on: 2026-11-10}]", "alt_x_uln", 2),
        ("labs: [{analyte: alt, value: 90, unit: U/L, on: 2026-11-10}]", "alt_x_uln", None),
        ("labs: [{analyte: hemoglobin, value: 10, unit: g/dL, on: 2026-11-10}, {analyte: platelets, value: 100, unit: 10*9/L, on: 2026-10-01}]", "labs_age_days", 51),
        ("heart: [{lvef_percent: 60, on: 2026-01-01}]", "lvef_percent", None),
        ("illnesses: [{name: myocardial-infarction, presence: present, on: 2026-05-21}]", "months_since_myocardial_infarction", 6),
        ("illnesses: [{name: myocardial-infarction, presence: absent}]", "months_since_myocardial_infarction", 600),
        ("performance: [{nyha: 3}]", "severe_cardiac_disease", True),
        ("performance: [{nyha: 1}]", "severe_cardiac_disease", None),
        ("performance: [{nyha: 3}]\nillnesses: [{name: severe-cardiac-disease, presence: absent}]", "severe_cardiac_disease", None),
        ("symptoms: [{esas: {pain: 3, tiredness: 7}}]", "esas_worst", 7),
        ("symptoms: [{on: 2025-06-01, pain: 6, neuropathy_grade: 2}]\n" + CRS, "pain_score", None),
        ("symptoms: [{on: 2025-06-01, pain: 6, neuropathy_grade: 2}]\n" + CRS, "neuropathy_grade", 2),
    ],
)  # fmt: skip
def test_fact(text: str, name: str, expected: Any) -> None:
    found = value(text, name)
    assert found == expected or (found is expected), fact(text, name)


LINES = """
systemic:
  - {drugs: [{drug: oxaliplatin, mg_per_m2: 85, cycles: 10}, {drug: fluorouracil}], started_on: 2025-01-01, ended_on: 2025-08-21, setting: palliative, stopped_for: progression}
  - {drugs: [{drug: irinotecan}, {drug: bevacizumab}], started_on: 2025-10-01, ended_on: 2026-11-01, setting: palliative, best_response: stable, stopped_for: other}
  - {drugs: [{drug: cetuximab}], started_on: 2026-12-01, setting: palliative}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("systemic_lines_palliative", 2), ("systemic_therapy_given", True), ("systemic_ongoing", False), ("days_since_systemic", 20),
        ("last_line_best_response", "stable"), ("progression_on_last_line", False), ("lines_with_progression", 1), ("days_since_bevacizumab", 20),
        ("prior_bevacizumab", True), ("prior_oxaliplatin", True), ("prior_platinum", True), ("prior_anthracycline", None), ("prior_anti_egfr", None),
        ("prior_fluoropyrimidine", True), ("platinum_free_interval_months", 15), ("cumulative_oxaliplatin_mg_per_m2", 850),
        ("cumulative_doxorubicin_mg_per_m2", None), ("cumulative_cisplatin_mg_per_m2", None),
    ],
)  # fmt: skip
def test_systemic_lines(name: str, expected: Any) -> None:
    assert value(LINES, name) == expected


def test_a_line_runs_on_until_its_end() -> None:
    assert value(LINES, "systemic_ongoing", on=date(2026, 6, 1)) is True
    assert value(LINES, "days_since_systemic", on=date(2026, 6, 1)) == 0
    assert value(LINES, "progression_on_last_line", on=date(2025, 6, 1)) is None
    assert value("systemic: [{drugs: [{drug: irinotecan}], started_on: 2026-01-01}]", "days_since_systemic") is None


@pytest.mark.parametrize(
    ("never", "name", "expected"),
    [
        ("systemic-therapy", "progression_on_last_line", False),
        ("systemic-therapy", "systemic_therapy_given", False), ("systemic-therapy", "days_since_systemic", 20000), ("systemic-therapy", "prior_bevacizumab", False),
        ("systemic-therapy", "prior_platinum", None), ("systemic-therapy, hipec", "prior_platinum", None), ("systemic-therapy, hipec, pipac", "prior_platinum", False),
        ("systemic-therapy, cytoreduction, pipac", "prior_irinotecan", False), ("platinum", "prior_oxaliplatin", False), ("platinum", "cumulative_cisplatin_mg_per_m2", 0),
        ("anthracycline", "cumulative_doxorubicin_mg_per_m2", 0), ("systemic-therapy, hipec, pipac", "cumulative_mitomycin_mg", 0),
        ("cytoreduction", "prior_hipec", False), ("hipec", "prior_crs", None), ("hipec", "recurrence_after_crs_hipec", False), ("pipac", "pipac_sessions", 0),
        ("pipac", "days_since_pipac", 20000), ("hipec, pipac", "prior_intraperitoneal_chemotherapy", False), ("hipec", "prior_intraperitoneal_chemotherapy", None),
        ("radiation", "prior_abdominal_radiation", False),
    ],
)  # fmt: skip
def test_never_given_must_be_said(never: str, name: str, expected: Any) -> None:
    text = "never: [" + ", ".join(f"{{kind: {kind.strip()}}}" for kind in never.split(",")) + "]"
    assert value(text, name) == expected


def test_doses_add_up_over_every_route() -> None:
    text = """
systemic: [{drugs: [{drug: epirubicin, mg_per_m2: 50, cycles: 6}], started_on: 2020-01-01, ended_on: 2020-06-01}]
cytoreductions: [{on: 2021-01-01, hipec: true, hipec_drugs: [{drug: doxorubicin, mg_per_m2: 15}]}]
pipac: [{on: 2026-01-01, access: obtained, doses: [{drug: doxorubicin, mg: 3.636}]}, {on: 2026-02-01, access: failed, doses: []}]
patient: {body: [{height_cm: 170, weight_kg: 70}]}
"""
    assert value(text, "cumulative_doxorubicin_mg_per_m2") == pytest.approx(300 * 0.8 + 15 + 2, abs=0.01)
    without_cycles = text.replace(", cycles: 6", "")
    assert fact(without_cycles, "cumulative_doxorubicin_mg_per_m2").reason == "a recorded exposure lacks its dose or its number of cycles"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("", "months_since_crs_hipec", 12), ("", "index_cc", 0), ("", "index_pci", 14), ("", "last_hipec_drug", "mitomycin"), ("", "hipec_count", 1),
        ("", "cumulative_mitomycin_mg", 40), ("", "recurrence_after_crs_hipec", None),
        ("status: [{on: 2026-05-01, status: no-evidence-of-disease}]", "recurrence_after_crs_hipec", False),
        ("status: [{on: 2026-06-21, status: recurrent}]", "recurrence_after_crs_hipec", True),
        ("status: [{on: 2026-06-21, status: recurrent}]", "disease_free_interval_months", 7),
        ("status: [{on: 2026-06-21, status: recurrent}, {on: 2026-05-01, status: no-evidence-of-disease}]", "recurrence_after_crs_hipec", True),
        ("status: [{on: 2026-06-21, status: recurrent}]", "recurrence_pattern", None),
        ("status: [{on: 2026-06-21, status: recurrent, peritoneal: present, distant: absent}]", "recurrence_pattern", "isolated-peritoneal"),
        ("status: [{on: 2026-06-21, status: recurrent, peritoneal: absent, distant: present}]", "recurrence_pattern", "distant"),
        ("status: [{on: 2026-06-21, status: recurrent, peritoneal: present, distant: present}]", "recurrence_pattern", "both"),
        ("peritoneum: [{on: 2026-06-21, method: laparoscopy, total: 9}]", "recurrence_after_crs_hipec", True),
        ("peritoneum: [{on: 2026-06-21, method: laparoscopy, total: 9}]", "pci_below_index", True),
        ("histology: {on: 2025-12-01, type: adenocarcinoma, peritoneal_biopsy_positive: true}", "recurrence_after_crs_hipec", None),
        ("status: [{on: 2026-06-21, status: recurrent}]\nsymptoms: [{on: 2026-11-01, pain: 4}]", "recurrence_symptomatic", True),
        ("status: [{on: 2026-06-21, status: recurrent}]\nsymptoms: [{on: 2026-11-01, pain: 3}]", "recurrence_symptomatic", None),
        ("status: [{on: 2026-05-01, status: no-evidence-of-disease}]", "recurrence_symptomatic", False),
    ],
)  # fmt: skip
def test_after_surgery_with_hipec(text: str, name: str, expected: Any) -> None:
    assert value(f"{CRS}\n{text}", name) == expected


def test_incomplete_surgery_is_persistence_not_recurrence() -> None:
    later = "\nstatus: [{on: 2026-06-21, status: recurrent}]"
    assert value(CRS.replace("cc: 0", "cc: 2") + later, "recurrence_after_crs_hipec") is False
    assert value(CRS.replace("cc: 0, ", "") + later, "recurrence_after_crs_hipec") is None


def test_an_operation_given_up_is_no_cytoreduction() -> None:
    text = "cytoreductions: [{on: 2026-01-01, completed: false, pci: 25}]"
    assert (value(text, "prior_crs"), value(text, "crs_count")) == (None, None)


def test_every_definition_cites_a_source_of_the_library() -> None:
    from peritia.knowledge import library
    from peritia.quantities.units_lab import lab_units

    cited = {getattr(DEFINITIONS, field).source for field in DEFINITIONS.__struct_fields__} | set(lab_units().sources)
    assert cited <= set(library().sources)


def test_karnofsky_agrees_with_the_score_of_the_library() -> None:
    from peritia.knowledge.scoring import ecog_from_karnofsky

    assert {index: ecog_from_karnofsky(index) for index in range(0, 101, 10)} == DEFINITIONS.karnofsky_to_ecog.table


def test_pages_describe_every_fact() -> None:
    printed = pages.fact_pages()
    text = "\n".join(printed.values())
    assert all(f"## {name}\n" in text for name in FACTS)
    assert "index" in printed
    assert "LOINC 89247-1" in printed["fitness"]
    assert "written from memory" in printed["organs"]
    assert "Counts for 28 days" in printed["organs"]


def test_facts_with_unit_have_a_unit_that_parses() -> None:
    from peritia.quantities.units import parse

    for one in FACTS.values():
        if one.declaration.unit not in (None, "{mutations}/Mb"):  # a megabase is no unit of UCUM
            parse(one.declaration.unit or "")
        assert (one.declaration.kind in ("int", "num")) == (one.declaration.low is not None)


def test_laboratory_facts_say_how_long_they_count() -> None:
    assert FACTS["creatinine_clearance_ml_per_min"].stale_after_days == 28
    assert FACTS["cea_ng_per_ml"].stale_after_days == 90
    found = facts(case("labs: [{analyte: cea, value: 5, unit: ug/L, on: 2026-09-21}]"), ON)["cea_ng_per_ml"]
    assert found.value == 5


@pytest.mark.parametrize(
    ("creatinine", "illness", "expected"),
    [(2.0, "present", 15), (2.0, "absent", pytest.approx(42, abs=1)), (9.0, "present", pytest.approx(9.3, abs=0.1))],
)
def test_a_clearance_on_dialysis_is_no_working_kidney(creatinine: float, illness: str, expected: Any) -> None:
    text = (
        "patient: {sex: male, birth_date: 1960-11-21, body: [{weight_kg: 81.7, height_cm: 175, on: 2026-11-01}]}\n"
        f"labs: [{{analyte: creatinine, value: {creatinine}, unit: mg/dL, on: 2026-11-10}}]\n"
        f"illnesses: [{{name: dialysis, presence: {illness}, on: 2026-11-01}}]"
    )
    found = fact(text, "creatinine_clearance_ml_per_min")
    assert found.value == expected
    assert ("on dialysis" in found.reason) == (expected == 15)
    assert value(text, "creatinine_mg_per_dl") == (creatinine if illness == "absent" else None)


@pytest.mark.parametrize(("illness", "expected"), [("present", 15), ("absent", None), ("not-staged", None)])
def test_dialysis_needs_no_creatinine_to_be_kidney_failure(illness: str, expected: Any) -> None:
    text = f"illnesses: [{{name: dialysis, presence: {illness}, on: 2026-11-01}}]"
    for name in ("creatinine_clearance_ml_per_min", "egfr_ml_per_min_1_73m2"):
        assert value(text, name) == expected
    old = f"{text}\nlabs: [{{analyte: creatinine, value: 1.2, unit: mg/dL, on: 2026-01-01}}]"
    assert value(old, "creatinine_clearance_ml_per_min") == expected


@pytest.mark.parametrize(
    ("person", "pregnant", "childbearing", "breastfeeding"),
    [
        ("sex: male", False, False, False),
        ("sex: female, birth_date: 1966-11-21", False, False, False),
        ("sex: female, birth_date: 1966-11-22", None, None, None),
        ("birth_date: 1950-01-01", False, False, False),
        ("sex: female, birth_date: 1990-01-01, childbearing_potential: false", False, False, None),
        ("sex: female, birth_date: 1950-01-01, childbearing_potential: true", None, True, None),
        ("sex: female, birth_date: 1990-01-01, pregnant: true", True, True, None),
        ("sex: female, birth_date: 1990-01-01, pregnant: false, breastfeeding: true", False, None, True),
        ("sex: female", None, None, None),
    ],
)
def test_who_cannot_be_pregnant_need_not_be_asked(person: str, pregnant: Any, childbearing: Any, breastfeeding: Any) -> None:
    text = f"patient: {{{person}}}"
    found = tuple(value(text, name) for name in ("pregnant", "childbearing_potential", "breastfeeding"))
    assert found == (pregnant, childbearing, breastfeeding)


def test_a_positive_test_in_one_who_cannot_be_pregnant_is_left_open() -> None:
    test = "labs: [{analyte: pregnancy-test, positive: true, on: 2026-11-15}]"
    for person in ("sex: female, birth_date: 1950-01-01", "sex: female, childbearing_potential: false", "sex: female, pregnant: false"):
        found = fact(f"patient: {{{person}}}\n{test}", "pregnant")
        assert (found.value, "yet a test is positive" in found.reason) == (None, True)
    assert value(f"patient: {{sex: female, birth_date: 1990-01-01}}\n{test}", "pregnant") is True
