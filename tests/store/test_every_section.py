"""Every kind of entry that there is goes out to a file and into another record without loss, and through a backup to the other engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from peritia.case.case import NotUnderstood
from peritia.case.prediction import Prediction
from peritia.case.treatment import Radiation
from peritia.course import AdverseEvent, Attribution, Booking, QlqAnswers, Specimens
from peritia.course.event import StepSigned
from peritia.course.findings import Biopsy
from peritia.on_record import FURTHER, Chosen, Decision, EmergencyAccess, session_event
from peritia.patients import read
from peritia.store import CASE_SECTIONS, Place, Record
from peritia.store.audit import verify
from peritia.store.backup import backup, restore
from peritia.store.transfer import export_cases, import_cases

from .store_cast import ANNA, BEN, NORTH, Clock

PATIENTS = ("anton", "chiara", "elena", "nora")
"""Between them they have an entry in every section that shipped patients have."""
DAY, NOW = date(2026, 2, 2), datetime(2026, 6, 1, tzinfo=UTC)
BESIDE: dict[str, Any] = {
    "radiation": Radiation(on=DAY),
    "predicted": Prediction(on=DAY, technique="pipac", model="peritia", coverage=0.4),
    "not_understood": NotUnderstood(where="Observation/1", what="code 1-8", why="no such code"),
    "decisions": Decision(
        on=DAY, chosen=(Chosen(option="pipac", name="PIPAC", verdict="open"),), departs=False, program="p", knowledge_version="1",
        knowledge_hash="a", facts_hash="b",
    ),
    "session-events": session_event(
        DAY, "s1", StepSigned(at=NOW, by="anna", role="nurse", step="time-out", recorded={"bar": 12.0, "word": "änd"})
    ),
    "emergencies": EmergencyAccess(on=DAY, by="ben", centres=("South",), reason="bleeding, on the table", until=NOW),
    "adverse-events": AdverseEvent(
        term="Nausea", onset=DAY, grade=2, version="5.0", attributions=(Attribution(to="intraperitoneal-drug", certainty="probable"),)
    ),
    "specimens": Specimens(on=DAY, session="s1", biopsies=(Biopsy(place="pelvis", region=6, prgs=2), Biopsy(place="omentum"))),
    "quality-of-life": QlqAnswers(on=DAY, items=dict.fromkeys(range(1, 31), 1)),
    "bookings": Booking(first_on=date(2027, 1, 4), kind="systemic", what="FOLFOX", cycles=3, every_days=14, days=2),
}  # fmt: skip


@pytest.fixture
def everything(place: Place, clock: Clock) -> Iterator[Record]:
    """A few patients, and on one of them an entry of each further kind, corrected and withdrawn."""
    with Record.open(place, clock=clock, sections=FURTHER) as record:
        for name in PATIENTS:
            record.open_case(read(name), author=ANNA)
        for section, entry in BESIDE.items():
            kept, other = (record.add("nora", section, entry, author=ANNA).entries[0] for _ in range(2))
            record.correct("nora", kept, entry, author=BEN, reason="looked at again")
            record.withdraw("nora", other, author=BEN, reason="written twice")
        yield record


def said(record: Record) -> list[tuple[object, ...]]:
    """All that the record says of every case: as it stands, on an earlier day, and as known before the additions."""
    found: list[tuple[object, ...]] = []
    for name in PATIENTS:
        for day in (None, date(2026, 1, 1)):
            case, entries = record.case_and_entries(name, scope=NORTH, as_of=day)
            found += [(name, day, case), *((name, day, one.id, one.section, one.value, one.so_on, one.by, one.known_at) for one in entries)]
        found += [(one.version, one.action, one.entry, one.payload, one.so_on) for one in record.history(name, scope=NORTH)]
    return found


def test_every_section_is_tried(everything: Record) -> None:
    stands = {one.section for name in PATIENTS for one in everything.entries(name, scope=NORTH)}
    assert stands == {*CASE_SECTIONS, *(one.name for one in FURTHER)}
    for section, entry in BESIDE.items():
        assert entry in [one.value for one in everything.entries("nora", scope=NORTH) if one.section == section]


def test_export_and_import_lose_nothing(everything: Record, new_place: Callable[[], Place], folder: Path, clock: Clock) -> None:
    export_cases(everything, PATIENTS, folder / "all.ndjson", scope=NORTH, now=NOW)
    clock.at = NOW
    with Record.open(new_place(), clock=clock, sections=FURTHER) as other:
        done = import_cases(other, folder / "all.ndjson", author=ANNA, now=NOW, source_ring=everything.ring())
        assert done.cases == PATIENTS
        assert said(other) == said(everything)
        assert verify(other.engine, other.ring(), other.place).whole


def test_backup_and_restore_lose_nothing(everything: Record, new_place: Callable[[], Place], folder: Path, clock: Clock) -> None:
    backup(everything, folder / "backup", now=NOW)
    target = new_place()
    target.key_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(everything.place.key_file, target.key_file)
    restore(folder / "backup", target)
    with Record.open(target, clock=clock, sections=FURTHER) as other:
        assert said(other) == said(everything)


def test_a_side_effect_is_so_from_its_onset(everything: Record) -> None:
    event = msgspec.structs.replace(BESIDE["adverse-events"], term="Fever", onset=date(2026, 2, 20))
    everything.add("anton", "adverse-events", event, author=ANNA)

    def seen(day: date) -> list[str]:
        return [one.value.term for one in everything.entries("anton", scope=NORTH, as_of=day) if one.section == "adverse-events"]

    assert (seen(date(2026, 2, 19)), seen(date(2026, 2, 20))) == ([], ["Fever"])


def test_a_record_opened_without_the_further_sections_still_exports_them(
    everything: Record, new_place: Callable[[], Place], folder: Path, clock: Clock
) -> None:
    with Record.open(everything.place, clock=clock) as bare:
        export_cases(bare, ["nora"], folder / "nora.ndjson", scope=NORTH, now=NOW)
    with Record.open(new_place(), clock=clock) as bare:
        import_cases(bare, folder / "nora.ndjson", author=ANNA, now=NOW, source_ring=everything.ring())
        with Record.open(bare.place, clock=clock, sections=FURTHER) as other:
            ours = [(one.id, one.value) for one in other.entries("nora", scope=NORTH)]
            assert ours == [(one.id, one.value) for one in everything.entries("nora", scope=NORTH)]
