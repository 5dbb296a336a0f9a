"""What was taken and photographed at a session: biopsies by their place, their PRGS when the pathologist has answered, and pictures.

The case itself counts grades only. Places and references stand here, so that the next session can go back to the same places.
"""

from __future__ import annotations

from datetime import date

import msgspec

from peritia.case.peritoneum import RegressionBiopsies
from peritia.course.errors import CourseRefused
from peritia.course.findings import Biopsy, Findings, Photograph
from peritia.knowledge.scoring import pci, prgs_mean


class Specimens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Biopsies and photographs of one session. A biopsy without PRGS is awaited.

    Raises ``ScoreError`` for a grade or region off its scale.
    """

    on: date
    session: str = ""
    biopsies: tuple[Biopsy, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    document: str | None = None

    def __post_init__(self) -> None:
        prgs_mean([one.prgs for one in self.biopsies if one.prgs is not None])
        pci({one.region: None for one in (*self.biopsies, *self.photographs) if one.region is not None})

    @property
    def awaited(self) -> int:
        """Biopsies whose answer has not come."""
        return sum(one.prgs is None for one in self.biopsies)

    @property
    def regression(self) -> RegressionBiopsies | None:
        """The case's entry; none before every biopsy is graded, since the mean of some is not the session's mean."""
        if not self.biopsies or self.awaited:
            return None
        return RegressionBiopsies(
            on=self.on, grades=tuple(one.prgs for one in self.biopsies if one.prgs is not None), document=self.document
        )


def specimens_of(findings: Findings, session: str = "") -> Specimens | None:
    """What was taken and photographed; none where nothing was."""
    if not findings.biopsies and not findings.photographs:
        return None
    return Specimens(
        on=findings.on, session=session, biopsies=findings.biopsies, photographs=findings.photographs, document=findings.document
    )


def graded(taken: Specimens, grades: tuple[int | None, ...], document: str | None = None) -> Specimens:
    """The specimens with the pathologist's answers, one for each biopsy in order. Raises ``CourseRefused`` for another number of them."""
    if len(grades) != len(taken.biopsies):
        raise CourseRefused(f"{len(grades)} answers for {len(taken.biopsies)} biopsies", "one for each, unknown where it is awaited")
    answered = tuple(msgspec.structs.replace(one, prgs=grade) for one, grade in zip(taken.biopsies, grades, strict=True))
    return msgspec.structs.replace(taken, biopsies=answered, document=document or taken.document)
