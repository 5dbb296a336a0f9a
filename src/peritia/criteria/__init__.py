"""The language of criteria: Boolean SQL over declared facts, three-valued, explained. No medicine in this room."""

from __future__ import annotations

from peritia.criteria.columns import Columns, compile_many, to_polars
from peritia.criteria.cql import cql_library, to_cql
from peritia.criteria.declaration import Declaration, FactLike, Kind, Truth, Value, Vocabulary
from peritia.criteria.evaluate import evaluate
from peritia.criteria.explain import Explanation, explain
from peritia.criteria.formula import Formula, conjunction, disjunction, negation
from peritia.criteria.missing import MissingParts, MissingSets, missing_parts, missing_sets
from peritia.criteria.parse import parse
from peritia.criteria.refusal import CriterionError, MissingSetsTooMany, ValueRefused
from peritia.criteria.sql import to_sql

__all__ = [
    "Columns",
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
    "compile_many",
    "conjunction",
    "cql_library",
    "disjunction",
    "evaluate",
    "explain",
    "missing_parts",
    "missing_sets",
    "negation",
    "parse",
    "to_cql",
    "to_polars",
    "to_sql",
]
