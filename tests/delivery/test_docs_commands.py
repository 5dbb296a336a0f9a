"""Every command line in the manual of delivery is one that the program takes."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from repository import REPO
from typer.main import get_command

from peritia.cli import app

LINES = sorted(
    {
        (path.name, line.strip())
        for path in (REPO / "docs" / "delivery").glob("*.md")
        for line in re.findall(r"(?m)^    (peritia .*)$", path.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{page}: {line[:40]}" for page, line in LINES])
def test_a_command_of_the_manual_is_understood(page: str, line: str) -> None:
    command: Any = get_command(app)
    words = shlex.split(line)[1:]
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context(page, words)


def test_the_tutorial_has_its_commands() -> None:
    assert sum(page == "tutorial.md" for page, _ in LINES) >= 7
