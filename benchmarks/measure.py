"""A measured line, and how a command is timed: medians of several runs, since shared machines are noisy."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Line:
    """One row of the table: what was measured, the figure, what is owed, and the ratio to a peer run beside it."""

    what: str
    figure: str
    owed: str = ""
    beside: str = ""
    ratio: str = ""


def median_seconds(run: Callable[[], object], runs: int = 5, warm: int = 1) -> float:
    """Median wall time of ``run`` after ``warm`` runs that do not count."""
    for _ in range(warm):
        run()
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def command_seconds(command: Sequence[str], runs: int = 5) -> float:
    """Median wall time of a whole process, start to end."""
    return median_seconds(lambda: subprocess.run(command, check=True, capture_output=True), runs)


def table(lines: Sequence[Line]) -> str:
    """Markdown."""
    rows = ["| What | Figure | Owed | Beside | Ratio |", "|---|---|---|---|---|"]
    rows += [f"| {line.what} | {line.figure} | {line.owed} | {line.beside} | {line.ratio} |" for line in lines]
    return "\n".join(rows)


def machine(on: date) -> str:
    """Date and machine, for the head of the table."""
    return f"{on.isoformat()}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
