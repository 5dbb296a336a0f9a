"""The language of criteria: Boolean SQL over declared facts, three-valued, explained. No medicine in this room."""

from __future__ import annotations

from peritia.criteria.declaration import Declaration, FactLike, Kind, Truth, Value, Vocabulary
from peritia.criteria.evaluate import evaluate
from peritia.criteria.explain import Explanation, explain
from peritia.criteria.formula import Formula, conjunction, disjunction, negation
from peritia.criteria.missing import MissingParts, MissingSets, missing_parts, missing_sets
from peritia.criteria.parse import parse
from peritia.criteria.refusal import CriterionError, MissingSetsTooMany, ValueRefused

__all__ = [
    "CriterionError",
    "Declaration",
    "Explanation",
    "FactLike",
    "Formula",
    "Kind",
    "MissingParts",
    "MissingSets",
    "MissingSetsTooMany",
    "Truth",
    "Value",
    "ValueRefused",
    "Vocabulary",
    "conjunction",
    "disjunction",
    "evaluate",
    "explain",
    "missing_parts",
    "missing_sets",
    "negation",
    "parse",
]
