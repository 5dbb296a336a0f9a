"""Units and figures as the ward writes them; the files keep UCUM."""

from __future__ import annotations

from peritia.knowledge.figure import Figure

_WRITTEN = {
    "mm[Hg]": "mmHg", "[psi]": "psi", "Cel": "°C", "d": "days", "wk": "weeks", "mo": "months", "{score}": "", "{count}": "", "1": "",
    "[arb'U]/mL": "U/mL",
}  # fmt: skip


def unit(ucum: str) -> str:
    """A UCUM unit as people write it."""
    return _WRITTEN.get(ucum, ucum)


def figure(given: Figure) -> str:
    """A figure as people write it."""
    return str(given).replace(given.unit, unit(given.unit)).strip()
