"""Insurers' positions, worked by hand: what is covered, what is refused, what stays open."""

from __future__ import annotations

import pytest

from peritia.criteria import disjunction, evaluate
from peritia.knowledge import library

POLICIES = tuple(library().policies.values())


def position(policy: str, **values: bool | float | str) -> tuple[bool | None, bool | None]:
    """(covered, refused) by the coded text; every fact not given is unknown."""
    found = library().policies[policy]
    covered = evaluate(disjunction([one.formula for one in found.covers]), values)
    refused = evaluate(disjunction([one.formula for one in found.not_covers]), values)
    return covered, refused


COLON = {"primary_site": "colon", "histology_type": "adenocarcinoma", "pseudomyxoma": False, "peritoneal_mesothelioma": False}
PSEUDOMYXOMA = {
    "primary_site": "appendix",
    "histology_type": "pseudomyxoma-low-grade",
    "pseudomyxoma": True,
    "peritoneal_mesothelioma": False,
}


def test_every_policy_says_what_to_ask_and_of_what_date_it_is() -> None:
    assert len(POLICIES) >= 6
    for policy in POLICIES:
        assert policy.ask
        assert policy.date or policy.date_note
        assert all(question.endswith("?") for question in policy.ask)


@pytest.mark.parametrize("policy", ["aetna-cpb-0278", "bcbs-2-03-07", "uhc-cs141", "highmark-i-91"])
def test_every_insurer_read_covers_pseudomyxoma(policy: str) -> None:
    assert position(policy, **PSEUDOMYXOMA)[0] is True
    assert position(policy, **PSEUDOMYXOMA)[1] is not True


def test_insurers_differ_on_colorectal_disease() -> None:
    confined = COLON | dict.fromkeys(
        ("extraperitoneal_disease", "lung_metastases", "pleural_disease", "brain_metastases", "bone_metastases"), False
    )
    assert position("aetna-cpb-0278", **confined) == (False, True)
    assert position("bcbs-2-03-07", **confined)[1] is True
    assert position("uhc-cs141", **confined) == (True, False)
    assert position("highmark-i-91", **confined)[0] is True


def test_an_unstaged_patient_stays_open_with_unitedhealthcare() -> None:
    assert position("uhc-cs141", **COLON) == (None, None)


def test_a_stage_iii_ovarian_cancer_is_covered_at_interval_surgery_only() -> None:
    ovary: dict[str, bool | float | str] = {
        "primary_site": "ovary",
        "figo_stage": "III",
        "histology_type": "high-grade-serous",
        "pseudomyxoma": False,
        "peritoneal_mesothelioma": False,
        "complete_resection_expected": True,
    }
    for policy in ("aetna-cpb-0278", "bcbs-2-03-07"):
        assert position(policy, interval_debulking_planned=True, **ovary) == (True, False)
        assert position(policy, interval_debulking_planned=False, **ovary)[1] is True


def test_pipac_is_promised_by_nobody() -> None:
    for policy in POLICIES:
        if policy.treatments == ("pipac",):
            assert not policy.covers
