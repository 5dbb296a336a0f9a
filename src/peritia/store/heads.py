"""Signed heads: after every write one line in a file outside the database says how far the chain has come.

The line is written after the database has taken the events and before they are acknowledged. So a crash in between leaves the
database ahead of the file, which is in order; a file ahead of the database means that the end of the chain was cut off. Lines are only
ever appended. A restore from an older backup adds a line that says so: what was lost stays on file, and verification goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from peritia.store.chain import signature
from peritia.store.errors import HeadNotWritten
from peritia.store.keys import Key, KeyRing


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the chain had come. ``lost_to``: at a restore, the last event that the heads before spoke of; 0 otherwise."""

    chain: str
    seq: int
    hash: str
    written_at: str
    key: str
    lost_to: int = 0
    signature: str = ""

    def signed(self, key: Key) -> Head:
        """With the key's name and signature."""
        named = msgspec.structs.replace(self, key=key.id)
        return msgspec.structs.replace(named, signature=signature(key.secret_bytes, _content(named)))

    def holds(self, ring: KeyRing) -> bool:
        """Whether the signature is by a key of the ring, for the ring's chain."""
        key = ring.find(self.key)
        return key is not None and self.chain == ring.chain and signature(key.secret_bytes, _content(self)) == self.signature


def _content(head: Head) -> dict[str, object]:
    fields = {name: getattr(head, name) for name in head.__struct_fields__}
    del fields["signature"]
    return fields


def sign(path: Path, head: Head, ring: KeyRing) -> None:
    """Add the head unless a later one stands (another writer was faster; its head covers this one). Raises ``HeadNotWritten``."""
    try:
        signed = last_head(path, ring)
    except OSError as error:
        raise _not_written(path, error) from None
    if signed is None or signed.seq < head.seq:
        append_head(path, head)


def append_head(path: Path, head: Head) -> None:
    """Add one line and see it on the disk. A torn last line (power lost while writing) is ended first, so that it spoils no other."""
    line = msgspec.json.encode(head) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line
            if os.write(handle, line) != len(line):
                raise OSError("only part of the line was taken")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> HeadNotWritten:
    hint = "make room or set the permissions, then send the same request again"
    return HeadNotWritten(f"The events are stored, but {path.name} could not be written: {error.strerror or error}", "", hint)


def read_heads(path: Path) -> Iterator[tuple[int, Head | None]]:
    """Line number and head; None for a line that is no head (torn or meddled with)."""
    if not path.exists():
        return
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    yield number, msgspec.json.decode(line, type=Head)
                except msgspec.DecodeError:
                    yield number, None


def last_head(path: Path, ring: KeyRing) -> Head | None:
    """The last valid head of the chain in the file; reads from the end."""
    if not path.exists():
        return None
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        reach = 4096
        while True:
            start = stream.seek(max(0, size - reach))
            lines = stream.read().split(b"\n")
            for line in reversed(lines[1:] if start else lines):
                try:
                    head = msgspec.json.decode(line, type=Head)
                except msgspec.DecodeError:
                    continue
                if head.holds(ring):
                    return head
            if not start:
                return None
            reach *= 8
