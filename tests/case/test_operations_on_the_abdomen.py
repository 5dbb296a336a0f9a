"""What has to heal: every operation on the abdomen counts, whatever became of it."""

from __future__ import annotations

import pytest

from peritia.case.conflicts import refusals
from tests.case.cases import ON, case, fact, value

_ABANDONED = "cytoreductions: [{on: 2026-11-01, completed: false, pci: 25}]"


@pytest.mark.parametrize(
    ("text", "any_kind", "open_only"),
    [
        ("", None, None),
        (_ABANDONED, 20, 20),
        ("cytoreductions: [{on: 2026-01-21}]\n" + "peritoneum: [{on: 2026-11-11, method: laparoscopy}]", 10, 304),
        ("peritoneum: [{on: 2026-11-11, method: laparotomy}]", 10, 10),
        ("peritoneum: [{on: 2026-11-11, method: ct, total: 9}]", None, None),
        ("pipac: [{on: 2026-11-14, access: obtained}]", 7, None),
        ("pipac: [{on: 2026-11-14, access: failed}, {on: 2026-09-01, access: obtained}]", 7, None),
        ("never: [{kind: abdominal-surgery, on: 2026-11-01}]", 20000, 20000),
        ("never: [{kind: cytoreduction, on: 2026-11-01}, {kind: pipac, on: 2026-11-01}]", None, None),
        ("cytoreductions: [{completed: false}]", None, None),
    ],
)
def test_days_since_an_operation(text: str, any_kind: int | None, open_only: int | None) -> None:
    assert (value(text, "days_since_abdominal_surgery"), value(text, "days_since_laparotomy")) == (any_kind, open_only)


def test_a_cytoreduction_given_up_is_no_cytoreduction_but_an_operation() -> None:
    assert value(_ABANDONED, "days_since_crs") is None
    assert fact(_ABANDONED, "days_since_laparotomy").origins[0].path == "cytoreductions[0]"


def test_an_operation_without_date_leaves_the_days_unknown() -> None:
    assert fact("pipac: [{access: obtained}]", "days_since_abdominal_surgery").reason == "no date recorded"


@pytest.mark.parametrize(("name", "expected"), [("prior_crs", False), ("prior_hipec", False), ("pipac_sessions", 0)])
def test_who_was_never_operated_had_nothing_given_in_an_operation(name: str, expected: object) -> None:
    assert value("never: [{kind: abdominal-surgery, on: 2026-11-01}]", name) == expected


@pytest.mark.parametrize(
    "entry",
    [
        _ABANDONED,
        "pipac: [{on: 2026-10-01, access: failed}]",
        "peritoneum: [{on: 2026-10-01, method: laparoscopy}]",
    ],
)
def test_never_operated_yet_operated_is_refused(entry: str) -> None:
    found = refusals(case(f"never: [{{kind: abdominal-surgery, on: 2026-11-10}}]\n{entry}"), ON)
    assert [conflict.name for conflict in found] == ["never-yet-given"]


def test_what_came_after_the_statement_is_no_contradiction() -> None:
    text = f"never: [{{kind: abdominal-surgery, on: 2026-10-01}}]\n{_ABANDONED}"
    assert refusals(case(text), ON) == ()
    assert value(text, "days_since_laparotomy") == 20
