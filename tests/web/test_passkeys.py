"""Passkeys against a device made of the bytes that a device sends: what is wrong in any part of its answer is refused."""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from web_clinic import Browser
from webauthn.helpers import bytes_to_base64url

from peritia.web.accounts import Account, AccountBook, AccountError, Passkeys

HOST, ORIGIN = "peritia.example", "https://peritia.example"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Device:
    """An authenticator with one key, whose answers can be spoilt."""

    def __init__(self, id_: bytes = b"credential-1") -> None:
        self.id, self.key, self.uses = id_, ec.generate_private_key(ec.SECP256R1()), 0

    def make(self, challenge: bytes, **spoilt: Any) -> str:
        """The answer to a registration, without attestation."""
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        data = self._data(ATTESTED, **spoilt) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        client = self._client("webauthn.create", challenge, **spoilt)
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": bytes_to_base64url(client), "attestationObject": bytes_to_base64url(statement)})

    def use(self, challenge: bytes, **spoilt: Any) -> str:
        """The answer to a sign-in."""
        self.uses = spoilt.get("uses", self.uses + 1)
        data, client = self._data(0, **spoilt), self._client("webauthn.get", challenge, **spoilt)
        signed = (spoilt.get("key") or self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        return self._answer({name: bytes_to_base64url(part) for name, part in parts.items()})

    def _data(self, flags: int, host: str = HOST, verified: bool = True, **_: Any) -> bytes:
        flags |= PRESENT | (VERIFIED if verified else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses)

    def _client(self, kind: str, challenge: bytes, origin: str = ORIGIN, **_: Any) -> bytes:
        return json.dumps({"type": kind, "challenge": bytes_to_base64url(challenge), "origin": origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        id_ = bytes_to_base64url(self.id)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": response, "clientExtensionResults": {}})


@pytest.fixture
def book(tmp_path: Path) -> AccountBook:
    made = AccountBook(tmp_path / "accounts.json")
    for name in ("ada", "eve"):
        made.add(Account(id=name, name=name, roles=("clinician", "administrator"), centres=("North",)))
    return made


@pytest.fixture
def keys(book: AccountBook) -> Passkeys:
    return Passkeys(ORIGIN, HOST, book)


def registered(keys: Passkeys, book: AccountBook, name: str = "ada", device: Device | None = None) -> Device:
    device, account = device or Device(), book.get(name)
    assert account is not None
    text, challenge = keys.ask_new(account)
    assert json.loads(text)["authenticatorSelection"]["userVerification"] == "required"
    keys.add(account, device.make(challenge), challenge, "tablet", NOW)
    return device


def test_a_key_made_here_opens_its_own_account(keys: Passkeys, book: AccountBook) -> None:
    device = registered(keys, book)
    registered(keys, book, "eve", Device(b"credential-2"))
    _, challenge = keys.ask()
    assert keys.check(device.use(challenge), challenge).id == "ada"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"origin": "https://evil.example"}, {"origin": "http://peritia.example"}, {"host": "evil.example"}, {"verified": False},
        {"key": ec.generate_private_key(ec.SECP256R1())}, {"uses": 0},
    ],
    ids=["copied page", "no tls", "other server", "nobody verified", "other key", "counter fell back"],
)  # fmt: skip
def test_an_answer_that_is_wrong_in_one_part_is_refused(keys: Passkeys, book: AccountBook, spoilt: dict[str, Any]) -> None:
    device = registered(keys, book)
    _, challenge = keys.ask()
    keys.check(device.use(challenge), challenge)
    _, challenge = keys.ask()
    with pytest.raises(AccountError, match="not taken"):
        keys.check(device.use(challenge, **spoilt), challenge)


def test_an_answer_counts_for_its_challenge_only(keys: Passkeys, book: AccountBook) -> None:
    device = registered(keys, book)
    _, first = keys.ask()
    _, second = keys.ask()
    assert first != second
    answer = device.use(first)
    for challenge in (second, b""):
        with pytest.raises(AccountError):
            keys.check(answer, challenge)


def test_a_closed_account_and_a_removed_key_open_nothing(keys: Passkeys, book: AccountBook) -> None:
    device = registered(keys, book)
    book.change("ada", active=False)
    _, challenge = keys.ask()
    with pytest.raises(AccountError):
        keys.check(device.use(challenge), challenge)
    book.change("ada", active=True, passkeys=())
    with pytest.raises(AccountError):
        keys.check(device.use(challenge), challenge)


@pytest.mark.parametrize("spoilt", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"verified": False}], ids=str)
def test_a_key_is_not_made_for_another_page_or_for_nobody(keys: Passkeys, book: AccountBook, spoilt: dict[str, Any]) -> None:
    account = book.get("ada")
    assert account is not None
    _, challenge = keys.ask_new(account)
    with pytest.raises(AccountError, match="does not hold"):
        keys.add(account, Device().make(challenge, **spoilt), challenge, "", NOW)


def test_one_key_belongs_to_one_account(keys: Passkeys, book: AccountBook) -> None:
    device = registered(keys, book)
    with pytest.raises(AccountError, match="in use already"):
        registered(keys, book, "eve", device)


@pytest.mark.parametrize("answer", ["", "{}", "null", '{"id": 1}', '{"id": "x"}', "[" * 5000, '{"id": "' + "x" * 9000 + '"}', "\x00"])
def test_what_is_no_answer_is_refused(keys: Passkeys, book: AccountBook, answer: str) -> None:
    registered(keys, book)
    _, challenge = keys.ask()
    with pytest.raises(AccountError):
        keys.check(answer, challenge)


def test_guessing_with_keys_closes_the_address_and_a_challenge_is_used_up(browser: Browser, house) -> None:
    browser.get("/sign-in")
    asked = browser.post("/sign-in/passkey/ask")
    assert json.loads(asked.text)["challenge"]
    codes = [browser.post("/sign-in/passkey", {"answer": "{}"}).status_code for _ in range(51)]
    assert codes == [401] * 50 + [429]
    number = browser.client.cookies["peritia"]
    assert house.sessions.find(number, house.now()).challenge == b""
