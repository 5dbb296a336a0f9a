"""The key ring: the secrets that seal the chain, in one file outside the database that only its owner may read.

The file names the chain it belongs to and holds every key that was ever in use, oldest first; the last one seals new events. A lost
key file cannot be made again: the record stays readable, but nobody can prove any more that it is whole. Keep a copy away from the backups.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from pathlib import Path

import msgspec

from peritia.store.errors import KeyForeign, KeyMissing, KeyUnsafe


class Key(msgspec.Struct, frozen=True):
    """One secret, by name."""

    id: str
    secret: str

    @property
    def secret_bytes(self) -> bytes:
        """The secret as bytes."""
        return base64.b64decode(self.secret)

    @property
    def fingerprint(self) -> str:
        """Tells keys apart without giving the secret away."""
        return hashlib.sha256(b"peritia key\n" + self.secret_bytes).hexdigest()[:32]


class KeyRing(msgspec.Struct, frozen=True):
    """Every key of one chain."""

    chain: str
    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that seals new events."""
        return self.keys[-1]

    def find(self, key_id: str) -> Key | None:
        """A key by its id."""
        return next((key for key in self.keys if key.id == key_id), None)

    def with_new_key(self) -> KeyRing:
        """The ring with one more key."""
        return KeyRing(self.chain, (*self.keys, _new_key(len(self.keys) + 1)))


def _new_key(number: int) -> Key:
    return Key(f"k{number}", base64.b64encode(secrets.token_bytes(32)).decode())


def new_ring() -> KeyRing:
    """A chain with its first key."""
    return KeyRing(secrets.token_hex(8), (_new_key(1),))


def read_ring(path: Path) -> KeyRing:
    """The key ring. Raises ``KeyMissing``, ``KeyUnsafe`` or ``KeyForeign``."""
    try:
        with path.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            data = stream.read(1_000_000)
    except FileNotFoundError:
        hint = "bring the key file back from where its copy is kept; without it the record can be neither written nor verified"
        raise KeyMissing(f"Found no key file {path.name}", "the key file of this record", hint) from None
    except OSError as error:
        raise KeyMissing(f"The key file {path.name} cannot be read: {error.strerror}", "a file that you own", "check its owner") from None
    if os.name == "posix" and mode & 0o077:
        hint = "chmod 600 it, and rotate the key if others had access"
        raise KeyUnsafe(f"The key file {path.name} has mode {mode:04o}", "mode 0600", hint)
    try:
        ring = msgspec.json.decode(data, type=KeyRing, strict=True)
        if ring.keys and all(len(key.secret_bytes) >= 32 for key in ring.keys):
            return ring
    except (msgspec.DecodeError, ValueError):
        pass
    raise KeyForeign(f"{path.name} is not a key file", "the key file that the record was made with", "check the path")


def write_ring(path: Path, ring: KeyRing, *, replace: bool = False) -> KeyRing:
    """Write the ring with mode 0600, whole or not at all. Where a file stands and ``replace`` is not asked for, that one is returned."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(ring), indent=1) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return read_ring(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":  # the name too must outlast a power cut: events sealed with a lost key could never be proven again
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return ring
