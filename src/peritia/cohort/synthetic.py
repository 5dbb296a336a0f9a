"""Rows of facts drawn at random from the facts' own declarations: for tests and benchmarks, not for medicine."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from peritia.case.facts import DECLARATIONS, FACTS, FactDeclaration

SELDOM = 0.05
"""Share of patients of whom an assumption does not hold."""


def synthetic_facts(
    rows: int, seed: int = 0, *, missing: float = 0.25, spans: Mapping[str, tuple[float, float]] | None = None
) -> pl.DataFrame:
    """``rows`` patients with every declared fact, each missing with probability ``missing``, drawn evenly from its range or ``spans``.

    What is assumed where nothing is recorded (alive, no refusal) is seldom otherwise.
    """
    random = np.random.default_rng(seed)
    return pl.DataFrame([_column(declaration, rows, random, missing, spans or {}) for declaration in DECLARATIONS.values()])


def _column(
    declaration: FactDeclaration, rows: int, random: np.random.Generator, missing: float, spans: Mapping[str, tuple[float, float]]
) -> pl.Series:
    known = pl.Series(random.random(rows) >= missing)
    low, high = spans.get(declaration.name, (declaration.low or 0.0, declaration.high if declaration.high is not None else 1.0))
    assumed = FACTS[declaration.name].assumed
    if assumed is not None and isinstance(assumed.value, bool):
        values = pl.Series((random.random(rows) < SELDOM) != assumed.value)
    elif declaration.kind == "bool":
        values = pl.Series(random.random(rows) < 0.5)
    elif declaration.kind == "cat":
        values = pl.Series(
            np.asarray(declaration.categories)[random.integers(0, len(declaration.categories), rows)], dtype=pl.Enum(declaration.categories)
        )
    elif declaration.kind == "int":
        values = pl.Series(random.integers(int(low), int(high) + 1, rows))
    else:
        values = pl.Series(random.uniform(low, high, rows))
    return pl.select(pl.when(known).then(values).alias(declaration.name)).to_series()
