"""Entering: field-level messages, nothing lost, corrections, undo, two writers at once."""

from __future__ import annotations

from datetime import date

import pytest
from web_clinic import Browser

from peritia.case import Case
from peritia.store import CASE_SECTIONS, Scope
from peritia.web import House
from peritia.web.forms import PANELS, fields_of, panel_of, read_fields, typed_from
from peritia.web.forms.panel import read_panel
from peritia.web.questions import way_of

TODAY = date(2026, 11, 21)
MARIA = "/patients/maria"


def case_of(house: House) -> Case:
    return house.record.case("maria", scope=Scope.everywhere())


@pytest.mark.parametrize("section", [name for name in CASE_SECTIONS if name != "predicted"])
def test_every_noun_has_a_form_whose_entries_read_back(section: str, house: House, clinic) -> None:
    fields = fields_of(CASE_SECTIONS[section].type)
    assert fields
    assert len({field.name for field in fields}) == len(fields)
    for entry in house.record.entries("maria", scope=Scope.everywhere()):
        if entry.section == section:
            read = read_fields(fields, typed_from(fields, entry.value), today=TODAY)
            assert not read.messages
            assert CASE_SECTIONS[section].type is type(entry.value)
            import msgspec

            assert msgspec.convert(read.payload, type(entry.value), strict=False, str_keys=True) == msgspec.structs.replace(
                entry.value, **({"format": entry.value.format} if section == "about" else {})
            )


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"ecog": "one"}, "ecog", "Expected a whole number"),
        ({"ecog": "1.5"}, "ecog", "Expected a whole number"),
        ({"life_expectancy_months": "1,5"}, "life_expectancy_months", "Write the decimal with a point"),
        ({"life_expectancy_months": "1e400"}, "life_expectancy_months", "Expected a number"),
        ({"life_expectancy_months": "nan"}, "life_expectancy_months", "Expected a number"),
        ({"on": "2026-11-31"}, "on", "day of the calendar"),
        ({"on": "2026-11-22"}, "on", "future"),
        ({"on": "0001-01-01"}, "on", "before 1900"),
        ({"frail": "perhaps"}, "frail", "Expected one of"),
        ({"document": "x" * 201}, "document", "at most 200"),
    ],
)
def test_wrong_input_is_named_at_its_field(typed: dict[str, str], field: str, says: str) -> None:
    read = read_fields(fields_of(CASE_SECTIONS["performance"].type), typed, today=TODAY)
    assert list(read.messages) == [field]
    assert says in read.messages[field]


def test_what_was_typed_is_kept_and_nothing_is_written(clinician: Browser, house: House) -> None:
    before = house.record.version("maria", scope=Scope.everywhere())
    clinician.get(f"{MARIA}/enter/performance")
    answer = clinician.post(
        f"{MARIA}/enter/performance", {"ecog": "9", "life_expectancy_months": "1,5", "document": "clinic <1>", "on": "2026-11-20"}
    )
    assert answer.status_code == 422
    for kept in ('value="9"', 'value="1,5"', 'value="clinic &lt;1&gt;"', 'value="2026-11-20"'):
        assert kept in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert house.record.version("maria", scope=Scope.everywhere()) == before


def test_a_value_outside_its_domain_is_refused_at_its_field(clinician: Browser) -> None:
    answer = clinician.post(f"{MARIA}/enter/performance", {"ecog": "9", "on": "2026-11-20"})
    assert answer.status_code == 422
    assert 'id="ecog-wrong"' in answer.text


def test_an_entry_is_written_corrected_undone_and_withdrawn(clinician: Browser, house: House) -> None:
    clinician.get(f"{MARIA}/enter/performance")
    assert clinician.post(f"{MARIA}/enter/performance", {"ecog": "2", "on": "2026-11-20"}).status_code == 303
    entry = [one for one in house.record.entries("maria", scope=Scope.everywhere()) if one.section == "performance"][-1].id
    path = f"{MARIA}/entries/{entry}"
    assert 'value="2"' in clinician.get(path).text
    assert clinician.post(path, {"ecog": "3", "on": "2026-11-20", "reason": "misread"}).status_code == 303
    assert case_of(house).performance[-1].ecog == 3
    clinician.get(MARIA)
    assert "Corrected: Performance." in clinician.text
    assert clinician.post(f"{path}/undo", {}).status_code == 303
    assert case_of(house).performance[-1].ecog == 2
    assert clinician.post(f"{path}/withdraw", {"reason": ""}).status_code == 422
    assert clinician.post(f"{path}/withdraw", {"reason": "wrong patient"}).status_code == 303
    assert len(case_of(house).performance) == 1
    clinician.get(MARIA)
    assert clinician.post(f"{path}/undo", {}).status_code == 303
    assert case_of(house).performance[-1].ecog == 2
    assert len(house.record.history("maria", entry, scope=Scope.everywhere())) == 5


