"""Every fact that can be known of a case on a date. Each is declared once, beside its rule, in the module of its topic."""

from __future__ import annotations

from peritia.case.facts.declaration import Code, Fact, FactDeclaration, FactValue
from peritia.case.facts.derive import DECLARATIONS, FACTS, fact_row, facts, findings, start_row
from peritia.case.facts.pages import fact_pages
from peritia.case.facts.row import Origin

__all__ = [
    "DECLARATIONS", "FACTS", "Code", "Fact", "FactDeclaration", "FactValue", "Origin", "fact_pages", "fact_row", "facts", "findings",
    "start_row",
]  # fmt: skip
