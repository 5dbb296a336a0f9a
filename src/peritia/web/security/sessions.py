"""Sign-ins, kept on the server: the browser holds only a random number in a cookie that scripts cannot read.

The number changes at sign-in, so one planted beforehand is worth nothing. Sessions live in memory: a restart signs everybody out.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

import msgspec

from peritia.web.accounts.hospital import Errand

MOST = 20_000


class Session(msgspec.Struct, kw_only=True):
    """One browser. ``account`` is empty until sign-in; ``token`` proves that a form came from our own page.

    ``waiting``: whose password was right and whose second factor is not there yet; ``enrolling``: the secret of one that is being set up;
    ``strong``: signed in by a passkey, a code or the hospital. ``notice`` is told once, on the next page; ``undo`` is where that page can
    take the last entry back.
    """

    token: str
    began: datetime
    seen: datetime
    account: str = ""
    epoch: int = 0
    language: str = ""
    waiting: str = ""
    enrolling: str = ""
    strong: bool = False
    notice: str = ""
    undo: str = ""
    challenge: bytes = b""
    errand: Errand | None = None


class Sessions:
    """All open sessions, found by the hash of their number."""

    def __init__(self, idle: timedelta, longest: timedelta) -> None:
        self._idle, self._longest = idle, longest
        self._open: OrderedDict[str, Session] = OrderedDict()
        self._lock = Lock()

    def begin(self, now: datetime, *, account: str = "", epoch: int = 0) -> tuple[str, Session]:
        """A new session and its number."""
        number = secrets.token_urlsafe(32)
        session = Session(token=secrets.token_urlsafe(32), began=now, seen=now, account=account, epoch=epoch)
        with self._lock:
            while len(self._open) >= MOST:
                self._open.popitem(last=False)
            self._open[_key(number)] = session
        return number, session

    def find(self, number: str, now: datetime) -> Session | None:
        """The session of a number, unless it has run out."""
        with self._lock:
            session = self._open.get(_key(number)) if number else None
            if session is None:
                return None
            if now - session.seen > self._idle or now - session.began > self._longest:
                del self._open[_key(number)]
                return None
            session.seen = now
            self._open.move_to_end(_key(number))
            return session

    def end(self, number: str) -> None:
        """Forget a session."""
        with self._lock:
            self._open.pop(_key(number), None)

    def end_all(self, account: str) -> None:
        """Forget every session of an account."""
        with self._lock:
            for key in [key for key, session in self._open.items() if session.account == account]:
                del self._open[key]


def _key(number: str) -> str:
    return sha256(number.encode()).hexdigest()
