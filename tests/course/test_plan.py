"""The plan of a session: doses, settings, limits, tallies and checks, at their borders and by worked examples."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from course_cases import DAY, bath_plan, double_plan, maria_plan, with_body

from peritia.case import Case
from peritia.case.condition import Lab
from peritia.case.disease import Primary
from peritia.case.identity import Patient
from peritia.case.treatment import Dose, NoTreatment, PipacSession, SystemicLine
from peritia.course import Check, CourseRefused, SessionPlan, plan_session
from peritia.course.check import merged, overall
from peritia.knowledge import library
from peritia.patients import names, read

OX = "pipac-oxaliplatin-120"
CD = "pipac-cisplatin-doxorubicin-10-5"


def starting(plan: SessionPlan, beginning: str) -> Check:
    return next(check for check in plan.checks if check.id.startswith(beginning))


def test_doses_of_the_fact_sheet_at_170_cm_and_70_kg() -> None:
    """Mosteller 1.818 m2: C 19.1 mg, D 3.82 mg, OX 218.2 mg."""
    case = with_body(read("maria"), 170, 70)
    both = plan_session(case, CD, DAY)
    assert [round(dose.amount or 0, 2) for dose in both.doses] == [19.09, 3.82]
    assert round(plan_session(case, OX, DAY).doses[0].amount or 0, 1) == 218.2


def test_volumes_flow_and_minutes_follow_from_the_regimen() -> None:
    plan = double_plan()
    assert [dose.volume_ml for dose in plan.doses] == [150, 50]
    assert [round(dose.injection_minutes or 0, 2) for dose in plan.doses] == [5.0, 1.67]
    assert plan.prescription is not None
    assert round(plan.prescription.injection_minutes or 0, 2) == 6.67
    assert plan.hold_minutes == 30
    assert "17.5 mg (10.5 mg/m2), in 150 mL sodium chloride 0.9 %, 30 mL/min, 5.0 min" in plan.labels[0]


def test_window_wash_out_and_number_of_the_session() -> None:
    plan = maria_plan()
    assert (plan.next_from, plan.next_to) == (DAY + timedelta(days=42), DAY + timedelta(days=56))
    assert plan.resume_systemic_on == DAY + timedelta(days=7)
    assert plan.number == 1


def test_the_formulas_stand_side_by_side_and_a_difference_above_five_percent_is_told() -> None:
    slim, wide = maria_plan(), plan_session(with_body(read("maria"), 150, 130), OX, DAY)
    assert [one.formula for one in slim.by_formula] == ["mosteller", "dubois", "haycock"]
    assert slim.formulas_differ is False
    assert wide.formulas_differ is True
    check = starting(wide, "formulas-differ")
    assert check.answer == "no-go"
    assert not check.blocks
    assert "dubois" in check.reason


def test_without_a_weight_there_is_no_dose_and_no_go() -> None:
    case = msgspec.structs.replace(read("maria"), patient=Patient(sex="female"))
    plan = plan_session(case, OX, DAY)
    assert plan.doses == ()
    assert plan.prescription is None
    assert plan.check("body-surface").answer == "cannot-say"
    assert plan.check("body-surface").blocks
    assert plan.answer != "go"


@pytest.mark.parametrize(("days", "answer"), [(7, "go"), (8, "no-go")])
def test_laboratory_values_count_for_seven_days(days: int, answer: str) -> None:
    plan = plan_session(read("maria"), OX, date(2026, 11, 16) + timedelta(days=days))
    assert plan.check("laboratory-age").answer == answer


@pytest.mark.parametrize(("on", "answer"), [(date(2026, 10, 26), "go"), (date(2026, 10, 25), "no-go")])
def test_wash_out_is_fourteen_days(on: date, answer: str) -> None:
    """Her last systemic dose was on 12 October."""
    check = starting(plan_session(read("maria"), OX, on), "holds: NOT systemic_therapy_given")
    assert (check.answer, check.hard, check.verified) == (answer, True, True)


@pytest.mark.parametrize(("days", "answer"), [(28, "go"), (27, "no-go")])
def test_bevacizumab_needs_twenty_eight_days(days: int, answer: str) -> None:
    plan = plan_session(read("maria"), OX, DAY, entered={"days_since_bevacizumab": days})
    assert starting(plan, "holds: NOT prior_bevacizumab").answer == answer


@pytest.mark.parametrize(
    ("days", "short", "regimen", "long"),
    [(27, "no-go", "no-go", "go"), (28, "go", "no-go", "go"), (42, "go", "go", "go"), (70, "go", "go", "go"), (71, "go", "go", "no-go")],
)
def test_the_interval_warns_below_28_and_above_70_days_and_below_the_regimens_own(days: int, short: str, regimen: str, long: str) -> None:
    plan = plan_session(read("maria"), OX, DAY, entered={"pipac_sessions": 1, "days_since_pipac": days})
    own = starting(plan, "holds: pipac_sessions = 0 OR days_since_pipac >= 42")
    assert (plan.check("interval-short").answer, own.answer, plan.check("interval-long").answer) == (short, regimen, long)
    assert not any(check.blocks for check in (plan.check("interval-short"), own, plan.check("interval-long")))


def test_what_is_entered_is_known_and_shown_as_entered() -> None:
    plan = plan_session(read("maria"), OX, DAY, entered={"days_since_systemic": 3})
    check = starting(plan, "holds: NOT systemic_therapy_given")
    assert check.answer == "no-go"
    assert {fact.reason for fact in check.facts if fact.name == "days_since_systemic"} == {"entered for this session"}


@pytest.mark.parametrize(
    "entered", [{"no_such_fact": 1}, {"ecog": 9}, {"ecog": True}, {"pregnant": 1}, {"primary_site": "toe"}, {"ecog": 1.5}]
)
def test_an_entered_value_that_fits_no_fact_is_refused(entered: dict[str, float | str]) -> None:
    with pytest.raises(CourseRefused):
        plan_session(read("maria"), OX, DAY, entered=entered)


def woman(**fields: object) -> Case:
    patient = Patient(sex="female", childbearing_potential=True, **fields)  # pyright: ignore
    return msgspec.structs.replace(read("maria"), patient=msgspec.structs.replace(patient, body=read("maria").patient.body))


def with_test(case: Case, days: int, *, positive: bool = False) -> Case:
    test = Lab(analyte="pregnancy-test", positive=positive, on=DAY - timedelta(days=days))
    return msgspec.structs.replace(case, labs=(*case.labs, test))


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        (woman(), "cannot-say"),
        (with_test(woman(), 7), "go"),
        (with_test(woman(), 8), "no-go"),
        (with_test(woman(), 1, positive=True), "no-go"),
        (woman(pregnant=False), "cannot-say"),
        (msgspec.structs.replace(woman(), patient=Patient(sex="male", body=read("maria").patient.body)), "go"),
    ],
)
def test_pregnancy_is_ruled_out_by_a_test_of_seven_days(case: Case, answer: str) -> None:
    assert plan_session(case, OX, DAY).check("pregnancy-test").answer == answer


def test_allergy_to_the_drug_is_no_go_and_unknown_is_no_pass() -> None:
    for known, answer in ((True, "no-go"), (False, "go")):
        plan = plan_session(read("maria"), OX, DAY, entered={"platinum_hypersensitivity": known})
        check = plan.check("ruled out: platinum_hypersensitivity")
        assert (check.answer, check.topic, check.hard) == (answer, "allergy", True)
    silent = msgspec.structs.replace(read("maria"), allergies=())
    assert plan_session(silent, OX, DAY).check("ruled out: platinum_hypersensitivity").answer == "cannot-say"


def doxorubicin(total: float, *, cycles: int | None = 1) -> Case:
    line = SystemicLine(
        drugs=(Dose(drug="doxorubicin", mg_per_m2=total, cycles=cycles),), started_on=date(2020, 1, 1), ended_on=date(2020, 6, 1)
    )
    kept = tuple(one for one in read("maria").never if one.kind != "anthracycline")
    return msgspec.structs.replace(read("maria"), systemic=(*read("maria").systemic, line), never=kept)


@pytest.mark.parametrize(("before", "answer"), [(547.9, "go"), (547.91, "no-go"), (100, "go")])
def test_doxorubicin_stops_above_550_with_this_session_added(before: float, answer: str) -> None:
    plan = plan_session(doxorubicin(before), CD, DAY)
    check = plan.check("lifetime-limit: cumulative_doxorubicin_mg_per_m2 <= 550")
    assert (check.answer, check.hard) == (answer, True)


def test_totals_count_every_route_and_stay_unknown_while_a_dose_is() -> None:
    given = (
        PipacSession(
            on=date(2026, 9, 1), access="obtained", doses=(Dose(drug="doxorubicin", mg_per_m2=2.1), Dose(drug="cisplatin", mg_per_m2=10.5))
        ),
    )
    case = msgspec.structs.replace(doxorubicin(60, cycles=4), pipac=given, never=())
    sums = {tally.fact: tally for tally in plan_session(case, CD, DAY).tallies if tally.limit in (550, 300)}
    assert round(sums["cumulative_doxorubicin_mg_per_m2"].after or 0, 2) == 244.2
    assert round(sums["cumulative_cisplatin_mg_per_m2"].after or 0, 2) == 21.0
    unknown = plan_session(doxorubicin(60, cycles=None), CD, DAY)
    check = unknown.check("lifetime-limit: cumulative_doxorubicin_mg_per_m2 <= 550")
    assert (check.answer, check.blocks) == ("cannot-say", True)
    assert "not known" in check.reason


def test_totals_that_only_tell_do_not_block() -> None:
    check = maria_plan().check("lifetime-notice: cumulative_oxaliplatin_mg_per_m2 <= 850")
    assert (check.answer, check.hard) == ("no-go", False)
    assert "1020.0 + 120.0" in check.reason


def test_a_dose_that_the_protocol_does_not_state_cannot_be_prepared() -> None:
    plan = plan_session(read("maria"), "pipac-mitomycin-us", DAY)
    assert any(check.blocks and check.id.startswith("dose-known") for check in plan.checks)


def test_a_regimen_for_another_primary_or_a_former_one_is_told() -> None:
    plan = plan_session(read("maria"), "pipac-cisplatin-doxorubicin-7-5", DAY)
    assert plan.check("meant-for").answer == "no-go"
    assert starting(plan, "former-regimen").answer == "no-go"


def test_the_device_counts_where_it_is_stricter() -> None:
    limit = maria_plan().limit("injector", "pressure limit")
    assert limit is not None
    assert limit.high == 200
    with_device = plan_session(read("maria"), OX, DAY, device_id="capnopen").limit("injector", "pressure limit")
    assert with_device is not None
    assert with_device.high == 200  # 20.7 bar are 300 psi: the protocol is stricter
    weak = msgspec.structs.replace(
        library().devices["capnopen"],
        pressure=msgspec.convert(
            {"value": 10, "unit": "bar", "source": "capnotip-bench"}, type=type(library().devices["capnopen"].pressure)
        ),
    )
    from dataclasses import replace

    thin = replace(library(), devices={**library().devices, "weak": weak})
    limit = plan_session(read("maria"), OX, DAY, device_id="weak", library_=thin).limit("injector", "pressure limit")
    assert limit is not None
    assert round(limit.high or 0, 1) == 145.0
    assert limit.sources == ("capnotip-bench",)


def test_hipec_parts_come_in_order_of_time_and_make_the_whole() -> None:
    plan = bath_plan()
    assert [(one.number, one.at_minutes) for one in plan.additions] == [(1, 0), (2, 30), (3, 60)]
    assert sum(one.amount or 0 for one in plan.additions) == pytest.approx(plan.doses[0].amount)
    assert plan.hold_minutes == 90
    limit = plan.limit("", "inflow temperature")
    assert limit is not None
    assert (limit.low, limit.high) == (41, 42)


def test_thiosulfate_is_ordered_in_grams() -> None:
    plan = plan_session(with_body(read("maria"), 170, 70), "hipec-cisplatin-100-ovhipec", DAY)
    assert [(round(one.amount or 0, 1), one.unit) for one in plan.infusions] == [(16.4, "g"), (21.8, "g")]
    assert plan.check("thiosulfate-allergy").answer == "cannot-say"


def test_the_second_hipec_answers_for_a_patient_who_had_one() -> None:
    had = NoTreatment(kind="pipac")
    case = msgspec.structs.replace(read("maria"), never=(had,))
    plan = plan_session(case, "hipec-mitomycin-35-dutch", DAY, entered={"prior_hipec": True})
    assert any("mitomycin" in check.id or "creatinine" in check.id for check in plan.checks)


@pytest.mark.parametrize("regimen", sorted(library().regimens))
def test_every_regimen_makes_a_plan_that_survives_writing_and_reading(regimen: str) -> None:
    plan = plan_session(read("maria"), regimen, DAY)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=SessionPlan) == plan
    assert len({check.id for check in plan.checks}) == len(plan.checks)
    assert all(check.reason and check.sources for check in plan.checks)
    assert plan == plan_session(read("maria"), regimen, DAY)


@pytest.mark.parametrize("name", names())
def test_every_shipped_patient_gets_an_answer(name: str) -> None:
    plan = plan_session(read(name), OX, DAY)
    assert plan.answer in ("go", "no-go", "cannot-say")
    assert (plan.answer == "go") == (not plan.blocking)


def test_an_empty_case_cannot_be_said_and_every_hard_question_is_open_or_settled() -> None:
    plan = plan_session(Case(primary=Primary(site="colon")), OX, DAY)
    assert plan.answer == "cannot-say"
    assert not [check for check in plan.checks if check.answer == "no-go" and check.hard]


def test_an_unknown_regimen_names_near_ones() -> None:
    with pytest.raises(CourseRefused, match="pipac-oxaliplatin-120"):
        plan_session(read("maria"), "pipac-oxaliplatin-12", DAY)
    with pytest.raises(CourseRefused, match="device"):
        plan_session(read("maria"), OX, DAY, device_id="hammer")


def a_check(answer: str, *, hard: bool, id_: str = "a") -> Check:
    return Check(id=id_, topic="other", answer=answer, hard=hard, reason="r", sources=("s",))  # pyright: ignore


def test_hard_checks_decide_and_the_others_warn() -> None:
    assert overall([a_check("go", hard=True), a_check("no-go", hard=False)]) == "go"
    assert overall([a_check("cannot-say", hard=True), a_check("no-go", hard=False)]) == "cannot-say"
    assert overall([a_check("cannot-say", hard=True), a_check("no-go", hard=True)]) == "no-go"
    one = merged([a_check("go", hard=False), a_check("go", hard=True)])
    assert len(one) == 1
    assert one[0].hard
