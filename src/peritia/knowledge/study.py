"""A published study: whom it took, what it did, what it found, and why it may mislead."""

from __future__ import annotations

from typing import Literal

import msgspec

from peritia.case.disease import PrimarySite
from peritia.knowledge.criterion import Criterion
from peritia.knowledge.outcome import Comparison, Outcome
from peritia.sources import Citation, Status, cite

Design = Literal[
    "randomised", "single-arm", "dose-finding", "registry", "cohort", "comparative-cohort", "meta-analysis", "assessment-report"
]


class StudyArm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One arm or group. ``n`` is the number of patients in it, if it was given."""

    id: str
    name: str
    n: int | None = None


class Study(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One study, one file.

    ``question`` is what it asked, ``summary`` what it found, each in a sentence. ``population`` are its criteria as far as they are coded;
    what is known but not coded stands in ``not_coded``. ``primaries`` empty means any. ``bias`` says what the reader must keep in mind;
    ``not_usable`` names printed figures that are not used here, and why. ``beside`` are studies that found otherwise, to be read with it.
    Raises ``ValueError`` for an outcome of an arm that the study does not have.
    """

    id: str = ""
    name: str
    question: str
    summary: str
    design: Design
    source: str | tuple[str, ...]
    treatments: tuple[str, ...]
    primaries: tuple[PrimarySite, ...] = ()
    year: int | None = None
    n: int | None = None
    period: str = ""
    population: tuple[Criterion, ...] = ()
    not_coded: tuple[str, ...] = ()
    arms: tuple[StudyArm, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    bias: tuple[str, ...] = ()
    not_usable: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        known = {arm.id for arm in self.arms}
        used = [outcome.arm for outcome in self.outcomes if outcome.arm]
        used += [arm for comparison in self.comparisons for arm in comparison.arms]
        strange = sorted({arm for arm in used if arm not in known})
        if strange:
            raise ValueError(f"no such arm: {', '.join(strange)}; the study has {', '.join(sorted(known)) or 'none'}")
        if not self.outcomes and not self.comparisons:
            raise ValueError("a study without a figure or a comparison says nothing")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources with their places."""
        return cite(self.source, self.status)

    def cited(self, figure: Outcome | Comparison) -> tuple[Citation, ...]:
        """The sources of one figure: its own or else the study's, with its own mark or else the study's."""
        return cite(figure.source or self.source, figure.status or self.status)
