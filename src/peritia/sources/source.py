"""A work that a claim rests on: what it is, where it was read, and whether it was read at all."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

SourceKind = Literal[
    "randomised-trial", "single-arm-trial", "registry", "cohort", "meta-analysis", "review", "guideline", "consensus", "protocol", "label",
    "policy", "score", "laboratory", "standard", "web-page", "practice", "synthesis",
]  # fmt: skip
Status = Literal["seen", "seen-partly", "recalled"]


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One work, one record. ``id`` is the file's stem.

    ``status``: ``seen`` means the text was read at ``address``; ``seen-partly`` means an abstract's mirror, a news page or a part of it;
    ``recalled`` means it was written down from memory and shows as unverified wherever it is used.
    """

    id: str = ""
    title: str
    kind: SourceKind
    status: Status
    authors: str = ""
    container: str = ""
    year: int | None = None
    pmid: str = ""
    doi: str = ""
    pmc: str = ""
    nct: str = ""
    url: str = ""
    address: str = ""
    checked: date | None = None
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether someone read at least a part of it."""
        return self.status != "recalled"
