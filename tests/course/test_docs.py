"""The examples of the manual run as they stand, and say what the manual says."""

from __future__ import annotations

import contextlib
import io
import re

from repository import REPO


def test_the_examples_run_and_print_what_they_promise() -> None:
    text = (REPO / "docs" / "course.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 2
    printed = io.StringIO()
    space: dict[str, object] = {}
    with contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(block, space)
    promised = re.findall(r"print\(.*\)\s+# (.+)", text)
    assert len(promised) == 4
    for line in promised:
        assert line in printed.getvalue()
