"""Who saw what: one sealed line a visit, in a chain of its own beside the record, a file a month.

Each line carries HMAC-SHA256 by the record's key over all its fields and the hash before it; the chain goes on from month to month. Lines
reach the operating system at once, so a killed server loses none. Every ``BATCH`` lines or ``SPAN`` seconds they are seen on the disk and a
signed head is written where the record's own heads lie: what is cut off after it shows, what is cut off before does not wait for a page.
"""

from __future__ import annotations

import fcntl
import hmac
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread

import msgspec
import orjson

from peritia.store.chain import BEGINNING
from peritia.store.errors import RecordError
from peritia.store.event import stamp
from peritia.store.heads import Head, append_head
from peritia.store.keys import Key, KeyRing
from peritia.store.place import Place

LOG = logging.getLogger("peritia.store")
BATCH, SPAN = 500, 10.0
_BLOCK = 1 << 18


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One request. ``route`` is the route's pattern; ``case`` the id of the case it was about, if any; ``ms`` how long it took.

    The last four fields are the seal: the visit's number, the key's name, the hash before, its own hash.
    """

    at: str
    account: str
    method: str
    route: str
    case: str
    status: int
    ms: float
    note: str = ""
    seq: int = 0
    key: str = ""
    previous: str = ""
    hash: str = ""


VISIT_MEANINGS: Mapping[str, str] = {
    "at": "When (the server's clock)",
    "account": "Who; empty for nobody",
    "method": "GET to look, POST to write",
    "route": "The route's pattern: never a query, a form or a patient's value",
    "case": "The case that was shown; empty when none was, or when it was not theirs to see",
    "status": "How it was answered",
    "ms": "How long it took, in milliseconds",
    "note": "What the page adds, such as by which token",
    "seq": "Its place in the chain, from 1",
    "key": "The name of the key that seals it",
    "previous": "The hash of the visit before",
    "hash": "HMAC-SHA256 over every other field",
}
"""What each field means, for the data dictionary."""


def hash_of(visit: Visit, secret: bytes) -> str:
    """The keyed hash over every field but ``hash``. The prefix keeps it from being taken for an event's."""
    fields = {name: getattr(visit, name) for name in visit.__struct_fields__ if name != "hash"}
    return hmac.digest(secret, b"peritia visit\n" + orjson.dumps(fields, option=orjson.OPT_SORT_KEYS), "sha256").hex()


def heads_of(place: Place) -> Path:
    """Where the signed heads of a record's visits lie: beside those of its events."""
    return place.heads_file.with_name(f"visits.{place.heads_file.name}")


def read_visit(line: bytes) -> Visit | None:
    """A line as a visit; None for a torn one."""
    try:
        return msgspec.json.decode(line, type=Visit)
    except msgspec.DecodeError:
        return None


