"""Cases that a board meets rarely and a program gets wrong easily. Each says what must not be read from the dossier."""

from __future__ import annotations

from datetime import date

import pytest

from peritia import documents
from peritia.case import Case
from peritia.options import ArmResult, OptionResult, assess

ON = date(2026, 11, 21)
COLON = """
primary: {site: colon, side: left, status: resected}
status: [{on: 2026-11-01, status: progressing, peritoneal: present, distant: absent}]
"""


def option(text: str, treatment: str) -> OptionResult:
    return next(found for found in assess(documents.read(text, Case), ON).options if found.id == treatment)


def arm(text: str, treatment: str, name: str) -> ArmResult:
    return next(found for found in option(text, treatment).arms if found.id == name)


def held(result: OptionResult | ArmResult, effect: str) -> list[str]:
    return [reason.because for reason in result.reasons if reason.effect == effect]


@pytest.mark.parametrize(
    ("operated", "effect"),
    [
        ("cytoreductions: [{on: 2026-10-25, completed: false, pci: 25}]", "against"),
        ("cytoreductions: [{on: 2026-10-24, completed: false, pci: 25}]", "for"),
        ("peritoneum: [{on: 2026-10-25, method: laparoscopy}]\ncytoreductions: [{on: 2025-10-25}]", "for"),
        ("peritoneum: [{on: 2026-10-25, method: laparoscopy}]", "open-question"),
        ("never: [{kind: abdominal-surgery, on: 2026-11-20}]", "for"),
        ("", "open-question"),
    ],
)
def test_an_abandoned_cytoreduction_has_to_heal_before_bevacizumab(operated: str, effect: str) -> None:
    bevacizumab = arm(COLON + operated, "targeted-therapy", "bevacizumab-colorectal")
    reason = next(reason for reason in bevacizumab.reasons if reason.because.startswith("Less than 28 days since an open"))
    assert reason.effect == effect
    assert effect != "against" or reason.recoverable


def test_a_laparoscopy_of_last_week_flags_bevacizumab() -> None:
    text = COLON + "peritoneum: [{on: 2026-11-14, method: laparoscopy}]\ncytoreductions: [{on: 2025-10-25}]"
    flags = held(arm(text, "targeted-therapy", "bevacizumab-colorectal"), "flag")
    assert any("laparoscopy" in flag for flag in flags)


KIDNEYS = """
patient: {sex: male, birth_date: 1960-11-21, body: [{weight_kg: 81.7, height_cm: 175, on: 2026-11-01}]}
illnesses: [{name: dialysis, presence: present, on: 2026-11-01}]
"""


@pytest.mark.parametrize("creatinine", ["", "labs: [{analyte: creatinine, value: 1.4, unit: mg/dL, upper_limit: 1.2, on: 2026-11-10}]\n"])
def test_on_dialysis_no_limit_on_creatinine_is_passed(creatinine: str) -> None:
    text = COLON + KIDNEYS + creatinine
    for treatment in ("pipac", "crs-hipec", "second-hipec", "systemic-chemotherapy"):
        for found in option(text, treatment).arms:
            passed = [reason.when for reason in found.reasons if reason.effect in ("for", "no-flag") and "creatinine" in reason.when]
            assert passed == [], found.id
            if "mitomycin" in found.id or "oxaliplatin" in found.id:
                assert found.verdict == "closed", found.id


def test_on_dialysis_irinotecan_and_trifluridine_are_flagged() -> None:
    arms = {found.id: held(found, "flag") for found in option(COLON + KIDNEYS, "systemic-chemotherapy").arms}
    assert any("not to use it on dialysis" in flag for flag in arms["colorectal-irinotecan"])
    assert any("not recommended below or on dialysis" in flag for flag in arms["colorectal-trifluridine-tipiracil"])


def test_a_solitary_kidney_is_judged_by_its_clearance_like_any_other() -> None:
    healthy = COLON + KIDNEYS.replace("present", "absent") + "labs: [{analyte: creatinine, value: 1.0, unit: mg/dL, on: 2026-11-10}]"
    needed = [reason for reason in arm(healthy, "pipac", "oxaliplatin-120").reasons if "creatinine_clearance" in reason.when]
    assert [reason.effect for reason in needed] == ["for", "no-flag"]


def asks(text: str) -> set[str]:
    return {ask.fact for ask in assess(documents.read(text, Case), ON).ask_next}


@pytest.mark.parametrize(
    ("person", "asked"),
    [
        ("{sex: female, birth_date: 1966-11-22}", True),
        ("{sex: female, birth_date: 1966-11-21}", False),
        ("{sex: female, birth_date: 1990-01-01}", True),
        ("{sex: female, birth_date: 1990-01-01, childbearing_potential: false}", False),
        ("{sex: female}", True),
        ("{sex: male}", False),
    ],
)
def test_pregnancy_is_asked_only_where_it_can_be(person: str, asked: bool) -> None:
    assert ("pregnant" in asks(COLON + f"patient: {person}")) is asked


