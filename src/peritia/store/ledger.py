"""The end of the chain: read the last event, put further ones after it. Runs inside a writers' transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.engine import RowMapping

from peritia.store.chain import BEGINNING, sealed
from peritia.store.errors import KeyForeign
from peritia.store.event import FORMAT, Action, Author, Event, fields_of, stamp
from peritia.store.heads import Head
from peritia.store.keys import Key, KeyRing
from peritia.store.replay import Step
from peritia.store.tables import events

_ALL = tuple(events.c[name] for name in Event.__struct_fields__)
_STEP = tuple(events.c[name] for name in Step.__struct_fields__)
_NOBODY = Author(by="peritia", role="system", client="peritia", centre="")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """An event before it has its place in the chain."""

    case_id: str
    version: int
    action: Action
    section: str = ""
    entry: str = ""
    payload: str = ""
    so_on: str = ""
    reason: str = ""
    known_at: str = ""
    origin: str = ""


def event_of(row: RowMapping) -> Event:
    """A row as an event."""
    return Event(**row)


def read_events(connection: Connection, *, after: int = 0, case_id: str | None = None) -> Iterator[Event]:
    """Events in order, few in memory at a time."""
    query = select(*_ALL).where(events.c.seq > after).order_by(events.c.seq)
    if case_id is not None:
        query = query.where(events.c.case_id == case_id)
    for row in connection.execute(query.execution_options(yield_per=2_000)):
        yield Event(**dict(zip(Event.__struct_fields__, row, strict=True)))


def steps_of(connection: Connection, case_id: str, known_at: str | None = None) -> list[Step]:
    """What replay needs of a case's events, in order."""
    query = select(*_STEP).where(events.c.case_id == case_id).order_by(events.c.version)
    if known_at is not None:
        query = query.where(events.c.known_at <= known_at)
    return [Step(*row) for row in connection.execute(query)]


def last_event(connection: Connection) -> Event | None:
    """The end of the chain."""
    row = connection.execute(select(*_ALL).order_by(events.c.seq.desc()).limit(1)).mappings().first()
    return event_of(row) if row else None


def event_at(connection: Connection, seq: int) -> Event | None:
    """One event by its place."""
    row = connection.execute(select(*_ALL).where(events.c.seq == seq)).mappings().first()
    return event_of(row) if row else None


def count(connection: Connection) -> int:
    """How many events stand."""
    return connection.execute(select(func.count()).select_from(events)).scalar_one()


def sealing_key(ring: KeyRing, last: Event | None) -> Key:
    """The key for the next event: the one that the chain names, not simply the newest on file (a rotation may have been cut short).

    Raises ``KeyForeign`` when the ring lacks it.
    """
    if last is None:
        return ring.current
    named = msgspec.json.decode(last.payload)["key"] if last.action == "rotate" else last.key
    if (key := ring.find(named)) is None:
        hint = "bring back the key file as it was last; the key may have been rotated since this copy of it"
        raise KeyForeign(f"The record is sealed with key {named}, which the key file lacks", "the record's own key file", hint)
    return key


class Ledger:
    """Puts events at the end of the chain, in one transaction."""

    def __init__(self, connection: Connection, read_ring: Callable[[], KeyRing], now: datetime) -> None:
        self.connection = connection
        self.ring = read_ring()
        self.claimed_at = stamp(now)
        self.last = last_event(connection)
        self.key = sealing_key(self.ring, self.last)
        # A clock that was set back does not set the record back: what the clock said stays on file beside it.
        self.written_at = max(self.claimed_at, self.last.written_at) if self.last else self.claimed_at

    def put(self, notes: Sequence[Note], author: Author, request: str = "", digest: str = "") -> tuple[Event, ...]:
        """Seal the notes and store them."""
        found: list[Event] = []
        last, secret = self.last, self.key.secret_bytes
        for note in notes:
            event = Event(
                seq=last.seq + 1 if last else 1,
                case_id=note.case_id,
                version=note.version,
                centre=author.centre,
                action=note.action,
                section=note.section,
                entry=note.entry,
                payload=note.payload,
                so_on=note.so_on,
                reason=note.reason,
                by=author.by,
                role=author.role,
                client=author.client,
                claimed_at=self.claimed_at,
                written_at=self.written_at,
                known_at=note.known_at or self.written_at,
                request=request,
                request_digest=digest,
                origin=note.origin,
                key="",
                previous=last.hash if last else BEGINNING,
            )
            last = sealed(event, self.key, secret)
            found.append(last)
        self.store(found)
        return tuple(found)

    def store(self, found: Sequence[Event]) -> None:
        """Store sealed events that follow the end of the chain."""
        if found:
            self.connection.execute(insert(events), [fields_of(event) for event in found])
            self.last = found[-1]

    def head(self) -> Head | None:
        """A signed head for the end of the chain as it is now."""
        return head_of(self.last, self.ring.chain, self.key) if self.last else None


def head_of(event: Event, chain: str, key: Key, lost_to: int = 0) -> Head:
    """The signed head that says: the chain has come to this event."""
    return Head(chain=chain, seq=event.seq, hash=event.hash, written_at=event.written_at, key="", lost_to=lost_to).signed(key)


def begin(ledger: Ledger) -> Event:
    """The first event: whose chain this is and by which key it is sealed."""
    return ledger.put([Note(case_id="", version=1, action="begin", payload=_statement(ledger.ring))], _NOBODY)[0]


def rotate(ledger: Ledger, ring: KeyRing, author: Author) -> Event:
    """Sealed with the old key, this event names the new one: the last of ``ring``."""
    version = ledger.connection.execute(select(func.count()).select_from(events).where(events.c.case_id == "")).scalar_one() + 1
    return ledger.put([Note(case_id="", version=version, action="rotate", payload=_statement(ring))], author)[0]


def _statement(ring: KeyRing) -> str:
    content: dict[str, Any] = {"chain": ring.chain, "fingerprint": ring.current.fingerprint, "format": FORMAT, "key": ring.current.id}
    return msgspec.json.encode(content, order="sorted").decode()
