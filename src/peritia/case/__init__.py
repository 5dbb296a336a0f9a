"""The case: what is known of one patient, as frozen nouns; and the facts that follow from it on a date."""

from __future__ import annotations

from peritia.case.case import Case, NotUnderstood
from peritia.case.conflicts import Conflict, conflicts
from peritia.case.facts import DECLARATIONS, FACTS, Fact, FactDeclaration, FactValue, Origin, fact_pages, fact_row, facts
from peritia.case.reading import case_schema, read_case

__all__ = [
    "DECLARATIONS", "FACTS", "Case", "Conflict", "Fact", "FactDeclaration", "FactValue", "NotUnderstood", "Origin", "case_schema",
    "conflicts", "fact_pages", "fact_row", "facts", "read_case",
]  # fmt: skip
