"""Every code of the table was looked up where its source says, or is called recalled."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from peritia.fhir.codes import Aliases, Lookup, code_table, drug_named, written_codings
from peritia.fhir.codesystem import JSON_FILE, code_system, concepts

_NAMES = {"LNC": "loinc", "SCT": "snomed", "ICD10CM": "icd-10-cm", "RXN": "rxnorm", "NCIT": "ncit", "HGNC": "hgnc", "ICDO3": "icd-o-3"}
_IN_FSH = re.compile(r"\b(LNC|SCT|ICD10CM|RXN|NCIT|HGNC|ICDO3)#\"?([A-Za-z0-9.:/-]+)")
_IS_A = re.compile(r"concept is-a #(\d+)")
_SEEN_ELSEWHERE = {("snomed", "118762006")}
"""In the guide's value set of radiotherapy locations, which is not among the files here."""


@pytest.fixture(scope="session")
def listed(shared_data: Path) -> set[tuple[str, str]]:
    """Codes that the mCODE guide names in value sets, profiles or examples."""
    found: set[tuple[str, str]] = set()
    systems = {system: name for name, addresses in code_table().systems.items() for system in addresses}
    for file in (shared_data / "mcode-ig" / "fsh").glob("*.fsh"):
        text = file.read_text()
        found |= {(_NAMES[name], code) for name, code in _IN_FSH.findall(text)}
        found |= {("snomed", code) for code in _IS_A.findall(text)}
    for file in (shared_data / "mcode-ig" / "stu4-examples-json").glob("*.json"):
        _walk(json.loads(file.read_text()), systems, found)
    return found | {(system, f"HGNC:{code}") for system, code in found if system == "hgnc"}


def _walk(node: Any, systems: dict[str, str], found: set[tuple[str, str]]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("code"), str) and node.get("system") in systems:
            found.add((systems[node["system"]], node["code"]))
        for child in node.values():
            _walk(child, systems, found)
    elif isinstance(node, list):
        for child in node:
            _walk(child, systems, found)


def test_every_code_said_to_be_in_the_mcode_guide_is_there(listed: set[tuple[str, str]]) -> None:
    missing = [
        (code.system, code.code)
        for group in code_table().groups
        if group.source == "mcode-ig"
        for code in group.codes
        if not any(one[0] == code.system and (one[1] == code.code or (code.below and one[1].startswith(code.code))) for one in listed)
        and (code.system, code.code) not in _SEEN_ELSEWHERE
    ]
    assert missing == []


def test_codes_that_are_written_are_in_the_table_or_in_the_guide(listed: set[tuple[str, str]]) -> None:
    known = {(code.system, code.code) for group in code_table().groups if group.source != "memory" for code in group.codes} | listed
    assert [code for code in code_table().written.values() if (code.system, code.code) not in known] == []


def test_recalled_codes_are_few_and_named_in_the_docs() -> None:
    table = code_table()
    recalled = [code for group in table.groups if table.sources[group.source].status == "recalled" for code in group.codes]
    total = sum(len(group.codes) for group in table.groups)
    assert len(recalled) < total / 5
    page = Path(__file__).parents[2] / "docs" / "fhir.md"
    assert f"{len(recalled)} of {total} codes" in page.read_text()


def test_no_drug_code_is_recalled() -> None:
    table = code_table()
    assert not [
        code
        for group in table.groups
        if table.sources[group.source].status == "recalled"
        for code in group.codes
        if code.to.startswith("drug-")
    ]


def test_each_code_stands_once_and_means_a_word_of_ours() -> None:
    table = code_table()
    keys = [(code.system, code.code) for group in table.groups for code in group.codes]
    assert len(keys) == len(set(keys))
    assert {code.to for group in table.groups for code in group.codes} <= set(concepts())
    assert {group.source for group in table.groups} <= set(table.sources)
    assert set(table.written) <= set(concepts())
    assert {f"drug-{drug}" for drug in table.names} <= set(concepts())
    assert {f"allergy-{class_}" for class_ in table.classes} <= set(concepts())


def test_every_public_code_reads_as_what_the_table_says() -> None:
    lookup = Lookup(Aliases())
    for group in code_table().groups:
        for code in group.codes:
            assert all(lookup.exact[(system, code.code)].code == code.to for system in code_table().systems[code.system])


def test_a_written_code_reads_as_its_word_or_less_but_never_as_another() -> None:
    lookup = Lookup(Aliases())
    for own, (system, code, _) in written_codings().items():
        read = lookup.exact.get((system, code)) or lookup.under(system, code)
        if read is not None and read.code != own:
            assert read.family in (concepts()[own].family, "secondary")


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("PACLitaxel", "paclitaxel"),
        ("paclitaxel protein-bound 100 MG", "nab-paclitaxel"),
        ("pegylated liposomal doxorubicin", "liposomal-doxorubicin"),
        ("fam-trastuzumab deruxtecan-nxki", "trastuzumab-deruxtecan"),
        ("trastuzumab", "trastuzumab"),
        ("ado-trastuzumab emtansine", None),
        ("fluorouracil 5% topical cream", None),
        ("mitomycin ophthalmic kit", None),
        ("oxaliplatin and irinotecan", None),
        ("FOLFOX", None),
        ("carboplatinum", None),
    ],
)
def test_drugs_by_name(text: str, drug: str | None) -> None:
    assert drug_named(text) == drug


def test_every_drug_has_a_name() -> None:
    assert {concept.value for concept in concepts().values() if concept.family == "drug"} - set(code_table().names) == {"other"}


def test_the_packaged_code_system_is_what_the_module_makes() -> None:
    assert orjson.loads(JSON_FILE.read_bytes()) == orjson.loads(orjson.dumps(code_system())), "run peritia.fhir.codesystem.write_json()"


def test_codes_of_the_code_system_are_well_formed() -> None:
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", code) for code in concepts())
    assert {"pci-total", "pci-region-12", "cc-0", "cc-3", "prgs-mean", "prgs-worst", "prgs-biopsy", "ascites-volume", "pipac"} <= set(
        concepts()
    )
