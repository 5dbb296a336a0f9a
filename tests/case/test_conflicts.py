"""Contradictions: each has a name; some refuse the case, all at once and with their lines."""

# ruff: noqa: E501  (tables read best with one case on a line)

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from peritia.case import case_schema, conflicts, read_case
from peritia.errors import InputRefused
from tests.case.cases import ON, case


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("patient: {birth_date: 2030-01-01}", "born-in-the-future", "patient.birth_date"),
        ("patient: {birth_date: 2000-01-01, death_date: 1999-01-01}", "died-before-birth", "patient.death_date"),
        ("patient: {deceased: false, death_date: 2026-01-01}", "not-deceased-yet-dead", "patient.deceased"),
        ("primary: {site: colon, diagnosed_on: 1990-01-01}\npatient: {birth_date: 2000-01-01}", "diagnosed-before-birth", "primary.diagnosed_on"),
        ("patient: {birth_date: 2000-01-01}\nlabs: [{analyte: inr, value: 1, on: 1999-01-01}]", "entry-before-birth", "labs[0]"),
        ("patient: {death_date: 2026-01-01}\npipac: [{on: 2026-02-01}]", "treatment-after-death", "pipac[0]"),
        ("patient: {sex: male, pregnant: true}", "male-and-pregnant", "patient.pregnant"),
        ("patient: {sex: male}\nlabs: [{analyte: pregnancy-test, positive: true}]", "male-and-pregnant", "labs[0]"),
        ("primary: {site: ovary}\npatient: {sex: male}", "male-with-female-primary", "primary.site"),
        ("systemic: [{drugs: [], started_on: 2026-02-01, ended_on: 2026-01-01}]", "ended-before-started", "systemic[0]"),
        ("systemic: [{drugs: [], started_on: 2026-01-01, ended_on: 2026-02-01, ongoing: true}]", "ongoing-yet-ended", "systemic[0]"),
        ("performance: [{ecog: 7}]", "out-of-range", "performance[0].ecog"),
        ("performance: [{karnofsky: 75}]", "out-of-range", "performance[0].karnofsky"),
        ("patient: {body: [{height_cm: 1.7}]}", "out-of-range", "patient.body[0].height_cm"),
        ("symptoms: [{esas: {pain: 11}}]", "out-of-range", "symptoms[0].esas.pain"),
        ("regression: [{grades: [1, 5]}]", "out-of-range", "regression[0].grades[1]"),
        ("histology: {signet_ring_percent: 110}", "out-of-range", "histology.signet_ring_percent"),
        ("molecular: [{marker: pd-l1-cps, value: 120}]", "out-of-range", "molecular[0].value"),
        ("cytoreductions: [{pci: 44}]", "out-of-range", "cytoreductions[0].pci"),
        ("peritoneum: [{method: ct, regions: {13: 1}}]", "pci-contradicts-itself", "peritoneum[0]"),
        ("peritoneum: [{method: ct, regions: {0: 4}}]", "pci-contradicts-itself", "peritoneum[0]"),
        ("peritoneum: [{method: ct, total: 40}]", "pci-contradicts-itself", "peritoneum[0]"),
        ("peritoneum: [{method: ct, total: 2, regions: {0: 3}}]", "pci-contradicts-itself", "peritoneum[0]"),
        ("labs: [{analyte: creatinine, value: 1}]", "unit-missing", "labs[0]"),
        ("labs: [{analyte: creatinine, value: 88, unit: mg/dL}]", "unit-or-value-impossible", "labs[0]"),
        ("labs: [{analyte: creatinine, value: 1, unit: furlong}]", "unit-or-value-impossible", "labs[0]"),
        ("molecular: [{marker: kras, result: wild-type, variant: G12C}]", "wild-type-with-variant", "molecular[0]"),
        ("molecular: [{marker: kras, tested: false, result: mutated}]", "result-without-test", "molecular[0]"),
        ("molecular: [{marker: mmr, result: positive}]", "result-of-another-kind", "molecular[0]"),
        ("molecular: [{marker: tmb, result: positive}]", "result-of-another-kind", "molecular[0]"),
        ("primary: {site: rectum, side: right}", "right-sided-rectum", "primary.side"),
        ("extraperitoneal: [{site: liver, presence: absent, lesions: 2}]", "absent-with-lesions", "extraperitoneal[0]"),
        ("extraperitoneal: [{site: liver, presence: present, lesions: 0}]", "present-without-lesions", "extraperitoneal[0]"),
        ("status: [{status: no-evidence-of-disease, distant: present}]", "no-evidence-yet-present", "status[0]"),
        ("ascites: [{volume_ml: 0, cause: malignant}]", "ascites-of-no-volume", "ascites[0]"),
        ("cytoreductions: [{completed: false, cc: 0}]", "cc-of-an-operation-given-up", "cytoreductions[0]"),
        ("cytoreductions: [{hipec: false, hipec_drugs: [{drug: cisplatin}]}]", "hipec-drugs-without-hipec", "cytoreductions[0]"),
        ("peritoneum: [{method: laparotomy, total: 5, on: 2026-01-01}]\ncytoreductions: [{pci: 9, on: 2026-01-01}]", "two-pci-at-one-operation", "cytoreductions[0]"),
        ("pipac: [{access: failed, doses: [{drug: cisplatin}]}]", "given-without-access", "pipac[0]"),
        ("pipac: [{doses: [{drug: cisplatin, mg: -3}]}]", "dose-not-above-zero", "pipac[0].doses[0]"),
        ("never: [{kind: hipec}]\ncytoreductions: [{hipec: true}]", "never-yet-given", "never[0]"),
        ("never: [{kind: platinum, on: 2026-01-01}]\nsystemic: [{drugs: [{drug: carboplatin}], started_on: 2025-01-01}]", "never-yet-given", "never[0]"),
        ("never: [{kind: pipac}]\npipac: [{on: 2025-01-01}]", "never-yet-given", "never[0]"),
    ],
)  # fmt: skip
def test_what_cannot_be_refuses_the_case(text: str, name: str, path: str) -> None:
    refused = [one for one in conflicts(case(text), ON) if one.severity == "refuse"]
    assert [(one.name, one.path) for one in refused] == [(name, path)]
    with pytest.raises(InputRefused):
        read_case(text if "primary:" in text else "primary: {site: colon}\n" + text, on=ON)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("labs: [{analyte: cea, value: 30, comparator: '<', unit: ug/L, on: 2026-11-01}]", "only-a-bound"),
        ("labs: [{analyte: cea, unit: ug/L, on: 2026-11-01}]", "empty-result"),
        ("performance: [{ecog: 1}]", "undated"),
        ("performance: [{ecog: 1, on: 2026-12-24}]", "in-the-future"),
        ("performance: [{ecog: 1, on: 2026-11-01}, {ecog: 1, on: 2026-11-01}]", "written-twice"),
        ("performance: [{ecog: 1, on: 2026-11-01}, {ecog: 2, on: 2026-11-01}]", "entries-disagree"),
        ("cytoreductions: [{on: 2026-01-01, completed: false, cc: 3}]", "cc-of-an-operation-given-up"),
        ("cytoreductions: [{on: 2026-01-01, completed: false, hipec: true}]", "hipec-in-an-operation-given-up"),
        ("patient: {sex: female, pregnant: true, childbearing_potential: false}", "pregnant-without-potential"),
        ("patient: {death_date: 2026-01-01}\nlabs: [{analyte: inr, value: 1, on: 2026-02-01}]", "entry-after-death"),
        ("histology: {type: mesothelioma-epithelioid}", "entries-disagree"),
    ],
)
def test_what_is_doubtful_is_flagged(text: str, name: str) -> None:
    found = conflicts(case(text), ON)
    assert name in {one.name for one in found}
    assert {one.severity for one in found} == {"flag"}


