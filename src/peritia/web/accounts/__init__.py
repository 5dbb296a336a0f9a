"""Who may sign in: local accounts, their passwords, passkeys and tokens, kept in one file beside the record."""

from __future__ import annotations

from peritia.web.accounts.account import ROLES, TOKEN_SCOPES, Account, ApiToken, Passkey, Role, TokenScope
from peritia.web.accounts.book import AccountBook, AccountError
from peritia.web.accounts.keys import Passkeys
from peritia.web.accounts.passwords import Passwords, weakness
from peritia.web.accounts.second import SecondFactors, new_secret, picture_of
from peritia.web.accounts.tokens import find_token, is_alive, make_token

__all__ = [
    "ROLES",
    "TOKEN_SCOPES",
    "Account",
    "AccountBook",
    "AccountError",
    "ApiToken",
    "Passkey",
    "Passkeys",
    "Passwords",
    "Role",
    "SecondFactors",
    "TokenScope",
    "find_token",
    "is_alive",
    "make_token",
    "new_secret",
    "picture_of",
    "weakness",
]  # fmt: skip
