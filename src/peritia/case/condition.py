"""How the patient is: performance, laboratory, symptoms, other illnesses, allergies, what the patient wants."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Analyte = Literal[
    "hemoglobin", "leukocytes", "neutrophils", "platelets", "creatinine", "bilirubin", "alt", "ast", "alp", "albumin", "inr",
    "crp", "sodium", "potassium", "magnesium", "cea", "ca125", "ca19-9", "ca72-4", "pregnancy-test",
]  # fmt: skip
Comorbidity = Literal[
    "myocardial-infarction", "heart-failure", "severe-cardiac-disease", "active-infection", "severe-hearing-loss", "cirrhosis",
    "portal-vein-thrombosis", "autoimmune-disease-uncontrolled", "organ-transplant", "active-peptic-ulcer", "corneal-disease",
    "interstitial-lung-disease", "gastrointestinal-perforation-or-fistula", "recent-thromboembolism", "recent-bleeding",
    "uncontrolled-hypertension", "ureteric-obstruction", "biliary-obstruction", "other-active-cancer", "long-qt",
    "unstable-angina", "severe-lung-disease", "dialysis", "dpd-deficiency",
]  # fmt: skip


class Performance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fit the patient is on a day, by whichever scale the team used."""

    on: date | None = None
    ecog: int | None = None
    karnofsky: int | None = None
    asa: int | None = None
    nyha: int | None = None
    frail: bool | None = None
    life_expectancy_months: float | None = None
    document: str | None = None


class Lab(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One result as the laboratory gave it. ``unit`` is UCUM; facts convert and show the original."""

    analyte: Analyte
    value: float | None = None
    unit: str | None = None
    comparator: Literal["<", "<=", ">=", ">"] | None = None
    upper_limit: float | None = None
    positive: bool | None = None
    on: date | None = None
    document: str | None = None


class Heart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ejection fraction and corrected QT on a day."""

    on: date | None = None
    lvef_percent: float | None = None
    qtc_ms: float | None = None
    document: str | None = None


class Illness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A comorbidity, present or explicitly absent. No entry means not known."""

    name: Comorbidity
    presence: Literal["present", "absent", "not-staged"]
    on: date | None = None
    document: str | None = None


class Symptoms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the patient suffers from on a day."""

    on: date | None = None
    bowel_obstruction: Literal["none", "partial", "complete"] | None = None
    obstruction_sites: int | None = None
    nasogastric_tube: bool | None = None
    venting_gastrostomy: bool | None = None
    parenteral_nutrition: Literal["none", "supplementary", "exclusive"] | None = None
    weight_loss_percent: float | None = None
    sga: Literal["A", "B", "C"] | None = None
    pain: int | None = None
    psdss_symptoms: Literal["none", "mild", "severe"] | None = None
    neuropathy_grade: int | None = None
    esas: dict[str, int] = {}
    document: str | None = None


class Allergy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hypersensitivity to a drug class, present or explicitly excluded."""

    substance: Literal[
        "platinum", "anthracycline", "taxane", "mitomycin", "fluoropyrimidine", "monoclonal-antibody", "thiosulfate", "contrast", "other"
    ]
    presence: Literal["present", "absent", "not-staged"]
    grade: int | None = None
    on: date | None = None
    document: str | None = None


class Preference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the patient accepts or refuses. Reversible, dated, the patient's own."""

    about: Literal[
        "surgery",
        "pipac",
        "hipec",
        "systemic-therapy",
        "radiation",
        "immunotherapy",
        "targeted-therapy",
        "trial",
        "blood-transfusion",
        "stoma",
    ]
    choice: Literal["accepts", "refuses"]
    on: date | None = None
    document: str | None = None
