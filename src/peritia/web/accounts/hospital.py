"""Sign-in through the hospital: OpenID Connect, authorization code with PKCE, state and nonce, each used once.

The provider says who somebody is (its issuer and subject); what they may do here stands in the account that the subject was linked to. A
subject without an account gets in nowhere, and no role is taken over.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar, cast
from urllib.parse import quote

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # pyright: ignore[reportUnknownVariableType]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # pyright: ignore[reportUnknownVariableType]
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from peritia.errors import PeritiaError
from peritia.web.security.outbound import Fetch

_Shape = TypeVar("_Shape")
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that are taken: none but asymmetric ones."""
KEPT = timedelta(hours=1)
ERRAND = timedelta(minutes=10)
_LEEWAY_SECONDS = 60


class HospitalError(PeritiaError):
    """The hospital's sign-in did not work out."""


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """One way to the provider and back: what must come back, what proves that it was us, and what for."""

    state: str
    nonce: str
    verifier: str
    began: datetime
    next: str = ""
    linking: bool = False


class _Discovery(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Token(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


class Hospital:
    """What is known of the provider, and the two steps: ask, and prove."""

    def __init__(self, issuer: str, client: str, secret: str, back: str, fetch: Fetch) -> None:
        self.issuer = issuer
        self._client, self._secret, self._back, self._fetch = client, secret, back, fetch
        self._lock = Lock()
        self._known: tuple[datetime, _Discovery, KeySet] | None = None

    def ask(self, now: datetime, *, next: str = "", linking: bool = False) -> tuple[str, Errand]:
        """The address to send the browser to, and the errand to keep. Raises ``HospitalError``, ``OutboundRefused``."""
        found, _keys = self._provider(now)
        errand = Errand(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            began=now,
            next=next,
            linking=linking,
        )
        challenge = cast("str", create_s256_code_challenge(errand.verifier))
        address = prepare_grant_uri(  # pyright: ignore[reportUnknownVariableType]
            found.authorization_endpoint,
            client_id=self._client,
            response_type="code",
            redirect_uri=self._back,
            scope="openid",
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=challenge,
            code_challenge_method="S256",
        )
        return cast("str", address), errand

    def prove(self, errand: Errand, state: str, code: str, now: datetime) -> str:
        """The subject that the provider vouches for. Raises ``HospitalError``, ``OutboundRefused``."""
        if not secrets.compare_digest(state.encode(), errand.state.encode()) or now - errand.began > ERRAND or now < errand.began:
            raise HospitalError("This answer belongs to no sign-in that was begun here", "an answer within ten minutes", "begin again")
        found, keys = self._provider(now)
        token = self._token(found, errand, code)
        try:
            claims = self._claims(token, keys, errand, now)
        except (JoseError, ValueError):
            found, keys = self._provider(now, anew=True)  # the provider may have changed its keys
            try:
                claims = self._claims(token, keys, errand, now)
            except (JoseError, ValueError) as error:
                found_ = f"The hospital's word does not hold ({type(error).__name__})"
                raise HospitalError(found_, "a signed token for this sign-in", "tell your administrator") from None
        return str(claims["sub"])[:255]

    def _token(self, found: _Discovery, errand: Errand, code: str) -> _Token:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._client,
            "code_verifier": errand.verifier,
        }
        headers: dict[str, str] = {}
        if self._secret:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return _read(self._fetch(found.token_endpoint, form=form, headers=headers), _Token, "token")

    def _claims(self, token: _Token, keys: KeySet, errand: Errand, now: datetime) -> dict[str, Any]:
        decoded = jwt.decode(token.id_token, keys, algorithms=list(ALGORITHMS))
        options = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._client}}
        params = {"nonce": errand.nonce, "client_id": self._client, "access_token": token.access_token}
        claims = CodeIDToken(decoded.claims, decoded.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)  # pyright: ignore[reportUnknownMemberType]
        return cast("dict[str, Any]", claims)

    def _provider(self, now: datetime, *, anew: bool = False) -> tuple[_Discovery, KeySet]:
        with self._lock:
            known = self._known
            if known is not None and now - known[0] < (timedelta(minutes=1) if anew else KEPT):
                return known[1], known[2]
            body = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            found = _read(body, _Discovery, "discovery document")
            if found.issuer != self.issuer:
                raise HospitalError("The discovery document names another issuer", self.issuer, "see PERITIA_WEB_OIDC_ISSUER")
            if not found.authorization_endpoint.startswith("https://"):
                raise HospitalError("The discovery document sends browsers to an address without https", "https")
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(self._fetch(found.jwks_uri)))
            except (JoseError, msgspec.DecodeError, ValueError, KeyError, TypeError):
                raise HospitalError("The provider's keys cannot be read", "a JSON Web Key Set") from None
            self._known = (now, found, keys)
            return found, keys


def _read(body: bytes, shape: type[_Shape], what: str) -> _Shape:
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.DecodeError:
        raise HospitalError(f"The provider's {what} cannot be read", "JSON as OpenID Connect has it") from None
