"""Published numbers against ours, fast fidelity, one set of parameters for all rows; nothing is tuned to a row, and what misses is shown.

Rows and bands follow the source of each (``published``); a band is the published spread, or the tolerance that the row states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from peritia.delivery.published import absorbed, aerosol, bath, blood, depth
from peritia.delivery.published.row import Row, reference_plan

__all__ = ["Row", "published_table", "reference_plan", "table_markdown"]


def published_table() -> tuple[Row, ...]:
    """Every row. Takes some seconds."""
    parts: tuple[Callable[[], Iterator[Row]], ...] = (aerosol.rows, depth.rows, bath.rows, absorbed.rows, blood.rows)
    return tuple(row for part in parts for row in part())


def table_markdown(rows: tuple[Row, ...]) -> str:
    """The table for the manual, then why each missed row misses."""
    met = sum(row.met for row in rows)
    lines = [f"{met} of {len(rows)} rows lie in their band.", "", "| | published | band | ours | source |", "|---|---|---|---|---|"]
    for row in rows:
        mark = "" if row.met else " **missed**"
        band = f"{row.low:.3g} to {row.high:.3g} {row.unit}".rstrip() + (f" ({row.band})" if row.band else "")
        lines.append(f"| {row.what} | {row.published} | {band} | {row.ours_text}{mark} | {row.source} |")
    missed = [f"- {row.what} ({row.published}; ours {row.ours_text}): {row.reason}." for row in rows if not row.met]
    return "\n".join([*lines, "", "Missed, with the reason sought:", "", *(missed or ["- none"]), ""])
