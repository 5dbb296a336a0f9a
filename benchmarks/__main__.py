"""``python -m benchmarks``: every measured line beside what is owed, as a table."""

from __future__ import annotations

from datetime import date

from benchmarks import board, library
from benchmarks.measure import machine, table


def main() -> None:
    """Print the table for ``benchmarks/RESULTS.md``."""
    print(f"## {machine(date.today())}\n")
    print(table([*library.run(), *board.run()]))


if __name__ == "__main__":
    main()
