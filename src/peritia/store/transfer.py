"""Cases and whole records out to files and in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, insert

from peritia.store import index, ledger
from peritia.store.database import reading, writing
from peritia.store.errors import CaseExists, CaseUnknown, NotEmpty, TransferRefused
from peritia.store.event import Author, Event, Scope, fields_of, stamp
from peritia.store.exchange import FORMAT, Top, read_export, read_top, write_export
from peritia.store.heads import append_head
from peritia.store.keys import KeyRing
from peritia.store.ledger import Ledger, Note, sealing_key
from peritia.store.record import Record
from peritia.store.tables import events

_BATCH = 1_000


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import took over, and which cases had been taken over before and were left as they are."""

    events: int
    cases: tuple[str, ...]
    here_already: tuple[str, ...] = ()


def export_whole(record: Record, path: Path, *, now: datetime) -> int:
    """Every event of the record to a file; their number. For administrators: there is no scope."""
    with reading(record.engine) as connection:
        return export_connection(connection, record.ring(), path, now)


def export_connection(connection: Connection, ring: KeyRing, path: Path, now: datetime) -> int:
    """Every event that a transaction sees."""
    top = Top(format=FORMAT, chain=ring.chain, made_at=stamp(now))
    return write_export(path, top, ledger.read_events(connection), sealing_key(ring, ledger.last_event(connection)))


def export_cases(record: Record, case_ids: Sequence[str], path: Path, *, scope: Scope, now: datetime) -> int:
    """The events of some cases to a file; their number. Raises ``CaseUnknown`` for a case out of scope."""
    wanted = tuple(dict.fromkeys(case_ids))
    for case_id in wanted:
        record.row(case_id, scope=scope)
    if not wanted:
        raise CaseUnknown("")
    ring = record.ring()
    with reading(record.engine) as connection:
        found = (event for case_id in wanted for event in ledger.read_events(connection, case_id=case_id))
        top = Top(format=FORMAT, chain=ring.chain, made_at=stamp(now), cases=wanted)
        return write_export(path, top, found, sealing_key(ring, ledger.last_event(connection)))


def load_whole(engine: Engine, found: Iterable[Event]) -> Event:
    """Put a whole record's events, seal for seal, into an empty place; all or nothing. Returns the last."""
    with writing(engine) as connection:
        if ledger.last_event(connection) is not None:
            raise NotEmpty("The place holds a record already", "an empty place", "give another file or database")
        batch, last = list[dict[str, Any]](), None
        for last in found:
            batch.append(fields_of(last))
            if len(batch) == _BATCH:
                connection.execute(insert(events), batch)
                batch.clear()
        if last is None:
            raise TransferRefused("The file holds no events", "a whole record")
        if batch:
            connection.execute(insert(events), batch)
        index.rebuild(connection)
    return last


def import_cases(
    record: Record, path: Path, *, author: Author, now: datetime, source_ring: KeyRing | None = None, centre: str | None = None
) -> Imported:
    """Take the cases of a file over to the end of this record's chain, all or nothing; each replays as it did where it came from.

    ``source_ring``: the key ring of the record that the file came from, by default this record's own. ``centre``: whose cases they are
    here, by default as they were. A case that was taken over before and is unchanged is left; another of the same id: ``CaseExists``.
    """
    author.check()
    top = read_top(path)
    found = [one for one in read_export(path, source_ring or record.ring()) if one.case_id]
    found.sort(key=attrgetter("case_id", "version"))
    taken, here, count, head = list[str](), list[str](), 0, None
    with writing(record.engine) as connection:
        chain = Ledger(connection, record.ring, now)
        for case_id, group in groupby(found, key=attrgetter("case_id")):
            history = list(group)
            if [one.version for one in history] != list(range(1, len(history) + 1)):
                raise TransferRefused(f"Case '{case_id}' has gaps in the file", "every event of the case")
            if _here(connection, case_id, history):
                here.append(case_id)
                continue
            _take_over(connection, chain, history, top, author, centre or history[0].centre)
            taken.append(case_id)
            count += len(history)
        head = chain.head()
    if taken and head is not None:
        append_head(record.place.heads_file, head)
    return Imported(events=count, cases=tuple(taken), here_already=tuple(here))


def _here(connection: Connection, case_id: str, history: Sequence[Event]) -> bool:
    """Whether the case stands here with all that the file says; ``CaseExists`` when another one does."""
    stands = [_said(one) for one in ledger.read_events(connection, case_id=case_id)]
    if not stands:
        return False
    if stands[: len(history)] == [_said(one) for one in history]:
        return True
    raise CaseExists(case_id)


def _said(event: Event) -> tuple[str, ...]:
    return (event.action, event.entry, event.payload, event.so_on, event.reason, event.by, event.known_at)


def _take_over(connection: Connection, chain: Ledger, history: Sequence[Event], top: Top, importer: Author, centre: str) -> None:
    """Seal each event anew, in its author's name; ``origin`` keeps the seal that it had and who brought it."""
    for author, group in groupby(history, key=lambda one: Author(by=one.by, role=one.role, client=one.client, centre=centre)):
        chain.put([_note(one, top, importer) for one in group], author)
    steps = ledger.steps_of(connection, history[0].case_id)
    index.enter(connection, history[0].case_id, centre, len(history), chain.written_at, index.heading(steps), new=True)


def _note(event: Event, top: Top, importer: Author) -> Note:
    kept = ("seq", "centre", "claimed_at", "written_at", "request", "request_digest", "origin", "key", "previous", "hash")
    origin = {"chain": top.chain, "by": importer.by, **{name: getattr(event, name) for name in kept}}
    return Note(
        case_id=event.case_id,
        version=event.version,
        action=event.action,
        section=event.section,
        entry=event.entry,
        payload=event.payload,
        so_on=event.so_on,
        reason=event.reason,
        known_at=event.known_at,
        origin=msgspec.json.encode(origin, order="sorted").decode(),
    )
