"""How many patients have which verdict on each option; the undecided are counted, never dropped."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl
from rich.console import Console
from rich.table import Table

from peritia.cohort.verdicts import VERDICTS
from peritia.knowledge import Library


class Counts(msgspec.Struct, frozen=True):
    """``options[name]`` maps each verdict to a number of patients; ``trials[name]`` each answer."""

    patients: int
    options: Mapping[str, Mapping[str, int]]
    names: Mapping[str, str]


def count(verdicts: pl.DataFrame, library: Library) -> Counts:
    """Counts over the verdict columns of an assessed frame."""
    options: dict[str, dict[str, int]] = {}
    for id_ in library.treatments:
        found = dict(verdicts.get_column(f"option.{id_}").value_counts().rows())
        options[id_] = {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS.categories}
    return Counts(verdicts.height, options, {id_: treatment.name for id_, treatment in library.treatments.items()})


def print_counts(counts: Counts, console: Console | None = None) -> None:
    """A table for the terminal: open, open with flags, depends (unknown), closed."""
    table = Table(title=f"{counts.patients:,} patients", title_justify="left", box=None, pad_edge=False)
    table.add_column("Option")
    for verdict in ("open", "open with flags", "depends", "closed"):
        table.add_column(verdict, justify="right")
    for id_, row in counts.options.items():
        table.add_row(counts.names[id_], *(f"{row[verdict]:,}" for verdict in VERDICTS.categories))
    (console or Console()).print(table)
