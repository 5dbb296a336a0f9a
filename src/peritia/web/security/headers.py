"""Headers on every answer, and a bound on every question. Plain ASGI: nothing here looks at a patient."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
        "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "manifest-src 'self'",
    )
)  # fmt: skip
_ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TooLarge(Exception):
    """More bytes than a form may have."""


class Hardened:
    """Adds the headers; refuses unknown hosts and bodies above the limit, however they are sent."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], https: bool, limit: int) -> None:
        self._app, self._hosts, self._https, self._limit = app, hosts, https, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        if _bare(headers.get("host", "")) not in self._hosts:
            await _refuse(send, 421, "This server is not known by that name. See PERITIA_WEB_ORIGIN and PERITIA_WEB_HOSTS.")
            return
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit:
            await _refuse(send, 413, f"Found more than {self._limit / 1e6:g} MB. A form holds less.")
            return
        await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise TooLarge
            return message

        async def adorned(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._adorn(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, counted, adorned)
        except TooLarge:
            if not begun:
                await _refuse(send, 413, f"Found more than {self._limit / 1e6:g} MB. A form holds less.")

    def _adorn(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        if not path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"


def _bare(host: str) -> str:
    if host.startswith("["):
        return host[1:].split("]", 1)[0]
    return host.rsplit(":", 1)[0] if ":" in host else host


async def _refuse(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
