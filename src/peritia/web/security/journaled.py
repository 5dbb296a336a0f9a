"""Writes each request to the access journal after it was answered, and sets the session's cookie."""

from __future__ import annotations

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peritia.store.errors import RecordError
from peritia.store.visits import Visit
from peritia.web.house import House

LOG = logging.getLogger("peritia.web")


class Journaled:
    """Looks at route names, ids and status only."""

    def __init__(self, app: ASGIApp, *, house: House) -> None:
        self._app, self._house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._cookie(message, scope.get("state", {}))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._note(scope, status, (time.perf_counter() - began) * 1000)

    def _cookie(self, message: Message, state: dict[str, Any]) -> None:
        number = state.get("new_session")
        if number is None:
            return
        secure = "; Secure" if self._house.settings.https else ""
        age = "; Max-Age=0" if number == "" else ""
        cookie = f"{self._house.cookie}={number}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"
        message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]

    def _note(self, scope: Scope, status: int, ms: float) -> None:
        route = str(getattr(scope.get("route"), "path", ""))
        if route.startswith("/static") or route in ("/health", ""):
            return
        state = scope.get("state", {})
        account = state.get("account")
        now = self._house.now()
        visit = Visit(
            at=now.isoformat(timespec="milliseconds"),
            account=account.id if account else "",
            method=scope["method"],
            route=route,
            case=state["case"].case_id if state.get("case") else "",
            status=status,
            ms=round(ms, 1),
            note=state.get("note", ""),
        )
        try:
            self._house.journal.note(visit, now)
        except (OSError, RecordError) as error:  # the page is answered already; that nobody can prove it is told to who runs the server
            LOG.critical("the visit could not be written down: %s", type(error).__name__)
        LOG.info("%s %s %d %.0f ms account=%s case=%s", visit.method, visit.route, status, ms, visit.account or "-", visit.case or "-")
