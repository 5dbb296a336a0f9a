"""The invented patient's board, made once for all tests of the report."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from peritia.report import compose, compose_leaflet, make_files
from peritia.report.content import Dossier
from peritia.report.leaflet_content import Leaflet
from report import invented_board as board
from report import invented_library


@pytest.fixture(scope="session")
def dossier() -> Dossier:
    return compose(board.anna(), board.fact_values(), board.assessment(), invented_library.library(), "en")


@pytest.fixture(scope="session")
def leaflet() -> Leaflet:
    return compose_leaflet(board.assessment(), invented_library.library(), "en")


@pytest.fixture(scope="session")
def made() -> dict[str, bytes]:
    return make_files(board.anna(), board.fact_values(), board.assessment(), invented_library.library())


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    """Debian's Chromium without a window."""
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    running = playwright.chromium.launch(executable_path=found, args=switches)
    yield running
    running.close()