PREGNANT = """
patient: {sex: female, birth_date: 1992-01-01, pregnant: true}
performance: [{on: 2026-11-01, ecog: 0}]
molecular: [{marker: mmr, tested: true, result: deficient, on: 2026-10-01}]
"""


@pytest.mark.parametrize("site", ["colon", "stomach", "ovary", "mesothelium"])
def test_in_pregnancy_what_harms_the_child_is_closed_until_birth(site: str) -> None:
    text = COLON.replace("site: colon, side: left", f"site: {site}") + PREGNANT
    for treatment in ("pipac", "crs-hipec", "second-hipec", "targeted-therapy", "immunotherapy"):
        found = option(text, treatment)
        assert found.verdict == "closed", treatment
        assert any("regnan" in because for because in held(found, "against")), treatment
    assert any("first trimester" in flag for flag in held(option(text, "systemic-chemotherapy"), "flag"))
    assert any("until after birth" in flag for flag in held(option(text, "radiation"), "flag"))


def test_in_pregnancy_no_trial_of_a_treatment_is_possible() -> None:
    found = assess(documents.read(COLON + PREGNANT, Case), ON)
    assert [trial.id for trial in found.trials if trial.answer != "closed"] == ["nct03210298"]  # a registry
    unread = next(trial for trial in found.trials if trial.id == "nct04329494")
    reason = next(reason for reason in unread.reasons if reason.when.startswith("pregnant"))
    assert not reason.verified


def test_in_the_json_nothing_is_open_under_a_closed_option() -> None:
    from peritia.patients import names, read

    for name in names():
        for found in assess(read(name), ON).options:
            if found.verdict == "closed":
                assert {one.verdict for one in found.arms} <= {"closed"}, (name, found.id)


@pytest.mark.parametrize("died", ["{deceased: true}", "{death_date: 2026-11-01}"])
def test_after_death_every_option_and_trial_is_closed(died: str) -> None:
    found = assess(documents.read(COLON + f"patient: {died}", Case), ON)
    assert {one.verdict for one in found.options} == {"closed"}
    assert all(one.summary.startswith("Not applicable: The patient has died") for one in found.options)
    assert {one.answer for one in found.trials} == {"closed"}
    assert found.ask_next == ()


def test_of_the_living_nothing_is_said_of_being_alive() -> None:
    found = assess(documents.read(COLON, Case), ON)
    assert not any("alive" in reason.when for one in found.options for reason in one.reasons)


def case(site: str, more: str, *, expected: str = "cc0", total: int = 5) -> str:
    """A patient in whom the surgeon has looked, and nothing else is known."""
    return (
        f"primary: {{site: {site}}}\npatient: {{sex: male, birth_date: 1965-01-01}}\n"
        f"peritoneum: [{{on: 2026-11-01, method: laparoscopy, total: {total}, complete_resection_expected: {expected}}}]\n{more}\n"
    )


def test_gastric_cancer_with_positive_cytology_alone_is_metastatic_and_not_free_of_disease() -> None:
    text = case("stomach", "cytology: [{on: 2026-11-01, result: positive}]", total=0)
    for treatment in ("systemic-chemotherapy", "crs", "crs-hipec", "pipac"):
        assert option(text, treatment).closed_because != "not-applicable", treatment
    for treatment in ("crs", "crs-hipec"):
        assert any("CY1P0" in flag for flag in held(option(text, treatment), "flag"))
    assert arm(text, "radiation", "isolated-peritoneal").verdict == "closed"
    washed = case("stomach", "cytology: [{on: 2026-11-01, result: negative}]", total=0)
    assert option(washed, "crs").closed_because == "not-applicable"


@pytest.mark.parametrize(("cytology", "answer"), [("positive", "open-question"), ("negative", "against")])
def test_elsewhere_positive_cytology_keeps_disease_from_being_ruled_out(cytology: str, answer: str) -> None:
    found = option(case("colon", f"cytology: [{{on: 2026-11-01, result: {cytology}}}]", total=0), "crs")
    assert next(reason.effect for reason in found.reasons if reason.when == "peritoneal_disease_present") == answer


@pytest.mark.parametrize("histology", ["mesothelioma-biphasic", "mesothelioma-sarcomatoid"])
def test_surgery_for_biphasic_mesothelioma_is_flagged_with_and_without_hipec(histology: str) -> None:
    text = case("mesothelium", f"histology: {{type: {histology}}}")
    for treatment in ("crs", "crs-hipec"):
        assert any("rarely helps" in flag for flag in held(option(text, treatment), "flag"))
    assert not any("rarely helps" in flag for flag in held(option(case("colon", ""), "crs"), "flag-unknown"))