def test_what_was_never_given_until_a_day_may_be_given_later() -> None:
    text = "never: [{kind: pipac, on: 2025-01-01}]\npipac: [{on: 2026-01-01}]"
    assert conflicts(case(text), ON) == ()


def test_a_case_is_refused_with_every_problem_and_its_line(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "primary: {site: colon}\npatient: {sex: male, pregnant: true}\nlabs:\n  - {analyte: creatinine, value: 88, unit: mg/dL}\n  - analyte: cea\n    value: 1\n"
    )
    with pytest.raises(InputRefused) as caught:
        read_case(path)
    assert [(one.path, one.line) for one in caught.value.problems] == [("patient.pregnant", 2), ("labs[0]", 4), ("labs[1]", 5)]
    assert "case.yaml: 3 problems, nothing was taken over" in str(caught.value)
    with pytest.raises(InputRefused, match=r"case\.yaml: 3 problems"):
        read_case(str(path))


def test_bad_form_comes_before_contradiction() -> None:
    with pytest.raises(InputRefused) as caught:
        read_case("primary: {site: colom}\npatient: {sex: male, pregnant: true, weigth: 3}\nlabs: [{analyte: creatinin}]")
    assert [one.hint for one in caught.value.problems] == ["did you mean colon?", "known: sex, birth_date, deceased, death_date, body, pregnant, breastfeeding, childbearing_potential, document", "did you mean creatinine?"]  # fmt: skip


def test_without_an_assessment_date_nothing_lies_in_the_future() -> None:
    assert read_case("primary: {site: colon}\nlabs: [{analyte: inr, value: 1, on: 2031-01-01}]").labs[0].on == date(2031, 1, 1)


def test_schema_describes_the_case() -> None:
    schema = case_schema()
    assert schema["title"] == "Peritia case"
    assert "colon" in str(schema["$defs"]["Primary"]["properties"]["site"])
    assert schema["$defs"]["Case"]["required"] == ["primary"]


def test_a_case_file_says_where_the_primary_sits() -> None:
    with pytest.raises(InputRefused, match="the site of the primary is missing"):
        read_case("primary: {side: left}\n")
    assert read_case("primary: {site: unknown-primary}\n").primary.site == "unknown-primary"
