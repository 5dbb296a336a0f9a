"""Many patients from a file to a file: facts in, verdicts out, counted with the unknown never dropped."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import msgspec
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from peritia.case.facts import DECLARATIONS, start_row
from peritia.cohort.counts import Counts, count
from peritia.cohort.table import IDENTIFIERS, read_table
from peritia.cohort.verdicts import ROWS_AT_ONCE, chunks
from peritia.errors import InputRefused, Problem
from peritia.fhir import Aliases
from peritia.fhir.fact_columns import FactColumns, read_stretch
from peritia.knowledge import Library, library

STRETCH_BYTES = 8_000_000
"""How much of a file of bundles a process reads at once."""
NO_ALIASES = Aliases()
_TYPES = {"bool": pl.Boolean, "int": pl.Int64, "num": pl.Float64, "cat": pl.String}


def assess_file(
    source: Path, out: Path, *, on: date, aliases: Aliases = NO_ALIASES, progress: bool = False, processes: int | None = None
) -> Counts:
    """Assess every patient in ``source`` and write ``out`` (.parquet or .csv) whole or not at all.

    Raises ``InputRefused`` with everything wrong: unknown columns, values outside their fact's range, bundles that cannot be read.
    """
    if out.suffix not in (".parquet", ".csv"):
        raise InputRefused(str(out.name), (Problem("--out", None, f"ends in '{out.suffix}'", "name it .parquet or .csv"),))
    if not source.is_file():
        raise InputRefused(str(source.name), (Problem("", None, "no such file"),))
    knowledge = library()
    with _bar(progress) as bar:
        bundles = source.suffix in (".ndjson", ".jsonl")
        facts = read_bundles(source, on, aliases, bar, processes) if bundles else read_table(source)
        # Facts from bundles carry their assumptions; where entries disagree they are unknown, and nothing may be assumed.
        verdicts = _assessed(facts, knowledge, bar, assume=not bundles)
    names = [column for column in facts.columns if column in IDENTIFIERS]
    _write(facts.select(names).hstack(verdicts) if names else verdicts, out)
    return count(verdicts, knowledge)


def read_bundles(source: Path, on: date, aliases: Aliases, bar: Progress | None = None, processes: int | None = None) -> pl.DataFrame:
    """Facts of one FHIR bundle a line, read by several processes, in the order of the file."""
    size = source.stat().st_size
    workers = max(1, min(processes or os.cpu_count() or 1, -(-size // STRETCH_BYTES)))
    task = bar.add_task("reading bundles", total=size) if bar else None
    frames: list[pl.DataFrame] = []
    refused: list[Problem] = []
    before = 0
    for encoded, stop in _stretches(source, size, on, aliases, workers):
        part = msgspec.msgpack.decode(encoded, type=FactColumns)
        refused += [Problem(f"bundle {before + number}", before + number, why) for number, why in part.refused]
        before += part.lines
        frames.append(_frame(part))
        if bar and task is not None:
            bar.update(task, completed=stop)
    if refused:
        raise InputRefused(source.name, tuple(refused))
    return pl.concat(frames) if frames else _frame(FactColumns([], {}, [], 0))


def _stretches(source: Path, size: int, on: date, aliases: Aliases, workers: int) -> Iterator[tuple[bytes, int]]:
    """Each stretch of the file as facts, with the byte where it stops, in order; only a few ahead of what is taken."""
    if workers == 1:
        for start in range(0, size, STRETCH_BYTES):
            yield read_stretch(source, start, start + STRETCH_BYTES, on, aliases), min(start + STRETCH_BYTES, size)
        return
    waiting: deque[tuple[Future[bytes], int]] = deque()
    # Reading makes and drops thousands of objects a second, and none refers back to itself: the collector need not look.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        for start in range(0, size, STRETCH_BYTES):
            stop = start + STRETCH_BYTES
            waiting.append((pool.submit(read_stretch, source, start, stop, on, aliases), min(stop, size)))
            if len(waiting) >= 2 * workers:
                future, stopped = waiting.popleft()
                yield future.result(), stopped
        for future, stopped in waiting:
            yield future.result(), stopped


def _frame(part: FactColumns) -> pl.DataFrame:
    columns = {"id": pl.Series("id", part.ids, dtype=pl.String)}
    for name, value in start_row().items():
        dtype, values = _TYPES[DECLARATIONS[name].kind], part.columns.get(name)
        if values is None:
            columns[name] = pl.Series(name, [value], dtype=dtype).new_from_index(0, len(part.ids))
        else:
            columns[name] = pl.Series(name, values, dtype=dtype)
    return pl.DataFrame(columns)


def _assessed(facts: pl.DataFrame, knowledge: Library, bar: Progress | None, *, assume: bool) -> pl.DataFrame:
    task = bar.add_task("assessing", total=facts.height) if bar else None
    parts: list[pl.DataFrame] = []
    for part in chunks(facts, knowledge, assume=assume, rows=ROWS_AT_ONCE):
        parts.append(part)
        if bar and task is not None:
            bar.update(task, advance=part.height)
    return pl.concat(parts)


def _bar(shown: bool) -> Progress:
    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*parts, console=Console(stderr=True), transient=True, disable=not shown)


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The table for a spreadsheet: a text that it would run as a formula (an id may begin with ``=``) gets an apostrophe before it."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(r"^[=+\-@\t\r]")).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in texts
    )


def _write(frame: pl.DataFrame, out: Path) -> None:
    """Beside the target first, then renamed: an interrupted run leaves no half file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    try:
        if out.suffix == ".parquet":
            frame.write_parquet(part)
        else:
            harmless(frame).write_csv(part)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
