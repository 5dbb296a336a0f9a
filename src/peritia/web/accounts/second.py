"""The second factor beside a password: a code that changes every half minute (TOTP, RFC 6238), and recovery codes for the day it is lost.

A code counts once: the step it belongs to must lie after the last one used. Recovery codes hold about 79 random bits each, are kept as
hashes and are struck off when used.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from threading import Lock

import segno
from pyotp import random_base32
from pyotp.totp import TOTP
from pyotp.utils import strings_equal

from peritia.web.accounts.account import Account, Role
from peritia.web.accounts.book import AccountBook

CODES = 10
"""Recovery codes made at once."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_EARLIER_OR_LATER = (0, -1, 1)
"""Half minutes by which a clock may be wrong."""


class SecondFactors:
    """Whose second factor is demanded, and whether what was typed is one."""

    def __init__(self, book: AccountBook, demanded: Collection[Role]) -> None:
        self._book, self._demanded = book, frozenset(demanded)
        self._lock = Lock()

    def is_demanded(self, account: Account) -> bool:
        """Whether the clinic's settings ask the account's roles for one."""
        return account.has(*self._demanded)

    def is_lacking(self, account: Account) -> bool:
        """Whether one is demanded and none was set up."""
        return self.is_demanded(account) and not account.totp and not account.passkeys

    def is_asked(self, account: Account) -> bool:
        """Whether a right password is not enough to come in."""
        return bool(account.totp) or (self.is_demanded(account) and bool(account.passkeys))

    def begin(self, account: Account, secret: str, code: str, now: datetime) -> tuple[str, ...]:
        """Set it up, once a first code was right: recovery codes to be shown once; none when the code was wrong."""
        step = _step(secret, code, now, after=0)
        if step is None:
            return ()
        codes = new_codes()
        self._book.change(account.id, totp=secret, totp_step=step, recovery=tuple(_digest(one) for one in codes))
        return codes

    def renew(self, account: Account) -> tuple[str, ...]:
        """New recovery codes; the old ones end."""
        codes = new_codes()
        self._book.change(account.id, recovery=tuple(_digest(one) for one in codes))
        return codes

    def take(self, account_id: str, typed: str, now: datetime) -> Account | None:
        """The account, if what was typed is its next code or one of its recovery codes; either is used up by it."""
        with self._lock:
            account = self._book.get(account_id)
            if account is None or not account.active:
                return None
            if account.totp and (step := _step(account.totp, typed, now, after=account.totp_step)) is not None:
                return self._book.change(account.id, totp_step=step)
            digest = _digest(typed)
            if digest in account.recovery:
                return self._book.change(account.id, recovery=tuple(one for one in account.recovery if one != digest))
            return None


def new_secret() -> str:
    """160 random bits in base 32."""
    return random_base32()


def new_codes() -> tuple[str, ...]:
    """Recovery codes: four groups of four."""
    return tuple("-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(CODES))


def picture_of(secret: str, account: Account) -> str:
    """What an authenticator app reads from the screen, as an image in an address."""
    uri = TOTP(secret).provisioning_uri(name=account.id, issuer_name="Peritia")
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#ffffff", dark="#000000")


def _step(secret: str, typed: str, now: datetime, *, after: int) -> int | None:
    """The half minute that a code belongs to; None when it is no code of now, or was used."""
    totp, code = TOTP(secret), "".join(typed.split())
    at = int(now.timestamp()) // totp.interval
    for shift in _EARLIER_OR_LATER:
        if at + shift > after and strings_equal(totp.generate_otp(at + shift), code):
            return at + shift
    return None


def _digest(code: str) -> str:
    return sha256("".join(code.casefold().replace("-", "").split()).encode()).hexdigest()
