from __future__ import annotations

from datetime import date

import pytest
from fhir_build import ICD, LOINC, MCODE, PRIMARY, PSM, SNOMED, bundle, coded, condition, observation, patient, procedure, read, why

from peritia.case.disease import DiseaseStatus, ExtraperitonealFinding
from peritia.errors import InputRefused
from peritia.fhir import read_bundle, write_bundle


def primary_of(code: str, system: str = ICD, **more: object):
    return read_bundle(bundle(patient(), condition(code, system=system, **more))).primary


@pytest.mark.parametrize(
    ("code", "system", "site", "side"),
    [
        ("C18.7", ICD, "colon", "left"),
        ("C18.0", ICD, "colon", "right"),
        ("C18.4", ICD, "colon", None),
        ("C18.1", ICD, "appendix", None),
        ("C20", ICD, "rectum", None),
        ("C16.0", ICD, "gastro-oesophageal-junction", None),
        ("C16.3", ICD, "stomach", None),
        ("C56.1", ICD, "ovary", None),
        ("C45.1", ICD, "mesothelium", None),
        ("C48.2", ICD, "peritoneum", None),
        ("C50.911", ICD, "breast", None),
        ("C18.2", "http://hl7.org/fhir/sid/icd-10", "colon", "right"),
        ("C18.7", "http://terminology.hl7.org/CodeSystem/icd-o-3", "colon", "left"),
        ("93761005", SNOMED, "colon", None),
        ("353431000119107", SNOMED, "breast", None),
        ("primary-appendix", PSM, "appendix", None),
    ],
)
def test_the_primary_site_comes_from_its_code(code: str, system: str, site: str, side: str | None) -> None:
    found = primary_of(code, system)
    assert (found.site, found.side, found.document) == (site, side, "Condition/c")


def test_a_cancer_that_the_table_does_not_have_is_other_and_listed() -> None:
    case = read_bundle(bundle(patient(), condition("C91.00")))
    assert case.primary.site == "other"
    assert "its site is read as “other”" in why(case)


def test_a_code_that_says_only_what_takes_its_site_from_the_body_site() -> None:
    site = {"coding": [{"system": SNOMED, "code": "15497006"}]}
    profile = {"profile": [MCODE + "mcode-primary-cancer-condition"]}
    assert primary_of("1187332001", SNOMED, meta=profile, bodySite=[site]).site == "ovary"


def test_side_by_laterality_only_for_the_colon() -> None:
    site = {
        **coded(SNOMED, "71854001"),
        "extension": [{"url": MCODE + "mcode-laterality-qualifier", "valueCodeableConcept": coded(SNOMED, "7771000")}],
    }
    assert primary_of("C18.9", bodySite=[site]).side == "left"
    assert primary_of("C56.9", bodySite=[site]).side is None


def test_diagnosis_is_the_onset_or_the_asserted_date() -> None:
    asserted = [{"url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate", "valueDateTime": "2025-02-03"}]
    assert primary_of("C18.2", onsetDateTime="2025-01-02T10:00:00Z").diagnosed_on == date(2025, 1, 2)
    assert primary_of("C18.2", extension=asserted, recordedDate="2026-01-01").diagnosed_on == date(2025, 2, 3)


# several cancers


def test_the_primary_that_a_metastasis_names_is_the_one() -> None:
    related = [{"url": "http://hl7.org/fhir/StructureDefinition/condition-related", "valueReference": {"reference": "Condition/colon"}}]
    case = read_bundle(
        bundle(
            patient(), condition("C50.911", id="breast"), condition("C18.2", id="colon"), condition("C78.7", id="liver", extension=related)
        )
    )
    assert case.primary.document == "Condition/colon"
    assert [(one.name, one.document) for one in case.illnesses] == [("other-active-cancer", "Condition/breast")]
    assert "another primary cancer" in why(case)


def test_a_cancer_in_remission_gives_way_to_an_active_one() -> None:
    case = read_bundle(bundle(patient(), condition("C50.911", id="breast", clinical="remission"), condition("C18.2", id="colon")))
    assert case.primary.site == "colon"
    assert case.illnesses == ()


def test_two_active_cancers_are_refused_with_both_named() -> None:
    with pytest.raises(InputRefused, match=r"2 active primary cancers \(Condition/a, Condition/b\)"):
        read_bundle(bundle(patient(), condition("C50.911", id="a"), condition("C18.2", id="b")))


def test_one_tumour_recorded_twice_is_one() -> None:
    assert read_bundle(bundle(patient(), condition("C18.2", id="a"), condition("C18.9", id="b"))).primary.document == "Condition/a"


