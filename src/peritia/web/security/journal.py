"""The access journal: who asked for what, when, with which answer. Ids and route names only; never a query, a form or a patient value.

One line of JSON a request in a file a month. Each line carries the hash of the one before: a line taken out or changed shows.
"""

from __future__ import annotations

import os
from collections import deque
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

import msgspec

BEGINNING = "0" * 64


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One request. ``route`` is the route's pattern; ``case`` the id of the case it was about, if any; ``ms`` how long it took."""

    at: str
    account: str
    method: str
    route: str
    case: str
    status: int
    ms: float
    note: str = ""
    previous: str = ""


class Journal:
    """Appends visits and reads the latest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._last: dict[Path, str] = {}

    def note(self, visit: Visit, now: datetime) -> None:
        """Append one line."""
        path = self._path(now)
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            previous = self._last.get(path) or _end_of(path)
            line = msgspec.json.encode(msgspec.structs.replace(visit, previous=previous))
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line + b"\n")
            finally:
                os.close(descriptor)
            self._last[path] = sha256(line).hexdigest()

    def latest(self, now: datetime, *, limit: int = 200, case: str = "", account: str = "") -> tuple[Visit, ...]:
        """The latest visits of this month, newest first."""
        try:
            with self._path(now).open("rb") as stream:
                kept: deque[Visit] = deque(maxlen=limit)
                for line in stream:
                    visit = _read(line)
                    if visit and (not case or visit.case == case) and (not account or visit.account == account):
                        kept.append(visit)
        except FileNotFoundError:
            return ()
        return tuple(reversed(kept))

    def broken(self, now: datetime) -> int | None:
        """The first line of this month's file that does not follow from the line before; None when all do."""
        previous = BEGINNING
        try:
            with self._path(now).open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    visit = _read(line)
                    if visit is None or visit.previous != previous:
                        return number
                    previous = sha256(line.rstrip(b"\n")).hexdigest()
        except FileNotFoundError:
            return None
        return None

    def _path(self, now: datetime) -> Path:
        return self._folder / f"{now:%Y-%m}.ndjson"


def _read(line: bytes) -> Visit | None:
    try:
        return msgspec.json.decode(line, type=Visit)
    except msgspec.DecodeError:
        return None


def _end_of(path: Path) -> str:
    last = b""
    if path.exists():
        with path.open("rb") as stream:
            for line in stream:
                last = line
    return sha256(last.rstrip(b"\n")).hexdigest() if last else BEGINNING
