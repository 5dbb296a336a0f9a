"""What cannot be true, or hardly: contradictions within a case, each by name. Some refuse the case, some are only flagged."""

from __future__ import annotations

from peritia.case.conflicts.conflict import Conflict
from peritia.case.conflicts.find import conflicts, last_day, refusals, says_otherwise

__all__ = ["Conflict", "conflicts", "last_day", "refusals", "says_otherwise"]
