"""PRGS: the grade of each biopsy of a session. A mean without its biopsies is listed, since facts are made from biopsies."""

from __future__ import annotations

from datetime import date

from peritia.case.peritoneum import RegressionBiopsies
from peritia.fhir.draft import Draft, shown
from peritia.fhir.panel import Fields, Item, loose_fields, panel, put
from peritia.fhir.resources import Observation
from peritia.fhir.written import Written, concept, quantity, write_components

REGRESSION = panel("prgs", Item(code="prgs-biopsy", field="grades", shape="integers", low=1, high=4))
_NO_BIOPSIES = "a mean or worst grade without the grade of each biopsy is not used"


def read_regression(draft: Draft, resource: Observation, word: str) -> None:
    """The grades of one session."""
    fields: Fields = {}
    for component in resource.component:
        found = draft.meaning(component.code)
        if found is not None and found.code == "prgs-biopsy":
            put(draft, fields, REGRESSION.items["prgs-biopsy"], component)
        elif found is None or found.code not in ("prgs-mean", "prgs-worst"):
            draft.note(f"component {shown(component.code)}", "not an item of regression grading")
    if fields.get("grades"):
        draft.regression.append(RegressionBiopsies(on=draft.observed(resource), document=draft.where, **fields))
    else:
        draft.note("PRGS", _NO_BIOPSIES)


def _read_loose_grade(draft: Draft, resource: Observation, word: str) -> None:
    """One biopsy as an Observation of its own; biopsies of one day are one session."""
    put(draft, loose_fields(draft, resource, REGRESSION.code), REGRESSION.items[word], resource)


def finish_loose_grades(draft: Draft, on: date | None, fields: Fields) -> None:
    """The session that loose biopsies make together."""
    if fields.get("grades"):
        draft.regression.append(RegressionBiopsies(on=on, **fields))


def _read_summed(draft: Draft, resource: Observation, word: str) -> None:
    draft.note(word, _NO_BIOPSIES)


READ = {REGRESSION.code: read_regression, "prgs-biopsy": _read_loose_grade, "prgs-mean": _read_summed, "prgs-worst": _read_summed}


def write_regression(session: RegressionBiopsies, out: Written) -> None:
    """The grades, with mean and worst for others to read. A session without grades says nothing."""
    if not session.grades:
        return
    mean = sum(session.grades) / len(session.grades)
    components = [
        *write_components(session, REGRESSION),
        {"code": concept("prgs-mean"), "valueQuantity": quantity(mean, "{score}")},
        {"code": concept("prgs-worst"), "valueInteger": max(session.grades)},
    ]
    out.observe(REGRESSION.code, session.on, {"component": components}, category="laboratory")
