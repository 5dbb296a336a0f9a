"""What a fact means: open world, newest counts, days that disagree, states, origins, reasons."""

# ruff: noqa: E501  (tables read best with one case on a line)

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peritia.case import FACTS, fact_row, facts
from peritia.case.facts.derive import derived_one_by_one
from tests.case.cases import LISTS, ON, built, case, fact, plain_cases, value


def test_an_almost_empty_case_knows_almost_nothing() -> None:
    found = facts(case(""), ON)
    known = {name for name, one in found.items() if one.state in ("known", "inferred")}
    assert known == {"primary_site", "peritoneal_mesothelioma"}
    assert found["liver_metastases"].reason == "not recorded"
    assert list(found) == list(FACTS)


def test_newest_entry_counts_and_later_ones_do_not_exist_yet() -> None:
    text = "performance: [{ecog: 3, on: 2026-12-01}, {ecog: 1, on: 2026-10-01}, {ecog: 2, on: 2026-11-01}, {ecog: 0}]"
    assert value(text, "ecog") == 2
    assert value(text, "ecog", on=date(2026, 10, 15)) == 1
    assert value(text, "ecog", on=date(2026, 1, 1)) == 0
    assert fact(text, "ecog", on=date(2026, 1, 1)).reason == "the entry has no date"
    assert fact(text, "ecog").origins[0].path == "performance[2]"
    assert fact(text, "ecog").on == date(2026, 11, 1)


def test_each_field_has_its_own_newest_entry() -> None:
    text = "symptoms: [{on: 2026-11-01, pain: 2}, {on: 2026-09-01, pain: 5, bowel_obstruction: partial}]"
    assert (value(text, "pain_score"), value(text, "bowel_obstruction")) == (2, "partial")


def test_entries_of_one_day_that_disagree_give_no_value() -> None:
    text = "performance: [{ecog: 1, on: 2026-11-01}, {ecog: 2, on: 2026-11-01}, {ecog: 0, on: 2026-10-01}]"
    found = fact(text, "ecog")
    assert (found.value, found.state, found.reason) == (None, "unknown", "conflicting entries on the same day")
    assert {origin.path for origin in found.origins} == {"performance[0]", "performance[1]"}


def test_absence_must_be_said() -> None:
    assert value("extraperitoneal: [{site: liver, presence: absent}]", "liver_metastases") is False
    assert value("extraperitoneal: [{site: liver, presence: not-staged, on: 2026-11-01}]", "liver_metastases") is None
    later = "extraperitoneal: [{site: liver, presence: absent, on: 2026-01-01}, {site: liver, presence: not-staged, on: 2026-11-01}]"
    assert fact(later, "liver_metastases").reason == "not staged"


def test_a_refusal_is_assumed_absent_visibly_and_can_be_left_open() -> None:
    found = fact("", "refuses_surgery")
    assert (found.value, found.state, found.reason) == (False, "assumed", "assumed: no refusal recorded")
    assert fact("", "refuses_surgery", assume=False).value is None
    assert fact("", "alive").state == "assumed"
    text = "preferences: [{about: surgery, choice: accepts, on: 2026-01-01}, {about: surgery, choice: refuses, on: 2026-11-01}]"
    assert (value(text, "refuses_surgery"), fact(text, "refuses_surgery").state) == (True, "known")
    assert value(text, "refuses_surgery", on=date(2026, 5, 1)) is False


def test_origin_shows_the_value_as_recorded() -> None:
    origin = fact(
        "labs: [{analyte: creatinine, value: 88, unit: umol/L, on: 2026-11-10, document: letter}]", "creatinine_mg_per_dl"
    ).origins[0]
    assert (origin.path, origin.shown, origin.document, origin.on) == ("labs[0]", "88 umol/L", "letter", date(2026, 11, 10))


@pytest.mark.parametrize(
    ("lab", "reason"),
    [
        ("analyte: creatinine, value: 1, on: 2026-11-10", "no unit"),
        ("analyte: creatinine, value: 1, unit: bananas, on: 2026-11-10", "not understood"),
        ("analyte: creatinine, value: 1, unit: mL/min, on: 2026-11-10", "not measured in mL/min"),
        ("analyte: creatinine, value: 88, unit: mg/dL, on: 2026-11-10", "not possible"),
        ("analyte: creatinine, value: 1, comparator: '<', unit: mg/dL, on: 2026-11-10", "recorded only as < 1"),
        ("analyte: creatinine, value: 1, unit: mg/dL, on: 2026-10-01", "stale: 51 days old, counts for 28"),
    ],
)
def test_a_laboratory_value_that_cannot_be_used_says_why(lab: str, reason: str) -> None:
    found = fact(f"labs: [{{{lab}}}]", "creatinine_mg_per_dl")
    assert found.value is None
    assert reason in found.reason
    assert found.origins


