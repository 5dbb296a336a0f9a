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
def browser() -> Iterator[Any]:
    """Debian's Chromium without a window."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Chromium is absent: pages are not opened")
    from playwright.sync_api import sync_playwright

    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=found, args=switches)
        yield running
        running.close()
