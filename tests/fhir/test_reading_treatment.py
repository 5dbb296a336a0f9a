"""What was given, counted conservatively."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fhir_build import MCODE, PSM, SNOMED, WHO, amount, coded, given, observation, procedure, read, why

from peritia.case import facts
from peritia.case.treatment import Cytoreduction, Dose, PipacSession, Radiation

ON = date(2026, 11, 21)
OXALIPLATIN, IRINOTECAN, FLUOROURACIL = "32592", "51499", "4492"
PALLIATIVE, CURATIVE = "363676003", "373808002"


def part_of(reference: str) -> dict[str, Any]:
    return {"partOf": [{"reference": reference}]}


# lines


def test_an_order_is_not_an_administration() -> None:
    order = {"resourceType": "MedicationRequest", "id": "m", "status": "completed", "intent": "order", "subject": WHO}
    case = read({**order, "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", OXALIPLATIN, "oxaliplatin")})
    assert case.systemic == ()
    assert "an order is not an administration" in why(case)
    assert facts(case, ON)["prior_oxaliplatin"].value is None


@pytest.mark.parametrize("status", ["not-done", "entered-in-error", "on-hold", "unknown"])
def test_what_is_not_known_to_be_given_was_not_given(status: str) -> None:
    case = read({**given(OXALIPLATIN, "2026-01-01", id="m"), "status": status})
    assert case.systemic == ()
    assert "m" in why(case)


def test_cycles_of_equal_dose_are_counted() -> None:
    cycles = [
        given(OXALIPLATIN, day, id=f"m{day}", mg_per_m2=85.0, intent=PALLIATIVE) for day in ("2026-01-01", "2026-01-15", "2026-01-29")
    ]
    (line,) = read(*cycles, given(OXALIPLATIN, "2026-02-12", id="last", mg_per_m2=65.0, intent=PALLIATIVE)).systemic
    assert line.drugs == (Dose(drug="oxaliplatin", mg_per_m2=85.0, cycles=3), Dose(drug="oxaliplatin", mg_per_m2=65.0, cycles=1))
    assert (line.started_on, line.ended_on, line.setting, line.ongoing) == (date(2026, 1, 1), date(2026, 2, 12), "palliative", None)


def test_a_long_gap_begins_a_new_line() -> None:
    case = read(given(OXALIPLATIN, "2025-01-01", id="a", intent=PALLIATIVE), given(IRINOTECAN, "2026-01-01", id="b", intent=PALLIATIVE))
    assert [[dose.drug for dose in line.drugs] for line in case.systemic] == [["oxaliplatin"], ["irinotecan"]]
    assert facts(case, ON)["systemic_lines_palliative"].value == 2


def test_a_switch_without_a_gap_leaves_the_number_of_lines_open() -> None:
    case = read(given(OXALIPLATIN, "2026-01-01", id="a", intent=PALLIATIVE), given(IRINOTECAN, "2026-01-20", id="b", intent=PALLIATIVE))
    assert [line.setting for line in case.systemic] == [None]
    assert "how many lines these were is not known" in why(case)
    assert facts(case, ON)["systemic_lines_palliative"].value is None
    assert facts(case, ON)["prior_irinotecan"].value is True


def test_drugs_of_one_day_are_one_line_and_curative_intent_is_not_palliative() -> None:
    both = [
        given(code, day, id=f"{code}{day}", intent=CURATIVE) for day in ("2026-01-01", "2026-01-15") for code in (OXALIPLATIN, FLUOROURACIL)
    ]
    (line,) = read(*both).systemic
    assert {dose.drug for dose in line.drugs} == {"oxaliplatin", "fluorouracil"}
    assert line.setting is None


def test_a_line_procedure_with_its_drugs_is_that_line() -> None:
    extension = [{"url": "urn:peritia:psm:line-setting", "valueCodeableConcept": coded(PSM, "setting-palliative")}]
    line = {
        **procedure("systemic-line", id="l", status="stopped", extension=extension),
        "performedPeriod": {"start": "2026-01-01", "end": "2026-04-01"},
        "statusReason": coded(SNOMED, "266721009"),
        "outcome": coded(PSM, "response-progression"),
    }
    del line["performedDateTime"]
    (found,) = read(line, given(OXALIPLATIN, "2026-01-01", id="m", mg_per_m2=85.0, **part_of("Procedure/l"))).systemic
    assert (found.setting, found.stopped_for, found.best_response, found.ended_on) == (
        "palliative",
        "progression",
        "progression",
        date(2026, 4, 1),
    )
    assert found.drugs == (Dose(drug="oxaliplatin", mg_per_m2=85.0),)


def test_drugs_by_name_by_reference_and_unknown_ones() -> None:
    named = {**given("x", "2026-01-01", id="a"), "medicationCodeableConcept": {"text": "Bevacizumab (Avastin) 25 mg/ml"}}
    medication = {"resourceType": "Medication", "id": "med", "code": coded("http://www.whocc.no/atc", "L01XA03", "oxaliplatin")}
    referred = {**given("x", "2026-01-01", id="b"), "medicationReference": {"reference": "Medication/med"}}
    contained = {
        **given("x", "2026-01-01", id="d"),
        "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "irinotecan"}}],
    }
    for one in (referred, contained):
        del one["medicationCodeableConcept"]
    vincristine = given("11202", "2026-01-01", id="e", intent=CURATIVE)
    ondansetron = given("26225", "2026-01-01", id="f")
    case = read(named, medication, referred, contained, vincristine, ondansetron)
    assert {dose.drug for line in case.systemic for dose in line.drugs} == {"bevacizumab", "oxaliplatin", "irinotecan", "other"}
    assert "does not know by name" in why(case)
    assert "26225: not a drug that Peritia reads" in why(case)


def test_a_local_route_is_not_systemic() -> None:
    route = {"dosage": {"route": coded(SNOMED, "72607000", "Intrathecal route"), "dose": amount(12.0, "mg")}}
    case = read({**given("3002", "2026-01-01", id="m"), **route})
    assert case.systemic == ()
    assert "neither systemic nor intraperitoneal" in why(case)


def test_a_statement_of_taking_counts_a_stopped_one_does_not() -> None:
    statement = {**given("194000", "2026-10-01", id="m"), "resourceType": "MedicationStatement", "status": "active"}
    assert read(statement).systemic[0].ongoing is True
    assert read({**statement, "status": "stopped"}).systemic == ()


# operations


def test_cytoreduction_with_hipec_and_findings() -> None:
    crs = procedure("crs", id="crs", on="2025-03-01")
    hipec = procedure("96547", id="h", system="http://www.ama-assn.org/go/cpt", on="2025-03-01", **part_of("Procedure/crs"))
    findings = observation(
        "operation",
        system=PSM,
        on="2025-03-01",
        component=[
            {"code": coded(PSM, "cc-score"), "valueCodeableConcept": coded(PSM, "cc-0")},
            {"code": coded(PSM, "index-pci"), "valueInteger": 12},
            {"code": coded(PSM, "hipec-temperature"), "valueQuantity": amount(42.0, "Cel")},
            {"code": coded(PSM, "hipec-minutes"), "valueQuantity": amount(1.5, "h")},
            {"code": coded(PSM, "clavien-dindo"), "valueCodeableConcept": coded(PSM, "clavien-iiia")},
        ],
        **part_of("Procedure/crs"),
    )
    route = {"dosage": {"dose": amount(35.0, "mg"), "route": coded(SNOMED, "38239002")}}
    case = read(
        crs,
        hipec,
        findings,
        {**given("x", "2025-03-01", id="m", **part_of("Procedure/h")), "medicationCodeableConcept": {"text": "Mitomycin"}, **route},
    )
    assert case.cytoreductions == (
        Cytoreduction(
            on=date(2025, 3, 1),
            completed=True,
            pci=12,
            cc=0,
            hipec=True,
            hipec_drugs=(Dose(drug="mitomycin", mg=35.0),),
            hipec_minutes=90.0,
            hipec_temperature_c=42.0,
            clavien_dindo="IIIa",
            document="Procedure/crs",
        ),
    )
    assert case.systemic == ()
    assert case.not_understood == ()


def test_two_hipec_codes_of_one_day_are_one_operation() -> None:
    codes = [procedure(code, id=code, system="http://www.ama-assn.org/go/cpt", on="2025-03-01") for code in ("96547", "96548")]
    assert [(one.hipec, one.completed) for one in read(*codes).cytoreductions] == [(True, None)]


def test_findings_join_by_day_and_are_listed_without_their_operation() -> None:
    score = observation("cc-score", id="cc", system=PSM, on="2025-03-01", valueInteger=1)
    assert read(procedure("crs", on="2025-03-01"), score).cytoreductions[0].cc == 1
    assert "the operation itself is not in the bundle" in why(read(score))


def test_hipec_left_out_and_operation_stopped() -> None:
    left_out = procedure("hipec", id="h", status="not-done", **part_of("Procedure/crs"))
    (found,) = read(procedure("crs", id="crs", status="stopped"), left_out).cytoreductions
    assert (found.completed, found.hipec) == (False, False)


@pytest.mark.parametrize(
    ("status", "reason", "access"),
    [
        ("completed", None, "obtained"),
        ("stopped", "access-failed", "failed"),
        ("not-done", "access-failed", "failed"),
        ("unknown", None, None),
    ],
)
def test_pipac_and_its_access(status: str, reason: str | None, access: str | None) -> None:
    more = {"statusReason": coded(PSM, reason)} if reason else {}
    (found,) = read(procedure("pipac", id="p1", status=status, **more)).pipac
    assert found.access == access


def test_pipac_with_its_drugs() -> None:
    route = {"dosage": {"dose": amount(92.0, "mg/m2"), "route": coded(SNOMED, "38239002")}}
    case = read(procedure("pipac", id="p1"), {**given(OXALIPLATIN, "2026-05-01", id="m", **part_of("Procedure/p1")), **route})
    assert case.pipac == (
        PipacSession(on=date(2026, 5, 1), access="obtained", doses=(Dose(drug="oxaliplatin", mg_per_m2=92.0),), document="Procedure/p1"),
    )
    assert case.systemic == ()


def test_intraperitoneal_drugs_without_a_session_are_listed() -> None:
    case = read({**given(OXALIPLATIN, "2026-05-01", id="m"), "dosage": {"route": coded(SNOMED, "38239002")}})
    assert case.systemic == () == case.pipac
    assert "part of no PIPAC or HIPEC" in why(case)


def test_refused_is_a_wish_not_done_is_nothing_more() -> None:
    refused = procedure("pipac", id="x", status="not-done", statusReason=coded(SNOMED, "105480006"))
    assert [(one.about, one.choice) for one in read(refused).preferences] == [("pipac", "refuses")]
    case = read(procedure("pipac", id="x", status="not-done"))
    assert case.pipac == () == case.preferences
    assert "does not say that it never was" in why(case)


def test_procedures_of_the_future_errors_and_others_are_listed() -> None:
    case = read(
        procedure("pipac", id="a", status="preparation"),
        procedure("pipac", id="b", status="entered-in-error"),
        procedure("71651007", id="c", system=SNOMED),
    )
    assert case.pipac == ()
    assert [reason in why(case) for reason in ("not done yet", "entered in error", "71651007")] == [True, True, True]


def test_radiation_takes_the_largest_dose_to_a_volume() -> None:
    def volume(dose: float) -> dict[str, Any]:
        part = [{"url": "totalDoseDelivered", "valueQuantity": amount(dose, "cGy")}]
        return {"url": MCODE + "mcode-radiotherapy-dose-delivered-to-volume", "extension": part}

    course = procedure("1217123003", system=SNOMED, bodySite=[coded(SNOMED, "818983003")], extension=[volume(4500.0), volume(5040.0)])
    assert read(course).radiation == (Radiation(on=date(2026, 5, 1), site="abdomen", dose_gy=50.4, document="Procedure/pr"),)


def test_never_given_and_plans() -> None:
    never = observation("never-pipac", id="n", system=PSM, valueBoolean=True)
    plan = observation("plans", id="q", system=PSM, component=[{"code": coded(PSM, "plan-session-on"), "valueDateTime": "2026-12-01"}])
    case = read(never, plan, observation("never-hipec", id="h", system=PSM, valueBoolean=False))
    assert [one.kind for one in case.never] == ["pipac"]
    assert case.plans is not None
    assert case.plans.session_on == date(2026, 12, 1)
    assert "only the value true says something" in why(case)
