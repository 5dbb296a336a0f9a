"""Which numbers a result used. Every parameter is taken through ``Parameters``, which writes down value, unit, source and status.

A figure with a range and no value is taken at its middle (the geometric one where the range spans more than twofold), and says so.
``overrides`` replaces values by name: that is how an uncertainty run
samples the stated ranges without touching the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from peritia.delivery.errors import PlanRefused
from peritia.documents import read
from peritia.knowledge.figure import Figure
from peritia.knowledge.library import standing
from peritia.knowledge.shipped import shipped
from peritia.sources import Source


class Used(msgspec.Struct, frozen=True):
    """One parameter of a result. ``low`` and ``high`` are the stated range; ``how`` says how the value was taken from the figure."""

    name: str
    value: float
    unit: str
    sources: tuple[str, ...]
    status: str
    basis: str
    low: float | None = None
    high: float | None = None
    how: str = "as stated"
    note: str = ""


class _Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    figures: dict[str, Figure]
    stand_ins: dict[str, str]


@cache
def _own() -> _Own:
    return read(Path(__file__).parent / "parameters.yaml", _Own)


def own_figures() -> Mapping[str, Figure]:
    """The numbers that belong to delivery alone (``parameters.yaml``)."""
    return _own().figures


def stand_in(drug: str) -> str:
    """The drug whose transport is used for one whose own was not measured; the drug itself otherwise."""
    return _own().stand_ins.get(drug, drug)


class Parameters:
    """Gives numbers to the models and remembers which it gave. Made anew for each run."""

    def __init__(self, overrides: Mapping[str, float] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._used: dict[str, Used] = {}

    def take(self, name: str, figure: Figure | None) -> float:
        """The number of a figure. Raises ``PlanRefused`` when the knowledge files do not hold it."""
        found = None if figure is None else _number(figure)
        if figure is None or found is None:
            raise PlanRefused(
                f"The knowledge files hold no number for {name}",
                "a figure with its source",
                "choose another drug or device, or add the figure to its file",
            )
        value, how = found
        if name in self._overrides:
            value, how = self._overrides[name], "varied"
        self._used[name] = _used(name, value, how, figure)
        return value

    def own(self, name: str) -> float:
        """A number of ``parameters.yaml``."""
        return self.take(name, own_figures()[name])

    def optional(self, name: str, figure: Figure | None) -> float | None:
        """The number of a figure, or None where the file does not hold one."""
        return None if figure is None or _number(figure) is None else self.take(name, figure)

    @property
    def used(self) -> tuple[Used, ...]:
        """Everything taken so far, by name."""
        return tuple(self._used[name] for name in sorted(self._used))


def _number(figure: Figure) -> tuple[float, str] | None:
    if figure.value is not None:
        return figure.value, "as stated"
    if figure.low is not None and figure.high is not None:
        if figure.low > 0 and figure.high > 2 * figure.low:
            return (figure.low * figure.high) ** 0.5, "geometric middle of the stated range"
        return 0.5 * (figure.low + figure.high), "middle of the stated range"
    return None


def _used(name: str, value: float, how: str, figure: Figure) -> Used:
    ids = tuple(citation.source for citation in figure.citations)
    known = {id_: shipped("sources", id_, Source) for id_ in ids}
    status = standing(figure.citations, known)
    return Used(name, value, figure.unit, ids, status, figure.basis, figure.low, figure.high, how, figure.note)
