"""What is written reads back as the same case and the same facts."""

from __future__ import annotations

from datetime import date

from fhir_compare import plain
from fhir_strategies import CASES
from hypothesis import given, settings

from peritia.case import facts
from peritia.case.case import Case
from peritia.fhir import reader, write_bundle

ON = date(2026, 11, 21)
READ = reader().read  # random cases contradict themselves, which reading alone does not mind


@given(CASES)
@settings(max_examples=60, deadline=None)
def test_a_random_case_reads_back_as_it_was(case: Case) -> None:
    assert plain(READ(write_bundle(case))) == plain(case)


@given(CASES)
@settings(max_examples=40, deadline=None)
def test_a_random_case_reads_back_with_the_same_facts(case: Case) -> None:
    before = {name: fact.value for name, fact in facts(case, ON).items()}
    after = {name: fact.value for name, fact in facts(READ(write_bundle(case)), ON).items()}
    assert after == before


@given(CASES)
@settings(max_examples=20, deadline=None)
def test_nothing_that_is_written_is_not_understood(case: Case) -> None:
    assert [one for one in READ(write_bundle(case)).not_understood if "severity" not in one.what] == []
