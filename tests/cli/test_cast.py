"""The cast of synthetic patients: each says the same as a case file and as a FHIR bundle."""

from __future__ import annotations

from datetime import date

import pytest

from peritia.case import facts
from peritia.fhir import read_bundle, write_bundle
from peritia.options import assess
from peritia.patients import names, read

ON = date(2026, 11, 21)


def test_there_are_at_least_fourteen_each_with_a_story() -> None:
    assert len(names()) >= 14
    assert all(len(read(name).story or "") > 150 for name in names())


@pytest.mark.parametrize("name", names())
def test_case_file_and_bundle_give_the_same_assessment(name: str) -> None:
    case = read(name)
    again = read_bundle(write_bundle(case))
    from_file, from_bundle = facts(case, ON), facts(again, ON)
    assert {n: f.value for n, f in from_file.items()} == {n: f.value for n, f in from_bundle.items()}
    one, other = assess(from_file, ON), assess(from_bundle, ON)
    assert [(o.id, o.verdict, o.summary) for o in one.options] == [(o.id, o.verdict, o.summary) for o in other.options]
    assert [ask.fact for ask in one.ask_next] == [ask.fact for ask in other.ask_next]
