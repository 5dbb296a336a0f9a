"""The arithmetic of scores. Definitions and numbers come from the score files; unknown goes in and comes out as unknown."""

from __future__ import annotations

from peritia.knowledge.scoring.complications import ClavienDindo, CtcaeGrade, clavien_dindo, is_major
from peritia.knowledge.scoring.definition import ScoreError, definition
from peritia.knowledge.scoring.markers import marker_raised
from peritia.knowledge.scoring.performance import ecog_from_karnofsky
from peritia.knowledge.scoring.peritoneum import Dpci, Pci, cc, complete_by, dpci, gilly, lesion_size, pci, spci
from peritia.knowledge.scoring.regression import prgs_mean, prgs_response, prgs_responses, prgs_worst
from peritia.knowledge.scoring.reported import QlqChange, esas_severity, esas_worst, qlq_c30, qlq_change
from peritia.knowledge.scoring.staging import Staged, ago_score, psdss, psdss_stage, spss

__all__ = [
    "ClavienDindo",
    "CtcaeGrade",
    "Dpci",
    "Pci",
    "QlqChange",
    "ScoreError",
    "Staged",
    "ago_score",
    "cc",
    "clavien_dindo",
    "complete_by",
    "definition",
    "dpci",
    "ecog_from_karnofsky",
    "esas_severity",
    "esas_worst",
    "gilly",
    "is_major",
    "lesion_size",
    "marker_raised",
    "pci",
    "prgs_mean",
    "prgs_response",
    "prgs_responses",
    "prgs_worst",
    "psdss",
    "psdss_stage",
    "qlq_c30",
    "qlq_change",
    "spci",
    "spss",
]
