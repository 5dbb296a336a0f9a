"""Person, laboratory, performance, illnesses, allergies, wishes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fhir_build import (
    ICD,
    LOINC,
    MCODE,
    PRIMARY,
    PSM,
    RXNORM,
    SNOMED,
    WHO,
    amount,
    bundle,
    coded,
    condition,
    given,
    observation,
    patient,
    read,
    why,
)

from peritia.case.condition import Lab
from peritia.errors import InputRefused
from peritia.fhir import read_bundle


def test_sex_at_birth_stands_before_gender() -> None:
    extension = [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"}]
    person = read_bundle(bundle(patient(gender="male", extension=extension, deceasedDateTime="2026-10-02T08:00:00Z"), PRIMARY)).patient
    assert (person.sex, person.birth_date, person.death_date) == ("female", date(1961, 3, 4), date(2026, 10, 2))


def test_gender_other_is_listed() -> None:
    case = read_bundle(bundle(patient(gender="other"), PRIMARY))
    assert case.patient.sex is None
    assert "neither female nor male" in why(case)


@pytest.mark.parametrize(("said", "expected"), [({"deceasedBoolean": True}, True), ({"deceasedBoolean": False}, False), ({}, None)])
def test_death_without_a_day_is_kept(said: dict[str, bool], expected: bool | None) -> None:
    person = read_bundle(bundle(patient(**said), PRIMARY)).patient
    assert (person.deceased, person.death_date) == (expected, None)


@pytest.mark.parametrize(
    ("value", "unit", "expected"), [(172, "cm", 172.0), (1.72, "m", 172.0), (70, "[in_i]", 177.8), (172, "kg", None), (172, None, None)]
)
def test_height(value: float, unit: str | None, expected: float | None) -> None:
    case = read(observation("8302-2", valueQuantity=amount(value, unit) if unit else {"value": value}))
    assert [one.height_cm for one in case.patient.body] == ([pytest.approx(expected)] if expected else [])
    assert expected or "not a length or mass" in why(case)


def test_weight_in_pounds_and_body_surface() -> None:
    case = read(
        observation("29463-7", id="w", valueQuantity=amount(155.0, "[lb_av]")),
        observation("8277-6", id="s", valueQuantity=amount(1.8, "m2")),
    )
    assert case.patient.body[0].weight_kg == pytest.approx(70.30681735)
    assert "calculated from height and weight" in why(case)


def test_the_newest_statement_of_pregnancy_stands() -> None:
    old = observation("82810-3", id="a", on="2026-01-01", valueCodeableConcept=coded(LOINC, "LA15173-0"))
    new = observation("82810-3", id="b", on="2026-09-01", valueCodeableConcept=coded(SNOMED, "60001007"))
    assert read(new, old).patient.pregnant is False


# laboratory


def test_a_result_keeps_unit_comparator_limit_day_and_place() -> None:
    ranges = [{"low": amount(0.5, "mg/dL"), "high": amount(1.2, "mg/dL")}]
    found = read(
        observation(
            "2160-0", on="2026-10-01T07:30:00+02:00", valueQuantity={**amount(0.9, "mg/dL"), "comparator": "<"}, referenceRange=ranges
        )
    ).labs
    expected = Lab(
        analyte="creatinine", value=0.9, unit="mg/dL", comparator="<", upper_limit=1.2, on=date(2026, 10, 1), document="Observation/o"
    )
    assert found == (expected,)


@pytest.mark.parametrize(
    "ranges",
    [
        [{"high": amount(80.0, "umol/L")}],
        [{"high": amount(1.2, "mg/dL")}, {"high": amount(1.4, "mg/dL")}],
        [{"high": amount(1.2, "mg/dL"), "type": coded("http://terminology.hl7.org/CodeSystem/referencerange-meaning", "therapeutic")}],
        [{"low": amount(0.5, "mg/dL")}],
    ],
)
def test_a_limit_that_is_not_the_laboratory_s_upper_limit_is_not_taken(ranges: list[dict[str, Any]]) -> None:
    assert read(observation("2160-0", valueQuantity=amount(0.9, "mg/dL"), referenceRange=ranges)).labs[0].upper_limit is None


def test_the_unit_is_as_given() -> None:
    shown = read(observation("26499-4", valueQuantity={"value": 3.0, "unit": "K/uL"})).labs[0]
    local = read(
        observation("26499-4", valueQuantity={"value": 3.0, "unit": "Tsd/µl", "system": "http://lab.example", "code": "TPM"})
    ).labs[0]
    assert (shown.unit, local.unit) == ("K/uL", "Tsd/µl")


def test_peritoneal_fluid_is_not_serum() -> None:
    case = read(observation("40622-3", valueQuantity=amount(300, "ng/mL")))
    assert case.labs == ()
    assert "40622-3" in why(case)


def test_a_pregnancy_test_and_a_result_in_words() -> None:
    assert [one.positive for one in read(observation("2106-3", valueCodeableConcept=coded(SNOMED, "260385009"))).labs] == [False]
    case = read(observation("2160-0", valueString="haemolysed"))
    assert case.labs == ()
    assert "neither an amount" in why(case)


def test_an_absent_value_says_unknown_and_needs_no_list() -> None:
    case = read(observation("2160-0", dataAbsentReason=coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")))
    assert (case.labs, case.not_understood) == ((), ())


@pytest.mark.parametrize(
    ("status", "reason"), [("preliminary", "not a final result"), ("entered-in-error", "entered in error"), ("cancelled", "cancelled")]
)
def test_only_final_results_are_used(status: str, reason: str) -> None:
    case = read({**observation("2160-0", valueQuantity=amount(0.9, "mg/dL")), "status": status})
    assert case.labs == ()
    assert reason in why(case)


def test_a_date_to_the_month_gives_no_day_and_is_listed() -> None:
    case = read(observation("2160-0", on="2026-10", valueQuantity=amount(0.9, "mg/dL")))
    assert case.labs[0].on is None
    assert "given to the month or year only" in why(case)


# performance


def test_performance_by_number_and_by_answer() -> None:
    case = read(
        observation("89247-1", id="a", valueInteger=1),
        observation("89247-1", id="b", valueCodeableConcept=coded(LOINC, "LA9624-3")),
        observation("89243-0", id="c", valueInteger=80),
        observation("89247-1", id="d", valueInteger=9),
    )
    assert [(one.ecog, one.karnofsky, one.document) for one in case.performance] == [
        (1, None, "Observation/a"),
        (2, None, "Observation/b"),
        (None, 80, "Observation/c"),
    ]
    assert "ecog: its value is not between 0 and 5" in why(case)


def test_heart_and_symptoms() -> None:
    case = read(
        observation("10230-1", id="a", valueQuantity=amount(55, "%")),
        observation("8636-3", id="b", valueQuantity=amount(0.44, "s")),
        observation("72514-3", id="c", valueInteger=6),
        condition("K56.600", id="d", onsetDateTime="2026-10-02"),
    )
    assert [(one.lvef_percent, one.qtc_ms) for one in case.heart] == [(55, None), (None, pytest.approx(440))]
    assert [(one.pain, one.bowel_obstruction) for one in case.symptoms] == [(6, None), (None, "partial")]


# illnesses


def test_present_refuted_and_healed() -> None:
    case = read(
        condition("K74.60", id="a", onsetDateTime="2025-01-01"),
        condition("I81", id="b", verification="refuted", clinical=None, recordedDate="2026-02-01"),
        condition("I21.9", id="c", clinical="resolved", onsetDateTime="2024-05-01"),
        condition("A41.9", id="d", clinical="resolved", onsetDateTime="2026-01-01", abatementDateTime="2026-02-01"),
        condition("K25.9", id="e", clinical="resolved"),
    )
    assert [(one.name, one.presence, one.on) for one in case.illnesses] == [
        ("cirrhosis", "present", date(2025, 1, 1)),
        ("portal-vein-thrombosis", "absent", date(2026, 2, 1)),
        ("myocardial-infarction", "present", date(2024, 5, 1)),
        ("active-infection", "present", date(2026, 1, 1)),
        ("active-infection", "absent", date(2026, 2, 1)),
    ]
    assert "no longer active, but not since when" in why(case)


def test_an_illness_that_was_not_sent_is_unknown_and_another_one_is_listed() -> None:
    case = read(condition("E11.9", id="a"))
    assert case.illnesses == ()
    assert "E11.9" in why(case)


def test_mcode_comorbidities_present_and_explicitly_absent() -> None:
    extension = [
        {"url": MCODE + "mcode-related-condition", "valueReference": {"reference": "Condition/hf"}},
        {"url": MCODE + "mcode-related-condition-absent", "valueCodeableConcept": coded(SNOMED, "19943007")},
        {"url": MCODE + "mcode-related-condition-absent", "valueCodeableConcept": coded(SNOMED, "414916001", "Obesity")},
        {"url": MCODE + "mcode-related-condition", "valueReference": {"reference": "Condition/missing"}},
    ]
    case = read(condition("I50.32", id="hf"), observation("398192003", system=SNOMED, extension=extension))
    assert [(one.name, one.presence) for one in case.illnesses] == [("heart-failure", "present"), ("cirrhosis", "absent")]
    assert "Obesity" in why(case)
    assert "the condition referred to is not in the bundle" in why(case)


# allergies and wishes


def allergy(code: dict[str, Any], verification: str | None = "confirmed", **more: Any) -> dict[str, Any]:
    sure = (
        {"verificationStatus": coded("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", verification)}
        if verification
        else {}
    )
    return {"resourceType": "AllergyIntolerance", "id": "a", "patient": WHO, "code": code, **sure, **more}


def presences(resource: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.substance, one.presence) for one in read(resource).allergies]


def test_an_allergy_to_a_drug_is_one_to_its_class() -> None:
    assert presences(allergy(coded(RXNORM, "32592"))) == [("platinum", "present")]
    assert presences(allergy({"text": "PACLitaxel"})) == [("taxane", "present")]
    assert presences(allergy(coded(PSM, "allergy-contrast"))) == [("contrast", "present")]


def test_refuted_and_unconfirmed_allergies() -> None:
    assert presences(allergy(coded(PSM, "allergy-platinum"), "refuted")) == [("platinum", "absent")]
    assert presences(allergy(coded(RXNORM, "32592"), "unconfirmed")) == [("platinum", "not-staged")]
    one_drug = read(allergy(coded(RXNORM, "32592"), "refuted"))
    assert one_drug.allergies == ()
    assert "does not exclude its class" in why(one_drug)


def test_an_intolerance_is_not_a_hypersensitivity() -> None:
    case = read(allergy(coded(RXNORM, "32592"), type="intolerance", reaction=[{"severity": "severe"}]))
    assert case.allergies == ()
    assert "intolerance" in why(case)


def test_no_known_allergy_denies_every_class() -> None:
    found = presences(allergy(coded(SNOMED, "716186003")))
    assert ("platinum", "absent") in found
    assert len(found) == 7


def test_an_allergy_that_does_not_matter_here_is_listed() -> None:
    assert "not a class of drugs" in why(read(allergy(coded(SNOMED, "91936005", "Allergy to penicillin"))))


def test_wishes() -> None:
    wish = observation("preference-pipac", system=PSM, valueCodeableConcept=coded(PSM, "choice-refuses"))
    assert [(one.about, one.choice) for one in read(wish).preferences] == [("pipac", "refuses")]


# what changes meaning, and what is not read


def test_modifiers_keep_a_resource_from_being_used() -> None:
    modifier = [{"url": "http://example.org/negated", "valueBoolean": True}]
    case = read(
        condition("C78.7", id="s", modifierExtension=modifier),
        observation("89247-1", valueInteger=1, implicitRules="http://example.org/rules"),
    )
    assert case.extraperitoneal == () == case.performance
    assert why(case).count("modifiers that change its meaning") == 2


def test_modifiers_within_a_resource_keep_it_from_being_used_too() -> None:
    modifier = [{"url": "http://example.org/negated", "valueBoolean": True}]
    item = {"code": coded(PSM, "pci-total"), "valueInteger": 7, "modifierExtension": modifier}
    case = read(
        observation("peritoneal-assessment", id="a", system=PSM, method=coded(PSM, "method-ct"), component=[item]),
        given("32592", "2026-05-01", id="d", dosage={"modifierExtension": modifier}),
    )
    assert case.peritoneum == () == case.systemic
    assert why(case).count("modifiers that change its meaning") == 2


def test_a_patient_with_modifiers_is_not_read_but_still_names_the_case() -> None:
    document = bundle({**patient(), "modifierExtension": [{"url": "http://example.org/x", "valueBoolean": True}]}, condition("C18.7"))
    case = read_bundle(document)
    assert (case.patient.sex, case.patient.birth_date) == (None, None)
    assert case.id is not None
    assert "modifiers that change its meaning" in why(case)


def test_other_types_are_listed_by_name() -> None:
    case = read({"resourceType": "Practitioner", "id": "x"}, {"resourceType": "Encounter", "id": "y", "class": {"code": "IMP"}})
    assert "Practitioner/x: Practitioner: holds no fact" in why(case)
    assert "Encounter/y: Encounter: this type is not read" in why(case)


def test_an_unknown_type_with_odd_elements_is_listed_too() -> None:
    case = read(
        {"resourceType": "GenomicStudy", "id": "g", "status": 7}, {"resourceType": "PractitionerRole", "id": "r", "code": [coded(ICD, "x")]}
    )
    assert "GenomicStudy/g" in why(case)
    assert "PractitionerRole/r" in why(case)


def test_a_result_for_a_wrong_comparator_is_refused() -> None:
    with pytest.raises(InputRefused, match="this is not a comparator"):
        read(observation("2160-0", valueQuantity={**amount(0.9, "mg/dL"), "comparator": "~"}))
