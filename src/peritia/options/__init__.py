"""Which treatments are open to a patient, why, what is missing, and on whose evidence."""

from __future__ import annotations

from peritia.options.assess import assess, facts_hash
from peritia.options.assessment import (
    ArmResult,
    Ask,
    Assessment,
    Contradiction,
    FactUsed,
    Missing,
    Node,
    OptionResult,
    PolicyMatch,
    Provenance,
    Reason,
    Recurrence,
    StudyMatch,
    TrialMatch,
    Verdict,
)  # fmt: skip

__all__ = [
    "ArmResult", "Ask", "Assessment", "Contradiction", "FactUsed", "Missing", "Node", "OptionResult", "PolicyMatch", "Provenance", "Reason",
    "Recurrence", "StudyMatch", "TrialMatch", "Verdict", "assess", "facts_hash",
]  # fmt: skip
