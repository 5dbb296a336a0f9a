"""Closes the sign-in door for a while after too many failures, for an account name and for an address."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

_MOST = 50_000
_PER_ADDRESS = 10
"""An address may fail so many times as often as one account: a clinic stands behind one address."""


class Throttle:
    """Failures within a sliding span."""

    def __init__(self, attempts: int, span: timedelta) -> None:
        self._attempts, self._span = attempts, span
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, account: str, address: str, now: datetime) -> timedelta:
        """How long the door stays closed; zero when it is open."""
        with self._lock:
            waits = [self._wait(key, bound, now) for key, bound in self._keys(account, address)]
        return max(waits)

    def failed(self, account: str, address: str, now: datetime) -> None:
        """Note a failure."""
        with self._lock:
            for key, bound in self._keys(account, address):
                times = self._failures.setdefault(key, deque(maxlen=bound))
                times.append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)

    def succeeded(self, account: str) -> None:
        """A right password clears the account's failures, not the address's."""
        with self._lock:
            self._failures.pop(f"account {account}", None)

    def _keys(self, account: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
        return (f"account {account}", self._attempts), (f"address {address}", self._attempts * _PER_ADDRESS)

    def _wait(self, key: str, bound: int, now: datetime) -> timedelta:
        times = [one for one in self._failures.get(key, ()) if now - one < self._span]
        return times[0] + self._span - now if len(times) >= bound else timedelta(0)
