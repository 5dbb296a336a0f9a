"""The record: write events, read the case as of a date and as known on a date, search, see the history. One object a process.

Every read says whose centres it serves (``scope``); every write says who writes (``author``). Time comes from the clock that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from peritia.case import Case
from peritia.store import index, ledger, opening
from peritia.store.changes import Add, Change, Correct, Draft, Withdraw, check_sense, digest_of, drafts, settled
from peritia.store.database import connect, narrow, reading, writing
from peritia.store.errors import CaseExists, CaseUnknown, EntryUnknown, NotYetSo, RequestReused, VersionConflict
from peritia.store.event import Author, Event, Receipt, Scope, check_case_id, check_texts, until
from peritia.store.heads import sign
from peritia.store.index import CaseRow
from peritia.store.keys import KeyRing, read_ring, write_ring
from peritia.store.ledger import Ledger, Note
from peritia.store.place import Place
from peritia.store.replay import Entry, Step, entries, replay
from peritia.store.sections import CASE_SECTIONS, Section, entries_of, plain_of
from peritia.store.tables import cases, events


class Record:
    """An open record. Safe to use from several threads; several processes may open the same place."""

    def __init__(self, place: Place, engine: Engine, clock: Callable[[], datetime], sections: Mapping[str, Section]) -> None:
        self.place = place
        self.engine = engine
        self.sections = sections
        self._clock = clock

    @classmethod
    def open(cls, place: Place, *, clock: Callable[[], datetime], sections: Sequence[Section] = ()) -> Record:
        """Open the record at a place; make it where nothing is yet.

        ``sections`` are further kinds of entries that are no part of ``Case``. Raises ``KeyMissing``, ``KeyForeign``, ``KeyUnsafe``,
        ``RecordShortened``, ``RecordDamaged``, ``SchemaUnknown``, ``RecordUnreachable``.
        """
        engine = connect(place.url)
        try:
            opening.prepare(place, engine, clock())
        except BaseException:
            engine.dispose()
            raise
        return cls(place, engine, clock, MappingProxyType({**CASE_SECTIONS, **{one.name: one for one in sections}}))

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def open_case(self, case: Case, *, author: Author, case_id: str | None = None, request: str = "", reason: str = "") -> Receipt:
        """Take a whole case over as events, all or nothing. The id is ``case_id``, else the case's own, else one is given.

        Raises ``CaseExists``, ``InputRefused``, ``RequestReused``.
        """
        asked = [Draft("add", name, "", plain_of(entry), "", reason) for name, entry in entries_of(case)]
        check_texts({"reason": reason}, limit=1000)
        given = case_id or case.id or ""
        wanted = check_case_id(given) if given else ""
        return self._write(wanted, asked, author=author, expected_version=None, request=request, new=True)

    def add(
        self,
        case_id: str,
        section: str,
        payload: Any,
        *,
        author: Author,
        so_on: date | None = None,
        expected_version: int | None = None,
        request: str = "",
    ) -> Receipt:
        """Add one entry to a section. ``payload`` is the section's struct or a plain mapping."""
        change = Add(section=section, payload=payload, so_on=so_on)
        return self.write(case_id, [change], author=author, expected_version=expected_version, request=request)

    def correct(
        self,
        case_id: str,
        entry: str,
        payload: Any,
        *,
        author: Author,
        reason: str = "",
        so_on: date | None = None,
        expected_version: int | None = None,
        request: str = "",
    ) -> Receipt:
        """Say what an entry should have been, whole. Brings a withdrawn entry back."""
        change = Correct(entry=entry, payload=payload, reason=reason, so_on=so_on)
        return self.write(case_id, [change], author=author, expected_version=expected_version, request=request)

    def withdraw(
        self, case_id: str, entry: str, *, author: Author, reason: str, expected_version: int | None = None, request: str = ""
    ) -> Receipt:
        """Say that an entry should never have been there, and why."""
        change = Withdraw(entry=entry, reason=reason)
        return self.write(case_id, [change], author=author, expected_version=expected_version, request=request)

    def write(
        self, case_id: str, changes: Sequence[Change], *, author: Author, expected_version: int | None = None, request: str = ""
    ) -> Receipt:
        """Write several changes to one case, all or nothing.

        ``expected_version``: the version that the writer saw; when the case has moved on, ``VersionConflict`` says what changed.
        ``request``: an idempotency key; the same write sent again is answered as before, another write with it is ``RequestReused``.
        Raises also ``InputRefused``, ``CaseUnknown``, ``EntryUnknown``, ``EntryWithdrawn``.
        """
        return self._write(case_id, drafts(changes), author=author, expected_version=expected_version, request=request, new=False)

    def _write(
        self, case_id: str, asked: Sequence[Draft], *, author: Author, expected_version: int | None, request: str, new: bool
    ) -> Receipt:
        author.check()
        check_texts({"request": request}, limit=200)
        digest = digest_of(case_id, author, asked) if request else ""
        with writing(self.engine) as connection:
            chain = self._ledger(connection)
            case_id = case_id or f"case-{chain.last.seq + 1 if chain.last else 1}"
            centre = _centre(connection, case_id)  # before the view is narrowed: an id is taken wherever it is
            narrow(connection, frozenset({author.centre}))
            if request and (answered := _answered(connection, author.centre, request)):
                if answered[0].request_digest != digest:
                    raise RequestReused(request)
                receipt = _receipt(answered)
            else:
                steps = _steps_to_write(connection, case_id, centre, author, expected_version, new=new)
                written = settled(case_id, steps, asked, self.sections)
                check_sense(case_id, steps, written)
                receipt = _receipt(chain.put(_notes(case_id, len(steps), written, asked), author, request, digest))
                self._enter(connection, receipt, author.centre, steps, written, new=new)
            head = chain.head()
        if head is not None:
            sign(self.place.heads_file, head, chain.ring)
        return receipt

    def _enter(
        self, connection: Connection, receipt: Receipt, centre: str, steps: Sequence[Step], written: Sequence[Step], *, new: bool
    ) -> None:
        moved = new or any(step.section in ("about", "primary") for step in written)
        changed = index.heading([*steps, *written]) if moved else {}
        index.enter(connection, receipt.case_id, centre, receipt.version, receipt.written_at, changed, new=new)

    def rotate_key(self, *, author: Author) -> str:
        """Seal from now on with a new key; the old ones stay in the key file to verify what they sealed. Returns the new key's id."""
        author.check()
        with writing(self.engine) as connection:
            chain = self._ledger(connection)
            ring = write_ring(self.place.key_file, chain.ring.with_new_key(), replace=True)
            ledger.rotate(chain, ring, author)
            head = chain.head()
        if head is not None:
            sign(self.place.heads_file, head, chain.ring)
        return ring.current.id

    def _ledger(self, connection: Connection) -> Ledger:
        return Ledger(connection, self.ring, self._clock())

    def ring(self) -> KeyRing:
        """The key ring as it stands on file now: another process may have rotated the key."""
        return read_ring(self.place.key_file)

    # Reading

    def case(self, case_id: str, *, scope: Scope, as_of: date | None = None, known_on: date | datetime | None = None) -> Case:
        """The case as it was on ``as_of``, as known at the end of ``known_on`` (UTC; or at that moment). Without them: as known now.

        Raises ``CaseUnknown``, ``NotYetSo``.
        """
        return _replayed(case_id, self._read(case_id, scope, known_on), as_of)

    def entries(
        self, case_id: str, *, scope: Scope, as_of: date | None = None, known_on: date | datetime | None = None
    ) -> tuple[Entry, ...]:
        """The entries that stand, each with its id, by whom and since when: those of the case and of further sections."""
        return entries(self._read(case_id, scope, known_on), self.sections, as_of)

    def case_and_entries(
        self, case_id: str, *, scope: Scope, as_of: date | None = None, known_on: date | datetime | None = None
    ) -> tuple[Case, tuple[Entry, ...]]:
        """Both from one state of the record: what a page shows."""
        steps = self._read(case_id, scope, known_on)
        return _replayed(case_id, steps, as_of), entries(steps, self.sections, as_of)

    def history(self, case_id: str, entry: str | None = None, *, scope: Scope) -> tuple[Event, ...]:
        """Every event of a case, or of one entry, oldest first."""
        with reading(self.engine, scope.centres) as connection:
            self._seen(connection, case_id, scope)
            found = tuple(one for one in ledger.read_events(connection, case_id=case_id) if entry is None or one.entry == entry)
        if not found:
            raise EntryUnknown(case_id, entry or "")
        return found

    def row(self, case_id: str, *, scope: Scope) -> CaseRow:
        """The case's line in the index: title, primary, version."""
        with reading(self.engine, scope.centres) as connection:
            self._seen(connection, case_id, scope)
            return index.one(connection, case_id)

    def version(self, case_id: str, *, scope: Scope) -> int:
        """The case's version: hand it to the next write as ``expected_version``."""
        return self.row(case_id, scope=scope).version

    def search(self, words: str = "", *, scope: Scope, primary: str | None = None, limit: int = 50, after: str = "") -> tuple[CaseRow, ...]:
        """Cases in scope, the last changed first; ``after`` is the ``place`` of the last row of the page before."""
        with reading(self.engine, scope.centres) as connection:
            return index.search(connection, scope, words, primary=primary, limit=limit, after=after)

    def cases_touched(self, sections: Sequence[str], after: int = 0) -> tuple[int, frozenset[str]]:
        """The cases with an event in these sections past a place in the chain, and the place reached: ask again from there.

        It names cases of every centre; what of them may be seen is settled when each is read with its scope.
        """
        with reading(self.engine) as connection:
            reached = connection.execute(select(func.max(events.c.seq))).scalar() or after
            query = select(events.c.case_id).distinct().where(events.c.seq > after, events.c.seq <= reached, events.c.section.in_(sections))
            return reached, frozenset(connection.execute(query).scalars())

    def head(self) -> Event | None:
        """The last event of the chain."""
        with reading(self.engine) as connection:
            return ledger.last_event(connection)

    def _read(self, case_id: str, scope: Scope, known_on: date | datetime | None) -> list[Step]:
        with reading(self.engine, scope.centres) as connection:
            self._seen(connection, case_id, scope)
            return ledger.steps_of(connection, case_id, until(known_on) if known_on is not None else None)

    def _seen(self, connection: Connection, case_id: str, scope: Scope) -> None:
        centre = _centre(connection, case_id)
        if centre is None or not scope.sees(centre):
            raise CaseUnknown(case_id)


