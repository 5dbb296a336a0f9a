"""Who may sign in: local accounts, their passwords and passkeys, kept in one file beside the record."""

from __future__ import annotations

from peritia.web.accounts.account import ROLES, Account, Passkey, Role
from peritia.web.accounts.book import AccountBook, AccountError
from peritia.web.accounts.keys import Passkeys
from peritia.web.accounts.passwords import Passwords, weakness

__all__ = ["ROLES", "Account", "AccountBook", "AccountError", "Passkey", "Passkeys", "Passwords", "Role", "weakness"]
