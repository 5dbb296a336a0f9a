"""What leaves as CSV is read by spreadsheets, and a spreadsheet runs a text that looks like a formula."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from peritia.cohort import assess_file
from peritia.delivery.exports import _csv  # pyright: ignore[reportPrivateUsage]

FORMULAS = ["=1+1", "+1+cmd", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\tx", "\rx"]


def test_no_id_is_run_as_a_formula(tmp_path: Path) -> None:
    ids = ["plain", "12", *FORMULAS[:5], "a=b"]
    source, out = tmp_path / "facts.parquet", tmp_path / "out.csv"
    pl.DataFrame({"id": ids, "ecog": [1] * len(ids)}).write_parquet(source)
    assess_file(source, out, on=date(2026, 11, 21))
    written = pl.read_csv(out, infer_schema=False).get_column("id").to_list()
    assert [one.lstrip("'") for one in written] == ids
    assert [one for one in written if one.startswith("'")] == [f"'{one}" for one in FORMULAS[:5]]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_in_a_table_is_run_as_a_formula(text: str) -> None:
    written = _csv([{"name": text, "amount": "-1.5", "number": -2.5}]).decode().splitlines()
    assert f"'{text.strip()}" in "".join(written).replace("\t", "").replace('"', "")
    assert written[-1].endswith("-1.5,-2.5")
