"""Export, import, backup, restore: nothing is lost on the way, and a file that was changed is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from peritia.case import Case
from peritia.case.condition import Lab
from peritia.errors import PeritiaError
from peritia.patients import read
from peritia.store import Place, Record, Scope
from peritia.store.audit import verify
from peritia.store.backup import backup, restore
from peritia.store.database import connect
from peritia.store.errors import CaseExists, CaseUnknown, KeyMissing, NotEmpty, RecordShortened, TransferRefused
from peritia.store.exchange import read_export
from peritia.store.keys import new_ring, write_ring
from peritia.store.transfer import export_cases, export_whole, import_cases, load_whole

from .store_cast import ANNA, BEN, CARLA, NORTH, Clock

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALL = Scope.everywhere()
MOMENTS = [date(2026, 3, day) for day in (1, 2, 3)]


@pytest.fixture
def full(record: Record, clock: Clock) -> Record:
    """A record with a past: three days of writing, a correction, a withdrawal, a turned key."""
    record.open_case(read("maria"), author=ANNA)
    record.open_case(read("anton"), author=CARLA)
    clock.at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    labs = [
        record.add("maria", "labs", Lab(analyte="cea", value=value, unit="ug/L", on=date(2026, 2, 2)), author=ANNA).entries[0]
        for value in (3, 4)
    ]
    record.rotate_key(author=BEN)
    clock.at = datetime(2026, 3, 3, 8, tzinfo=UTC)
    record.correct("maria", labs[0], {"analyte": "cea", "value": 30, "unit": "ug/L"}, author=BEN, reason="comma")
    record.withdraw("maria", labs[1], author=BEN, reason="twice")
    return record


def replays(record: Record) -> list[Case]:
    return [
        record.case(name, scope=ALL, known_on=known, as_of=as_of)
        for name in ("maria", "anton")
        for known in MOMENTS
        for as_of in (None, date(2026, 2, 1), date(2025, 6, 1))
    ]


def test_a_backup_restores_to_the_same_record_on_either_engine(
    full: Record, new_place: Callable[[], Place], folder: Path, clock: Clock
) -> None:
    statement = backup(full, folder / "backup", now=NOW)
    sqlite = msgspec.structs.replace(new_place(), key_file=full.place.key_file)
    for target in (new_place(), sqlite):
        target.key_file.parent.mkdir(parents=True, exist_ok=True)
        if target.key_file != full.place.key_file:
            shutil.copy(full.place.key_file, target.key_file)
        restored = restore(folder / "backup", target)
        assert (restored.events, restored.last_hash, restored.lost) == (statement.events, statement.last_hash, 0)
        with Record.open(target, clock=clock) as copy:
            assert copy.head() == full.head()
            assert replays(copy) == replays(full)
            assert verify(copy.engine, copy.ring(), target).whole
            copy.add("maria", "labs", Lab(analyte="crp", value=1, unit="mg/L"), author=ANNA)
            assert verify(copy.engine, copy.ring(), target).whole


def test_a_backup_of_one_engine_restores_to_the_other(full: Record, folder: Path, clock: Clock, request: pytest.FixtureRequest) -> None:
    backup(full, folder / "backup", now=NOW)
    from peritia.store import place_of

    keep = {"key_file": full.place.key_file, "heads_file": folder / "other.heads.jsonl"}
    if full.place.sqlite_file:
        target = place_of(request.getfixturevalue("postgres").new_database(), **keep)
    else:
        target = place_of(folder / "other.sqlite", **keep)
    restore(folder / "backup", target)
    with Record.open(target, clock=clock) as copy:
        assert copy.head() == full.head()
        assert replays(copy) == replays(full)


def test_a_backup_does_not_hold_the_key(full: Record, folder: Path) -> None:
    backup(full, folder / "backup", now=NOW)
    secrets = [key.secret.encode() for key in full.ring().keys]
    for file in (folder / "backup").iterdir():
        assert not any(secret in file.read_bytes() for secret in secrets)


def test_restore_says_what_is_lost_and_needs_a_word_for_it(full: Record, sqlite_place: Place, folder: Path, clock: Clock) -> None:
    backup(full, folder / "backup", now=NOW)
    full.add("maria", "labs", Lab(analyte="crp", value=1, unit="mg/L"), author=ANNA)
    place = Place(sqlite_place.url, full.place.key_file, full.place.heads_file)
    with pytest.raises(RecordShortened, match="speak of 1 more"):
        restore(folder / "backup", place)
    assert restore(folder / "backup", place, accept_loss=True).lost == 1
    with Record.open(place, clock=clock) as copy:
        copy.add("maria", "labs", Lab(analyte="crp", value=2, unit="mg/L"), author=ANNA)
        found = verify(copy.engine, copy.ring(), place)
        assert found.whole
        assert "were lost at a restore" in found.notes[0]


def test_restore_refuses_a_changed_backup_a_full_place_and_a_missing_key(full: Record, sqlite_place: Place, folder: Path) -> None:
    statement = backup(full, folder / "backup", now=NOW)
    with pytest.raises(NotEmpty):
        backup(full, folder / "backup", now=NOW)
    with pytest.raises(KeyMissing):
        restore(folder / "backup", sqlite_place)
    with pytest.raises(NotEmpty):
        restore(folder / "backup", full.place)
    place = Place(sqlite_place.url, full.place.key_file, folder / "fresh.jsonl")
    file = folder / "backup" / statement.file
    data = file.read_bytes()
    where = data.index(b"data-manager")
    file.write_bytes(data[:where] + b"D" + data[where + 1 :])
    with pytest.raises(TransferRefused):
        restore(folder / "backup", place)
    assert not place.sqlite_file or not place.sqlite_file.exists() or connect(place.url)
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(PeritiaError):
        restore(folder / "backup", msgspec.structs.replace(place, url=place.url.set(database=str(folder / "second.sqlite"))))


def test_the_whole_record_goes_out_and_in_seal_for_seal(full: Record, new_place: Callable[[], Place], folder: Path, clock: Clock) -> None:
    assert export_whole(full, folder / "all.ndjson", now=NOW) == full.head().seq
    target = msgspec.structs.replace(new_place(), key_file=full.place.key_file)
    from peritia.store import migrations

    engine = connect(target.url)
    migrations.upgrade(engine)
    last = load_whole(engine, read_export(folder / "all.ndjson", full.ring()))
    assert last == full.head()
    with pytest.raises(NotEmpty):
        load_whole(engine, read_export(folder / "all.ndjson", full.ring()))
    engine.dispose()
    with Record.open(target, clock=clock) as copy:
        assert replays(copy) == replays(full)


def test_a_case_goes_to_another_record_without_loss(full: Record, new_place: Callable[[], Place], folder: Path, clock: Clock) -> None:
    assert export_cases(full, ["maria"], folder / "maria.ndjson", scope=NORTH, now=NOW) == full.version("maria", scope=NORTH)
    clock.at = NOW
    with Record.open(new_place(), clock=clock) as other:
        other.open_case(read("ruth"), author=CARLA)
        with pytest.raises(TransferRefused, match="another record"):
            import_cases(other, folder / "maria.ndjson", author=CARLA, now=NOW)
        done = import_cases(other, folder / "maria.ndjson", author=CARLA, now=NOW, source_ring=full.ring())
        assert done.cases == ("maria",)
        for known in MOMENTS:
            for as_of in (None, date(2025, 6, 1)):
                asked = {"scope": NORTH, "known_on": known, "as_of": as_of}
                assert other.case("maria", **asked) == full.case("maria", **asked)
        ours, theirs = other.history("maria", scope=NORTH), full.history("maria", scope=NORTH)
        kept = ("version", "action", "section", "entry", "payload", "so_on", "reason", "by", "role", "client", "known_at")
        assert [[getattr(one, name) for name in kept] for one in ours] == [[getattr(one, name) for name in kept] for one in theirs]
        assert msgspec.json.decode(ours[-1].origin)["hash"] == theirs[-1].hash
        again = import_cases(other, folder / "maria.ndjson", author=CARLA, now=NOW, source_ring=full.ring())
        assert (again.events, again.here_already) == (0, ("maria",))
        assert verify(other.engine, other.ring(), other.place).whole
        other.add("maria", "labs", Lab(analyte="crp", value=1, unit="mg/L"), author=ANNA)


def test_export_keeps_to_the_scope(full: Record, folder: Path) -> None:
    with pytest.raises(CaseUnknown):
        export_cases(full, ["maria", "anton"], folder / "both.ndjson", scope=NORTH, now=NOW)
    assert not (folder / "both.ndjson").exists()


def test_an_import_takes_all_or_nothing(full: Record, new_place: Callable[[], Place], folder: Path, clock: Clock) -> None:
    export_cases(full, ["anton", "maria"], folder / "both.ndjson", scope=ALL, now=NOW)
    with Record.open(new_place(), clock=clock) as other:
        other.open_case(msgspec.structs.replace(read("ruth"), id="maria"), author=ANNA)
        with pytest.raises(CaseExists):
            import_cases(other, folder / "both.ndjson", author=ANNA, now=NOW, source_ring=full.ring())
        assert [one.case_id for one in other.search(scope=ALL)] == ["maria"]


@pytest.mark.parametrize("harm", ["line lost", "lines swapped", "byte", "cut", "empty", "end forged"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_harmed_export_is_refused(sqlite_record: Record, folder: Path, harm: str, whole: bool) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    path = folder / "file.ndjson"
    if whole:
        export_whole(sqlite_record, path, now=NOW)
    else:
        export_cases(sqlite_record, ["maria"], path, scope=ALL, now=NOW)
    lines = path.read_bytes().splitlines(keepends=True)
    if harm == "line lost":
        del lines[3]
    elif harm == "lines swapped":
        lines[3], lines[4] = lines[4], lines[3]
    elif harm == "byte":
        lines[3] = lines[3].replace(b"anna", b"anne")
    elif harm == "cut":
        del lines[-1]
    elif harm == "empty":
        del lines[1:]
    else:
        lines[-1] = lines[-1].replace(b'"key":"k1"', b'"key":"k9"')
    path.write_bytes(b"".join(lines))
    with pytest.raises(TransferRefused):
        list(read_export(path, sqlite_record.ring()))


def test_a_strange_key_reads_no_export(sqlite_record: Record, folder: Path) -> None:
    sqlite_record.open_case(read("maria"), author=ANNA)
    export_whole(sqlite_record, folder / "all.ndjson", now=NOW)
    stranger = msgspec.structs.replace(write_ring(folder / "k.key", new_ring()), chain=sqlite_record.ring().chain)
    with pytest.raises(TransferRefused, match="not sound"):
        list(read_export(folder / "all.ndjson", stranger))
