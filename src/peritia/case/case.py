"""The case: everything known of one patient, frozen. What is absent here is unknown, never 'no'."""

from __future__ import annotations

import msgspec

from peritia.case.condition import Allergy, Heart, Illness, Lab, Performance, Preference, Symptoms
from peritia.case.disease import DiseaseStatus, ExtraperitonealFinding, Histology, MolecularFinding, Primary
from peritia.case.identity import Patient
from peritia.case.peritoneum import Ascites, Cytology, PeritonealAssessment, RegressionBiopsies
from peritia.case.prediction import Prediction
from peritia.case.treatment import Cytoreduction, NoTreatment, PipacSession, Plans, Radiation, SystemicLine


class NotUnderstood(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the input that was not understood: shown, never dropped."""

    where: str
    what: str
    why: str


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One patient's case. Dated entries are lists; order does not matter."""

    format: str = "peritia-case/1"
    id: str | None = None
    title: str | None = None
    story: str | None = None
    question: str | None = None
    primary: Primary
    patient: Patient = Patient()
    histology: Histology | None = None
    molecular: tuple[MolecularFinding, ...] = ()
    peritoneum: tuple[PeritonealAssessment, ...] = ()
    ascites: tuple[Ascites, ...] = ()
    cytology: tuple[Cytology, ...] = ()
    regression: tuple[RegressionBiopsies, ...] = ()
    extraperitoneal: tuple[ExtraperitonealFinding, ...] = ()
    status: tuple[DiseaseStatus, ...] = ()
    performance: tuple[Performance, ...] = ()
    labs: tuple[Lab, ...] = ()
    heart: tuple[Heart, ...] = ()
    illnesses: tuple[Illness, ...] = ()
    symptoms: tuple[Symptoms, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    preferences: tuple[Preference, ...] = ()
    systemic: tuple[SystemicLine, ...] = ()
    cytoreductions: tuple[Cytoreduction, ...] = ()
    pipac: tuple[PipacSession, ...] = ()
    radiation: tuple[Radiation, ...] = ()
    never: tuple[NoTreatment, ...] = ()
    plans: Plans | None = None
    predicted: tuple[Prediction, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
