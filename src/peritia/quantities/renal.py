"""Kidney function from serum creatinine: a clearance and a normalised filtration rate. They are not interchangeable.

Protocols state either; a threshold of one must never be tested with the other.
"""

from __future__ import annotations

from typing import Literal

from peritia.errors import PeritiaError

Sex = Literal["female", "male"]


class RenalInputError(PeritiaError):
    """An age, weight or creatinine that cannot be."""


def cockcroft_gault_ml_per_min(age_years: float, weight_kg: float, creatinine_mg_per_dl: float, sex: Sex) -> float:
    """CrCl = (140 - age) W / (72 SCr), times 0.85 in women.

    ``age_years`` in years, ``weight_kg`` W actual body weight in kg, ``creatinine_mg_per_dl`` SCr in mg/dL; result in mL/min, not
    normalised to body surface. Reads high in obesity and with low muscle mass.
    Source: Cockcroft DW, Gault MH, Nephron 1976;16:31 (written down from memory).
    """
    _refuse_impossible(age_years, creatinine_mg_per_dl)
    if not weight_kg > 0:
        raise RenalInputError("the weight is not above zero", "the weight in kg")
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_per_dl)
    return clearance * (0.85 if sex == "female" else 1.0)


def ckd_epi_2021_ml_per_min_1_73m2(age_years: float, creatinine_mg_per_dl: float, sex: Sex) -> float:
    """eGFR = 142 min(SCr/k, 1)^a max(SCr/k, 1)^-1.200 0.9938^age, times 1.012 in women.

    k is 0.7 in women and 0.9 in men, a is -0.241 in women and -0.302 in men. ``age_years`` in years,
    ``creatinine_mg_per_dl`` SCr in mg/dL by an IDMS-traceable assay; result in mL/min per 1.73 m2. For adults.
    Source: Inker LA et al., N Engl J Med 2021;385:1737; equation read at kidney.org/ckd-epi-creatinine-equation-2021.
    """
    _refuse_impossible(age_years, creatinine_mg_per_dl)
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine_mg_per_dl / kappa
    return 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age_years * factor


def _refuse_impossible(age_years: float, creatinine_mg_per_dl: float) -> None:
    if not 0 <= age_years < 140:
        raise RenalInputError("the age is outside 0 to 140 years", "the age in years")
    if not creatinine_mg_per_dl > 0:
        raise RenalInputError("the creatinine is not above zero", "serum creatinine in mg/dL", "88.4 umol/L is 1 mg/dL")
