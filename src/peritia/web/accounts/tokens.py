"""Tokens for programs: made by a person for themselves, shown once, kept as a hash, ended by a day, by hand, or by a new password.

A token is 256 random bits, so a plain SHA-256 of it is as good as a slow hash: there is nothing to guess. Its id stands in front and finds
the account; only the rest is secret.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from peritia.web.accounts.account import Account, ApiToken, TokenScope
from peritia.web.accounts.book import AccountBook, AccountError

MOST = 20
"""Tokens of one account."""
_FORM = re.compile(r"peritia_(?P<id>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})\Z")


def make_token(
    book: AccountBook, account: Account, label: str, scopes: Sequence[TokenScope], days: int, now: datetime
) -> tuple[str, ApiToken]:
    """A new token as text, to be shown once, and as it is kept. Raises ``AccountError``."""
    if not scopes:
        raise AccountError("A token that may do nothing is of no use", "read, write or both")
    standing = tuple(one for one in account.tokens if is_alive(one, account, now))
    if len(standing) >= MOST:
        raise AccountError(f"There are {MOST} tokens already", "fewer", "revoke one that is no longer used")
    id_, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = ApiToken(
        id=id_,
        digest=_digest(secret),
        label=label.strip()[:60] or "token",
        scopes=tuple(scopes),
        made_at=now.isoformat(timespec="seconds"),
        ends_on=(now + timedelta(days=days)).date(),
        epoch=account.epoch,
    )
    book.change(account.id, tokens=(*standing, token))
    return f"peritia_{id_}_{secret}", token


def find_token(book: AccountBook, text: str, now: datetime) -> tuple[Account, ApiToken] | None:
    """The account and token behind a text; None for one that is wrong, revoked or over, without saying which."""
    match = _FORM.match(text)
    if match is None:
        return None
    for account in book.all():
        for token in account.tokens:
            if token.id == match["id"]:
                right = hmac.compare_digest(token.digest, _digest(match["secret"]))
                return (account, token) if right and account.active and is_alive(token, account, now) else None
    return None


def is_alive(token: ApiToken, account: Account, now: datetime) -> bool:
    """Whether a token's day has not passed and the account's sign-ins were not ended since it was made."""
    return now.date() <= token.ends_on and token.epoch == account.epoch


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
