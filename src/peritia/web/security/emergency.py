"""Emergency access: a case of another centre opened for reading, for a short time, with a reason, and loudly.

The reason stands in the case's own record, where its centre sees it; the access journal names every page that was read under it. The leave
itself lives in memory as sign-ins do: it ends with its time, and when the server ends.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock

import msgspec

OPENED = "EMERGENCY opened"
READ = "EMERGENCY read"


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """Who may read which case until when, although it is of another centre."""

    account: str
    case: str
    until: datetime


class Emergencies:
    """The leaves that stand."""

    def __init__(self) -> None:
        self._leaves: dict[tuple[str, str], Leave] = {}
        self._lock = Lock()

    def open(self, leave: Leave) -> None:
        """From now on."""
        with self._lock:
            self._leaves[leave.account, leave.case] = leave

    def find(self, account: str, case: str, now: datetime) -> Leave | None:
        """The leave for this case, if its time has not passed."""
        with self._lock:
            leave = self._leaves.get((account, case))
            if leave is not None and now >= leave.until:
                del self._leaves[account, case]
                return None
            return leave

    def end(self, account: str, case: str) -> None:
        """Before its time."""
        with self._lock:
            self._leaves.pop((account, case), None)
