from __future__ import annotations

from pathlib import Path

import pytest
from fhir_build import PRIMARY, amount, bundle, observation, patient

from benchmarks.fhir_bundles import synthetic_bundles
from peritia.errors import InputRefused
from peritia.fhir import read_bundle, read_ndjson

GOOD = bundle(patient(), PRIMARY)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    file = tmp_path / "many.ndjson"
    file.write_bytes(b"\n".join([GOOD, b"{bad", b"", bundle(), GOOD]))
    return file


def test_a_bad_line_is_reported_with_its_number_and_stops_nothing(lines: Path) -> None:
    found = list(read_ndjson(lines))
    assert [(one.number, one.case is not None) for one in found] == [(1, True), (2, False), (4, False), (5, True)]
    assert [one.problems[0].line for one in found if one.problems] == [2, 4]


def test_strict_stops_at_the_first_bad_line(lines: Path) -> None:
    reading = read_ndjson(lines, strict=True)
    assert next(reading).case is not None
    with pytest.raises(InputRefused, match="line 2"):
        next(reading)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "long.ndjson"
    file.write_bytes(b"[" + b" " * 5000 + b"]\n" + GOOD + b"\n")
    found = list(read_ndjson(file, limit_bytes=2000))
    assert [(one.number, one.case is not None) for one in found] == [(1, False), (2, True)]
    assert "longer than" in found[0].problems[0].message


def test_a_line_is_read_like_a_bundle_of_its_own(tmp_path: Path) -> None:
    impossible = observation("751-8", valueQuantity=amount(3000, "10*3/uL"))
    twice = GOOD.replace(b'"gender":"female"', b'"gender":"female","gender":"male"')
    file = tmp_path / "odd.ndjson"
    file.write_bytes(b"\n".join([bundle(patient(), PRIMARY, impossible), twice]))
    first, second = read_ndjson(file)
    assert first.case is not None
    assert first.case.labs == ()
    assert "set aside" in first.case.not_understood[-1].why
    assert "stands twice" in second.problems[0].message


def test_synthetic_bundles_are_the_same_for_the_same_seed_and_all_are_read() -> None:
    bundles = list(synthetic_bundles(30, seed=7))
    assert bundles == list(synthetic_bundles(30, seed=7)) != list(synthetic_bundles(30, seed=8))
    cases = [read_bundle(one) for one in bundles]
    assert len({case.id for case in cases}) == 30
    assert {one.what.split("|")[-1] for case in cases for one in case.not_understood} <= {"8867-4 Heart rate", "Encounter"}
