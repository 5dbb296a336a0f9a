"""Shared paths of the suite."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from repository import REPO

# The same examples on every run, so that a red suite means a change; PERITIA_EXPLORE=1 looks for new ones.
settings.register_profile("steady", derandomize=True)
if not os.environ.get("PERITIA_EXPLORE"):
    settings.load_profile("steady")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Third-party data beside the checkout; tests that read it skip where it is absent."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("third-party data folder ../shared/data is absent")
    return folder


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Playwright, started once a process: its synchronous face cannot be started twice."""
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        pytest.skip("Chromium is absent (scripts/install-test-tools.sh installs it): pages are not opened")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real Postgres, started once a process."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("Postgres is absent: scripts/install-test-tools.sh installs Debian's package")
    from store.postgres_server import Postgres

    server = Postgres(programs[-1].parent)
    yield server
    server.stop("immediate")
    shutil.rmtree(server.folder, ignore_errors=True)
