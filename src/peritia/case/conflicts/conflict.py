"""One contradiction in a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any, Literal

import msgspec

from peritia.case.case import Case

DATED = (
    "peritoneum", "ascites", "cytology", "regression", "extraperitoneal", "status", "performance", "labs", "heart", "illnesses", "symptoms",
    "allergies", "preferences", "systemic", "cytoreductions", "pipac", "radiation", "never", "molecular",
)  # fmt: skip
"""Parts that are lists of dated entries."""


class Conflict(msgspec.Struct, frozen=True):
    """A contradiction, by name. ``refuse``: the case cannot be so and is not taken over. ``flag``: shown, and the facts deal with it."""

    name: str
    severity: Literal["refuse", "flag"]
    path: str
    message: str
    hint: str = ""


_LISTS = attrgetter(*(part for part in DATED if part != "systemic"))
_ON, _STARTED = attrgetter("on"), attrgetter("started_on")


def days(case: Case) -> list[date]:
    """Every day that an entry of the case stands at."""
    found: list[date | None] = [*map(_ON, case.patient.body), *map(_STARTED, case.systemic)]
    for listed in _LISTS(case):
        if listed:
            found += map(_ON, listed)
    return [day for day in found if day is not None]


def day_of(entry: Any) -> date | None:
    """The day of an entry; of a systemic line its start."""
    return entry.started_on if hasattr(entry, "started_on") else entry.on


def entries(case: Case, *parts: str) -> Iterator[tuple[str, Any]]:
    """Path and entry of the given parts, or of all that are dated."""
    for part in parts or DATED:
        for place, entry in enumerate(getattr(case, part)):
            yield f"{part}[{place}]", entry
    if not parts:
        for place, measure in enumerate(case.patient.body):
            yield f"patient.body[{place}]", measure
