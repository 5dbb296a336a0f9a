"""Verdicts for a frame of facts: the same formulas as for one patient, as columns."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from peritia.case.facts import FACTS
from peritia.criteria import Columns, compile_many
from peritia.knowledge import Library, Treatment
from peritia.options.formulas import every_formula

VERDICTS = pl.Enum(["open", "open-with-flags", "depends", "closed"])
ANSWERS = pl.Enum(["open", "possible", "closed"])
ROWS_AT_ONCE = 100_000


def assess_frame(facts: pl.DataFrame, library: Library, *, assume: bool = True) -> pl.DataFrame:
    """One row a patient: ``option.<id>`` a verdict, ``arm.<treatment>.<id>`` and ``study.<id>`` true, false or null, ``trial.<id>`` an
    answer.

    A fact without a column is unknown for everybody. ``assume`` fills what is taken for granted where nothing is recorded (no refusal),
    as for one patient. Memory depends on the chunk, not on the cohort.
    """
    return pl.concat(list(chunks(facts, library, assume=assume)))


def chunks(facts: pl.DataFrame, library: Library, *, assume: bool = True, rows: int = ROWS_AT_ONCE) -> Iterator[pl.DataFrame]:
    """``assess_frame`` over consecutive slices. An empty cohort gives one empty frame."""
    program = _program(library.hash, library)
    whole = _with_every_fact(facts, program, assume)
    for start in range(0, max(whole.height, 1), rows):
        answers = program.run(whole.slice(start, rows))
        yield answers.select(_columns(library, set(answers.columns)))


class _Programs:
    """Compiled programs by the library's hash: compiling takes longer than running a small cohort."""

    compiled: dict[str, Columns] = {}  # noqa: RUF012  (a cache, filled once per library)


def _program(key: str, library: Library) -> Columns:
    if key not in _Programs.compiled:
        _Programs.compiled[key] = compile_many(every_formula(library))
    return _Programs.compiled[key]


def _with_every_fact(facts: pl.DataFrame, program: Columns, assume: bool) -> pl.DataFrame:
    absent = [pl.lit(None).alias(declaration.name) for declaration in program.declarations if declaration.name not in facts.columns]
    whole = facts.with_columns(absent)
    if not assume:
        return whole
    taken = [
        pl.col(name).fill_null(fact.assumed.value)
        for name, fact in FACTS.items()
        if fact.assumed is not None and name in whole.columns and isinstance(fact.assumed.value, bool)
    ]
    return whole.with_columns(taken)


def _columns(library: Library, present: set[str]) -> list[pl.Expr]:
    verdicts = [_verdict(treatment, present) for treatment in library.treatments.values()]
    plain = [pl.col(name) for name in sorted(present) if name.startswith(("arm.", "study."))]
    return verdicts + plain + [_trial(library, id_, present) for id_ in library.trials]


def _verdict(treatment: Treatment, present: set[str]) -> pl.Expr:
    name = f"option.{treatment.id}"
    opens = pl.col(name) if name in present else pl.lit(True)
    clean = pl.col(f"{name}.clean") if f"{name}.clean" in present else pl.lit(True)
    if treatment.always_open:
        # Only what holds flags or closes it; what is unknown does not.
        verdict = pl.when(opens.eq_missing(False)).then(pl.lit("closed")).when(clean.eq_missing(False)).then(pl.lit("open-with-flags"))
        return verdict.otherwise(pl.lit("open")).cast(VERDICTS).alias(name)
    verdict = pl.when(opens.is_null()).then(pl.lit("depends")).when(~opens).then(pl.lit("closed"))
    return verdict.when(clean.eq_missing(True)).then(pl.lit("open")).otherwise(pl.lit("open-with-flags")).cast(VERDICTS).alias(name)


def _trial(library: Library, id_: str, present: set[str]) -> pl.Expr:
    trial, name = library.trials[id_], f"trial.{id_}"
    if trial.status in library.conventions.trial_statuses_closed:
        return pl.lit("closed", dtype=ANSWERS).alias(name)
    holds = pl.col(name) if name in present else pl.lit(None, dtype=pl.Boolean)
    fully_coded = bool(trial.criteria) and not trial.by_hand and trial.status in library.conventions.trial_statuses_open
    best = "open" if fully_coded else "possible"
    answer = pl.when(holds.eq_missing(False)).then(pl.lit("closed")).when(holds.eq_missing(True)).then(pl.lit(best))
    return answer.otherwise(pl.lit("possible")).cast(ANSWERS).alias(name)
