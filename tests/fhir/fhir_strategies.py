"""Random cases for Hypothesis, made from the nouns themselves: a new field is drawn as soon as it exists."""

from __future__ import annotations

import types
import typing
from datetime import date
from typing import Any, Literal, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from peritia.case.case import Case
from peritia.case.condition import Lab
from peritia.case.disease import MolecularFinding
from peritia.case.identity import Patient

_WHOLE = {
    "ecog": (0, 5), "karnofsky": (0, 100), "asa": (1, 6), "nyha": (1, 4), "total": (0, 39), "pci": (0, 39), "pain": (0, 10),
    "neuropathy_grade": (0, 5), "cycles": (1, 12), "lesions": (0, 20), "grade": (1, 4), "grades": (1, 4), "obstruction_sites": (0, 9),
}  # fmt: skip
_AMOUNTS = {"height_cm": (100, 200), "weight_kg": (40, 150), "value": (0.1, 30), "upper_limit": (1, 40), "hipec_temperature_c": (40, 43)}
_WORDS = st.text(alphabet="abcdefgh 12", min_size=1, max_size=8).filter(lambda text: text == text.strip())
_DAYS = st.dates(date(2015, 1, 1), date(2026, 10, 1))
_UNITS = {
    "creatinine": ("mg/dL", "umol/L"),
    "hemoglobin": ("g/dL", "g/L", "g/dl"),
    "platelets": ("10*9/L", "K/uL"),
    "bilirubin": ("mg/dL", "umol/L"),
}
_RESULTS = {"mmr": ("deficient", "proficient"), "her2": ("positive", "negative", "equivocal"), "ntrk": ("positive", "negative")}


def _value(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    origin = get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return st.none() | st.one_of(*(_value(name, part) for part in get_args(annotation) if part is not types.NoneType))
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if origin is tuple:
        return st.lists(_value(name, get_args(annotation)[0]), max_size=3).map(tuple)
    if name == "regions":
        return st.dictionaries(st.integers(0, 12), st.integers(0, 3), max_size=13)
    if name == "esas":
        return st.dictionaries(_WORDS, st.integers(0, 10), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return noun(annotation)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(*_WHOLE.get(name, (0, 30)))
    if annotation is float:
        return st.floats(*_AMOUNTS.get(name, (0, 1000)))
    return _DAYS if annotation is date else _WORDS


def noun(of: type[Any]) -> st.SearchStrategy[Any]:
    """Any struct of the case, without documents: those say where an entry was read."""
    hints = typing.get_type_hints(of)
    drawn = {name: _value(name, hint) for name, hint in hints.items() if name not in ("document", "format", "not_understood")}
    if of is Patient:
        return st.builds(of, **drawn).map(_one_word_on_death)
    if of is Lab:
        return st.builds(of, **drawn).map(_with_unit)
    if of is MolecularFinding:
        return st.builds(of, **drawn).map(_sensible)
    return st.builds(of, **drawn)


def _one_word_on_death(person: Patient) -> Patient:
    """FHIR says either the day of death or whether there was one."""
    return person if person.death_date is None else msgspec.structs.replace(person, deceased=None)


def _with_unit(lab: Lab) -> Lab:
    units = _UNITS.get(lab.analyte)
    return lab if lab.value is None or units is None else msgspec.structs.replace(lab, unit=units[int(lab.value * 10) % len(units)])


def _sensible(finding: MolecularFinding) -> MolecularFinding:
    """A result that the marker can have."""
    words = _RESULTS.get(
        finding.marker, ("wild-type", "mutated") if finding.marker in ("kras", "nras", "braf", "brca1") else ("positive", "negative")
    )
    result = None if finding.result is None else words[len(finding.result) % len(words)]
    return msgspec.structs.replace(finding, result=result, tested=True if result is not None else finding.tested)


CASES: st.SearchStrategy[Case] = noun(Case)
