"""What the surgeon found at a session, as entered once; and the entries of the case that follow from it."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from peritia.case import Case
from peritia.case.peritoneum import Ascites, Cytology, PeritonealAssessment, RegressionBiopsies
from peritia.case.treatment import Dose, PipacSession
from peritia.course.errors import CourseRefused
from peritia.knowledge.scoring import Pci, pci, prgs_mean, prgs_worst

Presence = Literal["present", "absent", "not-staged"]


class Biopsy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One biopsy: where it was taken, its PRGS when the pathologist has answered, a reference to its photograph."""

    place: str
    region: int | None = None
    prgs: int | None = None
    photograph: str = ""


class Photograph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reference to a picture kept elsewhere; the picture itself never enters the record."""

    reference: str
    region: int | None = None
    note: str = ""


class Findings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings of one session. A region that is missing was not scored. ``access`` failed: nothing was seen or given.

    Raises ``CourseRefused`` for a region or grade that does not exist, and for findings where access failed.
    """

    on: date
    access: Literal["obtained", "failed"]
    method: Literal["laparoscopy", "laparotomy"] = "laparoscopy"
    adhesions: Literal["none", "some", "prevent-access"] | None = None
    regions: dict[int, int] = {}
    confluent_small_bowel: Presence | None = None
    diffuse_mesentery: Presence | None = None
    complete_resection_expected: Literal["cc0", "cc1", "not-expected", "uncertain"] | None = None
    ascites_ml: float | None = None
    ascites_cause: Literal["malignant", "cirrhosis", "portal-vein-thrombosis", "other"] | None = None
    cytology: Literal["positive", "negative", "indeterminate"] | None = None
    biopsies: tuple[Biopsy, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    document: str | None = None

    def __post_init__(self) -> None:
        if self.access == "failed" and (self.regions or self.biopsies):
            raise CourseRefused("regions or biopsies are entered although access failed", "findings without them, or access obtained")
        if self.access == "obtained" and self.adhesions == "prevent-access":
            raise CourseRefused("adhesions prevented access, yet access was obtained", "one of the two")
        if self.ascites_ml is not None and self.ascites_ml < 0:
            raise CourseRefused("ascites below zero", "a volume in mL, 0 for none")
        pci(self.regions)
        prgs_mean(self.grades)
        pci({one.region: None for one in (*self.biopsies, *self.photographs) if one.region is not None})

    @property
    def grades(self) -> tuple[int, ...]:
        """PRGS of the biopsies that were graded."""
        return tuple(one.prgs for one in self.biopsies if one.prgs is not None)

    @property
    def ungraded(self) -> int:
        """Biopsies whose answer is awaited."""
        return sum(one.prgs is None for one in self.biopsies)

    @property
    def index(self) -> Pci:
        """The PCI of the regions scored, with its bounds while some are not."""
        return pci(self.regions)

    @property
    def regression(self) -> tuple[float | None, int | None]:
        """Mean and worst PRGS; unknown while a biopsy is not graded."""
        return (None, None) if self.ungraded else (prgs_mean(self.grades), prgs_worst(self.grades))


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """What a session adds to a case, part by part."""

    peritoneum: tuple[PeritonealAssessment, ...] = ()
    ascites: tuple[Ascites, ...] = ()
    cytology: tuple[Cytology, ...] = ()
    regression: tuple[RegressionBiopsies, ...] = ()
    pipac: tuple[PipacSession, ...] = ()


def entries(
    findings: Findings,
    *,
    pipac: bool = True,
    doses: tuple[Dose, ...] = (),
    electrostatic: bool | None = None,
    clavien_dindo: str | None = None,
) -> Entries:
    """The case's entries of one session. Biopsies enter when all are graded; a mean of some would not be the session's mean.

    ``doses``: what was given (``doses_given``). Raises ``CourseRefused`` for a dose although access failed.
    """
    if findings.access == "failed" and doses:
        raise CourseRefused("a dose is entered although access failed", "no dose")
    on, document = findings.on, findings.document
    prevented = findings.access == "failed" if findings.adhesions is None else findings.adhesions == "prevent-access"
    seen = findings.regions or findings.adhesions or findings.access == "failed" or findings.complete_resection_expected
    session = PipacSession(
        on=on,
        access=findings.access,
        doses=doses,
        electrostatic=electrostatic,
        clavien_dindo=clavien_dindo,  # pyright: ignore[reportArgumentType]  (checked by clavien_dindo() where it is graded)
        document=document,
    )
    scored = PeritonealAssessment(
        on=on,
        method=findings.method,
        regions=findings.regions,
        confluent_small_bowel=findings.confluent_small_bowel,
        diffuse_mesentery=findings.diffuse_mesentery,
        complete_resection_expected=findings.complete_resection_expected,
        adhesions_prevent_access=prevented if seen else None,
        document=document,
    )
    ascites = Ascites(on=on, volume_ml=findings.ascites_ml, cause=findings.ascites_cause, document=document)
    return Entries(
        peritoneum=(scored,) if seen else (),
        ascites=(ascites,) if findings.ascites_ml is not None or findings.ascites_cause is not None else (),
        cytology=(Cytology(on=on, result=findings.cytology, document=document),) if findings.cytology is not None else (),
        regression=(RegressionBiopsies(on=on, grades=findings.grades, document=document),)
        if findings.biopsies and not findings.ungraded
        else (),
        pipac=(session,) if pipac else (),
    )


def with_entries(case: Case, added: Entries) -> Case:
    """The case with a session's entries."""
    return msgspec.structs.replace(
        case,
        peritoneum=(*case.peritoneum, *added.peritoneum),
        ascites=(*case.ascites, *added.ascites),
        cytology=(*case.cytology, *added.cytology),
        regression=(*case.regression, *added.regression),
        pipac=(*case.pipac, *added.pipac),
    )
