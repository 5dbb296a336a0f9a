"""A person at a browser and a clock, for the tests of the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from starlette.testclient import TestClient

ORIGIN = "http://127.0.0.1:8765"
PASSWORD = "wide omentum, quiet bowel"
CENTRES = ("North", "South")


class Clock:
    """Noon of a Saturday, until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Browser:
    """A client that remembers the token of the last page, as a form would."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        self.token = ""
        self.text = ""

    def get(self, path: str, **kwargs):
        answer = self.client.get(path, **kwargs)
        self._read(answer)
        return answer

    def post(self, path: str, data: dict[str, object] | None = None, *, token: str | None = None, **kwargs):
        answer = self.client.post(path, data={"csrf": self.token if token is None else token, **(data or {})}, **kwargs)
        self._read(answer)
        return answer

    def sign_in(self, name: str, password: str = PASSWORD):
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password})
        if answer.status_code == 303:
            self.get("/account")
        return answer

    def hidden(self, name: str) -> str:
        found = re.findall(rf'name="{name}" value="([^"]*)"', self.text)
        return found[0] if found else ""

    def _read(self, answer) -> None:
        if "text/html" in answer.headers.get("content-type", ""):
            self.text = answer.text
            self.token = self.hidden("csrf") or self.token
