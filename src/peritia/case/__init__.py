"""The case: what is known of one patient, as frozen nouns; and the facts that follow from it on a date."""

from __future__ import annotations

from peritia.case.case import Case, NotUnderstood
from peritia.case.facts import DECLARATIONS, FACTS, Fact, FactDeclaration, FactValue, Origin, fact_row, facts

__all__ = ["DECLARATIONS", "FACTS", "Case", "Fact", "FactDeclaration", "FactValue", "NotUnderstood", "Origin", "fact_row", "facts"]
