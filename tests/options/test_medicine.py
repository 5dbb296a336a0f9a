"""What the library must say of the cast, and the traps it must not fall into. Written from the stories, not from the program's answers."""

from __future__ import annotations

from datetime import date
from functools import cache

import msgspec
import pytest

from peritia.case import Case
from peritia.case.condition import Lab, Preference
from peritia.case.disease import Primary
from peritia.case.peritoneum import PeritonealAssessment
from peritia.options import Assessment, OptionResult, assess
from peritia.patients import names, read

ON = date(2026, 11, 21)


@cache
def board(name: str) -> Assessment:
    return assess(read(name), ON)


def option(name: str, treatment: str) -> OptionResult:
    return next(option for option in board(name).options if option.id == treatment)


def judged(case: Case, treatment: str) -> OptionResult:
    return next(option for option in assess(case, ON).options if option.id == treatment)


@pytest.mark.parametrize("name", names())
def test_palliative_care_is_always_open_beside_everything(name: str) -> None:
    assert option(name, "palliative-care").verdict in ("open", "open-with-flags")


def test_a_near_empty_case_opens_nothing_but_palliative_care_and_the_search_for_trials() -> None:
    opened = {option.id for option in board("nora").options if option.verdict in ("open", "open-with-flags")}
    assert opened == {"palliative-care", "clinical-trial"}


def test_a_near_empty_case_is_asked_for_performance_and_extent_first() -> None:
    first = [ask.fact for ask in board("nora").ask_next[:5]]
    assert first[0] == "ecog"
    assert {"pci_surgical", "complete_resection_expected"} <= set(first)


def test_unresectable_colorectal_metastases_leave_pipac_open_and_surgery_closed() -> None:
    assert option("maria", "pipac").verdict == "open-with-flags"
    assert option("maria", "crs").verdict == option("maria", "crs-hipec").verdict == "closed"


def test_limited_colorectal_metastases_open_surgery_and_hipec_only_with_the_flag_that_it_did_not_lengthen_life() -> None:
    assert option("anton", "crs").verdict in ("open", "open-with-flags")
    hipec = option("anton", "crs-hipec")
    flags = [r.because for arm in hipec.arms if arm.verdict != "closed" for r in arm.reasons if r.effect == "flag"]
    flags += [reason.because for reason in hipec.reasons if reason.effect == "flag"]
    assert hipec.verdict == "open-with-flags"
    assert any("not lengthened life" in flag or "not recommend" in flag or "No survival gain" in flag for flag in flags)


def test_obstruction_and_feeding_by_vein_close_pipac_and_can_recover() -> None:
    pipac = option("ruth", "pipac")
    assert (pipac.verdict, pipac.closed_because) == ("closed", "excluded")


def test_poor_kidneys_close_every_arm_of_pipac() -> None:
    pipac = option("viktor", "pipac")
    assert pipac.verdict == "closed"
    assert all(arm.verdict == "closed" for arm in pipac.arms if "isplatin" in arm.name or "xaliplatin" in arm.name)


def test_a_platinum_reaction_closes_the_platinum_arms_and_no_other() -> None:
    arms = {arm.name: arm.verdict for arm in option("aisha", "pipac").arms}
    assert all(verdict == "closed" for name, verdict in arms.items() if "platin" in name.lower())
    assert any(verdict != "closed" for name, verdict in arms.items() if "platin" not in name.lower())


def test_waiting_for_interval_surgery_is_first_treatment_and_not_platinum_resistance() -> None:
    arms = {arm.id: arm.verdict for treatment in ("systemic-chemotherapy", "targeted-therapy") for arm in option("sofia", treatment).arms}
    assert arms["ovarian-platinum"] != "closed"
    assert arms["ovarian-platinum-resistant"] == arms["mirvetuximab"] == "closed"


def test_a_primary_whose_drugs_are_not_coded_is_not_closed_to_targeted_therapy() -> None:
    for site in ("breast", "pancreas", "unknown-primary"):
        case = read("maria")
        changed = judged(msgspec.structs.replace(case, primary=Primary(site=site), molecular=()), "targeted-therapy")
        assert changed.verdict == "depends"
        assert changed.missing.to_open


def test_where_no_arm_is_meant_for_the_disease_none_is_called_the_nearest() -> None:
    case = read("anton")
    changed = judged(msgspec.structs.replace(case, primary=Primary(site="breast")), "crs")
    assert changed.verdict == "closed"
    assert changed.summary == "None of 7 is meant for this patient's disease"


def test_msi_high_opens_immunotherapy() -> None:
    assert option("ingrid", "immunotherapy").verdict in ("open", "open-with-flags")


