"""A registered trial: whether it recruits, whom it takes, and what must still be checked by hand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from peritia.knowledge.criterion import Criterion
from peritia.sources import Citation, Status, cite

TrialStatus = Literal["recruiting", "not-yet-recruiting", "active", "completed", "terminated", "unknown"]
"""``active`` is a registry's "active, not recruiting": open on paper, closed to new patients."""

Identifier = Annotated[str, msgspec.Meta(pattern=r"^(NCT\d{8}|ISRCTN\d{8}|PMC\d+|doi:10\.\S+|[A-Z]{2,6}-[A-Za-z0-9-]+)$")]


class Trial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trial, one file named by its registry number in lower case.

    ``criteria`` are inclusions, and exclusions with ``exclude: true``; a limit the registry does not state is not a limit here.
    ``by_hand`` are eligibility items not coded: with one of them a trial is at best possible, never open. ``status`` is as last known on
    ``status_checked``; ``status_note`` says from where. ``results`` are ids of studies that report it. ``n`` is the planned number.
    Raises ``ValueError`` for a recruiting trial without a date of check.
    """

    id: str = ""
    name: str
    identifier: Identifier
    summary: str
    source: str | tuple[str, ...]
    treatments: tuple[str, ...]
    status: TrialStatus
    status_checked: date | None = None
    status_note: str = ""
    phase: str = ""
    design: str = ""
    n: int | None = None
    sites: tuple[str, ...] = ()
    other_ids: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    by_hand: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    evidence_status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.status in ("recruiting", "not-yet-recruiting") and self.status_checked is None:
            raise ValueError(f"a trial that is {self.status} needs the date of that knowledge in `status_checked`")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.evidence_status)
