"""The chain: each event carries HMAC-SHA256(key, canonical JSON of all its fields and of the hash before it).

Whoever can write to the database but has not the key cannot change, drop, reorder or invent an event without ``verify`` saying so. Whoever
cuts off the end leaves a valid chain; the signed heads outside the database tell that one.
"""

from __future__ import annotations

import hmac

import msgspec
import orjson

from peritia.store.event import Event, fields_of
from peritia.store.keys import Key

BEGINNING = "0" * 64
"""What stands before the first event."""


def hash_of(event: Event, secret: bytes) -> str:
    """The keyed hash over every field but ``hash`` itself. ``previous`` is one of the fields."""
    fields = fields_of(event)
    del fields["hash"]
    return hmac.digest(secret, orjson.dumps(fields, option=orjson.OPT_SORT_KEYS), "sha256").hex()


def sealed(event: Event, key: Key, secret: bytes) -> Event:
    """The event with the key's name and its hash."""
    named = msgspec.structs.replace(event, key=key.id)
    return msgspec.structs.replace(named, hash=hash_of(named, secret))


def signature(secret: bytes, content: dict[str, object]) -> str:
    """A keyed hash over a statement outside the database. The prefix keeps it from ever being taken for an event's hash."""
    return hmac.digest(secret, b"peritia statement\n" + orjson.dumps(content, option=orjson.OPT_SORT_KEYS), "sha256").hex()
