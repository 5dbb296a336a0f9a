"""Wild type only where a final report studied the gene and found nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fhir_build import HGNC, LOINC, SNOMED, WHO, coded, observation, read, variant, why

from peritia.case import facts

ON = date(2026, 11, 21)


def studied(*genes: tuple[str, str], id: str = "r") -> dict[str, Any]:
    coding = [{"system": HGNC, "code": code, "display": symbol} for symbol, code in genes]
    return observation("53041-0", id=id, component=[{"code": coded(LOINC, "48018-6"), "valueCodeableConcept": {"coding": coding}}])


def report(*results: str, status: str = "final") -> dict[str, Any]:
    listed = [{"reference": one} for one in results]
    return {
        "resourceType": "DiagnosticReport",
        "id": "d",
        "status": status,
        "code": coded(LOINC, "51969-4"),
        "subject": WHO,
        "result": listed,
    }


def protein(text: str) -> dict[str, Any]:
    return {"code": coded(LOINC, "48005-3"), "valueCodeableConcept": {"text": text}}


KRAS, NRAS, BRAF, BRCA1 = ("KRAS", "HGNC:6407"), ("NRAS", "HGNC:7989"), ("BRAF", "HGNC:1097"), ("BRCA1", "1100")


def findings(*resources: dict[str, Any]) -> list[tuple[str, bool | None, str | None, str | None]]:
    return [(one.marker, one.tested, one.result, one.variant) for one in read(*resources).molecular]


def test_a_gene_studied_in_a_final_report_without_variant_is_wild_type() -> None:
    assert findings(studied(KRAS, NRAS), report("Observation/r")) == [("kras", True, "wild-type", None), ("nras", True, "wild-type", None)]


@pytest.mark.parametrize("others", [(), (report("Observation/r", status="preliminary"),), (report("Observation/elsewhere"),)])
def test_a_gene_studied_without_final_report_is_only_tested(others: tuple[dict[str, Any], ...]) -> None:
    assert findings(studied(KRAS), *others) == [("kras", True, None, None)]


def test_a_variant_of_a_studied_gene_is_a_mutation_and_the_other_gene_wild_type() -> None:
    found = findings(studied(KRAS, NRAS), variant(*KRAS, parts=(protein("p.Gly12Cys"),)), report("Observation/r", "Observation/v"))
    assert found == [("kras", True, "mutated", "G12C"), ("nras", True, "wild-type", None)]


def test_no_variant_row_at_all_says_nothing() -> None:
    assert facts(read(variant("PALB2", "HGNC:26144")), ON)["kras_status"].value is None


def test_an_absent_variant_of_a_gene_is_wild_type_for_it() -> None:
    parts = ({"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:1097", "BRAF")},)
    assert findings(variant(*NRAS, "LA9634-2", parts=parts)) == [("nras", True, "wild-type", None), ("braf", True, "wild-type", None)]


def test_one_absent_change_leaves_the_gene_open() -> None:
    case = read(variant(*BRAF, "LA9634-2", parts=(protein("p.Val600Glu"),)))
    assert [(one.tested, one.result) for one in case.molecular] == [(True, None)]
    assert "others of the gene are not excluded" in why(case)


def test_a_finding_that_was_not_used_keeps_the_gene_from_being_wild_type() -> None:
    uncertain = {"code": coded(LOINC, "53037-8"), "valueCodeableConcept": coded(LOINC, "LA26333-7", "Uncertain significance")}
    found = findings(studied(KRAS), variant(*KRAS, parts=(protein("p.A59T"), uncertain)), report("Observation/r"))
    assert found == [("kras", True, None, None)]


@pytest.mark.parametrize(
    ("class_", "answer"), [("Pathogenic", True), ("Likely pathogenic", True), ("Uncertain significance", False), ("Benign", False)]
)
def test_brca_counts_by_its_class(class_: str, answer: bool) -> None:
    part = {"code": coded(LOINC, "53037-8"), "valueCodeableConcept": coded(LOINC, "x", class_)}
    brca2 = variant("BRCA2", "HGNC:1101", "LA9634-2", id="v2")
    assert facts(read(variant(*BRCA1, parts=(part,)), brca2), ON)["brca_pathogenic"].value is answer


def test_a_fusion_needs_two_genes() -> None:
    partner = {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:3495", "ETV6")}
    assert findings(variant("NTRK3", "HGNC:8033", parts=(partner,))) == [("ntrk", True, "positive", "fusion")]
    assert findings(variant("NTRK3", "HGNC:8033")) == [("ntrk", True, None, None)]


def test_code_and_display_of_different_genes_are_not_used() -> None:
    case = read(variant("NRAS", "HGNC:1097"))
    assert case.molecular == ()
    assert "code and display name different genes" in why(case)


def test_not_performed_is_not_tested() -> None:
    gene = {"code": coded(LOINC, "48018-6"), "valueCodeableConcept": coded(HGNC, "HGNC:6407", "KRAS")}
    absent = coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed")
    assert findings(observation("69548-6", component=[gene], dataAbsentReason=absent)) == [("kras", False, None, None)]


def test_a_preliminary_variant_is_not_used() -> None:
    case = read({**variant(*KRAS), "status": "preliminary"})
    assert case.molecular == ()
    assert "not a final result" in why(case)


@pytest.mark.parametrize(
    ("loinc", "answer", "expected"),
    [
        ("81695-9", (LOINC, "LA26203-2"), ("mmr", "deficient")),
        ("81695-9", (LOINC, "LA14122-8"), ("mmr", "proficient")),
        ("81695-9", (LOINC, "LA26202-4"), ("mmr", "proficient")),
        ("62862-8", (LOINC, "LA9633-4"), ("mmr", "deficient")),
        ("48676-1", (LOINC, "LA6577-6"), ("her2", "negative")),
        ("31150-6", (SNOMED, "10828004"), ("her2", "positive")),
        ("21702-6", (LOINC, "LA9634-2"), ("kras", "wild-type")),
        ("85299-6", (LOINC, "LA6576-8"), ("braf", "mutated")),
    ],
)
def test_markers(loinc: str, answer: tuple[str, str], expected: tuple[str, str]) -> None:
    assert [(one.marker, one.result) for one in read(observation(loinc, valueCodeableConcept=coded(*answer))).molecular] == [expected]


def test_kras_mutations_found_as_text() -> None:
    assert findings(observation("21702-6", valueString="c.35G>A (p.Gly12Asp)")) == [("kras", True, "mutated", "G12D")]
    assert "not a result" in why(read(observation("21702-6", valueString="see report")))


def test_kras_and_nras_together_speak_only_when_both_are_free() -> None:
    assert findings(observation("81420-2", valueCodeableConcept=coded(LOINC, "LA9634-2"))) == [
        ("kras", True, "wild-type", None),
        ("nras", True, "wild-type", None),
    ]
    assert findings(observation("81420-2", valueCodeableConcept=coded(LOINC, "LA9633-4"))) == [
        ("kras", True, None, None),
        ("nras", True, None, None),
    ]


def test_tumour_mutational_burden() -> None:
    assert [(one.marker, one.value) for one in read(observation("94076-7", valueQuantity={"value": 57.1})).molecular] == [("tmb", 57.1)]
    assert read(observation("94076-7", valueQuantity={"value": 57.1, "unit": "mg"})).molecular[0].value is None