def test_recurrence_after_hipec_is_recognised_with_its_pattern() -> None:
    assert (board("pavel").recurrence.recognised, board("pavel").recurrence.pattern) == (True, "isolated-peritoneal")
    assert (board("ibrahim").recurrence.recognised, board("ibrahim").recurrence.pattern) == (True, "both")
    assert board("chiara").recurrence.recognised is False
    assert board("nora").recurrence.recognised is None


def test_late_isolated_recurrence_of_pseudomyxoma_opens_repeat_surgery_and_early_diffuse_colorectal_does_not() -> None:
    assert option("pavel", "repeat-crs").verdict == "open-with-flags"
    assert option("greta", "repeat-crs").verdict == "closed"


def test_second_hipec_without_a_first_is_not_applicable_and_with_one_always_flagged() -> None:
    assert option("maria", "second-hipec").closed_because == "not-applicable"
    assert option("pavel", "second-hipec").verdict == "open-with-flags"


def test_radiation_is_for_isolated_disease_only() -> None:
    assert option("thomas", "radiation").verdict in ("open", "open-with-flags")
    assert option("maria", "radiation").verdict == "closed"


def test_age_alone_closes_nothing() -> None:
    maria = read("maria")
    older = msgspec.structs.replace(maria, patient=msgspec.structs.replace(maria.patient, birth_date=date(1936, 1, 1)))
    for young, old in zip(board("maria").options, assess(older, ON).options, strict=True):
        closing = {r.when for r in old.reasons if r.effect == "against"} - {r.when for r in young.reasons if r.effect == "against"}
        assert not [when for when in closing if "age_years" in when], old.id


def test_what_a_patient_refuses_is_closed_as_her_choice_and_what_she_accepts_again_opens() -> None:
    maria = read("maria")
    refused = msgspec.structs.replace(maria, preferences=(Preference(about="pipac", choice="refuses", on=date(2026, 11, 1)),))
    found = judged(refused, "pipac")
    assert (found.closed_because, found.recoverable) == ("patient-choice", True)
    again = (*refused.preferences, Preference(about="pipac", choice="accepts", on=date(2026, 11, 15)))
    assert judged(msgspec.structs.replace(maria, preferences=again), "pipac").verdict != "closed"


def test_trap_14_a_pci_read_from_ct_never_counts_as_the_surgeons() -> None:
    anton = read("anton")
    by_ct = msgspec.structs.replace(anton, peritoneum=(PeritonealAssessment(on=date(2026, 11, 1), method="ct", total=30),))
    facts = {fact.name: fact for fact in assess(by_ct, ON).facts}
    assert facts["pci_surgical"].value is None
    assert facts["pci_ct"].value == 30


def test_trap_11_the_same_haemoglobin_in_other_units_gives_the_same_board() -> None:
    maria = read("maria")
    others = tuple(lab for lab in maria.labs if lab.analyte != "hemoglobin")
    in_g = Lab(analyte="hemoglobin", value=8.0, unit="g/dL", on=date(2026, 11, 15))
    in_mmol = Lab(analyte="hemoglobin", value=4.965, unit="mmol/L", on=date(2026, 11, 15))
    one, other = (judged(msgspec.structs.replace(maria, labs=(*others, lab)), "pipac") for lab in (in_g, in_mmol))
    assert one.verdict == other.verdict == "closed"
    no_unit = Lab(analyte="hemoglobin", value=8.0, on=date(2026, 11, 15))
    assert judged(msgspec.structs.replace(maria, labs=(*others, no_unit)), "pipac").verdict == "depends"


def test_not_recorded_is_not_absent_and_not_tested_is_not_wild_type() -> None:
    facts = {fact.name: fact for fact in board("nora").facts}
    assert facts["lung_metastases"].value is None
    assert facts["ras_wild_type"].value is None


def test_forgetting_one_entry_never_turns_a_closed_option_open_or_an_open_one_closed() -> None:
    """Taking away one laboratory value, finding or examination can only leave things undecided."""
    for name in ("maria", "anton", "ruth"):
        case = read(name)
        was = {option.id: option.verdict for option in board(name).options}
        for section in ("labs", "illnesses", "allergies", "molecular"):
            for index in range(len(getattr(case, section))):
                entries = getattr(case, section)
                fewer = msgspec.structs.replace(case, **{section: entries[:index] + entries[index + 1 :]})
                now = {option.id: option.verdict for option in assess(fewer, ON).options}
                turned = [id_ for id_ in was if {was[id_] == "closed", now[id_] == "closed"} == {True, False} and now[id_] != "depends"]
                assert not turned, (name, section, index)


def test_every_shown_reason_has_a_source_and_every_verdict_a_line() -> None:
    for name in names():
        for found in board(name).options:
            assert found.summary
            for reason in (*found.reasons, *(reason for arm in found.arms for reason in arm.reasons)):
                assert reason.sources or reason.role == "refusal", (found.id, reason.because)
