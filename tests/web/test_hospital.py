"""Sign-in through the hospital against a small provider in this process, and the guard on the only way out."""

from __future__ import annotations

import base64
import datetime
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from web_clinic import CENTRES, ORIGIN, PASSWORD, Browser, Clock

from peritia.on_record import FURTHER
from peritia.store import Record, place_of
from peritia.web import House, Settings, create_app
from peritia.web.accounts import ROLES, Account
from peritia.web.security.outbound import MOST, Outbound, OutboundRefused, may_be_asked

ISSUER = "https://id.hospital.example"
BACK = f"{ORIGIN}/sign-in/hospital/back"


class Provider:
    """A provider that remembers what it was asked, and can be told to lie."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.key = clock, RSAKey.generate_key(2048, {"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.document: dict[str, str] = {}
        self.claims: dict[str, Any] = {}
        self.down = False

    def grant(self, address: str, subject: str) -> dict[str, str]:
        """What the person's browser brings back after a sign-in at the provider."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = {**query, "subject": subject}
        return {"state": query["state"], "code": code}

    def __call__(self, url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        self.asked.append(url)
        if self.down:
            raise OutboundRefused("id.hospital.example did not answer (TimeoutError)", "an answer over https")
        if url.endswith("/openid-configuration"):
            found = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/go", "token_endpoint": f"{ISSUER}/token"}
            return json.dumps({**found, "jwks_uri": f"{ISSUER}/keys", **self.document}).encode()
        if url.endswith("/keys"):
            return json.dumps(KeySet([self.key]).as_dict(private=False)).encode()
        return self._token(dict(form or {}), dict(headers or {}))

    def _token(self, form: dict[str, str], headers: dict[str, str]) -> bytes:
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        secret = base64.b64encode(b"peritia:s%2Fecret").decode()
        if asked is None or challenge != asked["code_challenge"] or headers.get("Authorization") != f"Basic {secret}":
            raise OutboundRefused("id.hospital.example answered 400", "200, without a redirect")
        now = int(self.clock().timestamp())
        claims = {"iss": ISSUER, "aud": "peritia", "sub": asked["subject"], "nonce": asked["nonce"], "iat": now, "exp": now + 300}
        text = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, self.key)
        return json.dumps({"id_token": text, "token_type": "Bearer"}).encode()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    return Provider(clock)


@pytest.fixture
def linked(tmp_path: Path, clock: Clock, provider: Provider) -> Iterator[FastAPI]:
    secret = tmp_path / "secret"
    secret.write_text("s/ecret\n")
    settings = Settings(
        data=tmp_path, origin=ORIGIN, hash_memory_kib=64, oidc_issuer=ISSUER, oidc_secret_file=secret, oidc_label="St. Elsewhere"
    )
    with Record.open(place_of(tmp_path / "record.sqlite"), clock=clock, sections=FURTHER) as record:
        app = create_app(settings, record, clock=clock, fetch=provider)
        book, kept = app.state.house.accounts, app.state.house.passwords.hash(PASSWORD)
        for role in ROLES:
            book.add(Account(id=role, name=role, roles=(role,), centres=CENTRES, password=kept))
        book.change("nurse", subject=f"{ISSUER} grace")
        yield app


def sent(browser: Browser, path: str = "/sign-in/hospital") -> str:
    answer = browser.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_who_is_linked_comes_in_with_the_roles_of_the_account(linked: FastAPI, provider: Provider) -> None:
    browser = Browser(linked)
    assert "Sign in through St. Elsewhere" in browser.get("/sign-in").text
    before = browser.client.cookies["peritia"]
    address = sent(browser, "/sign-in/hospital?next=/knowledge")
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{ISSUER}/go?")
    assert (asked["redirect_uri"], asked["scope"], asked["code_challenge_method"]) == ([BACK], ["openid"], ["S256"])
    answer = browser.get("/sign-in/hospital/back", params=provider.grant(address, "grace"))
    assert answer.headers["location"] == "/knowledge"
    assert browser.client.cookies["peritia"] != before
    assert browser.client.get("/api/v1/me").json()["id"] == "nurse"
    assert browser.get("/administration").status_code == 403


