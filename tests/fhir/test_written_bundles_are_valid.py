"""Written bundles are structurally valid FHIR R4, by the models of another library."""

from __future__ import annotations

import warnings

import orjson
import pytest
from fhir_strategies import CASES
from hypothesis import HealthCheck, Phase, given, settings

from peritia.case.case import Case
from peritia.fhir import bundle_of, code_system

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    bundle_model = pytest.importorskip("fhir.resources.R4B.bundle", reason="fhir.resources is a test-only library").Bundle
    system_model = pytest.importorskip("fhir.resources.R4B.codesystem").CodeSystem


@given(CASES)
@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
def test_a_written_bundle_is_valid(case: Case) -> None:
    bundle_model.model_validate(orjson.loads(orjson.dumps(bundle_of(case))))


@given(CASES)
@settings(max_examples=10, deadline=None)
def test_ids_are_unique_and_well_formed(case: Case) -> None:
    resources = [entry["resource"] for entry in bundle_of(case)["entry"]]
    names = [(one["resourceType"], one["id"]) for one in resources]
    assert len(set(names)) == len(names)
    assert all(
        len(name) <= 64 and set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") for _, name in names
    )


def test_the_code_system_is_valid() -> None:
    system_model.model_validate(code_system())