def test_a_form_sent_twice_is_written_once(clinician: Browser, house: House) -> None:
    clinician.get(f"{MARIA}/enter/performance")
    form = {"ecog": "2", "on": "2026-11-20", "seen": clinician.hidden("seen"), "request": clinician.hidden("request")}
    for _ in range(2):
        assert clinician.post(f"{MARIA}/enter/performance", form).status_code == 303
    assert len(case_of(house).performance) == 2


def test_the_second_writer_is_shown_what_changed_and_loses_nothing(clinic, clinician: Browser, house: House) -> None:
    other = Browser(clinic)
    other.sign_in("nurse-north")
    for browser in (clinician, other):
        browser.get(f"{MARIA}/enter/performance")
    first, second = ({"seen": one.hidden("seen"), "request": one.hidden("request"), "on": "2026-11-20"} for one in (clinician, other))
    assert clinician.post(f"{MARIA}/enter/performance", {**first, "ecog": "2"}).status_code == 303
    answer = other.post(f"{MARIA}/enter/performance", {**second, "ecog": "1", "document": "ward round"})
    assert answer.status_code == 409
    assert "clinician-north" in answer.text
    assert "ECOG 2" in answer.text
    assert 'value="ward round"' in answer.text
    again = {
        "seen": other.hidden("seen"),
        "request": other.hidden("request"),
        "on": "2026-11-19",
        "ecog": "1",
        "document": "ward round",
    }
    assert other.post(f"{MARIA}/enter/performance", again).status_code == 303
    assert {one.ecog for one in case_of(house).performance} == {1, 2}


def test_pci_is_scored_region_by_region(clinician: Browser, house: House) -> None:
    regions = {f"regions-{number}": "1" for number in range(13)} | {"regions-0": "3"}
    drawn = clinician.post(f"{MARIA}/drawing", regions)
    assert "PCI 15" in drawn.text
    assert drawn.text.count("data-region") == 13
    assert clinician.post(f"{MARIA}/enter/peritoneum", {**regions, "method": "laparoscopy", "on": "2026-11-20"}).status_code == 303
    assert sum(case_of(house).peritoneum[-1].regions.values()) == 15


@pytest.mark.parametrize("section", PANELS)
def test_panels_write_only_filled_rows(section: str, clinician: Browser, house: House) -> None:
    panel = panel_of(section)
    assert clinician.get(f"{MARIA}/panel/{section}").status_code == 200
    assert clinician.post(f"{MARIA}/panel/{section}", {"on": "2026-11-20"}).status_code == 422
    row = panel.rows[0]
    lead = next(column for column in panel.columns if column.name == panel.lead)
    value = {"labs": "11.5", "molecular": "mutated"}.get(section, lead.choices[0] if lead.choices else "")
    form = {"on": "2026-11-20", f"{row}-{panel.lead}": value, f"{row}-unit": panel.units.get(row, "")}
    before = len(getattr(case_of(house), section))
    row = "kras" if section == "molecular" else row
    if section == "molecular":
        form = {"on": "2026-11-20", "kras-result": "mutated"}
    answer = clinician.post(f"{MARIA}/panel/{section}", form)
    assert answer.status_code == 303, answer.text
    assert len(getattr(case_of(house), section)) == before + 1


def test_a_laboratory_value_in_a_wrong_unit_is_named_at_its_cell() -> None:
    typed = {"on": "2026-11-20", "creatinine-value": "80", "creatinine-unit": "mg/dL", "albumin-value": "37", "albumin-unit": "mL"}
    found, messages = read_panel(panel_of("labs"), typed, today=TODAY)
    assert set(messages) == {"creatinine-value", "albumin-unit"}
    assert len(found) == 2


