"""The data files of the course: cited, whole, and refused when they contradict themselves."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from peritia.course.sign import _READERS  # pyright: ignore[reportPrivateUsage]
from peritia.knowledge import library
from peritia.knowledge.follow_up import Series
from peritia.knowledge.review import Review, SignId
from peritia.knowledge.session_check import RuleId, SessionChecks

CHECK = {"id": "a", "topic": "other", "when": "ecog <= 2", "because": "b", "otherwise": "o", "source": "s", "hard": True}
RULE = {"rule": "interval", "topic": "interval", "hard": False, "source": "s"}
CHECKS: dict[str, Any] = {"name": "n", "route": "pipac", "checklist": "pipac", "treatments": ["pipac"], "source": "s", "rules": [RULE]}
WAY = {"id": "a", "name": "n", "patient": "p", "any_of": [{"when": "ecog <= 2", "because": "b", "source": "s"}]}
REVIEW: dict[str, Any] = {"name": "n", "treatments": ["pipac"], "source": "s", "ways": [WAY]}


@pytest.mark.parametrize("route", ["pipac", "hipec"])
def test_every_rule_that_the_planner_uses_has_its_hardness_on_file(route: str) -> None:
    given = library().session_checks[route]
    assert {one.rule for one in given.rules} == set(get_args(RuleId))
    assert given.checklist in library().checklists
    steps = {step.id: step for step in library().checklists[given.checklist].steps}
    columns = {column.name for column in library().checklists[given.checklist].run_sheet}
    for reading in given.readings:
        assert reading.record in (steps[reading.step].record if reading.step else columns)


def test_the_stops_are_those_that_were_agreed() -> None:
    """A change here is a change of medicine."""
    hard = {one.rule for one in library().session_checks["pipac"].rules if one.hard}
    assert hard == {
        "body-surface", "dose-known", "lifetime-limit", "contraindication", "requirement", "exclusion", "refusal", "wash-out",
        "bevacizumab",
    }  # fmt: skip
    fixed = {one.rule for one in library().session_checks["pipac"].rules if not one.overridable}
    assert fixed == {"body-surface", "dose-known"}


def test_every_sign_has_a_reader() -> None:
    assert set(_READERS) == set(get_args(SignId))
    used = {sign.sign for review in library().reviews.values() for way in review.ways for sign in way.signs}
    assert used == set(_READERS)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        (SessionChecks, {**CHECKS, "rules": [RULE, RULE]}),
        (SessionChecks, {**CHECKS, "checks": [CHECK, CHECK]}),
        (Review, {**REVIEW, "ways": [WAY, WAY]}),
        (Review, {**REVIEW, "ways": [{"id": "a", "name": "n", "patient": "p"}]}),
        (Series, {"what": ["visit"], "every": {"value": 0, "unit": "mo", "source": "s"}, "to_months": 12}),
        (Series, {"what": ["visit"], "every": {"value": 3, "unit": "wk", "source": "s"}, "to_months": 12}),
        (Series, {"what": ["visit"], "every": {"value": 3, "unit": "mo", "source": "s"}, "from_months": 12, "to_months": 12}),
    ],
)
def test_files_that_contradict_themselves_do_not_load(type_: type[msgspec.Struct], data: dict[str, Any]) -> None:
    with pytest.raises((msgspec.ValidationError, ValueError)):
        msgspec.convert(data, type=type_)


def test_files_that_hold_together_load() -> None:
    assert msgspec.convert({**CHECKS, "checks": [CHECK]}, type=SessionChecks).rule("interval").hard is False
    assert msgspec.convert(REVIEW, type=Review).ways[0].id == "a"