def _replayed(case_id: str, steps: Sequence[Step], as_of: date | None) -> Case:
    case = replay(case_id, steps, as_of)
    if case is None:
        raise NotYetSo(case_id)
    return case


def _centre(connection: Connection, case_id: str) -> str | None:
    return connection.execute(select(cases.c.centre).where(cases.c.case_id == case_id)).scalar()


def _steps_to_write(
    connection: Connection, case_id: str, centre: str | None, author: Author, expected: int | None, *, new: bool
) -> list[Step]:
    if new:
        if centre is not None:
            raise CaseExists(case_id)
        return []
    if centre != author.centre:
        raise CaseUnknown(case_id)
    steps = ledger.steps_of(connection, case_id)
    if expected is not None and expected != len(steps):
        between = tuple(one for one in ledger.read_events(connection, case_id=case_id) if one.version > expected)
        raise VersionConflict(case_id, expected, len(steps), between)
    return steps


def _answered(connection: Connection, centre: str, request: str) -> tuple[Event, ...]:
    query = select(events.c.seq).where(events.c.centre == centre, events.c.request == request, events.c.request != "")
    found = (ledger.event_at(connection, seq) for seq in sorted(connection.execute(query).scalars()))
    return tuple(event for event in found if event is not None)


def _receipt(written: Sequence[Event]) -> Receipt:
    last = written[-1]
    return Receipt(
        case_id=last.case_id,
        version=last.version,
        entries=tuple(event.entry for event in written),
        written_at=last.written_at,
        last_seq=last.seq,
    )


def _notes(case_id: str, version: int, written: Sequence[Step], asked: Sequence[Draft]) -> list[Note]:
    pairs = zip(written, asked, strict=True)
    return [
        Note(
            case_id=case_id,
            version=version + place,
            action=step.action,
            section=step.section,
            entry=step.entry,
            payload=step.payload,
            so_on=step.so_on,
            reason=draft.reason,
        )
        for place, (step, draft) in enumerate(pairs, start=1)
    ]