def test_a_subject_without_an_account_gets_in_nowhere(linked: FastAPI, provider: Provider, house_of: House) -> None:
    browser = Browser(linked)
    answer = browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser), "stranger"))
    assert answer.status_code == 401
    assert "No account here is linked" in answer.text
    assert len(house_of.accounts) == len(ROLES)
    house_of.accounts.change("nurse", active=False)
    assert browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser), "grace")).status_code == 401


@pytest.fixture
def house_of(linked: FastAPI) -> House:
    return linked.state.house


def test_state_code_and_errand_count_once_and_in_one_browser(linked: FastAPI, provider: Provider) -> None:
    browser, other = Browser(linked), Browser(linked)
    brought = provider.grant(sent(browser), "grace")
    assert other.get("/sign-in/hospital/back", params=brought).status_code == 401, "a browser that began nothing"
    sent(other)
    assert other.get("/sign-in/hospital/back", params=brought).status_code == 401, "another browser's state"
    assert browser.get("/sign-in/hospital/back", params=brought | {"state": "é" * 9}).status_code == 401
    assert browser.get("/sign-in/hospital/back", params=brought).status_code == 401, "the errand was used up"
    brought = provider.grant(sent(browser), "grace")
    assert browser.get("/sign-in/hospital/back", params=brought).status_code == 303
    assert Browser(linked).get("/sign-in/hospital/back", params=brought).status_code == 401


def test_a_wrong_state_stops_before_the_provider_is_asked(linked: FastAPI, provider: Provider) -> None:
    browser = Browser(linked)
    brought = provider.grant(sent(browser), "grace")
    provider.asked.clear()
    assert browser.get("/sign-in/hospital/back", params=brought | {"state": "wrong"}).status_code == 401
    assert not provider.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": None},
        {"aud": ["peritia", "x"], "azp": "x"}, {"iat": 4102444800},
    ],
    ids=str,
)  # fmt: skip
def test_a_word_that_does_not_hold_is_refused(linked: FastAPI, provider: Provider, claims: dict[str, Any]) -> None:
    browser = Browser(linked)
    provider.claims = claims
    answer = browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser), "grace"))
    assert answer.status_code == 401
    assert "does not hold" in answer.text


def test_a_foreign_key_and_a_weak_signature_are_refused(linked: FastAPI, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(linked)
    address = sent(browser)
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert browser.get("/sign-in/hospital/back", params=provider.grant(address, "grace")).status_code == 401
    monkeypatch.setattr(provider, "_token", lambda *_: json.dumps({"id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJncmFjZSJ9."}).encode())
    assert browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser), "grace")).status_code == 401


def test_a_provider_that_changed_its_keys_is_read_anew(linked: FastAPI, provider: Provider, clock: Clock) -> None:
    browser = Browser(linked)
    address = sent(browser)
    provider.key = RSAKey.generate_key(2048, {"kid": "one"})
    clock.forward(minutes=2)
    assert browser.get("/sign-in/hospital/back", params=provider.grant(address, "grace")).status_code == 303


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"authorization_endpoint": "http://id.hospital.example/go"}, "without https"),
        ({"token_endpoint": 1}, "cannot be read"),
    ],
)
def test_a_wrong_discovery_document_is_named(linked: FastAPI, provider: Provider, document: dict[str, str], says: str) -> None:
    provider.document = document
    answer = Browser(linked).get("/sign-in/hospital")
    assert answer.status_code == 502
    assert says in answer.text


def test_a_provider_that_is_down_leaves_the_password(linked: FastAPI, provider: Provider) -> None:
    provider.down = True
    browser = Browser(linked)
    assert "did not answer" in browser.get("/sign-in/hospital").text
    assert browser.sign_in("nurse").status_code == 303