class Visits:
    """Appends visits and reads the latest. Safe for several threads; several processes may write to one folder."""

    def __init__(self, folder: Path, ring: Callable[[], KeyRing], heads_file: Path) -> None:
        self.folder, self.heads_file = folder, heads_file
        self.ring = ring
        self._lock = Lock()
        self._path, self._handle, self._size = Path(), -1, -1
        self._chain, self._key, self._secret, self._stale = "", Key("", ""), b"", True
        self._last = Visit(at="", account="", method="", route="", case="", status=0, ms=0, hash=BEGINNING)
        self._signed, self._signed_at = 0, time.monotonic()
        self._checked: dict[Path, tuple[int, int, str]] = {}

    def note(self, visit: Visit, now: datetime) -> None:
        """Append one line. Raises ``OSError`` when it cannot be written."""
        with self._lock:
            self._open(f"{now:%Y-%m}")
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            try:
                torn = self._catch_up()
                last = self._last
                sealed = {"seq": last.seq + 1, "key": self._key.id, "previous": last.hash, "hash": ""}
                visit = msgspec.structs.replace(visit, ms=float(visit.ms), **sealed)
                visit = msgspec.structs.replace(visit, hash=hash_of(visit, self._secret))
                line = torn + msgspec.json.encode(visit) + b"\n"
                before, self._size = self._size, -1  # until it is written whole, the end of the file is not known
                if os.write(self._handle, line) != len(line):
                    raise OSError("only part of a visit was taken")
                self._size = before + len(line)
                self._last = visit
            finally:
                fcntl.flock(self._handle, fcntl.LOCK_UN)
            first = self._size == len(line)
            due = first or visit.seq - self._signed >= BATCH or time.monotonic() - self._signed_at > SPAN
            if due:
                self._signed, self._signed_at = visit.seq, time.monotonic()
        if first:  # a month's first visit is signed at once: so it shows when a file lacks its beginning
            self.sign(now)
        elif due:
            Thread(target=self._sign_aside, args=(now,), daemon=True).start()

    def sign(self, now: datetime) -> None:
        """See the lines on the disk and sign how far they go."""
        with self._lock:
            if self._handle < 0 or not self._last.seq:
                return
            handle, last, chain, key = os.dup(self._handle), self._last, self._chain, self._key
            self._signed, self._signed_at = last.seq, time.monotonic()
            self._stale = True  # the next line reads the key ring anew: another program may have turned the key
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        append_head(self.heads_file, Head(chain=chain, seq=last.seq, hash=last.hash, written_at=stamp(now), key="").signed(key))

    def _sign_aside(self, now: datetime) -> None:
        """Beside the pages; what fails is told, and tried again with the next batch."""
        try:
            self.sign(now)
        except (OSError, RecordError) as error:
            LOG.critical("the visits could not be signed: %s", type(error).__name__)

    def close(self, now: datetime) -> None:
        """Sign what is not signed yet, and let go."""
        if self._last.seq > self._signed:
            self.sign(now)
        with self._lock:
            if self._handle >= 0:
                os.close(self._handle)
            self._handle, self._size, self._path = -1, -1, Path()

    def latest(self, now: datetime, *, limit: int = 200, case: str = "", account: str = "") -> tuple[Visit, ...]:
        """The latest visits of this month, newest first. Reads from the end; a line without the id is passed over unread."""
        needles = [b'"%s":"%s"' % (name, value.encode()) for name, value in ((b"case", case), (b"account", account)) if value]
        found: list[Visit] = []
        for line in _backwards(self.folder / f"{now:%Y-%m}.ndjson"):
            if all(needle in line for needle in needles) and (visit := read_visit(line)):
                found.append(visit)
                if len(found) == limit:
                    break
        return tuple(found)

    def broken(self, now: datetime) -> int | None:
        """The first line of this month that is not as it was sealed, or does not follow; None when all do.

        Goes on where it was the last time: what is changed after it was looked at is found by ``verify_visits``, which reads everything.
        """
        path = self.folder / f"{now:%Y-%m}.ndjson"
        offset, number, hash_ = self._checked.get(path, (0, 0, ""))
        secrets = {key.id: key.secret_bytes for key in self.ring().keys}
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            return None
        with stream:
            stream.seek(offset)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                offset, number = offset + len(line), number + 1
                visit = read_visit(line)
                if visit is None or not visit.hash:
                    continue
                secret = secrets.get(visit.key, b"")
                if hash_of(visit, secret) != visit.hash or hash_ not in ("", visit.previous):
                    return number
                hash_ = visit.hash
        self._checked[path] = (offset, number, hash_)
        return None

    def _open(self, month: str) -> None:
        """The month's file; a clock that was set back does not go back to an earlier one."""
        if month <= self._path.stem:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{max([month, *(file.stem for file in self.folder.glob('*.ndjson'))])}.ndjson"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        if self._handle >= 0:
            os.close(self._handle)
        self._path, self._handle, self._size = path, handle, -1

    def _catch_up(self) -> bytes:
        """At the start, or where another process wrote: go on from the last line. What ends a torn line is returned, to be put first."""
        if self._stale:
            ring, self._stale = self.ring(), False
            self._chain, self._key, self._secret = ring.chain, ring.current, ring.current.secret_bytes
        size = os.fstat(self._handle).st_size
        if size == self._size:
            return b""
        self._size = size
        files = sorted(self.folder.glob("*.ndjson"), reverse=True)
        sealed = (visit for file in files for line in _backwards(file) if (visit := read_visit(line)) and visit.hash)
        self._last = next(sealed, self._last)
        self._signed = min(self._signed or self._last.seq, self._last.seq)
        return b"\n" if size and os.pread(self._handle, 1, size - 1) != b"\n" else b""


def _backwards(path: Path) -> Iterator[bytes]:
    """The lines of a file, the last first, a block at a time."""
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        at, rest = stream.seek(0, os.SEEK_END), b""
        while at:
            start = max(0, at - _BLOCK)
            stream.seek(start)
            lines = (stream.read(at - start) + rest).split(b"\n")
            rest, at = lines[0], start
            yield from (line for line in reversed(lines[1:]) if line)
        if rest:
            yield rest
