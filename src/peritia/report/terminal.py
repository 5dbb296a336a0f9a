"""The verdict table in a terminal: mark, word and colour, as on the first page."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from peritia.options import Assessment, Verdict

_MARKS: Mapping[Verdict, tuple[str, str, str]] = {
    "open": ("●", "open", "green"),
    "open-with-flags": ("◐", "open with flags", "yellow"),
    "depends": ("◇", "depends", "blue"),
    "closed": ("✕", "closed", "red"),
}
_ASKED = 5


def _bears_on(options: int) -> str:
    return f"decides {options} option" + ("s" if options > 1 else "") + " alone"


def print_verdicts(assessment: Assessment, console: Console | None = None) -> None:
    """Every option with its verdict and its one line, then what to ask next."""
    out = console or Console()
    table = Table(box=None, pad_edge=False, show_header=False)
    for option in assessment.options:
        mark, word, colour = _MARKS[option.verdict]
        table.add_row(f"[{colour}]{mark} {word}[/]", option.name, f"[dim]{option.summary}[/]")
    out.print(table)
    for found in assessment.contradictions:
        out.print(f"\n[bold]Settle first[/]: {found.text} ({'; '.join(fact.description for fact in found.facts[:_ASKED])})")
    if assessment.ask_next:
        out.print("\n[bold]Ask next[/]")
        for number, ask in enumerate(assessment.ask_next[:_ASKED], 1):
            out.print(f"  {number}. {ask.description}" + (f" [dim]{_bears_on(len(ask.decides))}[/]" if ask.decides else ""))
    out.print("\n[dim]Research and education only. Not a medical device.[/]")
