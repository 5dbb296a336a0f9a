"""The verb ``serve``: where it listens, what it opens, what it refuses. And settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
import uvicorn
from web_clinic import Browser

from peritia.cli_serve import serve
from peritia.errors import PeritiaError
from peritia.web import SettingError, from_environment
from peritia.web.demo import DEMO_PASSWORD


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    calls: list[dict[str, object]] = []

    def run(app: object, **given: object) -> None:
        browser = Browser(app)  # pyright: ignore
        browser.get("/sign-in")
        calls.append({"app": app, "first": browser.text, "browser": browser, **given})
        if "Demonstration" in browser.text:
            browser.sign_in("clinician", DEMO_PASSWORD)
            calls[-1]["patients"] = browser.get("/patients").text

    monkeypatch.setattr(uvicorn, "run", run)
    for name in ("PERITIA_WEB_ORIGIN", "PERITIA_RECORD"):
        monkeypatch.delenv(name, raising=False)
    return calls


def test_the_demonstration_holds_the_shipped_patients_and_leaves_nothing(served: list[dict[str, object]]) -> None:
    serve(demo=True, host="127.0.0.1", port=8765, data=None)
    assert "20 cases" in str(served[0]["patients"])
    folder: Path = served[0]["app"].state.house.settings.data  # pyright: ignore
    assert not folder.exists()
    assert served[0]["access_log"] is False


def test_an_empty_clinic_keeps_its_record(served: list[dict[str, object]], tmp_path: Path) -> None:
    for _ in range(2):
        serve(demo=False, host="127.0.0.1", port=8765, data=tmp_path / "clinic")
    assert (tmp_path / "clinic" / "record.sqlite").exists()
    assert (tmp_path / "clinic").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("demo", "host"), [(True, "0.0.0.0"), (False, "0.0.0.0"), (False, "192.168.0.7")])
def test_patients_do_not_cross_a_network_in_the_clear(served: list[dict[str, object]], tmp_path: Path, demo: bool, host: str) -> None:
    with pytest.raises(PeritiaError, match=r"this machine only|unencrypted"):
        serve(demo=demo, host=host, port=8765, data=tmp_path)
    assert not served


def test_an_https_origin_makes_cookies_secure(served: list[dict[str, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERITIA_WEB_ORIGIN", "https://peritia.clinic.example")
    serve(demo=False, host="0.0.0.0", port=8765, data=tmp_path)
    app = served[0]["app"]
    browser = Browser(app)  # pyright: ignore
    answer = browser.client.get("/set-up", headers={"host": "peritia.clinic.example"})
    assert "__Host-peritia=" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def test_settings_come_from_the_environment_and_are_checked(tmp_path: Path) -> None:
    found = from_environment({"PERITIA_WEB_ATTEMPTS": "7", "PERITIA_WEB_HOSTS": "a.example,b.example", "OTHER": "x"}, data=tmp_path)
    assert (found.attempts, found.hosts, found.data) == (7, ("a.example", "b.example"), tmp_path)
    with pytest.raises(SettingError, match="PERITIA_WEB_ATTEMPT is no setting"):
        from_environment({"PERITIA_WEB_ATTEMPT": "7"}, data=tmp_path)
    with pytest.raises(SettingError, match="cannot be used"):
        from_environment({"PERITIA_WEB_ATTEMPTS": "seven"}, data=tmp_path)
