"""Where the drug goes: anatomy, plan, simulation, dose metrics, comparison of plans."""

from __future__ import annotations

from peritia.delivery.anatomy import Anatomy
from peritia.delivery.comparison import Comparison, compare
from peritia.delivery.delivery import Delivery, DrugMap
from peritia.delivery.metrics import drug_area_histogram, drug_metrics, region_table
from peritia.delivery.optimise import Candidate, Confirmed, confirm, optimise
from peritia.delivery.plan import HipecPlan, PipacPlan, Plan, plan_text, read_plan
from peritia.delivery.planning import plan_from_regimen
from peritia.delivery.prediction import predicted, prediction_text
from peritia.delivery.simulate import anatomy_for, simulate
from peritia.delivery.storage import load, save
from peritia.delivery.uncertainty import Uncertainty, screening, uncertainty

__all__ = [
    "Anatomy", "Candidate", "Comparison", "Confirmed", "Delivery", "DrugMap", "HipecPlan", "PipacPlan", "Plan", "Uncertainty",
    "anatomy_for", "compare", "confirm", "drug_area_histogram", "drug_metrics", "load", "optimise", "plan_from_regimen", "plan_text",
    "predicted", "prediction_text", "read_plan", "region_table", "save", "screening", "simulate", "uncertainty",
]  # fmt: skip
