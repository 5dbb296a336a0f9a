"""T and N category, FIGO stage. The M category says nothing of where disease is now."""

from __future__ import annotations

import re
from typing import Any

from peritia.case.disease import Primary
from peritia.fhir.draft import Draft, shown
from peritia.fhir.resources import Observation
from peritia.fhir.wire import Concept
from peritia.fhir.written import Written, coded, public_coding

_CATEGORY = re.compile(r"(?<![A-Za-z])[cp]?([TN])(is|[0-4])([ab])?(?![A-Za-z0-9])")
_FIELDS = {"t": ("t_stage", "t-category"), "n": ("n_stage", "n-category"), "figo": ("figo_stage", "figo-stage")}
_PATHOLOGICAL = frozenset({"384625004", "371494008"})


def read_category(draft: Draft, resource: Observation, word: str) -> None:
    """T or N category or FIGO stage: pathological before clinical, then the newest."""
    family = word.partition("-")[0]
    field, code = _FIELDS[family]
    said = resource.valueCodeableConcept
    value = draft.answer(said, family)
    if value is None and (value := _displayed(said, family)) is not None:
        draft.note(shown(said), f"its code is not known; read as {value} from what it displays")
    if value is None:
        if resource.dataAbsentReason is None:
            draft.note(f"{code}: {shown(said)}", "not a category that Peritia reads")
        return
    pathological = resource.code is not None and any(coding.code in _PATHOLOGICAL for coding in resource.code.coding)
    rank = (pathological, str(draft.observed(resource) or ""))
    if rank >= draft.primary.get(f"_{field}", (False, "")):
        draft.primary[f"_{field}"], draft.primary[field] = rank, value


def _displayed(said: Concept | None, family: str) -> str | None:
    """The category in a code or display, such as cT4a, where the code itself is not in the table."""
    if said is None or family == "figo":
        return None
    for text in (*(text for coding in said.coding for text in (coding.code, coding.display)), said.text):
        match = _CATEGORY.search(text) if text is not None else None
        if match is not None and match.group(1).lower() == family:
            letter, number, part = match.groups()
            return f"{letter}{number}{part if letter == 'T' and number == '4' and part else ''}"
    return None


def _read_m(draft: Draft, resource: Observation, word: str) -> None:
    why = "an M category does not say whether disease lies in or outside the peritoneum"
    draft.note(f"M category: {shown(resource.valueCodeableConcept)}", why)


READ = {"t-category": read_category, "n-category": read_category, "figo-stage": read_category, "m-category": _read_m}


def write_stage(primary: Primary, out: Written, reference: str) -> None:
    """Each category that is known."""
    for family, (field, code) in _FIELDS.items():
        value = getattr(primary, field)
        if value is not None:
            own = f"{family}-{value}".lower()
            stated: dict[str, Any] = {"valueCodeableConcept": coded(own, *(public_coding(own) if family == "figo" else ()))}
            out.observe(code, None, {**stated, "focus": [{"reference": reference}]})
