"""Shared paths of the suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from repository import REPO


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Third-party data beside the checkout; tests that read it skip where it is absent."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("third-party data folder ../shared/data is absent")
    return folder
