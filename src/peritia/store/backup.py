"""Backup and restore, each one call; a copy counts only when it has been read back and found equal.

A backup is a folder: the events (a SQLite file made by SQLite's own online backup, or an export file from Postgres), the signed heads up to
there, and a signed statement of how far it goes. The key file is not in it: keep its copy elsewhere. Either kind restores to either engine.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from peritia.store import ledger, migrations
from peritia.store.audit import Verification, verify
from peritia.store.chain import signature
from peritia.store.database import connect, named_errors, reading, url_of
from peritia.store.errors import NotEmpty, RecordShortened, TransferRefused
from peritia.store.event import Event, stamp
from peritia.store.exchange import read_export
from peritia.store.heads import append_head, last_head, read_heads
from peritia.store.keys import KeyRing, read_ring
from peritia.store.ledger import head_of, sealing_key
from peritia.store.place import Place
from peritia.store.record import Record
from peritia.store.transfer import export_connection, load_whole

FORMAT = "peritia-backup/1"
_DATABASE, _EVENTS, _HEADS, _STATEMENT = "record.sqlite", "events.ndjson", "heads.jsonl", "backup.json"


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup is: of which chain, how far it goes, when it was made."""

    format: str
    chain: str
    events: int
    last_hash: str
    made_at: str
    file: str
    key: str
    signature: str = ""

    def content(self) -> dict[str, object]:
        """What is signed."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "signature"}


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """How far the restored record goes, and how many events that were once acknowledged it lacks."""

    events: int
    last_hash: str
    lost: int


@named_errors()
def backup(record: Record, folder: Path, *, now: datetime) -> Statement:
    """Copy the record to a new folder while it is in use, read the copy back, and sign how far it goes."""
    if folder.exists() and any(folder.iterdir()):
        raise NotEmpty(f"The folder {folder.name} is not empty", "a new folder for each backup")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = record.ring()
    if record.place.sqlite_file:
        _copy_sqlite(record.place.sqlite_file, folder / _DATABASE)
    else:
        with reading(record.engine) as connection:
            export_connection(connection, ring, folder / _EVENTS, now)
    file = _DATABASE if record.place.sqlite_file else _EVENTS
    count, last_hash = _read_back(folder / file, ring)
    _copy_heads(record.place.heads_file, folder / _HEADS, count)
    key = ring.keys[-1]
    statement = Statement(format=FORMAT, chain=ring.chain, events=count, last_hash=last_hash, made_at=stamp(now), file=file, key=key.id)
    statement = msgspec.structs.replace(statement, signature=signature(key.secret_bytes, statement.content()))
    _write(folder / _STATEMENT, msgspec.json.format(msgspec.json.encode(statement), indent=1) + b"\n")
    return statement


@named_errors()
def restore(folder: Path, place: Place, *, accept_loss: bool = False) -> Restored:
    """Bring a backup back to an empty place, whole and proven equal, or not at all.

    The place's key file must be there. When the place's signed heads speak of events after the backup, ``RecordShortened`` says how many
    are lost; ``accept_loss`` restores all the same and leaves a signed note of it beside the heads.
    """
    ring = read_ring(place.key_file)
    statement = read_statement(folder, ring)
    signed = last_head(place.heads_file, ring)
    lost = max(0, signed.seq - statement.events) if signed else 0
    if lost and not accept_loss:
        hint = "look for a later backup; if there is none, restore with accept-loss, which stays on file"
        raise RecordShortened(f"The backup ends at event {statement.events}, signed heads speak of {lost} more", "the latest backup", hint)
    file = place.sqlite_file
    if file and file.exists() and file.stat().st_size:
        raise NotEmpty(f"A file {file.name} stands there", "an empty place", "move it away; keep it until the restored record is proven")
    if not file or statement.file == _EVENTS:
        with _opened(place) as engine:
            load_whole(engine, _events(folder / statement.file, ring))
            _prove(engine, ring, statement)
    else:
        _restore_file(folder / _DATABASE, file, ring, statement)
    if signed is None:
        _copy_heads(folder / _HEADS, place.heads_file, statement.events)
    _note(place, ring, statement, lost)
    return Restored(events=statement.events, last_hash=statement.last_hash, lost=lost)


def read_statement(folder: Path, ring: KeyRing) -> Statement:
    """What a backup says it is, its signature held against the key ring."""
    try:
        statement = msgspec.json.decode((folder / _STATEMENT).read_bytes(), type=Statement)
    except (OSError, msgspec.DecodeError):
        raise TransferRefused(f"Found no backup in {folder.name}", "a folder written by 'record backup'") from None
    key = ring.find(statement.key)
    if statement.chain != ring.chain or key is None or signature(key.secret_bytes, statement.content()) != statement.signature:
        raise TransferRefused("The backup is not of this record, or was changed", "a backup of the record that the key file belongs to")
    return statement


def _restore_file(source: Path, file: Path, ring: KeyRing, statement: Statement) -> None:
    """Prove the copy beside the place, then move it in."""
    draft = file.with_name(f".{file.name}.part")
    draft.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        _copy_sqlite(source, draft)
        with _engine(draft) as engine:
            _prove(engine, ring, statement)
        draft.replace(file)
    finally:
        for rest in draft.parent.glob(f"{draft.stem}*"):
            rest.unlink(missing_ok=True)


def _prove(engine: Engine, ring: KeyRing, statement: Statement) -> None:
    found = verify(engine, ring)
    if not found.whole or (found.last_seq, found.last_hash) != (statement.events, statement.last_hash):
        what = str(found.findings[0]) if found.findings else f"it ends at event {found.last_seq}"
        raise TransferRefused(f"The copy is not what the backup's statement says: {what}", f"{statement.events} sound events")


def _read_back(file: Path, ring: KeyRing) -> tuple[int, str]:
    if file.name == _EVENTS:
        count, last_hash = 0, ""
        for event in read_export(file, ring):
            count, last_hash = count + 1, event.hash
        return count, last_hash
    with _engine(file) as engine:
        found: Verification = verify(engine, ring)
    if not found.whole:
        hint = "see 'peritia audit verify'; restore from an earlier backup"
        raise TransferRefused(f"The record itself is not sound: {found.findings[0]}", "a sound record", hint)
    return found.last_seq, found.last_hash


def _events(file: Path, ring: KeyRing) -> Iterator[Event]:
    if file.name == _EVENTS:
        yield from read_export(file, ring)
        return
    with _engine(file) as engine, reading(engine) as connection:
        yield from ledger.read_events(connection)


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: one state of the record, though others write meanwhile. The copy is seen on the disk."""
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)
    _sync(target)


def _copy_heads(source: Path, target: Path, until: int) -> None:
    heads = [head for _, head in read_heads(source) if head is not None and head.seq <= until]
    _write(target, b"".join(msgspec.json.encode(head) + b"\n" for head in heads))


def _note(place: Place, ring: KeyRing, statement: Statement, lost: int) -> None:
    """A head for where the restored record ends; it names what was lost."""
    with _opened(place) as engine, reading(engine) as connection:
        last = ledger.last_event(connection)
    if last is not None:
        head = head_of(last, ring.chain, sealing_key(ring, last), statement.events + lost if lost else 0)
        append_head(place.heads_file, head)


@contextmanager
def _engine(file: Path) -> Generator[Engine]:
    """A copy, opened and closed again as one plain file without what WAL keeps beside it."""
    engine = connect(url_of(file))
    try:
        yield engine
    finally:
        engine.dispose()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _opened(place: Place) -> Generator[Engine]:
    engine = connect(place.url)
    try:
        migrations.upgrade(engine)
        yield engine
    finally:
        engine.dispose()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
    _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
