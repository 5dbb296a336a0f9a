"""The bulk assessment says the same as the explaining one, patient by patient, and as the SQL text in DuckDB."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from peritia.case.facts import DECLARATIONS, FACTS, FactValue
from peritia.cohort import assess_frame, assessment_sql, count
from peritia.cohort.synthetic import synthetic_facts
from peritia.knowledge import library
from peritia.options import assess

ON = date(2026, 11, 21)
# Narrow ranges where the library's thresholds lie, so that the random patients fall on both sides of them.
SPANS = {
    "ecog": (0, 3), "pci_surgical": (0, 39), "creatinine_clearance_ml_per_min": (20, 120), "platelets_10_9_per_l": (60, 300),
    "neutrophils_10_9_per_l": (0.8, 6), "hemoglobin_g_per_dl": (7, 14), "creatinine_mg_per_dl": (0.5, 2.5), "bilirubin_mg_per_dl": (0.2, 4),
    "bilirubin_x_uln": (0.2, 3), "alt_x_uln": (0.2, 8), "ast_x_uln": (0.2, 8), "alp_x_uln": (0.2, 4), "neuropathy_grade": (0, 3),
    "systemic_lines_palliative": (0, 4), "disease_free_interval_months": (0, 40), "life_expectancy_months": (1, 30),
}  # fmt: skip


def frame(rows: int, seed: int, missing: float) -> pl.DataFrame:
    return synthetic_facts(rows, seed, missing=missing, spans=SPANS)


def given(row: dict[str, object]) -> dict[str, FactValue]:
    """The row as facts of one patient, with what is taken for granted filled in as the bulk does."""
    values: dict[str, FactValue] = {}
    for name, fact in FACTS.items():
        value = row[name]
        assumed = value is None and fact.assumed is not None
        value = fact.assumed.value if assumed and fact.assumed else value
        state = "unknown" if value is None else "assumed" if assumed else "known"
        values[name] = FactValue(name=name, value=value, state=state)  # pyright: ignore
    return values


@pytest.mark.parametrize("missing", [0.05, 0.4])
def test_bulk_and_explaining_assessment_agree_patient_by_patient(missing: float) -> None:
    facts = frame(60, 7, missing)
    bulk = assess_frame(facts, library())
    for row, verdicts in zip(facts.iter_rows(named=True), bulk.iter_rows(named=True), strict=True):
        found = assess(given(row), ON)
        assert {f"option.{option.id}": option.verdict for option in found.options} == {
            name: verdict for name, verdict in verdicts.items() if name.startswith("option.")
        }
        assert all(verdicts[f"trial.{trial.id}"] == trial.answer for trial in found.trials)
        truths = {"yes": True, "as-coded": True, "depends": None, "no": False}
        assert all(verdicts[f"study.{study.id}"] == truths[study.answer] for study in found.studies if study.answer != "not-coded")


def test_the_sql_text_gives_the_same_verdicts_in_duckdb(tmp_path: Path) -> None:
    facts = frame(2_000, 11, 0.3)
    taken = facts.with_columns(pl.col(name).fill_null(fact.assumed.value) for name, fact in FACTS.items() if fact.assumed is not None)
    bulk = assess_frame(taken, library())
    words = [pl.col(name).cast(pl.String) for name, fact in DECLARATIONS.items() if fact.kind == "cat"]
    taken.with_columns(words).write_parquet(tmp_path / "facts.parquet")
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW facts AS SELECT * FROM '{tmp_path / 'facts.parquet'}'")
    answered = connection.execute(assessment_sql("duckdb"))
    names = [column[0] for column in answered.description or ()]
    columns = dict(zip(names, zip(*answered.fetchall(), strict=True), strict=True))
    for name in names:
        if name.startswith(("option.", "arm.", "study.")):
            assert list(columns[name]) == bulk.get_column(name).to_list(), name


def test_the_order_of_patients_changes_nothing() -> None:
    facts = frame(300, 3, 0.3)
    order = facts.with_row_index().sample(fraction=1.0, shuffle=True, seed=1).get_column("index")
    assert assess_frame(facts[order], library()).equals(assess_frame(facts, library())[order])


def test_forgetting_never_turns_a_verdict_round() -> None:
    facts = frame(2_000, 5, 0.1)
    forgotten = facts.with_columns(
        pl.when(pl.int_range(pl.len()).hash(seed=index) % 3 == 0).then(None).otherwise(pl.col(name)).alias(name)
        for index, name in enumerate(facts.columns)
        if FACTS[name].assumed is None
    )
    before, after = assess_frame(facts, library()), assess_frame(forgotten, library())
    for id_, treatment in library().treatments.items():
        if treatment.always_open:
            continue
        was, now = before.get_column(f"option.{id_}"), after.get_column(f"option.{id_}")
        settled = now != "depends"
        assert ((was == "closed") == (now == "closed")).filter(settled).all(), id_


def test_every_patient_is_counted_once_and_the_undecided_too() -> None:
    facts = frame(500, 2, 0.5)
    counts = count(assess_frame(facts, library()), library())
    assert all(sum(row.values()) == 500 for row in counts.options.values())
    assert any(row["depends"] for row in counts.options.values())


def test_an_empty_cohort_gives_an_empty_answer() -> None:
    assert assess_frame(frame(10, 1, 0.2).head(0), library()).height == 0
