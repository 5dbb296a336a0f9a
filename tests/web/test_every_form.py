"""Every form there is, filled wrong field by field: a message at each field, nothing written, nothing of what was typed lost."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from test_session_pages import SECOND, SESSION, step
from web_clinic import Browser, Clock

from peritia.case.disease import Primary
from peritia.case.identity import Patient
from peritia.course import Findings
from peritia.store import CASE_SECTIONS, Scope
from peritia.web import House
from peritia.web.forms import PANELS, Field, fields_of, panel_of
from peritia.web.pages.entering import _ENTERED  # pyright: ignore[reportPrivateUsage]
from peritia.web.pages.patients import _PERSON, _PRIMARY  # pyright: ignore[reportPrivateUsage]

MARIA = "/patients/maria"
ODD = "Kept <b>\"as\" typed</b> & 'odd'"


class Filled(HTMLParser):
    """What a browser would send of the forms of a page: texts as they stand, what is checked, what is selected."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.ids: set[str] = set()
        self._inside = ""
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        name = given.get("name", "")
        if tag == "input":
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.sent.setdefault(name, given.get("value", ""))  # the form of a correction stands before that of a withdrawal
        elif tag == "textarea":
            self._inside = name
            self.sent[name] = ""
        elif tag == "select":
            self._select = name
            self.sent[name] = ""
        elif tag == "option" and "selected" in given:
            self.sent[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.sent[self._inside] += data


def _plain(field: Field, *, wrong: bool) -> str:
    match field.kind:
        case "choice":
            return "no-such-choice" if wrong else field.choices[-1]
        case "flag":
            return "perhaps" if wrong else "yes"
        case "whole":
            return "one" if wrong else "1"
        case "number":
            return "1,5" if wrong else "1.5"
        case "day":
            return "2026-02-30" if wrong else "2026-11-20"
        case "grades":
            return "1 7" if wrong else "1 2"
        case "long":
            return "x" * 4001 if wrong else ODD
        case _:
            return "x" * 201 if wrong else ODD


def typed(field: Field, *, wrong: bool) -> dict[str, str]:
    """What is typed into a field."""
    match field.kind:
        case "regions":
            return {f"{field.name}-{region}": "9" if wrong else "1" for region in range(13)}
        case "scores" | "items":
            return {f"{field.name}-{item}": "11" if wrong else "1" for item in field.choices}
        case "doses":
            return {f"{field.name}-0-{part.name}": _plain(part, wrong=wrong) for part in field.parts}
        case _:
            return {field.name: _plain(field, wrong=wrong)}


def can_be_kept(field: Field) -> bool:
    """A choice that there is not cannot stand in a form again; a browser cannot send it either."""
    return field.kind not in ("choice", "flag", "regions", "items")


def check(page: str, sent: dict[str, str], fields: tuple[Field, ...], wrong: tuple[Field, ...], prefix: str = "") -> None:
    filled = Filled(page)
    for field in wrong:
        assert f"{prefix}{field.name}-wrong" in filled.ids, field.name
    for field in fields:
        if field in wrong and not can_be_kept(field):
            continue
        parts = {f"{field.name}-0-{part.name}": part for part in field.parts}
        for name in typed(field, wrong=False):
            if not (field in wrong and name in parts and parts[name].kind == "choice"):
                assert filled.sent.get(name) == sent[name], name


def all_wrong(fields: tuple[Field, ...]) -> tuple[dict[str, str], tuple[Field, ...]]:
    sent: dict[str, str] = {}
    for field in fields:
        sent |= typed(field, wrong=True)
    return sent, fields


def one_wrong(fields: tuple[Field, ...]) -> tuple[dict[str, str], tuple[Field, ...]]:
    """Everything right but one field that takes a text of some kind, the last there is."""
    bad = next(field for field in reversed(fields) if can_be_kept(field) and field.kind != "doses")
    sent: dict[str, str] = {}
    for field in fields:
        sent |= typed(field, wrong=field is bad)
    return sent, (bad,)


@pytest.mark.parametrize("section", sorted(_ENTERED))
def test_a_form_filled_wrong_says_where_and_keeps_what_was_typed(section: str, clinician: Browser, house: House) -> None:
    fields = fields_of(_ENTERED[section].type)
    before = house.record.version("maria", scope=Scope.everywhere())
    for sent, wrong in (all_wrong(fields), one_wrong(fields)):
        answer = clinician.post(f"{MARIA}/enter/{section}", sent)
        assert answer.status_code == 422
        check(answer.text, sent, fields, wrong)
    standing = next((one for one in house.record.entries("maria", scope=Scope.everywhere()) if one.section == section), None)
    if standing is not None:
        sent, wrong = one_wrong(fields)
        answer = clinician.post(f"{MARIA}/entries/{standing.id}", {**sent, "reason": ODD})
        assert answer.status_code == 422
        check(answer.text, sent, fields, wrong)
        assert Filled(answer.text).sent["reason"] == ODD
    assert house.record.version("maria", scope=Scope.everywhere()) == before


@pytest.mark.parametrize("section", sorted(PANELS))
def test_a_panel_filled_wrong_says_in_which_cell(section: str, clinician: Browser, house: House) -> None:
    panel = panel_of(section)
    before = house.record.version("maria", scope=Scope.everywhere())
    cells = {
        f"{row}-{column.name}": (column, _plain(column, wrong=True))
        for row in panel.rows
        for column in panel.columns
        if column.name != "unit"
    }
    sent = {name: text for name, (_, text) in cells.items()} | {"on": "2026-02-30", "document": ODD}
    answer = clinician.post(f"{MARIA}/panel/{section}", sent)
    assert answer.status_code == 422
    filled = Filled(answer.text)
    assert "shared-on-wrong" in filled.ids
    assert filled.sent["document"] == ODD
    for name, (column, text) in cells.items():
        assert f"{name}-wrong" in filled.ids, name
        if can_be_kept(column):
            assert filled.sent[name] == text
    assert house.record.version("maria", scope=Scope.everywhere()) == before


def test_a_new_case_filled_wrong(clinician: Browser) -> None:
    fields = tuple(one for one in fields_of(Primary) if one.name in _PRIMARY) + tuple(
        one for one in fields_of(Patient) if one.name in _PERSON
    )
    texts = {"id": "no blanks here", "title": "y" * 121, "question": ODD}
    for sent, wrong in (all_wrong(fields), one_wrong(fields)):
        answer = clinician.post("/patients/new", sent | texts)
        assert answer.status_code == 422
        check(answer.text, sent, fields, wrong)
        filled = Filled(answer.text)
        assert {name: filled.sent[name] for name in texts} == texts
        assert "title-wrong" in filled.ids
    assert clinician.post("/patients/new", {"site": "colon", "id": "no blanks here"}).status_code == 422
    assert "id-wrong" in Filled(clinician.text).ids


def test_a_decision_filled_wrong(clinician: Browser) -> None:
    sent = {"on": "2026-02-30", "reason": "no", "present": ODD, "option": "second-hipec"}
    answer = clinician.post(f"{MARIA}/board/decide", sent)
    assert answer.status_code == 422
    filled = Filled(answer.text)
    assert {"on-wrong", "reason-wrong"} <= filled.ids
    assert {name: filled.sent[name] for name in sent} == sent


def test_every_noun_that_can_be_entered_is_tried() -> None:
    assert set(_ENTERED) >= set(CASE_SECTIONS) - {"predicted"}


def test_findings_and_pathology_filled_wrong(clinician: Browser, clock: Clock) -> None:
    clinician.get(f"{SESSION}/plan?regimen=pipac-oxaliplatin-120")
    opened = clinician.post(f"{SESSION}/plan", {"regimen": "pipac-oxaliplatin-120", "on": "2026-11-21"}).headers["location"]
    clinician.get(opened)
    clinician.post(f"{opened}/abort", {"reason": "The patient asked not to begin"})
    fields = tuple(one for one in fields_of(Findings) if one.name != "on")
    for sent, wrong in (all_wrong(fields), one_wrong(fields)):
        answer = clinician.post(f"{opened}/findings", sent)
        assert answer.status_code == 422
        check(answer.text, sent, fields, wrong)
    together = {"access": "failed", "regions-0": "3", "biopsies-0-place": ODD}
    answer = clinician.post(f"{opened}/findings", together)
    assert answer.status_code == 422
    assert "although access failed" in answer.text
    filled = Filled(answer.text)
    assert {name: filled.sent[name] for name in together} == together
    assert clinician.post(f"{opened}/findings", {"access": "obtained", "biopsies-0-place": ODD}).status_code == 303
    answer = clinician.post(f"{opened}/pathology", {"prgs-0": "9", "result": "perhaps", "document": ODD})
    assert answer.status_code == 422
    filled = Filled(answer.text)
    assert {"prgs-0-wrong", "result-wrong"} <= filled.ids
    assert filled.sent["document"] == ODD


def test_a_session_refuses_at_the_field_and_keeps_what_was_typed(clinician: Browser) -> None:
    clinician.get(f"{SESSION}/plan?regimen=pipac-oxaliplatin-120")
    opened = clinician.post(f"{SESSION}/plan", {"regimen": "pipac-oxaliplatin-120", "on": "2026-11-21"}).headers["location"]
    clinician.get(opened)
    clinician.post(f"{opened}/sign-plan", SECOND)
    while "record-gas flow" not in clinician.get(opened).text:
        assert step(clinician, opened, **SECOND).status_code == 303
    sent = {"record-pressure": "12", "record-gas flow": "3", "step": clinician.hidden("step")}
    answer = clinician.post(f"{opened}/sign-step", sent)
    assert answer.status_code == 409
    filled = Filled(answer.text)
    assert {name: filled.sent[name] for name in sent} == sent
    assert "record-gas-flow-wrong" in filled.ids
    assert "record-pressure-wrong" not in filled.ids
    answer = clinician.post(f"{opened}/sign-step", {**sent, "record-gas flow": ""})
    assert "record-gas-flow-wrong" in Filled(answer.text).ids
    assert Filled(clinician.post(f"{opened}/abort", {"reason": " "}).text).ids >= {"abort-reason-wrong"}
    assert Filled(clinician.post(f"{opened}/note", {"text": " "}).text).ids >= {"note-text-wrong"}