@pytest.mark.parametrize("word", ["refuted", "unconfirmed", "differential", "entered-in-error"])
def test_a_primary_that_is_not_established_leaves_the_site_unknown(word: str) -> None:
    case = read_bundle(bundle(patient(), condition("C18.2", verification=word)))
    assert case.primary.site is None
    assert "its site stays unknown" in why(case)
    assert read_bundle(write_bundle(case)).primary.site is None


def test_a_cancer_by_a_code_of_nobody_else_leaves_the_site_unknown() -> None:
    profile = {"profile": [MCODE + "mcode-primary-cancer-condition"]}
    case = read_bundle(bundle(patient(), condition("T-17", system="http://hospital.example/codes", meta=profile)))
    assert case.primary.site is None
    assert "its site is read as “unknown”" in why(case)


# histology and stage


def test_morphology_grade_and_type_become_one_histology() -> None:
    tumour = condition(
        "C18.2", extension=[{"url": MCODE + "mcode-histology-morphology-behavior", "valueCodeableConcept": coded(SNOMED, "1187332001")}]
    )
    grade = observation(
        "C18000", id="g", system="http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", valueCodeableConcept=coded(SNOMED, "1155707008")
    )
    kind = observation("31206-6", id="t", valueCodeableConcept=coded("http://terminology.hl7.org/CodeSystem/icd-o-3", "8490/3"))
    found = read_bundle(bundle(patient(), tumour, grade, kind)).histology
    assert found is not None
    assert (found.type, found.grade, found.on) == ("signet-ring-cell-carcinoma", "G3", date(2026, 10, 1))


def test_the_category_of_pathology_stands_before_the_clinical_one() -> None:
    clinical = observation("399504009", id="c-t", system=SNOMED, on="2026-10-02", valueCodeableConcept=coded(SNOMED, "1228938002"))
    pathological = observation("384625004", id="p-t", system=SNOMED, valueCodeableConcept=coded(SNOMED, "1229865000"))
    assert read(clinical, pathological).primary.t_stage == "T4a"


def test_a_category_with_an_unknown_code_is_read_from_its_display_and_listed() -> None:
    case = read(
        observation("371494008", system=SNOMED, valueCodeableConcept=coded(SNOMED, "999", "American Joint Committee on Cancer pN2b"))
    )
    assert case.primary.n_stage == "N2"
    assert "read as N2 from what it displays" in why(case)


