"""The record on both engines: what is written is read, as of any day and as known on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from peritia.case import Case
from peritia.case.condition import Lab, Performance
from peritia.case.disease import Histology, Primary
from peritia.case.identity import BodyMeasure, Patient
from peritia.errors import InputRefused
from peritia.patients import names, read
from peritia.store import Add, Correct, Record, Scope, Withdraw, section
from peritia.store.errors import (
    CaseExists,
    CaseUnknown,
    EntryUnknown,
    EntryWithdrawn,
    NotYetSo,
    RequestReused,
    VersionConflict,
)

from .store_cast import ANNA, BEN, CARLA, NORTH, SOUTH, Clock

CASE = Case(id="c1", title="Colon cancer", primary=Primary(site="colon"), patient=Patient(sex="female", birth_date=date(1961, 5, 4)))
CREATININE = Lab(analyte="creatinine", value=88, unit="umol/L", on=date(2026, 2, 1))


def test_a_whole_case_comes_back_as_it_was(record: Record) -> None:
    for name in names():
        case = read(name)
        record.open_case(case, author=ANNA)
        assert record.case(name, scope=NORTH) == case


def test_an_entry_is_added_corrected_withdrawn_and_brought_back(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    lab = record.add("c1", "labs", CREATININE, author=ANNA).entries[0]
    record.correct("c1", lab, {"analyte": "creatinine", "value": 98, "unit": "umol/L", "on": "2026-02-01"}, author=BEN, reason="typing")
    assert [one.value for one in record.case("c1", scope=NORTH).labs] == [98]
    record.withdraw("c1", lab, author=BEN, reason="other patient's result")
    assert record.case("c1", scope=NORTH).labs == ()
    with pytest.raises(EntryWithdrawn):
        record.withdraw("c1", lab, author=BEN, reason="again")
    record.correct("c1", lab, CREATININE, author=BEN, reason="it was ours")
    assert record.case("c1", scope=NORTH).labs == (CREATININE,)
    history = record.history("c1", lab, scope=NORTH)
    assert [(one.action, one.by, one.reason) for one in history] == [
        ("add", "anna", ""),
        ("correct", "ben", "typing"),
        ("withdraw", "ben", "other patient's result"),
        ("correct", "ben", "it was ours"),
    ]


def test_as_of_leaves_out_what_was_not_yet_so(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    for month in (1, 2, 3):
        record.add("c1", "performance", Performance(ecog=month - 1, on=date(2026, month, 10)), author=ANNA)
    record.add("c1", "body", BodyMeasure(weight_kg=61, on=date(2026, 2, 20)), author=ANNA)
    assert [one.ecog for one in record.case("c1", scope=NORTH, as_of=date(2026, 2, 10)).performance] == [0, 1]
    assert record.case("c1", scope=NORTH, as_of=date(2026, 2, 19)).patient.body == ()
    assert record.case("c1", scope=NORTH, as_of=date(2026, 2, 20)).patient.body[0].weight_kg == 61


def test_as_known_shows_what_the_board_saw_then(record: Record, clock: Clock) -> None:
    record.open_case(CASE, author=ANNA)
    lab = record.add("c1", "labs", CREATININE, author=ANNA).entries[0]
    clock.at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    record.correct("c1", lab, msgspec.structs.replace(CREATININE, value=180.0), author=BEN)
    assert record.case("c1", scope=NORTH, known_on=date(2026, 3, 19)).labs[0].value == 88
    assert record.case("c1", scope=NORTH, known_on=date(2026, 3, 20)).labs[0].value == 180
    assert record.case("c1", scope=NORTH, known_on=datetime(2026, 3, 20, 9, 0, 0, tzinfo=UTC)).labs[0].value == 88
    with pytest.raises(NotYetSo):
        record.case("c1", scope=NORTH, known_on=date(2026, 2, 28))


def test_a_single_section_is_replaced_from_its_day_on(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    record.add("c1", "histology", Histology(grade="G1", on=date(2025, 1, 1)), author=ANNA)
    record.add("c1", "histology", Histology(grade="G3", on=date(2026, 1, 1)), author=ANNA)
    late = record.add("c1", "histology", Histology(grade="G2", on=date(2025, 6, 1)), author=ANNA).entries[0]

    def grade(*day: int) -> str | None:
        histology = record.case("c1", scope=NORTH, as_of=date(*day)).histology
        return histology.grade if histology else None

    assert [grade(2024, 1, 1), grade(2025, 2, 1), grade(2025, 7, 1), grade(2026, 2, 1)] == [None, "G1", "G2", "G3"]
    record.withdraw("c1", late, author=ANNA, reason="other patient")
    assert grade(2025, 7, 1) == "G1"
    record.add("c1", "histology", Histology(grade="G2"), author=ANNA)
    assert [grade(2024, 1, 1), grade(2026, 2, 1)] == ["G2", "G2"]


def test_several_changes_are_written_together_or_not_at_all(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    before = record.version("c1", scope=NORTH)
    with pytest.raises(InputRefused) as refused:
        record.write("c1", [Add(section="labs", payload=CREATININE), Add(section="labs", payload={"analyte": "creatinin"})], author=ANNA)
    assert [one.path for one in refused.value.problems] == ["[1].analyte"]
    assert record.version("c1", scope=NORTH) == before
    lab = Add(section="labs", payload=CREATININE)
    receipt = record.write("c1", [lab, lab], author=ANNA)
    changes = [Withdraw(entry=receipt.entries[0], reason="twice"), Correct(entry=receipt.entries[1], payload=CREATININE)]
    assert record.write("c1", changes, author=ANNA).version == before + 4


@pytest.mark.parametrize(
    ("name", "payload", "path"),
    [
        ("labs", {"analyte": "creatinine", "valeu": 3}, "valeu"),
        ("labs", {"analyte": "creatinine", "value": float("nan")}, "value"),
        ("labs", Lab(analyte="creatinine", value=float("inf")), "value"),
        ("labs", {"analyte": object()}, ""),
        ("lab", {}, "section"),
        ("patient", {"body": [{"weight_kg": 60}]}, "body"),
        ("about", {"story": "half \ud800 letter"}, "story"),
        ("performance", {"ecog": 9, "on": "2026-01-01"}, "ecog"),
    ],
)
def test_a_wrong_entry_is_refused_by_field_and_nothing_is_written(record: Record, name: str, payload: object, path: str) -> None:
    record.open_case(CASE, author=ANNA)
    before = record.version("c1", scope=NORTH)
    with pytest.raises(InputRefused) as refused:
        record.add("c1", name, payload, author=ANNA, request="r")
    assert refused.value.problems[0].path == path
    assert record.version("c1", scope=NORTH) == before


def test_a_contradiction_is_named_where_the_writer_knows_it(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    lab = Add(section="labs", payload=CREATININE)
    with pytest.raises(InputRefused) as refused:
        record.write("c1", [lab, Add(section="labs", payload={"analyte": "crp", "value": 3})], author=ANNA)
    assert [one.path.split(".")[0] for one in refused.value.problems] == ["[1]"]
    old = record.add("c1", "performance", Performance(ecog=1, on=date(2020, 1, 1)), author=ANNA).entries[0]
    with pytest.raises(InputRefused) as refused:
        record.add("c1", "patient", {"sex": "female", "birth_date": "2021-01-01"}, author=ANNA)
    assert {one.path for one in refused.value.problems} <= {f"{old}.on", old, "birth_date"}
    with pytest.raises(InputRefused) as refused:
        record.add("c1", "body", {"weight_kg": 9000, "on": "2026-01-01"}, author=ANNA)
    assert {one.path for one in refused.value.problems} == {"weight_kg"}


def test_the_primary_cannot_be_withdrawn(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    primary = next(one.id for one in record.entries("c1", scope=NORTH) if one.section == "primary")
    with pytest.raises(InputRefused, match="cannot do without its primary"):
        record.withdraw("c1", primary, author=ANNA, reason="wrong")


def test_authors_and_reasons_are_needed(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    with pytest.raises(InputRefused, match="by"):
        record.add("c1", "labs", CREATININE, author=msgspec.structs.replace(ANNA, by=" "))
    lab = record.add("c1", "labs", CREATININE, author=ANNA).entries[0]
    with pytest.raises(InputRefused, match="reason"):
        record.withdraw("c1", lab, author=ANNA, reason="")


def test_the_second_of_two_writers_is_shown_what_changed(record: Record) -> None:
    seen = record.open_case(CASE, author=ANNA).version
    record.add("c1", "labs", CREATININE, author=ANNA, expected_version=seen)
    with pytest.raises(VersionConflict, match="add labs-4 by anna") as conflict:
        record.add("c1", "performance", Performance(ecog=1), author=BEN, expected_version=seen)
    assert [one.entry for one in conflict.value.between] == ["labs-4"]
    assert "88" not in str(conflict.value)
    record.add("c1", "performance", Performance(ecog=1), author=BEN, expected_version=conflict.value.version)
    case = record.case("c1", scope=NORTH)
    assert case.labs
    assert case.performance
    with pytest.raises(VersionConflict, match="below the version"):
        record.add("c1", "performance", Performance(ecog=1), author=BEN, expected_version=99)


def test_a_write_sent_again_is_answered_as_before(record: Record) -> None:
    seen = record.open_case(CASE, author=ANNA, request="open").version
    assert record.open_case(CASE, author=ANNA, request="open").version == seen
    first = record.add("c1", "labs", CREATININE, author=ANNA, request="r1", expected_version=seen)
    record.add("c1", "performance", Performance(ecog=1), author=ANNA)
    assert record.add("c1", "labs", CREATININE, author=ANNA, request="r1", expected_version=seen) == first
    assert len(record.case("c1", scope=NORTH).labs) == 1
    with pytest.raises(RequestReused):
        record.add("c1", "labs", msgspec.structs.replace(CREATININE, value=99.0), author=ANNA, request="r1")


def test_a_centre_sees_its_own_cases_only(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    entry = record.entries("c1", scope=NORTH)[0].id
    reads = [record.case, record.entries, record.history, record.row, record.version]
    for read_one in reads:
        with pytest.raises(CaseUnknown):
            read_one("c1", scope=SOUTH)
        read_one("c1", scope=Scope.everywhere())
    assert record.search(scope=SOUTH) == ()
    with pytest.raises(CaseUnknown):
        record.add("c1", "labs", CREATININE, author=CARLA)
    with pytest.raises(CaseUnknown):
        record.withdraw("c1", entry, author=CARLA, reason="not mine")
    with pytest.raises(CaseExists):
        record.open_case(CASE, author=CARLA)
    record.open_case(msgspec.structs.replace(CASE, id="c2"), author=ANNA, request="same")
    record.open_case(msgspec.structs.replace(CASE, id="c3"), author=CARLA, request="same")


def test_search_finds_by_word_id_and_primary_page_by_page(record: Record) -> None:
    for number in range(7):
        site = "ovary" if number % 2 else "colon"
        title = f"Große Straße {number} 100%"
        record.open_case(msgspec.structs.replace(CASE, id=f"c{number}", title=title, primary=Primary(site=site)), author=ANNA)
    assert [one.case_id for one in record.search(scope=NORTH, limit=2)] == ["c6", "c5"]
    assert [one.case_id for one in record.search("STRASSE 3", scope=NORTH)] == ["c3"]
    assert len(record.search("100%", scope=NORTH)) == 7
    assert record.search("%_%", scope=NORTH) == ()
    assert [one.case_id for one in record.search("c2", scope=NORTH)] == ["c2"]
    assert [one.case_id for one in record.search(scope=NORTH, primary="ovary")] == ["c5", "c3", "c1"]
    pages, after = [], ""
    while page := record.search(scope=NORTH, limit=3, after=after):
        pages += [one.case_id for one in page]
        after = page[-1].place
    assert pages == [f"c{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_the_index_follows_title_and_primary(record: Record) -> None:
    record.open_case(CASE, author=ANNA)
    record.add("c1", "about", {"title": "Second title"}, author=ANNA)
    record.add("c1", "primary", Primary(site="ovary"), author=ANNA)
    row = record.row("c1", scope=NORTH)
    assert (row.title, row.primary_site, row.version) == ("Second title", "ovary", 5)
    assert row.updated_at > row.opened_at


def test_further_sections_are_kept_beside_the_case(place, clock: Clock) -> None:
    class Decision(msgspec.Struct, frozen=True):
        option: str
        on: date

    with Record.open(place, clock=clock, sections=[section("decisions", Decision)]) as record:
        record.open_case(CASE, author=ANNA)
        record.add("c1", "decisions", Decision("pipac", date(2026, 2, 1)), author=BEN)
        found = [one.value for one in record.entries("c1", scope=NORTH) if one.section == "decisions"]
        assert found == [Decision("pipac", date(2026, 2, 1))]
        assert record.case("c1", scope=NORTH) == CASE


def test_the_record_goes_on_when_opened_again(place, clock: Clock) -> None:
    with Record.open(place, clock=clock) as record:
        record.open_case(CASE, author=ANNA)
        head = record.head()
    with Record.open(place, clock=clock) as record:
        assert record.head() == head
        record.add("c1", "labs", CREATININE, author=ANNA)
        with pytest.raises(EntryUnknown):
            record.history("c1", "labs-99", scope=NORTH)


def test_a_clock_set_back_does_not_set_the_record_back(record: Record, clock: Clock) -> None:
    first = record.open_case(CASE, author=ANNA)
    clock.at = datetime(2020, 1, 1, tzinfo=UTC)
    second = record.add("c1", "labs", CREATININE, author=ANNA)
    event = record.history("c1", second.entries[0], scope=NORTH)[0]
    assert event.written_at == first.written_at
    assert event.claimed_at.startswith("2020-01-01")