def test_the_same_result_in_two_units_is_no_conflict() -> None:
    labs = "labs: [{analyte: creatinine, value: 1.0, unit: mg/dL, on: 2026-11-10}, {analyte: creatinine, value: %s, unit: umol/L, on: 2026-11-10}]"
    assert value(labs % 88, "creatinine_mg_per_dl") == pytest.approx(1.0, rel=0.01)
    assert fact(labs % 150, "creatinine_mg_per_dl").reason == "conflicting entries on the same day"


def test_a_value_outside_its_domain_is_unknown() -> None:
    assert fact("performance: [{ecog: 7}]", "ecog").reason == "impossible: outside 0 to 5"
    assert value("patient: {body: [{height_cm: 1700, weight_kg: 70}]}", "body_surface_m2") is None


_NAMED_BY = frozenset(
    (
        "site",
        "method",
        "name",
        "substance",
        "about",
        "marker",
        "analyte",
        "kind",
        "drugs",
        "choice",
        "presence",
        "status",
        "on",
        "started_on",
        "drug",
        "technique",
        "model",
    )
)
"""Fields without which an entry is another entry."""


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plain_cases(2), st.data())
def test_forgetting_an_entry_or_a_field_only_gives_way_to_an_older_word(plain: dict[str, Any], data: st.DataObject) -> None:
    """Monotone: what is forgotten turns a truth into unknown, never into its opposite, unless an older entry says the opposite."""
    parts = [name for name in (*LISTS, "histology") if plain.get(name)]
    if not parts:
        return
    part = data.draw(st.sampled_from(parts))
    entries: list[dict[str, Any]] = plain[part] if isinstance(plain[part], list) else [plain[part]]
    place = data.draw(st.integers(0, len(entries) - 1))
    fields = [field for field in entries[place] if field not in _NAMED_BY]
    kept: list[dict[str, Any]] = [dict(one) for one in entries]
    if fields and data.draw(st.booleans()):
        kept[place].pop(data.draw(st.sampled_from(fields)))
    else:
        kept.pop(place)
    forgotten = {**plain, part: kept} if isinstance(plain[part], list) else {**plain, part: kept[0] if kept else None}
    before = facts(built(plain), ON, assume=False)
    after = facts(built({key: one for key, one in forgotten.items() if one is not None}), ON, assume=False)
    for name, one in FACTS.items():
        then, now = before[name], after[name]
        if one.declaration.kind == "bool" and then.value is not None and now.value is not None and then.value != now.value:
            assert (now.on or date.min) < (then.on or date.min), (part, name, then, now)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plain_cases(3))
def test_the_short_ways_agree_with_the_rules(plain: dict[str, object]) -> None:
    made = built(plain)
    slow = derived_one_by_one(made, ON)
    fast = facts(made, ON, assume=False)
    assert {name: (one.value, one.reason) for name, one in slow.items()} == {
        name: (one.value, one.reason) for name, one in fast.items() if one.reason != "not recorded"
    }
    assert fact_row(made, ON, assume=False) == {name: one.value for name, one in fast.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plain_cases(3), st.randoms())
def test_the_order_of_entries_does_not_matter(plain: dict[str, object], random: object) -> None:
    shuffled = {key: random.sample(one, len(one)) if isinstance(one, list) else one for key, one in plain.items()}  # type: ignore[attr-defined]
    assert fact_row(built(plain), ON) == pytest.approx(fact_row(built(shuffled), ON))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plain_cases(2))
def test_every_fact_has_its_type_and_domain(plain: dict[str, object]) -> None:
    kinds = {"bool": bool, "int": int, "num": (int, float), "cat": str}
    for name, one in facts(built(plain), ON).items():
        declared = FACTS[name].declaration
        if one.value is None:
            assert one.state == "unknown"
            assert one.reason
            continue
        assert isinstance(one.value, kinds[declared.kind]), name
        if declared.categories:
            assert one.value in declared.categories
        if declared.low is not None and not isinstance(one.value, str):
            assert declared.low <= one.value <= (declared.high or 0)


def test_facts_are_fast_enough_to_be_taken_many_at_a_time() -> None:
    """No stopwatch: a case without entries must not ask every rule."""
    from peritia.case.facts import derive

    assert len(derive._plan(case(""))[1]) < len(FACTS) / 2  # pyright: ignore[reportPrivateUsage]
