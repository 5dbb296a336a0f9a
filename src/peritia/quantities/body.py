"""Body size: body surface by three formulas, body-mass index. Units stand in the names; no rounding, no cap.

Doses per square metre rest on the formula as much as on the number, so the formula is always named beside a result.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

import msgspec

from peritia.errors import PeritiaError

SurfaceFormula = Literal["mosteller", "dubois", "haycock"]


class BodySizeError(PeritiaError):
    """A height or weight that no body has."""


class BodySurface(msgspec.Struct, frozen=True, kw_only=True):
    """Body surface of one person by three formulas, all in m2."""

    mosteller_m2: float
    dubois_m2: float
    haycock_m2: float

    @property
    def spread_percent(self) -> float:
        """Largest difference from the Mosteller value, in percent of it."""
        others = (self.dubois_m2, self.haycock_m2)
        return 100 * max(abs(other - self.mosteller_m2) for other in others) / self.mosteller_m2

    def by(self, formula: SurfaceFormula) -> float:
        """The value of one formula, in m2."""
        return {"mosteller": self.mosteller_m2, "dubois": self.dubois_m2, "haycock": self.haycock_m2}[formula]


def mosteller_m2(height_cm: float, weight_kg: float) -> float:
    """BSA = sqrt(H W / 3600).

    ``height_cm`` H in cm, ``weight_kg`` W in kg; result in m2.
    Source: Mosteller RD, N Engl J Med 1987;317:1098; constants read at globalrph.com/bsa2.htm.
    """
    _refuse_impossible(height_cm, weight_kg)
    return sqrt(height_cm * weight_kg / 3600)


def dubois_m2(height_cm: float, weight_kg: float) -> float:
    """BSA = 0.007184 W^0.425 H^0.725.

    ``height_cm`` H in cm, ``weight_kg`` W in kg; result in m2. Reads low in obesity.
    Source: DuBois D, DuBois EF, Arch Intern Med 1916;17:863; constants read at globalrph.com/bsa2.htm.
    """
    _refuse_impossible(height_cm, weight_kg)
    return 0.007184 * weight_kg**0.425 * height_cm**0.725


def haycock_m2(height_cm: float, weight_kg: float) -> float:
    """BSA = 0.024265 W^0.5378 H^0.3964.

    ``height_cm`` H in cm, ``weight_kg`` W in kg; result in m2.
    Source: Haycock GB et al., J Pediatr 1978;93:62; constants read at globalrph.com/bsa2.htm.
    """
    _refuse_impossible(height_cm, weight_kg)
    return 0.024265 * weight_kg**0.5378 * height_cm**0.3964


def body_surface(height_cm: float, weight_kg: float) -> BodySurface:
    """Body surface by all three formulas, so that a difference shows before a dose is made."""
    return BodySurface(
        mosteller_m2=mosteller_m2(height_cm, weight_kg),
        dubois_m2=dubois_m2(height_cm, weight_kg),
        haycock_m2=haycock_m2(height_cm, weight_kg),
    )


def bmi_kg_per_m2(height_cm: float, weight_kg: float) -> float:
    """BMI = W / (H / 100)^2.

    ``height_cm`` H in cm, ``weight_kg`` W in kg; result in kg/m2. Source: Quetelet's index, definition.
    """
    _refuse_impossible(height_cm, weight_kg)
    return weight_kg / (height_cm / 100) ** 2


def _refuse_impossible(height_cm: float, weight_kg: float) -> None:
    if not (height_cm > 0 and weight_kg > 0):
        raise BodySizeError("height or weight is not above zero", "height in cm and weight in kg", "leave it out when it is not known")
