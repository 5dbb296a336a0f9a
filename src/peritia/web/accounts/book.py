"""The account book: one JSON file, read once, replaced whole at each change (written beside, flushed, renamed).

A clinic has tens of accounts, not thousands, and the record's database holds patients only; so a file that an administrator can back up
and read serves better than a second database.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from peritia.errors import PeritiaError
from peritia.web.accounts.account import Account

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}\Z")


class AccountError(PeritiaError):
    """An account that cannot be made, found or changed."""


class AccountBook:
    """All accounts. Every change goes through here and is on disk before it counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._accounts = self._read()

    def __len__(self) -> int:
        return len(self._accounts)

    def all(self) -> tuple[Account, ...]:
        """Every account, by id."""
        return tuple(self._accounts[name] for name in sorted(self._accounts))

    def get(self, id_: str) -> Account | None:
        """The account of that id. Capital letters do not matter."""
        return self._accounts.get(id_.strip().casefold())

    def by_passkey(self, passkey_id: str) -> Account | None:
        """The account that a passkey belongs to."""
        return next((one for one in self._accounts.values() if any(key.id == passkey_id for key in one.passkeys)), None)

    def by_subject(self, subject: str) -> Account | None:
        """The account that a subject of the hospital's sign-in is linked with."""
        return next((one for one in self._accounts.values() if subject and one.subject == subject), None)

    def add(self, account: Account, *, first: bool = False) -> None:
        """A new account. ``first`` only succeeds while there is none: two people cannot both set the server up."""
        if not _ID.match(account.id):
            raise AccountError("This user name cannot be used", "2 to 40 small letters, digits, dot, hyphen or underscore")
        with self._lock:
            if first and self._accounts:
                raise AccountError("The first administrator is there already", "a sign-in")
            if account.id in self._accounts:
                raise AccountError("This user name is taken", "another one")
            self._write({**self._accounts, account.id: account})

    def change(self, id_: str, **fields: Any) -> Account:
        """An account with fields replaced. The last active administrator cannot be lost."""
        with self._lock:
            if id_ not in self._accounts:
                raise AccountError("There is no such account", "one from the list")
            changed = msgspec.structs.replace(self._accounts[id_], **fields)
            after = {**self._accounts, id_: changed}
            if not any(one.active and one.has("administrator") for one in after.values()):
                raise AccountError("This would leave no administrator", "one active administrator at least", "make another one first")
            self._write(after)
            return changed

    def _read(self) -> dict[str, Account]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            return {one.id: one for one in msgspec.json.decode(data, type=list[Account])}
        except msgspec.DecodeError:
            raise AccountError("The account file cannot be read", "the file as this program wrote it", "restore it from a backup") from None

    def _write(self, accounts: dict[str, Account]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(list(accounts.values())), indent=1))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, self._path)
        self._accounts = accounts
