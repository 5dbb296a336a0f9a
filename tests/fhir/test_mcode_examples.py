"""The examples of the mCODE guide: every resource is either used or listed, and nothing breaks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from fhir_build import condition

from peritia.case import facts
from peritia.case.case import Case
from peritia.fhir import read_bundle, write_bundle


@pytest.fixture(scope="session")
def examples(shared_data: Path) -> dict[str, dict[str, Any]]:
    files = sorted((shared_data / "mcode-ig" / "stu4-examples-json").glob("*.json"))
    return {file.stem: orjson.loads(file.read_bytes()) for file in files}


def _documents(case: Case) -> set[str]:
    text = msgspec.json.encode(case)
    tree = orjson.loads(text)
    found: set[str] = {one["where"] for one in tree["not_understood"]}
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found.add(str(node.get("document")))
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return found


def test_the_extended_example_goes_through(examples: dict[str, dict[str, Any]]) -> None:
    source = examples["Bundle-mcode-patient-bundle-jenny-m"]
    case = read_bundle(orjson.dumps(source))
    assert (case.primary.site, case.primary.t_stage, case.primary.n_stage) == ("breast", "T3", "N0")
    assert [(one.marker, one.result) for one in case.molecular] == [("her2", "negative"), ("brca1", "wild-type"), ("brca2", "wild-type")]
    assert [(one.site, one.dose_gy) for one in case.radiation] == [("other", 60.0)]
    assert [one.status for one in case.status] == ["responding"]
    names = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in source["entry"]}
    unused = names - _documents(case)
    assert unused == {
        "DiagnosticReport/genomics-report-jenny-m",  # makes its genes wild type
        "Observation/tnm-clinical-primary-tumor-category-jenny-m",  # T and N stand in the primary
        "Observation/tnm-clinical-regional-nodes-category-jenny-m",
    }


def test_the_genomic_example_has_no_primary_and_its_site_stays_unknown(examples: dict[str, dict[str, Any]]) -> None:
    source = examples["Bundle-gx-genomic-bundle-adam-anyperson"]
    case = read_bundle(orjson.dumps(source))
    assert case.primary.site is None
    assert facts(case, date(2026, 11, 21))["primary_site"].value is None
    assert [one.what for one in case.not_understood if one.where == "Bundle"] == ["primary cancer"]
    primary = {**condition("C18.7"), "subject": {"reference": "Patient/gx-cancer-patient-adam-anyperson"}}
    case = read_bundle(orjson.dumps({**source, "entry": [*source["entry"], {"resource": primary}]}))
    found = {(one.marker, one.result) for one in case.molecular}
    assert ("tmb", None) in found
    assert ("braf", "wild-type") in found
    assert ("nras", "wild-type") not in found  # code of KIT, display NRAS: not used
    assert any("code and display name different genes" in one.why for one in case.not_understood)


def test_every_single_example_is_used_or_listed(examples: dict[str, dict[str, Any]]) -> None:
    singles = {name: one for name, one in examples.items() if one["resourceType"] != "Bundle"}
    assert len(singles) == 175
    for name, resource in singles.items():
        who = (resource.get("subject") or resource.get("patient") or {}).get("reference", "Patient/p")
        person = resource if resource["resourceType"] == "Patient" else {"resourceType": "Patient", "id": who.partition("/")[2]}
        primary = {**condition("C20", id="added"), "subject": {"reference": f"Patient/{person['id']}"}}
        record = [person] if resource is person else [person, resource]
        case = read_bundle(orjson.dumps(record))
        if case.primary.site is None and case.primary.document is None:
            case = read_bundle(orjson.dumps([*record, primary]))
        document = f"{resource['resourceType']}/{resource['id']}"
        assert document in _documents(case) or _stands_in_the_primary(resource), name


def _stands_in_the_primary(resource: dict[str, Any]) -> bool:
    """Stage is written into the primary; a report without its observations says nothing."""
    codes = {one.get("code") for one in resource.get("code", {}).get("coding", [])}
    return bool(codes & {"399504009", "384625004", "399534004", "371494008", "385361009", "51969-4"})


def test_what_was_read_is_written_and_reads_again_with_the_same_facts(examples: dict[str, dict[str, Any]]) -> None:
    case = read_bundle(orjson.dumps(examples["Bundle-mcode-patient-bundle-jenny-m"]))
    again = read_bundle(write_bundle(case))
    on = date(2026, 11, 21)
    assert {name: one.value for name, one in facts(again, on).items()} == {name: one.value for name, one in facts(case, on).items()}