def test_before_surgery_for_an_mmr_deficient_colon_cancer_the_checkpoint_inhibitor_is_named() -> None:
    text = case("colon", "molecular: [{marker: mmr, tested: true, result: deficient}]")
    assert any("checkpoint inhibitor" in flag for flag in held(option(text, "crs"), "flag"))


@pytest.mark.parametrize(("born", "flagged"), [("2008-11-22", True), ("2008-11-21", False)])
def test_under_eighteen_every_treatment_says_that_the_trials_took_adults(born: str, flagged: bool) -> None:
    text = case("colon", "", expected="not-expected").replace("1965-01-01", born)
    for treatment in ("pipac", "crs", "systemic-chemotherapy", "targeted-therapy", "immunotherapy", "radiation"):
        assert any(flag.startswith("Under 18") for flag in held(option(text, treatment), "flag")) is flagged, treatment
        assert not any("age_years" in reason.when for reason in option(text, treatment).reasons if reason.effect == "against")


@pytest.mark.parametrize(
    ("histology", "effect"),
    [("pseudomyxoma-low-grade", "against"), ("adenocarcinoma", "for"), ("mucinous-adenocarcinoma", "open-question")],
)
def test_in_pseudomyxoma_no_pci_makes_pipac_the_answer_where_surgery_is_possible(histology: str, effect: str) -> None:
    untreated = "never: [{kind: systemic-therapy, on: 2026-11-10}, {kind: pipac, on: 2026-11-10}]\n"
    text = case("appendix", f"{untreated}histology: {{type: {histology}}}", total=28)
    text = text.replace("total: 28,", "total: 28, confluent_small_bowel: absent, diffuse_mesentery: absent,")
    pipac = option(text, "pipac")
    assert next(reason.effect for reason in pipac.reasons if "pci_surgical > 18" in reason.when) == effect


def test_a_primary_without_cytoreduction_is_not_kept_from_pipac_by_it() -> None:
    pipac = option(case("pancreas", "histology: {type: adenocarcinoma}"), "pipac")
    assert next(reason.effect for reason in pipac.reasons if "pci_surgical > 18" in reason.when) == "for"


@pytest.mark.parametrize(
    ("site", "allergy", "closed", "stays"),
    [
        ("colon", "fluoropyrimidine", "colorectal-oxaliplatin", "colorectal-without-fluoropyrimidine"),
        ("stomach", "platinum", "gastric-platinum", "gastric-irinotecan"),
        ("ovary", "platinum", "ovarian-platinum", "ovarian-platinum-allergy"),
    ],
)
def test_an_allergy_closes_an_arm_and_leaves_the_patient_another(site: str, allergy: str, closed: str, stays: str) -> None:
    text = case(site, f"allergies: [{{substance: {allergy}, presence: present}}]").replace("male", "female")
    assert arm(text, "systemic-chemotherapy", closed).by_itself == "closed"
    assert arm(text, "systemic-chemotherapy", stays).by_itself != "closed"
    without = case(site, f"allergies: [{{substance: {allergy}, presence: absent}}]").replace("male", "female")
    if site != "stomach":  # a reserve for those who cannot have the standard
        assert arm(without, "systemic-chemotherapy", stays).by_itself in ("closed", "depends")


@pytest.mark.parametrize(("presence", "effect"), [("present", "flag"), ("absent", "no-flag"), (None, "flag-unknown")])
def test_dpd_deficiency_is_minded_before_every_fluoropyrimidine(presence: str | None, effect: str) -> None:
    for site, names in (
        ("colon", ("colorectal-oxaliplatin", "colorectal-irinotecan")),
        ("stomach", ("gastric-platinum", "gastric-irinotecan")),
    ):
        text = case(site, f"illnesses: [{{name: dpd-deficiency, presence: {presence}}}]" if presence else "")
        for name in names:
            reasons = arm(text, "systemic-chemotherapy", name).reasons
            assert next(reason.effect for reason in reasons if reason.when == "dpd_deficiency") == effect


def test_who_refuses_blood_is_told_before_surgery_and_not_refused_it() -> None:
    text = case("colon", "preferences: [{about: blood-transfusion, choice: refuses, on: 2026-11-01}]")
    crs = option(text, "crs")
    assert any("transfusion" in flag for flag in held(crs, "flag"))
    assert crs.verdict != "closed"


@pytest.mark.parametrize(
    ("site", "trial", "answer"),
    [("stomach", "nct05877911", "closed"), ("ovary", "nct05877911", "possible"), ("ovary", "nct05513183", "closed")],
)
def test_a_trial_of_hipec_is_not_offered_for_a_cancer_it_does_not_take(site: str, trial: str, answer: str) -> None:
    found = assess(documents.read(f"primary: {{site: {site}}}", Case), ON)
    assert {match.id: match.answer for match in found.trials}[trial] == answer
