"""A bundle is taken over whole or not at all, and a refusal says everything that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from fhir_build import PRIMARY, WHO, amount, bundle, coded, condition, observation, patient, read, why
from hypothesis import given
from hypothesis import strategies as st

from peritia.errors import InputRefused
from peritia.fhir import read_bundle, reader
from peritia.fhir.envelope import open_bundle, require_plain

LAB = observation("2160-0", valueQuantity=amount(0.9, "mg/dL"))


def refusal(data: bytes, **more: Any) -> str:
    with pytest.raises(InputRefused) as refused:
        read_bundle(data, **more)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"resourceType": "Bundle",}', "not JSON"),
        (b"7", "not a FHIR Bundle"),
        (b'{"resourceType": "Bundle", "type": "collection"} x', "not JSON"),
        (b'\xff\xfe{"a": 1}', "is not UTF-8"),
        ('{"resourceType": "Bündle"}'.encode("latin-1"), "is not UTF-8"),
        (b'{"resourceType": "Patient", "id": "p"}', "this is a Patient, not a Bundle"),
        (b'{"type": "collection"}', "not a FHIR resource"),
        (b'{"resourceType": "Bundle", "type": "history"}', "a Bundle of this type"),
        (b'{"resourceType": "Bundle", "type": 7}', "a Bundle of this type"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": {}}', "a list of entries is expected"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [7]}', "an entry is an object"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {}}]}', "a resource says its type"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": []}', "no resource in this bundle"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": ' + b"[" * 100_000, "not JSON"),
        (b"[" * 100_000 + b"]" * 100_000, ""),
    ],
)
def test_what_is_not_a_patient_s_bundle_is_refused(data: bytes, message: str) -> None:
    assert message in refusal(data)


@pytest.mark.parametrize("levels", [254, 260, 300, 900])
def test_nesting(levels: int) -> None:
    data = b'{"resourceType": "Bundle", "type": "collection", "x": ' + b'{"a": ' * levels + b"1" + b"}" * levels + b"}"
    assert "nested deeper than 254 levels" in refusal(data)


def test_nesting_up_to_the_limit_is_read() -> None:
    data = bundle(patient(), PRIMARY)[:-1] + b',"x":' + b'{"a":' * 253 + b"1" + b"}" * 253 + b"}"
    assert read_bundle(data).primary.site == "colon"


def test_keys_that_stand_twice() -> None:
    twice = bundle(patient(), PRIMARY, LAB).replace(b'"status":"final"', b'"status":"final","status":"entered-in-error"')
    assert "status: this key stands twice" in refusal(twice)


KEYS = st.sampled_from(["a", "b", 'c"', "d:", "\\", " "])


@st.composite
def spelled(draw: st.DrawFn, depth: int = 4) -> tuple[str, bool]:
    """A JSON value, oddly spelled at times, and whether a key stands twice in one of its objects."""
    kind = draw(st.sampled_from(["text", "number", "list", "object"])) if depth else "text"
    if kind == "number":
        return draw(st.sampled_from(["0", "-1.5", "true", "null", "1e3", "123456789012345678901234567890"])), False
    if kind == "text":
        text = draw(KEYS)
        return draw(st.sampled_from([json.dumps(text), "".join(['"', *(f"\\u{ord(letter):04x}" for letter in text), '"'])])), False
    members = draw(st.lists(st.tuples(KEYS, spelled(depth=depth - 1)), max_size=4))
    inner = any(twice for _, (_, twice) in members)
    if kind == "list":
        return f"[{','.join(text for _, (text, _) in members)}]", inner
    keys = [key for key, _ in members]
    space = draw(st.sampled_from(["", " ", "\n\t"]))
    body = ",".join(f"{json.dumps(key)}{space}:{space}{text}" for key, (text, _) in members)
    return f"{{{body}}}", inner or len(set(keys)) < len(keys)


@given(spelled())
def test_a_key_that_stands_twice_is_found_however_it_is_spelled(document: tuple[str, bool]) -> None:
    text, twice = document
    if twice:
        with pytest.raises(InputRefused, match="stands twice"):
            require_plain(text.encode(), "bundle")
    else:
        require_plain(text.encode(), "bundle")


def test_too_large_by_bytes_and_by_file(tmp_path: Path) -> None:
    data = bundle(patient(), PRIMARY)
    assert "above the limit" in refusal(data, limit_bytes=100)
    file = tmp_path / "bundle.json"
    file.write_bytes(data)
    assert read_bundle(file).primary.site == "colon"
    assert "bundle.json" in refusal_of_file(file)
    with pytest.raises(InputRefused, match="cannot be opened"):
        read_bundle(tmp_path / "missing.json")


def refusal_of_file(file: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read_bundle(file, limit_bytes=100)
    return str(refused.value)


def test_every_wrong_element_is_named_with_its_path() -> None:
    data = bundle(
        patient(birthDate=1961),
        PRIMARY,
        observation("2160-0", id="a", valueQuantity={"value": "0.9", "unit": "mg/dL"}),
        observation("777-3", id="b", valueQuantity={"value": 200, "unit": 7}),
        observation("89247-1", id="c", valueInteger=1.5),
    )
    message = refusal(data)
    for expected in (
        "entry[0].resource.birthDate: expected `str | null`, got `int`",
        "entry[2].resource.valueQuantity.value: expected `float | null`, got `str`",
        "entry[3].resource.valueQuantity.unit: expected `str | null`, got `int`",
        "entry[4].resource.valueInteger",
    ):
        assert expected in message
    assert "4 problems" in message


def test_two_values_in_one_observation() -> None:
    data = bundle(
        patient(),
        PRIMARY,
        observation("89247-1", valueInteger=1, valueString="one"),
        observation("777-3", id="x", valueTime="10:00", valueBoolean=True),
    )
    message = refusal(data)
    assert "Observation/o.value[x]: valueInteger and valueString" in message
    assert "Observation/x.value[x]: valueBoolean and valueTime" in message


def test_two_patients_and_another_patient_s_resources() -> None:
    other = {**LAB, "id": "x", "subject": {"reference": "Patient/other"}}
    assert "2 patients (Patient/p, Patient/q)" in refusal(bundle(patient(), {**patient(), "id": "q"}, PRIMARY))
    assert "Observation/x.subject.reference: this is about another patient" in refusal(bundle(patient(), PRIMARY, other))
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/other"}, "code": {"text": "oxaliplatin"}}
    assert "AllergyIntolerance/a" in refusal(bundle(patient(), PRIMARY, allergy))


def test_the_patient_may_be_referred_to_in_several_ways() -> None:
    ways = ["Patient/p", "http://example.org/fhir/Patient/p", "https://other.example/r4/Patient/p", "Patient/p/_history/3"]
    labs = [{**LAB, "id": f"l{number}", "subject": {"reference": way}} for number, way in enumerate(ways)]
    assert len(read(*labs).labs) == 4


def test_urns_name_the_patient_too() -> None:
    tree = orjson.loads(bundle(patient(), PRIMARY, LAB))
    for number, entry in enumerate(tree["entry"]):
        entry["fullUrl"] = f"urn:uuid:{number}"
        if "subject" in entry["resource"]:
            entry["resource"]["subject"] = {"reference": "urn:uuid:0"}
    assert len(read_bundle(orjson.dumps(tree)).labs) == 1
    tree["entry"][2]["resource"]["subject"] = {"reference": "urn:uuid:9"}
    assert "about another patient" in refusal(orjson.dumps(tree))


def test_what_is_about_no_patient_is_left_out() -> None:
    device = {**LAB, "id": "d", "subject": {"reference": "Device/x"}}
    unnamed = {**LAB, "id": "u", "subject": {"display": "Mrs M"}}
    case = read(LAB, device, unnamed)
    assert [one.document for one in case.labs] == ["Observation/o"]
    assert "its subject is not a patient" in why(case)
    assert "its subject is not a reference" in why(case)


def test_without_a_patient_resource_the_record_of_one_is_read() -> None:
    case = read_bundle(bundle(PRIMARY, LAB))
    assert case.patient.sex is None
    assert "there is no Patient resource" in why(case)
    assert "about another patient" in refusal(bundle(PRIMARY, {**LAB, "subject": {"reference": "Patient/other"}}))


def test_ids_that_stand_twice() -> None:
    assert "entry[3].resource.id: Observation/o stands here twice" in refusal(bundle(patient(), PRIMARY, LAB, LAB))


def test_a_date_that_is_none() -> None:
    assert "Observation/o.effective: this is not a date" in refusal(bundle(patient(), PRIMARY, {**LAB, "effectiveDateTime": "2026-13-01"}))
    assert "Patient/p.birthDate: this is not a date" in refusal(bundle(patient(birthDate="04.03.1961"), PRIMARY))


def test_what_cannot_be_true_is_refused_and_names_its_resource() -> None:
    dead = patient(birthDate="1961-03-04", deceasedDateTime="1960-01-01")
    assert "Patient/p (patient.death_date): the death date is before the birth date" in refusal(bundle(dead, PRIMARY))


def test_an_impossible_measurement_is_set_aside_and_listed() -> None:
    case = read(
        observation("2160-0", valueQuantity=amount(900.0, "mg/dL")), observation("777-3", id="x", valueQuantity=amount(250.0, "10*9/L"))
    )
    assert [one.analyte for one in case.labs] == ["platelets"]
    assert "Observation/o: creatinine of 900 mg/dL is not possible: this cannot be true, so it was set aside" in why(case)
    assert reader().read(bundle(patient(), PRIMARY, observation("2160-0", valueQuantity=amount(900.0, "mg/dL")))).labs


def test_no_value_of_the_patient_stands_in_a_refusal() -> None:
    assert "04.03.1961" not in refusal(bundle(patient(birthDate="04.03.1961"), PRIMARY))


def test_references_in_a_circle_do_no_harm() -> None:
    one = {"resourceType": "Procedure", "id": "a", "status": "completed", "code": coded("urn:peritia:psm", "crs"), "subject": WHO}
    other = {**one, "id": "b", "code": coded("urn:peritia:psm", "hipec"), "partOf": [{"reference": "Procedure/a"}]}
    assert len(read({**one, "partOf": [{"reference": "Procedure/b"}]}, other).cytoreductions) == 1
    itself = {**one, "id": "c", "code": coded("urn:peritia:psm", "systemic-line"), "partOf": [{"reference": "Procedure/c"}]}
    assert len(read(itself).systemic) == 1


@pytest.mark.parametrize("kind", ["collection", "transaction", "batch", "searchset"])
def test_bundle_types_that_are_read(kind: str) -> None:
    assert read_bundle(bundle(patient(), PRIMARY, kind=kind)).primary.site == "colon"


def test_a_bare_list_of_resources_and_a_byte_order_mark() -> None:
    assert read_bundle(orjson.dumps([patient(), PRIMARY])).id == "p"
    assert read_bundle(b"\xef\xbb\xbf" + bundle(patient(), PRIMARY)).id == "p"


def test_entries_without_resource_or_id() -> None:
    nameless = {key: value for key, value in LAB.items() if key != "id"}
    tree = orjson.loads(bundle(patient(), PRIMARY, nameless))
    tree["entry"].append({"request": {"method": "DELETE", "url": "Observation/9"}})
    case = read_bundle(orjson.dumps(tree))
    assert [one.document for one in case.labs] == ["Observation/entry[2]"]
    assert "entry[3]: entry without a resource" in why(case)


def test_the_quick_and_the_slow_way_agree() -> None:
    odd = {"resourceType": "Unheard", "id": "u", "subject": 7}
    quick = read_bundle(bundle(patient(), PRIMARY, LAB, condition("C78.7", id="s")))
    slow = read_bundle(bundle(patient(), PRIMARY, LAB, condition("C78.7", id="s"), odd))
    assert slow.labs == quick.labs
    assert slow.extraperitoneal == quick.extraperitoneal
    assert [one.where for one in slow.not_understood] == ["Unheard/u"]


def test_one_patient_s_bundle_leaves_nothing_behind_for_the_next() -> None:
    read_one = reader().read
    first, second = bundle(patient(), PRIMARY, LAB), bundle(patient(), condition("C20", id="primary"))
    once = read_one(second)
    read_one(first)
    assert read_one(second) == once
    assert open_bundle(first, "x") == open_bundle(first, "x")
