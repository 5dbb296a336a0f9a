"""What a simulation predicted for one planned session. Never a finding: every fact made of it says so and names the model."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec


class Prediction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures of one simulated session, for the drug that is given first. ``model`` names the program and version that made them.

    ``coverage``: share of the open peritoneum that took up at least a tenth of the area mean; ``homogeneity``: 1 less the Gini coefficient
    over area; ``worst_region``: the PCI region with the least coverage; ``depth_tenth_mm``: mean depth where the exposure over 24 h
    falls to a tenth of the surface's; ``plasma_species``: what the plasma figures count, such as total platinum.
    """

    on: date | None = None
    technique: Literal["pipac", "hipec"]
    model: str
    regimen: str | None = None
    drug: str | None = None
    anatomy: str | None = None
    coverage: float | None = None
    homogeneity: float | None = None
    mean_uptake_mg_per_m2: float | None = None
    worst_region: int | None = None
    worst_region_coverage: float | None = None
    depth_tenth_mm: float | None = None
    plasma_species: str | None = None
    plasma_peak_mg_per_l: float | None = None
    plasma_auc_24h_mg_h_per_l: float | None = None
    bath_mean_c: float | None = None
    core_peak_c: float | None = None
    document: str | None = None