def test_every_fact_has_a_place_where_it_is_entered() -> None:
    from peritia.case import FACTS

    for name in FACTS:
        way = way_of(name)
        fields = {field.name for field in fields_of(CASE_SECTIONS[way.section].type)}
        assert set(way.ask) <= fields, name
        assert set(way.set) <= fields, name


def test_the_board_is_drawn_anew_when_a_question_is_answered(clinician: Browser) -> None:
    page = clinician.get(f"{MARIA}/board").text
    fact = "gastrointestinal_perforation_or_fistula"
    assert f'id="q-{fact}"' in page
    form = {
        "section": "illnesses",
        "fact": fact,
        "asked": "presence ",
        "name": "gastrointestinal-perforation-or-fistula",
        "on": "2026-11-20",
    }
    empty = clinician.post(f"{MARIA}/board/answer", form, headers={"HX-Request": "true"})
    assert empty.status_code == 422
    live = clinician.post(f"{MARIA}/board/answer", {**form, "presence": "absent"}, headers={"HX-Request": "true"})
    assert live.status_code == 200
    assert "Written." in live.text
    assert f'id="q-{fact}"' not in live.text
    assert "<html" not in live.text


def test_what_contradicts_itself_stands_before_what_is_asked(clinician: Browser) -> None:
    assert 'id="h-settle"' not in clinician.get(f"{MARIA}/board").text
    assert clinician.post(f"{MARIA}/enter/peritoneum", {"method": "ct", "total": "30", "on": "2026-11-20"}).status_code == 303
    page = clinician.get(f"{MARIA}/board").text
    assert 0 < page.index('id="h-settle"') < page.index('id="h-ask"')


def test_a_decision_that_departs_needs_a_reason(clinician: Browser, house: House) -> None:
    path = f"{MARIA}/board/decide"
    assert "Choose what was decided" in clinician.post(path, {"on": "2026-11-20"}).text
    answer = clinician.post(path, {"on": "2026-11-20", "option": "crs-hipec"})
    assert answer.status_code == 422
    assert "is not open by the assessment" in answer.text
    reason = "Second opinion: resection tried after response"
    assert clinician.post(path, {"on": "2026-11-20", "option": ["crs-hipec", "palliative-care"], "reason": reason}).status_code == 303
    entry = next(one for one in house.record.entries("maria", scope=Scope.everywhere()) if one.section == "decisions")
    assert entry.value.departs
    assert entry.value.facts_hash
    assert reason in clinician.get(f"{MARIA}/board").text


def test_a_new_case_needs_its_primary_only(clinician: Browser, house: House) -> None:
    assert clinician.post("/patients/new", {"title": "Kept"}).status_code == 422
    assert 'value="Kept"' in clinician.text
    answer = clinician.post("/patients/new", {"site": "colon", "title": "Kept", "id": "study-7"})
    assert answer.headers["location"] == "/patients/study-7"
    assert house.record.row("study-7", scope=Scope.of("North")).centre == "North"
    assert "is taken" in clinician.post("/patients/new", {"site": "colon", "id": "study-7"}).text


def test_the_case_as_of_an_earlier_day(clinician: Browser) -> None:
    assert "as of 1 Sep 2025" in clinician.get(f"{MARIA}?on=2025-09-01").text
    assert clinician.get(f"{MARIA}?on=never").status_code == 422


def test_a_fact_shows_every_value_it_had_and_every_word_written_of_it(clinician: Browser) -> None:
    clinician.get(f"{MARIA}/enter/performance")
    assert clinician.post(f"{MARIA}/enter/performance", {"ecog": "2", "on": "2026-11-18"}).status_code == 303
    entry = clinician.get(MARIA).text.split("/entries/performance-")[-1].split('"')[0]
    path = f"{MARIA}/entries/performance-{entry}"
    clinician.get(path)
    assert clinician.post(path, {"ecog": "3", "on": "2026-11-18", "reason": "misread the chart"}).status_code == 303
    answer = clinician.get(f"{MARIA}/facts/ecog")
    assert answer.status_code == 200, answer.text[-900:]
    page = answer.text
    for told in ("Over time", "16 Nov 2026", "18 Nov 2026", "misread the chart", "ECOG 2", "ECOG 3"):
        assert told in page, told
    assert clinician.get(f"{MARIA}/facts/no_such_fact").status_code == 404