def test_figo_and_m_category() -> None:
    figo = observation(
        "385361009", id="f", system=SNOMED, valueCodeableConcept=coded("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "C96258")
    )
    case = read(figo, observation("399387003", id="m", system=SNOMED, valueCodeableConcept=coded(SNOMED, "1229901006")))
    assert case.primary.figo_stage == "III"
    assert case.extraperitoneal == () == case.status
    assert "an M category does not say" in why(case)


# secondary disease


@pytest.mark.parametrize(
    ("code", "system", "site"),
    [
        ("C78.7", ICD, "liver"),
        ("C78.02", ICD, "lung"),
        ("C78.2", ICD, "pleura"),
        ("C79.51", ICD, "bone"),
        ("C79.31", ICD, "brain"),
        ("C77.0", ICD, "distant-nodes"),
        ("C77.3", ICD, "distant-nodes"),
        ("C79.71", ICD, "other"),
        ("94381002", SNOMED, "liver"),
        ("94519005", SNOMED, "retroperitoneal-nodes"),
        ("94493005", SNOMED, "pleura"),
    ],
)
def test_a_secondary_condition_is_disease_at_its_site(code: str, system: str, site: str) -> None:
    case = read(condition(code, id="s", system=system, onsetDateTime="2026-01-05"))
    assert case.extraperitoneal == (ExtraperitonealFinding(site=site, presence="present", on=date(2026, 1, 5), document="Condition/s"),)


def test_refuted_is_absent_and_nothing_is_unknown() -> None:
    case = read(condition("C78.7", id="s", verification="refuted", clinical=None, recordedDate="2026-09-01"))
    assert [(one.site, one.presence, one.on) for one in case.extraperitoneal] == [("liver", "absent", date(2026, 9, 1))]


def test_c78_6_is_peritoneal_disease() -> None:
    case = read(condition("C78.6", id="s", onsetDateTime="2026-01-05"))
    assert case.status == (DiseaseStatus(status="undetermined", on=date(2026, 1, 5), peritoneal="present", document="Condition/s"),)
    assert case.extraperitoneal == ()


def test_suspected_disease_is_listed_and_not_used() -> None:
    case = read(condition("C78.7", id="s", verification="provisional"))
    assert case.extraperitoneal == ()
    assert "its verification status is provisional" in why(case)


def test_resolved_disease_is_present_then_absent() -> None:
    case = read(condition("C78.7", id="s", clinical="resolved", onsetDateTime="2025-01-01", abatementDateTime="2025-06-01"))
    assert [(one.presence, one.on) for one in case.extraperitoneal] == [("present", date(2025, 1, 1)), ("absent", date(2025, 6, 1))]
    assert "no longer active" in why(read(condition("C78.7", id="s", clinical="resolved")))


@pytest.mark.parametrize(
    ("code", "reason"), [("C77.2", "regional or retroperitoneal"), ("C79.61", "ovarian"), ("C78.5", "bowel"), ("C79.9", "where")]
)
def test_codes_that_leave_the_site_open_are_listed(code: str, reason: str) -> None:
    case = read(condition(code, id="s"))
    assert case.extraperitoneal == ()
    assert reason in why(case)


def test_no_intra_abdominal_node_means_none_in_the_retroperitoneum() -> None:
    case = read(condition("C77.2", id="s", verification="refuted"))
    assert [(one.site, one.presence) for one in case.extraperitoneal] == [("retroperitoneal-nodes", "absent")]


def test_axillary_nodes_are_regional_for_the_breast() -> None:
    case = read_bundle(bundle(patient(), condition("C50.911"), condition("C77.3", id="s")))
    assert case.extraperitoneal == ()


def test_a_body_site_makes_an_open_code_exact() -> None:
    assert read(condition("128462008", id="s", system=SNOMED, bodySite=[coded(SNOMED, "39607008")])).extraperitoneal[0].site == "lung"


def test_denied_history_of_metastases_is_absence_on_that_day() -> None:
    case = read(observation("1287652008", system=SNOMED, valueBoolean=False))
    assert [(one.peritoneal, one.distant) for one in case.status] == [("absent", "absent")]
    assert "tells of the past" in why(read(observation("1287652008", system=SNOMED)))
    assert "without a date" in why(read(observation("1287652008", system=SNOMED, on=None, valueBoolean=False)))


# status


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("268910001", "responding"),
        ("359746009", "stable"),
        ("271299001", "progressing"),
        ("709137006", "undetermined"),
        ("103338009", "no-evidence-of-disease"),
    ],
)
def test_disease_status(code: str, status: str) -> None:
    evidence = [{"url": MCODE + "mcode-cancer-disease-status-evidence-type", "valueCodeableConcept": coded(SNOMED, "363679005")}]
    case = read(
        observation("97509-4", valueCodeableConcept=coded(SNOMED, code), extension=evidence, focus=[{"reference": "Condition/primary"}])
    )
    assert [(one.status, one.evidence) for one in case.status] == [(status, "imaging")]


def test_the_status_of_one_metastasis_is_not_the_status_of_the_disease() -> None:
    focus = [{"reference": "Condition/liver"}]
    case = read(condition("C78.7", id="liver"), observation("97509-4", valueCodeableConcept=coded(SNOMED, "359746009"), focus=focus))
    assert case.status == ()
    assert "about one metastasis" in why(case)


def test_an_observation_about_another_thing_is_not_used() -> None:
    case = read(observation("2160-0", valueQuantity={"value": 1.0, "unit": "mg/dL"}, focus=[{"reference": "Device/d"}]))
    assert case.labs == ()
    assert "about something else" in why(case)


# resection of the primary


def test_a_resection_counts_only_if_the_primary_was_its_reason() -> None:
    reason = [{"reference": "Condition/primary"}]
    assert read(procedure("359571009", system=SNOMED, reasonReference=reason)).primary.status == "resected"
    other = read(procedure("359571009", system=SNOMED))
    assert other.primary.status is None
    assert "whether it removed the primary is not said" in why(other)
    assert read(procedure("26452005", system=SNOMED, reasonReference=reason)).primary.status is None


def test_loinc_and_our_code_in_one_concept_agree() -> None:
    both = {"coding": [{"system": LOINC, "code": "2160-0"}, {"system": PSM, "code": "lab-creatinine"}]}
    assert [one.analyte for one in read(observation(both, valueQuantity={"value": 1.0, "unit": "mg/dL"})).labs] == ["creatinine"]


def test_codings_that_disagree_mean_nothing() -> None:
    both = {"coding": [{"system": LOINC, "code": "2160-0"}, {"system": LOINC, "code": "777-3"}]}
    case = read(observation(both, valueQuantity={"value": 1.0, "unit": "mg/dL"}))
    assert case.labs == ()
    assert "its codings disagree" in why(case)


def test_the_shared_primary_of_these_tests_is_a_right_colon() -> None:
    assert (read().primary.site, read().primary.side, PRIMARY["id"]) == ("colon", "right", "primary")
