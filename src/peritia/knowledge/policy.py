"""An insurer's or regulator's position: what it covers, what it does not, and what to ask."""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.knowledge.criterion import Criterion
from peritia.sources import Citation, Status, cite


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One policy, one file. Each criterion of ``covers`` is a whole indication: one that holds is enough; the same for ``not_covers``.

    ``date`` is the policy's own date where it is known; ``date_note`` says what it is the date of. Policies are of one country and change:
    ``ask`` are the questions a patient or a coordinator should put to the insurer, in plain words.
    """

    id: str = ""
    name: str
    insurer: str
    treatments: tuple[str, ...]
    summary: str
    source: str | tuple[str, ...]
    country: str = "US"
    date: date | None = None
    date_note: str = ""
    covers: tuple[Criterion, ...] = ()
    not_covers: tuple[Criterion, ...] = ()
    not_coded: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)
