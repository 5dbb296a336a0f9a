"""The abdomen that a drug is delivered into: parametric, or from a patient's own label volume."""

from __future__ import annotations

from peritia.delivery.anatomy.anatomy import Anatomy, Fill
from peritia.delivery.anatomy.cavity import RULES, CavityRule
from peritia.delivery.anatomy.errors import CavityNotReached, EmptyCavity, LabelsRefused, PlacementRefused
from peritia.delivery.anatomy.placement import AIMS, SITES, Placement, place, place_at
from peritia.delivery.anatomy.surface import Surface
from peritia.delivery.anatomy.tissues import Landmarks, Tissue, TissueVolume

__all__ = [
    "AIMS", "RULES", "SITES", "Anatomy", "CavityNotReached", "CavityRule", "EmptyCavity", "Fill", "LabelsRefused", "Landmarks",
    "Placement", "PlacementRefused", "Surface", "Tissue", "TissueVolume", "place", "place_at",
]  # fmt: skip
