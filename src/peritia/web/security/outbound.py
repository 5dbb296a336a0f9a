"""The only way out: a request to the hospital's identity provider, and to nowhere else.

Against forged addresses (SSRF): https only; a host that the settings name; every address the name stands for is looked at, and one that is
the machine itself, the link, a group or nothing is refused, one of a private network unless the settings allow it; the connection goes to
the very address that was looked at; redirects are not followed; the answer is bounded in size and time.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from peritia.errors import PeritiaError

MOST = 512_000
SECONDS = 8.0
Address = IPv4Address | IPv6Address


class OutboundRefused(PeritiaError):
    """An address outside that must not be asked, or that did not answer well."""


class Fetch(Protocol):
    """Asks an address; a form is posted. Gives the answer's body. Raises ``OutboundRefused``."""

    def __call__(self, url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """The body of a good answer."""
        ...


class Outbound:
    """Asks the hosts that it was given, and no other."""

    def __init__(
        self,
        hosts: frozenset[str],
        *,
        private: bool = False,
        resolve: Callable[[str, int], list[str]] | None = None,
        trust: str | None = None,
    ) -> None:
        self._hosts, self._private = frozenset(host.casefold() for host in hosts), private
        self._resolve = resolve or _addresses
        self._context = ssl.create_default_context(cafile=trust)

    def __call__(self, url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """The body of a good answer."""
        host, port, path = self.checked(url)
        address = self._address(host, port)
        try:
            status, body = self._ask(address, host, port, path, form, headers or {})
        except (OSError, HTTPException) as error:
            hint = "see that the server reaches it, and its certificate"
            raise OutboundRefused(f"{host} did not answer ({type(error).__name__})", "an answer over https", hint) from None
        if status != 200:
            raise OutboundRefused(f"{host} answered {status}", "200, without a redirect")
        return body

    def checked(self, url: str) -> tuple[str, int, str]:
        """Host, port and path of an address that may be asked."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").casefold(), parts.port or 443
        except ValueError:
            raise OutboundRefused("This is no address", "https://host/path") from None
        if parts.scheme != "https" or parts.username or not host or not url.isascii() or any(letter.isspace() for letter in url):
            raise OutboundRefused("An address outside must begin with https:// and name a host only", "https://host/path")
        if host not in self._hosts:
            hint = "name it in PERITIA_WEB_OIDC_HOSTS if it belongs to your identity provider"
            raise OutboundRefused(f"{host} is not a host of the identity provider", ", ".join(sorted(self._hosts)), hint)
        return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _address(self, host: str, port: int) -> str:
        try:
            found = self._resolve(host, port)
        except OSError:
            raise OutboundRefused(f"The name {host} is not known here", "a name that the server can look up") from None
        for one in found:
            if not may_be_asked(ip_address(one.split("%", 1)[0]), private=self._private):
                hint = "set PERITIA_WEB_OIDC_PRIVATE=true if the identity provider is inside your network"
                raise OutboundRefused(f"{host} stands for an address that is not outside", "a public address", hint)
        if not found:
            raise OutboundRefused(f"The name {host} stands for no address", "a name that the server can look up")
        return found[0]

    def _ask(
        self, address: str, host: str, port: int, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """One request over a connection to the address, its certificate checked for the host."""
        body = urlencode(form).encode() if form is not None else b""
        told = {"Host": host if port == 443 else f"{host}:{port}", "Accept": "application/json", "Connection": "close", **headers}
        if form is not None:
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        head = f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\n" + "".join(f"{name}: {text}\r\n" for name, text in told.items())
        with (
            socket.create_connection((address, port), timeout=SECONDS) as plain,
            self._context.wrap_socket(plain, server_hostname=host) as channel,
        ):
            channel.sendall(head.encode("ascii") + b"\r\n" + body)
            answer = HTTPResponse(channel)
            answer.begin()
            data = answer.read(MOST + 1)
        if len(data) > MOST:
            raise OutboundRefused(f"{host} answered with more than {MOST // 1000} kB", "a short answer")
        return answer.status, data


def may_be_asked(address: Address, *, private: bool) -> bool:
    """Whether an address lies outside; ``private``: or in a private network."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if inner is not None:
        return may_be_asked(inner, private=private)
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    return address.is_global or (private and address.is_private)


def _addresses(host: str, port: int) -> list[str]:
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
