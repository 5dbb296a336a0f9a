"""A treatment: what it is, when it is open, by which arms, what it gives and what it costs."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.knowledge.claim import Claim, Description, Evidence
from peritia.knowledge.criterion import Criterion
from peritia.sources import Citation, Status, cite

Intent = Literal["potentially-curative", "disease-control", "palliative", "supportive", "research"]


class Arm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to give the treatment, with limits of its own. ``regimen`` is the id of a regimen file."""

    id: str
    name: str
    regimen: str = ""
    evidence: Evidence | None = None
    applies: tuple[Criterion, ...] = ()
    requires: tuple[Criterion, ...] = ()
    excludes: tuple[Criterion, ...] = ()
    cautions: tuple[Criterion, ...] = ()


class CallSign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign after which the patient calls the same day. The leaflet has the plain words for each ``sign``."""

    sign: Literal["fever", "pain", "vomiting", "no-stool-or-gas", "wound", "breath"]
    source: str | tuple[str, ...]
    status: Status | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)


class Treatment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One treatment. Its verdict in Kleene logic: all of ``applies`` and ``requires``, none of ``excludes``, and the best of ``arms``.

    ``refusal`` is a formula over the patient's wishes; where it holds the treatment is closed, reversibly, as the patient's choice.
    ``builds_on`` names a treatment whose ``requires``, ``excludes`` and ``cautions`` hold here too; the loader puts them first.
    ``always_open`` treatments are offered beside every other; their ``cautions`` say when to start now.
    """

    id: str = ""
    name: str
    intent: Intent
    evidence: Evidence
    what_it_is: Description
    refusal: str = ""
    builds_on: str = ""
    always_open: bool = False
    applies: tuple[Criterion, ...] = ()
    requires: tuple[Criterion, ...] = ()
    excludes: tuple[Criterion, ...] = ()
    cautions: tuple[Criterion, ...] = ()
    arms: tuple[Arm, ...] = ()
    benefits: tuple[Claim, ...] = ()
    burdens: tuple[Claim, ...] = ()
    follow_up: tuple[Claim, ...] = ()
    call_at_once: tuple[CallSign, ...] = ()
    questions: tuple[str, ...] = ()
