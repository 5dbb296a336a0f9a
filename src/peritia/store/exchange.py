"""Export as a file of events (NDJSON) and import again without loss: one case, or the whole record.

A file is a first line, the events as they stand, and an end line with their number, a digest of every byte before it, and its signature
by the record's key. So a cut, changed or reordered file is refused. The whole record goes into an empty place as it was, seal for seal.
Single cases go to the end of another chain: each event keeps its author, its entry, when it was so and when it became known; ``origin``
names where it came from.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from peritia.store.chain import signature
from peritia.store.errors import TransferRefused
from peritia.store.event import Event
from peritia.store.inspection import Inspection
from peritia.store.keys import Key, KeyRing

FORMAT = "peritia-export/1"


class Top(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """First line: what the file is. ``cases`` is empty for the whole record."""

    format: str
    chain: str
    made_at: str
    cases: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """The whole record, not single cases."""
        return not self.cases


class End(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Last line: how many events, the digest of all lines before, signed."""

    events: int
    digest: str
    key: str
    signature: str


def write_export(path: Path, top: Top, events: Iterable[Event], key: Key) -> int:
    """Write the file, whole or not at all; the number of events."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    digest, count = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            line = msgspec.json.encode(top) + b"\n"
            stream.write(line)
            digest.update(line)
            for event in events:
                line = msgspec.json.encode(event) + b"\n"
                stream.write(line)
                digest.update(line)
                count += 1
            content = _content(top, count, digest.hexdigest())
            end = End(events=count, digest=digest.hexdigest(), key=key.id, signature=signature(key.secret_bytes, content))
            stream.write(msgspec.json.encode(end) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_top(path: Path) -> Top:
    """What the file says it is."""
    try:
        with path.open("rb") as stream:
            return _top(stream.readline(10_000))
    except OSError as error:
        raise TransferRefused(f"{path.name} cannot be opened: {error.strerror}", "a file written by 'record export'") from None


def read_export(path: Path, ring: KeyRing) -> Iterator[Event]:
    """The events of a file. Every seal, their order, their number and the digest are held.

    ``TransferRefused`` comes at the latest after the last event: nothing may be kept of what was read before the iteration has ended.
    """
    top = read_top(path)
    if top.chain != ring.chain:
        hint = "give the key file of the record that it came from"
        raise TransferRefused("The file comes from another record than the key file", "the key file of its origin", hint)
    digest, count, walk = hashlib.sha256(), 0, Inspection(ring)
    with path.open("rb") as stream:
        previous = stream.readline()
        for line in stream:
            digest.update(previous)
            if count and (event := _event(previous, count + 1)):
                _hold(walk, event, top)
                yield event
            previous, count = line, count + 1
    if count == 0:
        raise TransferRefused("The file ends after its first line", "a whole file")
    _end(previous, top, count - 1, digest.hexdigest(), ring)


def _hold(walk: Inspection, event: Event, top: Top) -> None:
    if top.whole:
        if not walk.take(event):
            walk.end()
        if walk.findings:
            raise TransferRefused(f"The file is not sound: {walk.findings[0]}", "the file as it was exported")
    elif not walk.authentic(event):
        raise TransferRefused(f"Event {event.seq} of the file is not as it was sealed", "the file as it was exported")


def _top(line: bytes) -> Top:
    try:
        top = msgspec.json.decode(line, type=Top)
    except msgspec.DecodeError:
        top = None
    if top is None or top.format != FORMAT:
        raise TransferRefused("The file does not begin as an export", f"a file of format {FORMAT}")
    return top


def _event(line: bytes, number: int) -> Event:
    try:
        return msgspec.json.decode(line, type=Event)
    except msgspec.DecodeError:
        raise TransferRefused(f"Line {number} of the file is no event", "the file as it was exported") from None


def _end(line: bytes, top: Top, count: int, digest: str, ring: KeyRing) -> None:
    try:
        end = msgspec.json.decode(line, type=End)
    except msgspec.DecodeError:
        raise TransferRefused("The end of the file is missing", "a whole file", "copy it again") from None
    key = ring.find(end.key)
    signed = key is not None and signature(key.secret_bytes, _content(top, end.events, end.digest)) == end.signature
    if not signed or end.events != count or end.digest != digest:
        raise TransferRefused("The file is not as it was written: its end line does not fit", "the file as it was exported")


def _content(top: Top, count: int, digest: str) -> dict[str, Any]:
    return {"chain": top.chain, "cases": list(top.cases), "events": count, "digest": digest}
