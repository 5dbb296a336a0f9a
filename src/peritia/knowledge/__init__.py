"""Cited data files and their loader: what is known, on whose word, and how well that word was verified."""

from __future__ import annotations

from peritia.knowledge.claim import Claim, Description, Evidence
from peritia.knowledge.criterion import Criterion, formula
from peritia.knowledge.library import Library, library, load
from peritia.knowledge.policy import Policy
from peritia.knowledge.recurrence import RecurrenceKnowledge
from peritia.knowledge.study import Study
from peritia.knowledge.treatment import Arm, Treatment
from peritia.knowledge.trial import Trial

__all__ = [
    "Arm",
    "Claim",
    "Criterion",
    "Description",
    "Evidence",
    "Library",
    "Policy",
    "RecurrenceKnowledge",
    "Study",
    "Treatment",
    "Trial",
    "formula",
    "library",
    "load",
]
