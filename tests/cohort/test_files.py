"""From a file to a file: whole or not at all, every problem said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from peritia.cohort import assess_file
from peritia.cohort.synthetic import synthetic_facts
from peritia.errors import InputRefused

ON = date(2026, 11, 21)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_table_is_assessed_and_keeps_its_identifiers(tmp_path: Path, suffix: str) -> None:
    facts = synthetic_facts(50, 4).with_columns(pl.format("p{}", pl.int_range(pl.len())).alias("id"))
    source, out = tmp_path / f"facts{suffix}", tmp_path / f"verdicts{suffix}"
    facts.write_parquet(source) if suffix == ".parquet" else facts.write_csv(source)
    assert assess_file(source, out, on=ON).patients == 50
    written = pl.read_parquet(out) if suffix == ".parquet" else pl.read_csv(out)
    assert written.get_column("id").to_list() == facts.get_column("id").to_list()
    living = facts.get_column("alive").fill_null(True)
    assert set(written.filter(living).get_column("option.palliative-care").unique()) <= {"open", "open-with-flags"}
    assert set(written.filter(~living).get_column("option.palliative-care").unique()) <= {"closed"}


def test_a_few_columns_are_enough(tmp_path: Path) -> None:
    source = tmp_path / "few.csv"
    source.write_text("id,ecog,primary_site\na,1,colon\nb,,stomach\n", encoding="utf-8")
    assert assess_file(source, tmp_path / "out.csv", on=ON).options["pipac"]["depends"] == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ecgo\n1\n", "did you mean ecog"),
        ("ecog\n7\n", "outside 0 to 5"),
        ("primary_site\ncolno\n", "outside the fact's categories"),
        ("pregnant\n3\n", "cannot be read|expected true, false"),
        ("id\n3\n", "no column carries the name of a fact"),
    ],
)
def test_wrong_tables_are_refused_with_the_reason_and_nothing_is_written(tmp_path: Path, text: str, said: str) -> None:
    source, out = tmp_path / "bad.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused, match=said):
        assess_file(source, out, on=ON)
    assert not out.exists()
    assert not list(tmp_path.glob("*.part"))


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    source = tmp_path / "bad.csv"
    source.write_text("ecog,pci_surgical,nonsense\n9,50,1\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        assess_file(source, tmp_path / "out.csv", on=ON)
    assert len(refused.value.problems) == 3
