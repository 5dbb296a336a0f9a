"""The house keeps its floors: a package imports only from below."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from repository import REPO

SOURCE = REPO / "src" / "peritia"


def python_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_packages_import_only_from_floors_below() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_clock_is_read_only_at_the_door() -> None:
    clock = re.compile(r"date\.today\(|datetime\.now\(|time\.time\(")
    readers = {str(path.relative_to(SOURCE)) for path in python_files() if clock.search(path.read_text(encoding="utf-8"))}
    assert not [name for name in readers if not name.startswith(("cli", "web/"))]


def test_no_catch_all_modules() -> None:
    assert not [path for path in python_files() if path.stem in {"utils", "common", "helpers", "models", "misc"}]
