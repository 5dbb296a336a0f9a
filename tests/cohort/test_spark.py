"""The Spark text gives the same verdicts in a real Spark, where Java and the ``spark`` extra are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from peritia.case.facts import DECLARATIONS, FACTS
from peritia.cohort import assess_frame, assessment_sql
from peritia.cohort.synthetic import synthetic_facts
from peritia.knowledge import library


@pytest.mark.filterwarnings("ignore")
def test_the_sql_text_gives_the_same_verdicts_in_spark(tmp_path: Path) -> None:
    pyspark = pytest.importorskip("pyspark.sql", reason="the extra 'spark' is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine")
    facts = synthetic_facts(300, 5, missing=0.3)
    words = [pl.col(name).cast(pl.String) for name, fact in DECLARATIONS.items() if fact.kind == "cat"]
    taken = [pl.col(name).fill_null(fact.assumed.value) for name, fact in FACTS.items() if fact.assumed is not None]
    facts = facts.with_columns(words).with_columns(taken)
    facts.with_row_index("row").write_parquet(tmp_path / "facts.parquet")
    session = pyspark.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        session.read.parquet(str(tmp_path / "facts.parquet")).orderBy("row").createOrReplaceTempView("facts")
        rows = [row.asDict() for row in session.sql(assessment_sql("spark")).collect()]
    finally:
        session.stop()
    bulk = assess_frame(facts, library())
    for name in rows[0]:
        if name.startswith(("option.", "arm.", "study.")):
            assert [row[name] for row in rows] == bulk.get_column(name).to_list(), name