def test_an_account_is_linked_by_its_person_and_to_one_subject(linked: FastAPI, provider: Provider, house_of: House) -> None:
    browser = Browser(linked)
    browser.sign_in("viewer")
    taken = browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser, "/account/hospital"), "grace"))
    assert "linked with another account" in taken.text
    answer = browser.get("/sign-in/hospital/back", params=provider.grant(sent(browser, "/account/hospital"), "vera"))
    assert answer.headers["location"] == "/account"
    found = house_of.accounts.by_subject(f"{ISSUER} vera")
    assert found is not None
    assert found.id == "viewer"
    other = Browser(linked)
    assert other.get("/sign-in/hospital/back", params=provider.grant(sent(other), "vera")).status_code == 303
    browser.get("/account")
    assert browser.post("/account/hospital/remove").status_code == 303
    assert house_of.accounts.by_subject(f"{ISSUER} vera") is None


def test_where_none_is_set_there_is_no_such_page(browser: Browser) -> None:
    assert browser.get("/sign-in/hospital").status_code == 404
    assert "Sign in through" not in browser.get("/sign-in").text


# The way out


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example/x", "file:///etc/passwd", "https://evil.example/", "https://id.example.evil.example/", "https://u:p@id.example/",
        "https://id.example\\@evil.example/", "https://id.example:99999/", "https:///x", "https://[::1]/", "https://id.example/\r\nX: 1",
        "gopher://id.example/", "https://127.0.0.1/", "//id.example/",
    ],
)  # fmt: skip
def test_strange_addresses_are_not_asked(url: str) -> None:
    ask = Outbound(frozenset({"id.example"}), resolve=lambda *_: pytest.fail("looked up"))
    with pytest.raises(OutboundRefused):
        ask(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1%eth0", "10.0.0.1", "192.168.1.1", "172.16.0.1", "fd00::1", "224.0.0.1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "100.64.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_a_name_that_stands_for_an_inner_address_is_not_asked(address: str) -> None:
    ask = Outbound(frozenset({"id.example"}), resolve=lambda *_: ["93.184.216.34", address])
    with pytest.raises(OutboundRefused, match="not outside"):
        ask("https://id.example/")


@pytest.mark.parametrize(
    ("address", "private", "asked"),
    [("10.0.0.1", True, True), ("127.0.0.1", True, False), ("169.254.169.254", True, False), ("93.184.216.34", False, True)],
)
def test_a_private_network_is_asked_only_when_allowed(address: str, private: bool, asked: bool) -> None:
    assert may_be_asked(ip_address(address), private=private) is asked


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes = b"") -> None:
        said = b"x" * (MOST + 10) if self.path == "/long" else json.dumps([self.command, self.headers["Host"], body.decode()]).encode()
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", "https://evil.example/")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """A server with a certificate for id.example."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.example")])
    begin = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("id.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = made.public_bytes(serialization.Encoding.PEM)
    plain = serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(text)
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, plain, serialization.NoEncryption()))
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, str(folder / "cert.pem")
    server.shutdown()
    server.server_close()


def test_a_request_goes_to_the_address_looked_at_and_no_further(tls: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    port, trust = tls
    real = socket.create_connection
    went: list[object] = []

    def connect(address: tuple[str, int], **given: Any) -> socket.socket:
        went.append(address)
        return real(("127.0.0.1", port), **given)

    monkeypatch.setattr(socket, "create_connection", connect)
    ask = Outbound(frozenset({"id.example", "other.example"}), resolve=lambda *_: ["93.184.216.34"], trust=trust)
    assert json.loads(ask("https://id.example/")) == ["GET", "id.example", ""]
    assert json.loads(ask(f"https://id.example:{port}/", form={"a": "b c"})) == ["POST", f"id.example:{port}", "a=b+c"]
    assert went == [("93.184.216.34", 443), ("93.184.216.34", port)]
    for path, says in (("/away", "answered 302"), ("/long", "more than")):
        with pytest.raises(OutboundRefused, match=says):
            ask(f"https://id.example{path}")
    with pytest.raises(OutboundRefused, match="SSLCertVerificationError"):
        ask("https://other.example/")
    with pytest.raises(OutboundRefused, match="SSLCertVerificationError"):
        Outbound(frozenset({"id.example"}), resolve=lambda *_: ["93.184.216.34"])("https://id.example/")
