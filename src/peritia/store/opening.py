"""Opening a record: schema brought up, key and chain found to belong together, and the end of the chain held against the signed heads."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from peritia.store import migrations
from peritia.store.database import reading, writing
from peritia.store.errors import KeyForeign, RecordShortened
from peritia.store.heads import Head, append_head, last_head
from peritia.store.keys import KeyRing, new_ring, read_ring, write_ring
from peritia.store.ledger import Ledger, begin, event_at, last_event, sealing_key
from peritia.store.place import Place


def prepare(place: Place, engine: Engine, now: datetime) -> None:
    """Make the record ready, or say by name why it is not."""
    _file_stands(place)
    migrations.upgrade(engine)
    with reading(engine) as connection:
        empty = last_event(connection) is None
    if empty:
        _begin(place, engine, now)
        return
    ring = read_ring(place.key_file)
    head = last_head(place.heads_file, ring)  # before the database: others may write, and their heads come after their events
    with reading(engine) as connection:
        check_ends(connection, ring, head)


def _begin(place: Place, engine: Engine, now: datetime) -> None:
    with writing(engine) as connection:  # two programs may begin at once: the second finds the first event
        if last_event(connection) is None:
            if head := _signed(place):
                raise _shortened(f"The database is empty, signed heads speak of {head.seq} events")
            ring = read_ring(place.key_file) if place.key_file.exists() else write_ring(place.key_file, new_ring())
            chain = Ledger(connection, lambda: ring, now)
            begin(chain)
            head = chain.head()
        else:
            head = None
    if head is not None:
        append_head(place.heads_file, head)


def _file_stands(place: Place) -> None:
    """A file that signed heads speak of is not made anew over its own loss. The heads are read first: the file comes before them."""
    if (file := place.sqlite_file) and (head := _signed(place)) and not (file.exists() and file.stat().st_size):
        raise _shortened(f"The database is empty, signed heads speak of {head.seq} events")


def _signed(place: Place) -> Head | None:
    return last_head(place.heads_file, read_ring(place.key_file)) if place.key_file.exists() else None


def check_ends(connection: Connection, ring: KeyRing, head: Head | None) -> None:
    """The chain begins as the ring's own, ends with a key of the ring, and holds the last signed head. Quick: three rows are read."""
    first, last = event_at(connection, 1), last_event(connection)
    if first is None or last is None:
        raise _shortened("The first event is missing")
    statement = msgspec.json.decode(first.payload)
    if statement.get("chain") != ring.chain:
        raise KeyForeign("The key file belongs to another record", "the key file that this record was made with", "check both paths")
    sealing_key(ring, last)
    if head is None:
        return
    event = event_at(connection, head.seq)
    if event is None:
        raise _shortened(f"The database ends at event {last.seq}, signed heads speak of {head.seq}")
    if event.hash != head.hash:
        raise _shortened(f"Event {head.seq} is another than the signed head says")


def _shortened(found: str) -> RecordShortened:
    hint = "stop writing, keep both files, see 'peritia audit verify', then restore from the last backup"
    return RecordShortened(found, "every event that was ever acknowledged", hint)
