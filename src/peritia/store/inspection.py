"""Walks the chain event by event and names what is wrong with it. The database, a backup and an export are read by the same walk."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.store.chain import BEGINNING, hash_of
from peritia.store.event import Event
from peritia.store.keys import KeyRing

Kind = Literal[
    "damaged", "changed", "missing", "moved", "cut", "foreign-key", "broken", "clock", "forged-head", "head", "heads-missing", "index"
]
KEEP = 200
"""How many findings are listed; all are counted."""


class Finding(msgspec.Struct, frozen=True):
    """One thing wrong: its kind, the event it concerns (0 for none), and a sentence."""

    kind: Kind
    seq: int
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class Inspection:
    """Takes events in order; ``findings`` says what was wrong so far."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self.findings: list[Finding] = []
        self.total = 0
        self.count = 0
        self.last: Event | None = None
        self._failed: list[Event] = []
        self._failures = 0
        self._key = ""
        self._secrets = {key.id: key.secret_bytes for key in ring.keys}

    def say(self, kind: Kind, seq: int, message: str) -> None:
        """Note a finding."""
        self.total += 1
        if len(self.findings) < KEEP:
            self.findings.append(Finding(kind, seq, message))

    def take(self, event: Event) -> bool:
        """Look at the next event; whether it is as it was sealed."""
        last = self.last
        due = last.seq + 1 if last else 1
        gap = event.seq != due
        if gap:
            self.say("missing", due, _missing(due, event.seq - 1))
        sound = self.authentic(event)
        if not sound:
            self._failures += 1
            if len(self._failed) < KEEP:
                self._failed.append(event)
        elif not gap and event.previous != (last.hash if last else BEGINNING) and not (self._failed and self._failed[-1] is last):
            self.say("broken", event.seq, f"event {event.seq} does not follow the event before it")
        if last is not None and event.written_at < last.written_at:
            self.say("clock", event.seq, f"event {event.seq} was written before the event before it")
        self._turn(event)
        self.last = event
        self.count += 1
        return sound

    def authentic(self, event: Event) -> bool:
        """Whether the event is as it was sealed, by the key that was due."""
        secret = self._secrets.get(event.key)
        if secret is None or (self._key and event.key != self._key):
            return False
        try:
            return hash_of(event, secret) == event.hash
        except TypeError:  # a damaged file can hold another type where text stood
            return False

    def _turn(self, event: Event) -> None:
        """Which key is due next: only a sealed rotation changes it."""
        if not self._key:
            self._key = event.key if event.key in self._secrets else ""
        if event.action == "rotate" and self.authentic(event):
            statement = msgspec.json.decode(event.payload)
            key = self.ring.find(statement["key"])
            if key is None or key.fingerprint != statement["fingerprint"]:
                self.say("foreign-key", event.seq, f"event {event.seq} turns to key {statement['key']}, which the key file lacks")
            else:
                self._key = key.id

    def end(self) -> None:
        """Say of every event that failed what is likely to have happened to it."""
        if self._failures and self._failures == self.count:
            self.say("foreign-key", 1, f"none of the {self.count} events is sealed with the keys in the key file: it is another record's")
            return
        for event in self._failed:
            self._explain(event)
        self.total += self._failures - len(self._failed)

    def _explain(self, event: Event) -> None:
        if event.key not in self._secrets:
            self.say("foreign-key", event.seq, f"event {event.seq} is sealed with key {event.key}, which the key file lacks")
            return
        for other in self._failed:
            if other is not event and self.authentic(msgspec.structs.replace(event, seq=other.seq)):
                self.say("moved", event.seq, f"event {other.seq} stands at place {event.seq}: rows were swapped")
                return
        self.say("changed", event.seq, f"event {event.seq} is not as it was sealed")


def _missing(first: int, last: int) -> str:
    if last < first:
        return f"event {first} is missing or stands elsewhere"
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"
