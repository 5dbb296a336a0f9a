"""Findings entered once become the case's entries; side effects are graded by a named version; doses given enter the totals."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from course_cases import DAY, Script, double_plan
from hypothesis import given, settings
from hypothesis import strategies as st

from peritia.case import Case, conflicts, facts
from peritia.case.condition import Preference
from peritia.case.disease import Primary
from peritia.case.treatment import Dose, Drug, PipacSession
from peritia.course import (
    AdverseEvent,
    Attribution,
    Biopsy,
    CourseRefused,
    Findings,
    Photograph,
    bath_record,
    by_session,
    doses_given,
    entries,
    plan_session,
    replay,
    totals,
    with_entries,
)
from peritia.knowledge import library
from peritia.knowledge.scoring import ScoreError
from peritia.patients import read

QUADRANTS = ("right upper", "left upper", "left lower", "right lower")


def findings(*grades: int | None, **fields: object) -> Findings:
    biopsies = tuple(
        Biopsy(place=place, prgs=grade, region=number) for number, (place, grade) in enumerate(zip(QUADRANTS, grades, strict=False))
    )
    given = {"on": DAY, "access": "obtained", "biopsies": biopsies} | fields
    return Findings(**given)  # pyright: ignore


def test_findings_become_entries_and_facts() -> None:
    regions = dict.fromkeys(range(13), 1)
    found = findings(1, 2, 2, 3, regions=regions, ascites_ml=300.0, ascites_cause="malignant", cytology="negative", adhesions="some")
    assert found.index.total == 13
    assert found.regression == (2.0, 3)
    planned = double_plan()
    doses = doses_given(replay(Script(planned).override_all().whole_pipac()))
    case = with_entries(msgspec.structs.replace(read("maria"), never=()), entries(found, doses=doses, clavien_dindo="0"))
    given = facts(case, DAY)
    expected = {"pci_surgical": 13, "prgs_mean": 2.0, "prgs_worst": 3, "prgs_biopsies": 4, "ascites_volume_ml": 300.0, "pipac_sessions": 1}
    assert {name: given[name].value for name in expected} == expected
    assert given["peritoneal_cytology_positive"].value is False
    assert given["adhesions_prevent_access"].value is False
    assert given["cumulative_doxorubicin_mg_per_m2"].value == pytest.approx(2.1)
    assert not [one for one in conflicts(case, DAY) if one.severity == "refuse"]


def test_the_next_plan_counts_what_was_given() -> None:
    """Cisplatin 10.5 and doxorubicin 2.1 were given today: six weeks later the totals stand at twice that."""
    doses = doses_given(replay(Script(double_plan()).override_all().whole_pipac()))
    kept = tuple(one for one in read("maria").never if one.kind not in ("pipac", "anthracycline"))
    case = with_entries(msgspec.structs.replace(read("maria"), never=kept), entries(findings(), doses=doses))
    plan = plan_session(case, "pipac-cisplatin-doxorubicin-10-5", DAY + timedelta(days=42))
    sums = {one.fact: one.after for one in plan.tallies if one.limit in (300, 550)}
    assert sums == pytest.approx({"cumulative_cisplatin_mg_per_m2": 21.0, "cumulative_doxorubicin_mg_per_m2": 4.2})
    assert plan.number == 2


def test_access_that_failed_is_recorded_as_such() -> None:
    case = with_entries(Case(primary=Primary(site="colon")), entries(Findings(on=DAY, access="failed", adhesions="prevent-access")))
    given = facts(case, DAY)
    assert given["adhesions_prevent_access"].value is True
    assert given["pipac_access_failures"].value == 1
    with pytest.raises(CourseRefused, match="although access failed"):
        entries(Findings(on=DAY, access="failed"), doses=(Dose(drug="cisplatin", mg=1),))


def test_a_biopsy_that_is_not_graded_yet_holds_the_mean_back() -> None:
    found = findings(1, None, 2, 2)
    assert (found.ungraded, found.regression) == (1, (None, None))
    assert entries(found).regression == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"regions": {13: 1}},
        {"regions": {0: 4}},
        {"access": "failed", "regions": {0: 1}},
        {"adhesions": "prevent-access"},
        {"ascites_ml": -1.0},
        {"photographs": (Photograph(reference="p1", region=14),)},
    ],
)
def test_findings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((CourseRefused, ScoreError)):
        findings(**wrong)
    with pytest.raises(ScoreError):
        findings(5)


def test_regions_not_scored_leave_the_index_open() -> None:
    found = findings(regions={0: 3, 1: 2})
    assert (found.index.total, found.index.at_least, found.index.at_most) == (None, 5, 38)


def test_photographs_are_references_and_survive_writing_and_reading() -> None:
    found = findings(2, photographs=(Photograph(reference="pacs:1.2.3", region=6, note="pelvis"),))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Findings) == found


def test_every_drug_of_a_regimen_is_a_drug_of_the_case() -> None:
    assert {agent.drug for regimen in library().regimens.values() for agent in regimen.agents} <= set(get_args(Drug))


def test_a_pipac_has_no_bath() -> None:
    with pytest.raises(CourseRefused, match="PIPAC"):
        bath_record(replay(Script(double_plan()).events))


def event(grade: int, *, version: str = "5.0", session: date | None = DAY, term: str = "Nausea", **fields: object) -> AdverseEvent:
    return AdverseEvent(term=term, onset=DAY, grade=grade, version=version, session_on=session, **fields)  # pyright: ignore


def test_the_worst_grade_of_a_session_stands_for_each_version_apart() -> None:
    earlier = DAY - timedelta(days=42)
    rows = by_session(
        [
            event(2),
            event(3, clavien_dindo="IIIa"),
            event(4, version="4.03"),
            event(1, session=None),
            event(1, session=earlier, clavien_dindo="I-d"),
            event(1, clavien_dindo="II"),
        ]
    )
    assert [(one.session_on, one.count, dict(one.worst), one.worst_complication) for one in rows] == [
        (earlier, 1, {"5.0": 1}, "Id"),
        (DAY, 4, {"4.03": 4, "5.0": 3}, "IIIa"),
        (None, 1, {"5.0": 1}, None),
    ]
    assert totals([event(2), event(2), event(3, version="4.03")]) == {("4.03", 3): 1, ("5.0", 2): 2}


@pytest.mark.parametrize(
    "wrong",
    [
        {"grade": 0},
        {"grade": 6},
        {"version": "7"},
        {"term": " "},
        {"clavien_dindo": "VI"},
        {"resolved_on": DAY - timedelta(days=1)},
        {"session": DAY + timedelta(days=1)},
    ],
)
def test_a_side_effect_off_its_scale_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((CourseRefused, ScoreError)):
        event(**({"grade": 2} | wrong))  # pyright: ignore


@pytest.mark.parametrize(
    ("certainties", "related"),
    [((), None), (("unrelated",), False), (("unlikely",), False), (("possible",), True), (("unlikely", "definite"), True)],
)
def test_related_is_at_least_possible(certainties: tuple[str, ...], related: bool | None) -> None:
    made = event(3, attributions=tuple(Attribution(to="procedure", certainty=one) for one in certainties))  # pyright: ignore
    assert made.related_to("procedure") is related
    assert made.related_to("disease") is (None if related is None else False)


def test_an_event_without_an_end_is_not_known_to_go_on() -> None:
    assert event(2).ongoing(DAY) is None
    assert event(2).ongoing(DAY - timedelta(days=1)) is False
    ended = event(2, resolved_on=DAY + timedelta(days=3))
    assert (ended.ongoing(DAY + timedelta(days=3)), ended.ongoing(DAY + timedelta(days=4))) == (True, False)


def test_the_terms_of_the_library_are_terms_of_ctcae(shared_data: Path) -> None:
    file = shared_data / "ctcae-fhir" / "ctcae_terms_ncit.csv"
    if not file.is_file():
        pytest.skip("the CTCAE terms are absent")
    with file.open(encoding="utf-8", newline="") as lines:
        terms = {cell.strip().casefold() for row in csv.reader(lines) for cell in row}
    named = {one.ctcae_term for one in library().toxicities.values() if one.ctcae_term}
    assert named
    assert {term for term in named if term.casefold() not in terms} == set()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 150), st.booleans()), min_size=1, max_size=6))
def test_totals_never_fall_and_are_unknown_while_one_dose_is(sessions: list[tuple[float, bool]]) -> None:
    """Each session adds; one session of unknown dose makes the total unknown from then on."""
    given: list[PipacSession] = []
    last, lost = 0.0, False
    for number, (dose, known) in enumerate(sessions):
        doses = (Dose(drug="oxaliplatin", mg_per_m2=dose if known else None),)
        given.append(PipacSession(on=DAY - timedelta(days=400 - 42 * number), access="obtained", doses=doses))
        lost = lost or not known
        case = Case(primary=Primary(site="colon"), patient=read("maria").patient, pipac=tuple(given))
        plan = plan_session(case, "pipac-oxaliplatin-120", DAY)
        tally = next(one for one in plan.tallies if one.fact == "cumulative_oxaliplatin_mg_per_m2")
        if lost:
            assert tally.after is None
        else:
            assert tally.before is not None
            assert tally.after is not None
            assert tally.before >= last
            assert tally.after == pytest.approx(tally.before + 120)
            last = tally.before


def test_a_refusal_of_pipac_blocks_the_plan() -> None:
    case = msgspec.structs.replace(read("maria"), preferences=(Preference(about="pipac", choice="refuses", on=DAY),))
    plan = plan_session(case, "pipac-oxaliplatin-120", DAY)
    assert plan.check("ruled out: refuses_pipac").blocks
