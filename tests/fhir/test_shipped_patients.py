"""Every shipped patient has a bundle: structurally valid, and with the same facts once it is read back."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import orjson
import pytest
from fhir_compare import plain

import peritia.patients
from peritia.case import facts
from peritia.case.reading import read_case
from peritia.fhir import bundle_of, read_bundle, reader, write_bundle

PATIENTS = sorted(Path(peritia.patients.__file__).parent.glob("*.yaml"))
DAYS = (date(2025, 6, 1), date(2026, 11, 21), date(2027, 3, 1))


@pytest.mark.parametrize("file", PATIENTS, ids=lambda file: file.stem)
def test_the_bundle_of_a_shipped_patient_has_the_same_facts(file: Path) -> None:
    case = read_case(file)
    again = read_bundle(write_bundle(case))
    assert plain(again) == plain(case)
    for on in DAYS:
        before, after = facts(case, on), facts(again, on)
        assert {name: (one.value, one.state, one.reason) for name, one in after.items()} == {
            name: (one.value, one.state, one.reason) for name, one in before.items()
        }
    assert again.not_understood == ()


@pytest.mark.parametrize("file", PATIENTS, ids=lambda file: file.stem)
def test_every_fact_of_a_bundle_says_where_it_comes_from(file: Path) -> None:
    case = reader().read(write_bundle(read_case(file)))
    for one in facts(case, DAYS[1]).values():
        if one.state == "known":
            assert all("/" in origin.document for origin in one.origins), one


def test_bundles_of_shipped_patients_are_valid() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is a test-only library").Bundle
    for file in PATIENTS:
        model.model_validate(orjson.loads(orjson.dumps(bundle_of(read_case(file)))))
