"""Passkeys by WebAuthn: a key of the person's device instead of a password. Bound to the server's address: a copied page gets nothing.

The challenge is kept in the session and used once. Registration needs a signed-in person; sign-in finds the account by the key.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, InvalidJSONStructure, InvalidRegistrationResponse, WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from peritia.web.accounts.account import Account, Passkey
from peritia.web.accounts.book import AccountBook, AccountError

_REFUSED = (InvalidRegistrationResponse, InvalidAuthenticationResponse, InvalidJSONStructure, WebAuthnException, ValueError, KeyError)


class Passkeys:
    """What the server asks of a device, and whether the answer holds."""

    def __init__(self, origin: str, host: str, book: AccountBook) -> None:
        self._origin, self._host, self._book = origin, host, book

    @property
    def possible(self) -> bool:
        """A passkey belongs to a name, never to a bare address."""
        try:
            ip_address(self._host)
        except ValueError:
            return True
        return False

    def ask_new(self, account: Account) -> tuple[str, bytes]:
        """What the browser is asked to make a key from, as JSON, and the challenge."""
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name="Peritia",
            user_name=account.id,
            user_display_name=account.name,
            user_id=account.id.encode(),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in account.passkeys],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return webauthn.options_to_json(options), options.challenge

    def add(self, account: Account, answer: str, challenge: bytes, label: str, now: datetime) -> Account:
        """The account with the new key. Raises ``AccountError``."""
        try:
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _REFUSED:
            raise AccountError("The device's answer does not hold", "a key made for this address just now", "try once more") from None
        id_ = bytes_to_base64url(made.credential_id)
        if self._book.by_passkey(id_) is not None:
            raise AccountError("This key is in use already", "another device or key")
        key = Passkey(
            id=id_,
            public_key=bytes_to_base64url(made.credential_public_key),
            uses=made.sign_count,
            label=label[:60] or "passkey",
            added_at=now.isoformat(timespec="seconds"),
        )
        return self._book.change(account.id, passkeys=(*account.passkeys, key))

    def ask(self) -> tuple[str, bytes]:
        """What the browser is asked to sign, as JSON, and the challenge. No account is named: nobody learns who has one."""
        options = webauthn.generate_authentication_options(rp_id=self._host, user_verification=UserVerificationRequirement.REQUIRED)
        return webauthn.options_to_json(options), options.challenge

    def check(self, answer: str, challenge: bytes) -> Account:
        """The account whose key answered. Raises ``AccountError``; a counter that falls back, as of a copied key, is refused."""
        refused = AccountError("The key was not taken", "a passkey of an account here", "sign in with the password")
        try:
            id_ = msgspec.json.decode(answer.encode(), type=_Answer).id
        except (msgspec.DecodeError, UnicodeEncodeError):
            raise refused from None
        account = self._book.by_passkey(id_)
        if account is None or not account.active:
            raise refused
        key = next(one for one in account.passkeys if one.id == id_)
        try:
            seen = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.uses,
                require_user_verification=True,
            )
        except _REFUSED:
            raise refused from None
        used = msgspec.structs.replace(key, uses=seen.new_sign_count)
        return self._book.change(account.id, passkeys=tuple(used if one.id == id_ else one for one in account.passkeys))


class _Answer(msgspec.Struct):
    """The one part of the answer that is needed to find the account."""

    id: str
