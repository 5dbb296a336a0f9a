"""The response by every definition, the trends, the ways on, the signs over several entries."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from course_cases import DAY
from hypothesis import given, settings
from hypothesis import strategies as st

from peritia.case import Case
from peritia.case.condition import Lab
from peritia.case.disease import Primary
from peritia.case.peritoneum import Cytology, PeritonealAssessment, RegressionBiopsies
from peritia.case.treatment import Cytoreduction, PipacSession
from peritia.course import AdverseEvent, Attribution, QlqAnswers, ResponseReview, review_response, trends, watch_recurrence
from peritia.course.kleene import all_of, any_of
from peritia.course.sign import Course, read_sign
from peritia.criteria import Truth
from peritia.knowledge import library
from peritia.knowledge.review import Sign
from peritia.knowledge.scoring import prgs_responses
from peritia.patients import read

DAYS = tuple(DAY - timedelta(days=7 * 7 * number) for number in (2, 1, 0))


def course(
    grades: tuple[tuple[int, ...], ...] = (), *, pcis: tuple[int | None, ...] = (), cytology: str | None = None, **fields: object
) -> Case:
    return Case(
        primary=Primary(site="colon"),
        pipac=tuple(PipacSession(on=day, access="obtained", clavien_dindo="0") for day in DAYS[: max(len(grades), len(pcis))]),
        regression=tuple(RegressionBiopsies(on=day, grades=one) for day, one in zip(DAYS, grades, strict=False)),
        peritoneum=tuple(PeritonealAssessment(on=day, method="laparoscopy", total=one) for day, one in zip(DAYS, pcis, strict=False)),
        cytology=(Cytology(on=DAY, result=cytology),) if cytology else (),  # pyright: ignore
        **fields,  # pyright: ignore
    )


@pytest.mark.parametrize("first", [(4, 4, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2)])
@pytest.mark.parametrize("last", [(1, 1, 1, 1), (2, 2, 2, 2), (2, 2, 3, 2), (3, 2, 3, 2), (4, 4, 4, 4)])
@pytest.mark.parametrize("cytology", ["positive", "negative", None])
def test_every_definition_of_prgs_response_answers_as_the_score_itself(
    first: tuple[int, ...], last: tuple[int, ...], cytology: str | None
) -> None:
    review = review_response(course((first, first, last), cytology=cytology), DAY)
    positive = None if cytology is None else cytology == "positive"
    expected = prgs_responses(mean=sum(last) / 4, first_mean=sum(first) / 4, worst=max(last), cytology_positive=positive)
    assert {one.name: one.truth for one in review.definitions if one.score == "PRGS"} == dict(expected)


def test_definitions_disagree_on_the_same_biopsies() -> None:
    """Mean 3.5 to 2.25: no response by the mean, a response by the fall."""
    review = review_response(course(((4, 4, 3, 3), (3, 3, 3, 3), (3, 2, 2, 2)), cytology="negative"), DAY)
    assert review.definition("prgs-mean-le-2").truth is False
    assert review.definition("prgs-drop-ge-1").truth is True
    assert review.definition("complete-mean-1-and-cytology-negative").truth is False


def test_without_biopsies_every_definition_is_unknown_and_says_what_it_needs() -> None:
    review = review_response(course(), DAY)
    assert {one.truth for one in review.definitions} == {None}
    assert all(one.missing for one in review.definitions)
    assert review.due is None


@pytest.mark.parametrize(
    ("second", "band"), [(10, "dpci-stable"), (13, "dpci-stable"), (14, "dpci-mild"), (19, "dpci-mild"), (20, "dpci-severe"), (9, None)]
)
def test_the_change_of_pci_has_its_published_classes_and_none_for_a_fall(second: int, band: str | None) -> None:
    review = review_response(course(pcis=(10, second)), DAY)
    assert [one.name for one in review.definitions if one.score == "PCI" and one.truth] == ([band] if band else [])


def test_the_review_is_due_at_the_third_session() -> None:
    assert review_response(course(pcis=(10, 10)), DAY).due is False
    assert review_response(course(pcis=(10, 10, 9)), DAY).due is True


def test_elena_goes_on_and_her_surgeon_is_asked() -> None:
    review = review_response(read("elena"), DAY, adverse_events=[])
    assert review.way("continue").truth is True
    assert review.way("discuss-surgery").truth is True
    assert review.way("switch").truth is False
    assert msgspec.json.decode(msgspec.json.encode(review), type=ResponseReview) == review


def test_a_patient_who_refuses_does_not_go_on() -> None:
    from peritia.case.condition import Preference

    case = msgspec.structs.replace(read("elena"), preferences=(Preference(about="pipac", choice="refuses", on=DAY),))
    review = review_response(case, DAY)
    assert review.way("continue").truth is False
    assert review.way("stop").truth is True


def event(grade: int, *, certainty: str | None = "probable", dindo: str | None = None) -> AdverseEvent:
    attributions = () if certainty is None else (Attribution(to="intraperitoneal-drug", certainty=certainty),)  # pyright: ignore
    return AdverseEvent(term="Pancreatitis", onset=DAY, grade=grade, version="5.0", clavien_dindo=dindo, attributions=attributions)


def sign_of(way: str, name: str) -> Sign:
    return next(sign for one in library().reviews["pipac"].ways if one.id == way for sign in one.signs if sign.sign == name)


def answer(sign: Sign, case: Case, **fields: object) -> Truth:
    return read_sign(sign, Course(case=case, on=DAY, **fields), library()).truth  # pyright: ignore


@pytest.mark.parametrize(
    ("events", "truth"),
    [
        (None, None),
        ((), False),
        ((event(2),), False),
        ((event(3),), True),
        ((event(3, certainty="unlikely"),), False),
        ((event(3, certainty=None),), None),
        ((event(3, certainty=None), event(4)), True),
    ],
)
def test_severe_toxicity_counts_when_it_is_put_down_to_the_drug(events: tuple[AdverseEvent, ...] | None, truth: Truth) -> None:
    assert answer(sign_of("stop", "toxicity-grade"), course(), adverse_events=events) is truth


@pytest.mark.parametrize(("dindo", "truth"), [("IIIa", False), ("IIIb", True), ("IVa", True), (None, None)])
def test_a_major_complication_is_iiib_or_worse(dindo: str | None, truth: Truth) -> None:
    case = msgspec.structs.replace(course(), pipac=(PipacSession(on=DAY, access="obtained", clavien_dindo=dindo),))  # pyright: ignore
    assert answer(sign_of("stop", "complications-major"), case) is truth


@pytest.mark.parametrize(
    ("pcis", "sessions", "truth"),
    [
        ((10, 14, 18), 3, True),
        ((10, 13, 17), 3, False),
        ((10, 14, 17), 3, False),
        ((10, None, 18), 3, None),
        ((10, 14), 2, False),
        ((10, 14), 3, None),
        ((10, 14), None, None),
    ],
)
def test_progression_twice_is_two_rises_of_four_in_a_row(pcis: tuple[int | None, ...], sessions: int | None, truth: Truth) -> None:
    assert answer(sign_of("stop", "worse-explorations"), course(pcis=pcis), sessions=sessions) is truth


def qlq(on: date, good: bool) -> QlqAnswers:
    return QlqAnswers(on=on, items={29: 6 if good else 4, 30: 6 if good else 5})


def test_quality_of_life_falls_by_more_than_the_important_change() -> None:
    sign = sign_of("support", "quality-of-life-fall")
    worse = (qlq(DAYS[0], True), qlq(DAY, False))
    assert answer(sign, course(), qlq=worse) is True
    assert answer(sign, course(), qlq=(qlq(DAYS[0], False), qlq(DAY, True))) is False
    assert answer(sign, course(), qlq=worse[:1]) is None


def operated(*values: tuple[int, float], marker: str = "ca125", site: str = "ovary") -> Case:
    """Operated 400 days ago; values by days after the operation."""
    surgery = DAY - timedelta(days=400)
    unit = {"ca125": "U/mL", "cea": "ng/mL", "ca19-9": "U/mL"}[marker]
    labs = tuple(Lab(analyte=marker, value=value, unit=unit, on=surgery + timedelta(days=days)) for days, value in values)  # pyright: ignore
    return Case(primary=Primary(site=site), cytoreductions=(Cytoreduction(on=surgery, completed=True, cc=0, hipec=True),), labs=labs)  # pyright: ignore


def marker_sign(marker: str) -> Sign:
    return next(sign for sign in library().reviews["recurrence"].ways[0].signs if sign.marker == marker)


@pytest.mark.parametrize(
    ("values", "truth"),
    [
        ((), None),
        (((100, 20.0),), False),
        (((100, 20.0), (200, 69.9)), False),
        (((100, 20.0), (200, 70.0)), None),
        (((100, 20.0), (200, 70.0), (300, 90.0)), True),
        (((100, 20.0), (200, 70.0), (300, 40.0)), False),
        (((100, 50.0), (200, 99.0), (300, 99.0)), False),
        (((100, 50.0), (200, 100.0), (300, 120.0)), True),
        (((10, 400.0), (20, 500.0)), None),
        (((27, 400.0), (28, 500.0), (60, 510.0)), False),
    ],
)
def test_ca125_progresses_at_twice_the_limit_or_twice_its_lowest_value_confirmed(
    values: tuple[tuple[int, float], ...], truth: Truth
) -> None:
    assert answer(marker_sign("ca125"), operated(*values)) is truth


@pytest.mark.parametrize(
    ("values", "truth"),
    [
        (((100, 5.0), (200, 5.0)), False),
        (((100, 5.1),), None),
        (((100, 5.1), (200, 5.2)), True),
        (((100, 6.0), (200, 4.0), (300, 6.0)), None),
    ],
)
def test_cea_is_raised_when_two_values_in_a_row_are_above_its_limit(values: tuple[tuple[int, float], ...], truth: Truth) -> None:
    assert answer(marker_sign("cea"), operated(*values, marker="cea", site="colon")) is truth


def test_a_confirmed_marker_opens_the_recurrence_assessment_by_itself() -> None:
    flag = watch_recurrence(operated((100, 20.0), (200, 80.0), (300, 90.0)), DAY)
    assert flag.opens is True
    assert flag.assessment is not None
    assert "not a diagnosis" in flag.note
    assert any("CA 125" in reason and "90" in reason for reason in flag.reasons)


def test_nothing_recorded_since_the_operation_rules_nothing_out() -> None:
    flag = watch_recurrence(operated(), DAY)
    assert (flag.opens, flag.assessment, flag.reasons) == (None, None, ())
    assert "pci_imaging" in flag.answer.missing


def test_without_an_operation_there_is_no_recurrence_to_watch() -> None:
    flag = watch_recurrence(read("maria"), DAY)
    assert flag.opens is False


def test_greta_is_flagged_with_her_reasons() -> None:
    flag = watch_recurrence(read("greta"), DAY)
    assert flag.opens is True
    assert flag.assessment is not None
    assert flag.assessment.recognised is True
    assert len(flag.reasons) >= 3


def test_trends_hold_the_points_as_recorded_and_ct_apart_from_the_surgeon() -> None:
    made = {one.id: one for one in trends(read("elena"), DAY)}
    assert [point.value for point in made["prgs-mean"].points] == [3.25, 2.25, 1.25]
    assert (made["prgs-mean"].change, made["prgs-mean"].last_change, made["prgs-mean"].improving) == (-2.0, -1.0, True)
    assert {one.id for one in trends(read("maria"), DAY)} >= {"pci-ct", "pci-surgical", "cea"}
    earlier = {one.id: one for one in trends(read("maria"), date(2026, 9, 1))}
    assert [point.value for point in earlier["cea"].points] == [29]
    assert earlier["cea"].change is None


def test_a_marker_in_another_unit_is_converted_and_an_unusable_one_left_out() -> None:
    labs = (
        Lab(analyte="cea", value=5000, unit="ng/L", on=DAY),
        Lab(analyte="cea", value=4, unit="mmol/L", on=DAY),
        Lab(analyte="cea", value=1, unit="ng/mL", comparator="<", on=DAY),
    )
    made = {one.id: one for one in trends(course(labs=labs), DAY)}
    assert [point.value for point in made["cea"].points] == pytest.approx([5.0])


TRUTHS: list[Truth] = [True, False, None]


@pytest.mark.parametrize("one", TRUTHS)
@pytest.mark.parametrize("other", TRUTHS)
def test_and_and_or_are_kleenes(one: Truth, other: Truth) -> None:
    order = {False: 0, None: 1, True: 2}
    assert order[all_of((one, other))] == min(order[one], order[other])
    assert order[any_of((one, other))] == max(order[one], order[other])
    assert (all_of(()), any_of(())) == (True, False)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_leaving_something_out_never_turns_an_answer_over(data: st.DataObject) -> None:
    """Monotone: with less on record a way may become unknown, never the opposite."""
    grades = tuple(data.draw(st.lists(st.sampled_from([(1, 1, 1, 1), (2, 2, 2, 3), (4, 4, 4, 4)]), min_size=3, max_size=3)))
    pcis = tuple(data.draw(st.lists(st.integers(0, 39), min_size=3, max_size=3)))
    whole = course(grades, pcis=pcis, cytology=data.draw(st.sampled_from(["positive", "negative"])))
    dropped = data.draw(st.sampled_from(["cytology", "symptoms", "performance", "preferences", "labs"]))
    less = msgspec.structs.replace(whole, **{dropped: ()})
    for before, after in zip(review_response(whole, DAY).ways, review_response(less, DAY).ways, strict=True):
        assert after.truth in (before.truth, None)
