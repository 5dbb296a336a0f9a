"""An account: a person who may sign in, with roles and centres."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import msgspec

Role = Literal["viewer", "data-manager", "pharmacist", "nurse", "clinician", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey: the public half. ``uses`` is the authenticator's own counter; one that falls back is refused."""

    id: str
    public_key: str
    uses: int
    label: str
    added_at: str


TokenScope = Literal["read", "write"]
TOKEN_SCOPES: tuple[TokenScope, ...] = get_args(TokenScope)


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token with which a program acts for the account. Only its hash is kept; it ends on a day, and with the account's ``epoch``."""

    id: str
    digest: str
    label: str
    scopes: tuple[TokenScope, ...]
    made_at: str
    ends_on: date
    epoch: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account. ``id`` is what is typed at sign-in. ``epoch`` rises when all open sign-ins of the account must end.

    ``totp`` is the secret of the second factor, ``totp_step`` the last half minute whose code was used, ``recovery`` hashes of codes.
    ``subject``: issuer and subject of the hospital's sign-in that opens the account.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    centres: tuple[str, ...]
    password: str = ""
    passkeys: tuple[Passkey, ...] = ()
    totp: str = ""
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    tokens: tuple[ApiToken, ...] = ()
    active: bool = True
    epoch: int = 0
    made_at: str = ""
    must_change: bool = False
    language: str = ""
    subject: str = ""

    def has(self, *roles: Role) -> bool:
        """Whether the account holds any of the roles."""
        return any(role in self.roles for role in roles)
