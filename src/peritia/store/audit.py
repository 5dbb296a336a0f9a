"""Verification: the whole chain against its keys, the database's end against the signed heads, the index against the events."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, Engine, inspect, select, text

from peritia.store.database import reading
from peritia.store.errors import RecordError
from peritia.store.event import Event
from peritia.store.heads import read_heads
from peritia.store.index import heading
from peritia.store.inspection import Finding, Inspection
from peritia.store.keys import KeyRing
from peritia.store.ledger import read_events
from peritia.store.place import Place
from peritia.store.replay import Step
from peritia.store.tables import cases


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What verification found. ``notes`` are in order but worth knowing: a restore that lost events, a head line torn by a power cut."""

    events: int
    last_seq: int
    last_hash: str
    heads: int
    findings: tuple[Finding, ...]
    findings_total: int
    notes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return self.findings_total == 0


class _Signed(msgspec.Struct):
    """What the signed heads say: the hash at each place, and how far they go."""

    at: dict[int, str]
    count: int = 0
    last: int = 0


def verify(engine: Engine, ring: KeyRing, place: Place | None = None) -> Verification:
    """Read every event and say what is wrong by name. ``place`` gives the heads; without it (a backup's copy) only the chain is held."""
    walk, notes = Inspection(ring), list[str]()
    signed = _signed(place, walk, notes) if place else _Signed({})
    try:
        with reading(engine) as connection:
            _file(connection, walk)
            _events(connection, walk, signed)
    except RecordError as error:
        walk.say("damaged", 0, error.found)
    walk.end()
    last = walk.last.seq if walk.last else 0
    if place:
        _tail(walk, signed, last, notes)
    return Verification(
        events=walk.count,
        last_seq=last,
        last_hash=walk.last.hash if walk.last else "",
        heads=signed.count,
        findings=tuple(walk.findings),
        findings_total=walk.total,
        notes=tuple(notes),
    )


def _file(connection: Connection, walk: Inspection) -> None:
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("PRAGMA integrity_check(20)")).scalars().all()
        if list(found) != ["ok"]:
            walk.say("damaged", 0, f"SQLite finds {len(found)} faults in the file's structure")


def _events(connection: Connection, walk: Inspection, signed: _Signed) -> None:
    lines: dict[str, tuple[str, str, int, str]] = {}
    heads: dict[str, list[Step]] = {}
    for event in read_events(connection):
        walk.take(event)
        if (due := signed.at.get(event.seq)) is not None and due != event.hash:
            walk.say("head", event.seq, f"event {event.seq} is another than its signed head says")
        if event.case_id:
            centre, opened_at = lines[event.case_id][:2] if event.case_id in lines else (event.centre, event.written_at)
            lines[event.case_id] = (centre, opened_at, event.version, event.written_at)
            if event.section in ("about", "primary"):
                heads.setdefault(event.case_id, []).append(_step(event))
    if inspect(connection).has_table("cases"):
        _index(connection, walk, lines, heads)


def _step(event: Event) -> Step:
    return Step(event.action, event.section, event.entry, event.payload, event.so_on)


def _index(connection: Connection, walk: Inspection, lines: dict[str, tuple[str, str, int, str]], heads: dict[str, list[Step]]) -> None:
    names = ("case_id", "centre", "opened_at", "version", "updated_at", "title", "title_folded", "primary_site")
    wrong, seen = 0, 0
    query = select(*(cases.c[name] for name in names)).execution_options(yield_per=2_000)
    for case_id, *line in connection.execute(query):
        seen += 1
        try:
            stands = [*lines.get(case_id, ()), *heading(heads.get(case_id, ())).values()]
        except msgspec.DecodeError:  # the event itself is named already
            continue
        wrong += stands != line
    wrong += abs(len(lines) - seen)
    if wrong:
        walk.say("index", 0, f"the index of cases is not what the events say, in {wrong} rows; build it again, the events are not touched")


def _signed(place: Place, walk: Inspection, notes: list[str]) -> _Signed:
    signed, torn = _Signed({}), 0
    for line, head in read_heads(place.heads_file):
        if head is None:
            torn += 1
        elif not head.holds(walk.ring):
            walk.say("forged-head", head.seq, f"line {line} of the heads file is not signed with a key of this record")
        else:
            if head.lost_to:
                for seq in [seq for seq in signed.at if seq > head.seq]:
                    del signed.at[seq]
                notes.append(f"events {head.seq + 1} to {head.lost_to} were lost at a restore, which was accepted then")
                signed.last = head.seq
            if signed.at.setdefault(head.seq, head.hash) != head.hash:
                walk.say("head", head.seq, f"two signed heads differ on event {head.seq}: the record was written in two places")
            signed.last = max(signed.last, head.seq)
            signed.count += 1
    if torn:
        notes.append(f"{torn} lines of the heads file are torn")
    return signed


def _tail(walk: Inspection, signed: _Signed, last: int, notes: list[str]) -> None:
    if not signed.count:
        walk.say("heads-missing", 0, "no signed head was found: whether the end was cut off cannot be told")
    elif signed.last > last:
        walk.say("cut", last, f"the database ends at event {last}, signed heads speak of {signed.last}: the end was cut off")
    elif signed.last < last:
        notes.append(f"{last - signed.last} events after the last signed head (a write that was cut short before it was acknowledged)")
