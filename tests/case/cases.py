"""Cases for the tests: a short way to write one, and generated ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from msgspec import inspect as shape

from peritia import documents
from peritia.case import Case, FactValue, facts

ON = date(2026, 11, 21)


def case(text: str, site: str = "colon") -> Case:
    """A case from YAML; the primary is added if it is not there."""
    return documents.read(text if "primary:" in text else f"primary: {{site: {site}}}\n{text}", Case)


def fact(text: str, name: str, *, on: date = ON, assume: bool = True, site: str = "colon") -> FactValue:
    """One fact of a case written in YAML."""
    return facts(case(text, site), on, assume=assume)[name]


def value(text: str, name: str, *, on: date = ON, site: str = "colon") -> Any:
    """The value of one fact."""
    return fact(text, name, on=on, site=site).value


_DAYS = st.dates(date(2024, 1, 1), ON + timedelta(days=30)).map(str) | st.none()
_NUMBERS: dict[str, Any] = {
    "height_cm": st.floats(150, 200), "weight_kg": st.floats(45, 120), "value": st.floats(0.5, 40), "upper_limit": st.floats(1, 60),
    "total": st.integers(0, 39), "pci": st.integers(0, 39), "ecog": st.integers(0, 4), "karnofsky": st.sampled_from([40, 70, 90]),
    "asa": st.integers(1, 4), "nyha": st.integers(1, 4), "pain": st.integers(0, 10), "neuropathy_grade": st.integers(0, 4),
    "obstruction_sites": st.integers(0, 4), "volume_ml": st.sampled_from([0.0, 300.0]), "lesions": st.integers(1, 5),
    "lvef_percent": st.floats(30, 70), "cycles": st.integers(1, 12), "mg_per_m2": st.floats(5, 200), "mg": st.floats(5, 200),
}  # fmt: skip
_UNITS = st.sampled_from(["mg/dL", "umol/L", "g/dL", "10*9/L", "U/L", "ng/mL", None])


def _of(type_: shape.Type, name: str) -> Any:
    if name in ("on", "started_on", "ended_on"):
        return _DAYS
    if name == "unit":
        return _UNITS
    if name == "regions":
        return st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 3), max_size=13)
    if name == "grades":
        return st.lists(st.integers(1, 4), max_size=5)
    if name == "esas":
        return st.dictionaries(st.sampled_from(["pain", "nausea"]), st.integers(0, 10), max_size=2)
    if name == "model":
        return st.just("peritia-delivery/1 fast")
    if name in _NUMBERS:
        return _NUMBERS[name] | st.none()
    if isinstance(type_, shape.UnionType):
        return _of(next(one for one in type_.types if not isinstance(one, shape.NoneType)), name) | st.none()
    if isinstance(type_, shape.LiteralType):
        return st.sampled_from(type_.values)
    if isinstance(type_, shape.BoolType):
        return st.booleans()
    if isinstance(type_, shape.StructType):
        return entry(type_.cls)
    if isinstance(type_, shape.VarTupleType):
        return st.lists(_of(type_.item_type, name), max_size=3)
    if isinstance(type_, shape.FloatType | shape.IntType):
        return st.integers(0, 10) | st.none()
    return st.none()


def entry(struct: type[msgspec.Struct]) -> Any:
    """Entries of one kind as plain mappings; a field of None is left out."""
    info: Any = shape.type_info(struct)
    fields = {
        field.encode_name: _of(field.type, field.encode_name) for field in info.fields if field.encode_name not in ("document", "format")
    }
    return st.fixed_dictionaries(fields).map(lambda made: {key: one for key, one in made.items() if one is not None})


_TOP: dict[str, Any] = {field.encode_name: field.type for field in shape.type_info(Case).fields}  # type: ignore[attr-defined]
LISTS = tuple(name for name, type_ in _TOP.items() if isinstance(type_, shape.VarTupleType) and name != "not_understood")
"""Parts of a case that are lists of entries."""


def plain_cases(most: int) -> Any:
    """Cases as plain mappings, up to ``most`` entries in each part."""
    parts = {name: st.lists(_of(_TOP[name].item_type, name), max_size=most) for name in LISTS}
    person = st.fixed_dictionaries(
        {
            "sex": st.sampled_from(["female", "male", None]),
            "birth_date": st.sampled_from(["1960-05-05", None]),
            "pregnant": st.sampled_from([True, False, None]),
        }
    ).map(lambda made: {key: one for key, one in made.items() if one is not None})
    body = st.lists(entry(_struct_of("patient", "body")), max_size=most)
    return st.fixed_dictionaries(
        {
            "primary": entry(_top_struct("primary")),
            "histology": entry(_top_struct("histology")) | st.none(),
            "patient": person,
            "body": body,
            **parts,
        }
    ).map(_joined)


def _joined(made: dict[str, Any]) -> dict[str, Any]:
    body = made.pop("body")
    made["patient"] = {**made["patient"], "body": body}
    made["primary"].setdefault("site", "colon")
    made["primary"].pop("diagnosed_on", None)
    return {key: one for key, one in made.items() if one is not None}


def _top_struct(name: str) -> Any:
    type_ = _TOP[name]
    return (type_ if isinstance(type_, shape.StructType) else next(one for one in type_.types if isinstance(one, shape.StructType))).cls


def _struct_of(part: str, field: str) -> Any:
    info: Any = shape.type_info(_top_struct(part))
    return next(one for one in info.fields if one.encode_name == field).type.item_type.cls


def built(plain: dict[str, Any]) -> Case:
    """The case of a plain mapping."""
    return msgspec.convert(plain, Case, str_keys=True)


def literal_values(annotation: Any) -> tuple[Any, ...]:
    """Values of a Literal annotation."""
    assert get_origin(annotation) is Literal
    return get_args(annotation)
