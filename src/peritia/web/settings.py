"""How the server is run. Every setting comes from the environment (``PERITIA_WEB_...``) or from the command line; none is a secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from peritia.errors import PeritiaError
from peritia.web.accounts.account import Role

PREFIX = "PERITIA_WEB_"


class SettingError(PeritiaError):
    """A setting that cannot be used."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. ``origin`` is the address in the browser's bar: it decides cookies, host check and passkeys.

    ``idle_minutes`` and ``session_hours`` end a sign-in; ``attempts`` failures within ``attempt_minutes`` close the door for that long, for
    the account and for the address. ``form_bytes`` bounds every request; ``token_days`` is the longest life of a program's token;
    ``emergency_minutes`` is how long a case of another centre can be read in an emergency, 0 for never;
    ``second_factor`` names the roles that must have one: a passkey or a code of an app.
    ``oidc_issuer`` turns on sign-in through the hospital: the issuer's https address. ``oidc_client`` is our name there,
    ``oidc_secret_file`` a file with our secret; ``oidc_label`` stands on the button; ``oidc_hosts`` are further hosts that the provider
    uses, ``oidc_private`` says that it stands in a private network.
    """

    data: Path
    demo: bool = False
    origin: str = "http://127.0.0.1:8765"
    hosts: tuple[str, ...] = ()
    centre: str = "centre"
    database: str = ""
    idle_minutes: int = 30
    session_hours: int = 12
    attempts: int = 5
    attempt_minutes: int = 15
    form_bytes: int = 1_000_000
    token_days: int = 90
    emergency_minutes: int = 60
    second_factor: tuple[Role, ...] = ()
    oidc_issuer: str = ""
    oidc_client: str = "peritia"
    oidc_secret_file: Path | None = None
    oidc_label: str = "Hospital"
    oidc_hosts: tuple[str, ...] = ()
    oidc_private: bool = False
    hash_memory_kib: int = 65_536

    @property
    def https(self) -> bool:
        """Whether browsers reach the server by TLS (its own or a proxy's)."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """The host in ``origin``, without port."""
        return self.origin.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0].strip("[]")


def from_environment(environment: Mapping[str, str], **given: object) -> Settings:
    """Settings from the environment, overridden by what was ``given`` on the command line. Raises ``SettingError``."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    found: dict[str, Any] = {}
    for key, text in environment.items():
        if not key.startswith(PREFIX):
            continue
        name = key.removeprefix(PREFIX).lower()
        if name not in kinds:
            raise SettingError(f"{key} is no setting", ", ".join(f"{PREFIX}{one.upper()}" for one in kinds))
        found[name] = text.split(",") if name in ("hosts", "oidc_hosts", "second_factor") else text
    found |= {name: value for name, value in given.items() if value is not None}
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in found.items()}
    try:
        return msgspec.convert(plain, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingError(f"A setting cannot be used: {str(error).split(' - at')[0]}", "a value of the right kind") from None


def _path(kind: type[Any], value: Any) -> Any:
    return kind(value)
