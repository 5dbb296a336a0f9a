"""The verbs of delivery, their files and figures, uncertainty and choice, the table of published numbers."""

from __future__ import annotations

import base64
import csv
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import nibabel
import numpy as np
import pytest
from deliveries import cavity, delivered, plan_of
from typer.testing import CliRunner

from peritia import cli_delivery, cli_record
from peritia.cli_delivery import app
from peritia.delivery import PipacPlan, compare, plan_text, read_plan, simulate
from peritia.delivery.convergence import convergence_markdown, convergence_row
from peritia.delivery.exports import face_fields, nifti, vtp
from peritia.delivery.figures import difference_map, figures, peritoneal_map, png
from peritia.delivery.figures.colour import colours
from peritia.delivery.validation import Row, table_markdown

RUN = CliRunner()
PIPAC, HIPEC = "pipac-oxaliplatin-120", "hipec-cisplatin-100-ovhipec"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_text(plan_of(PIPAC)), encoding="utf-8")
    return path


def test_simulate_writes_everything_and_compare_reads_it(plan_file: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["simulate", str(plan_file), "--out", str(tmp_path / "a"), "--spacing", "6"])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"delivery.npz", "plan.yaml", "regions.csv", "surface.vtp", "map-oxaliplatin.svg", "plasma.csv", "parameters.csv"} <= names
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    with (tmp_path / "a" / "regions.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 13
    beside = RUN.invoke(app, ["compare", str(tmp_path / "a"), str(tmp_path / "a"), "--out", str(tmp_path / "difference.svg")])
    assert beside.exit_code == 0, beside.output
    assert "homogeneity" in beside.output
    assert (tmp_path / "difference.svg").exists()


def test_an_interrupted_run_leaves_no_half_file(plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("peritia.delivery.exports.write_tables", interrupted)
    done = RUN.invoke(app, ["simulate", str(plan_file), "--out", str(tmp_path / "a"), "--spacing", "8"])
    assert done.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_ctrl_c_in_a_real_process_leaves_nothing_behind(plan_file: Path, tmp_path: Path) -> None:
    verb = [
        sys.executable,
        "-m",
        "peritia",
        "simulate",
        str(plan_file),
        "--out",
        str(tmp_path / "a"),
        "--fidelity",
        "field",
        "--spacing",
        "8",
    ]
    running = subprocess.Popen(verb, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while running.poll() is None and len(list(tmp_path.iterdir())) == 1:
        time.sleep(0.05)  # until the folder beside the result stands: the run is under way
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode not in (0, -signal.SIGKILL)
    assert b"Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_first_run_says_that_it_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import peritia.numerics

    monkeypatch.setattr(peritia.numerics, "__file__", str(tmp_path / "__init__.py"))
    cli_delivery._announce_compiling()  # pyright: ignore[reportPrivateUsage]
    assert "once on this machine" in capsys.readouterr().err
    (tmp_path / "kernel.nbi").touch()
    cli_delivery._announce_compiling()  # pyright: ignore[reportPrivateUsage]
    assert not capsys.readouterr().err


def test_a_label_volume_without_its_table_is_refused(plan_file: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["simulate", str(plan_file), "--out", str(tmp_path / "a"), "--anatomy", "ct.nii.gz"])
    assert "--labels" in str(done.exception)


def test_a_plan_for_the_other_treatment_is_refused() -> None:
    refused = RUN.invoke(app, ["plan", "pipac", "--case", "maria", "--regimen", HIPEC, "--on", "2026-11-21"])
    assert "a regimen for PIPAC" in str(refused.exception)


def test_one_case_gives_one_plan_from_a_file_a_bundle_and_a_record(tmp_path: Path) -> None:
    from peritia.fhir import write_bundle
    from peritia.patients import path, read

    (tmp_path / "bundle.json").write_bytes(write_bundle(read("maria")))
    record = tmp_path / "record.sqlite"
    opened = CliRunner().invoke(cli_record.record_app, ["open", str(path("maria")), "--id", "m1", "--record", str(record)])
    assert opened.exit_code == 0, opened.output
    asked = [["maria"], [str(path("maria"))], [str(tmp_path / "bundle.json")], ["m1", "--record", str(record)]]
    plans = [RUN.invoke(app, ["plan", "pipac", "--on", "2026-11-21", "--case", *rest]) for rest in asked]
    assert all(one.exit_code == 0 for one in plans), [one.exception for one in plans]
    assert len({one.stdout for one in plans}) == 1


@pytest.mark.parametrize("regimen", [PIPAC, HIPEC])
def test_every_figure_is_well_formed_and_renders(regimen: str) -> None:
    for name, svg in figures(delivered(regimen)):
        root = ElementTree.fromstring(svg)
        assert root.find("{http://www.w3.org/2000/svg}title") is not None, name
        assert "nan" not in re.sub(r'href="[^"]*"|<desc>.*?</desc>', "", svg), name
    assert png(peritoneal_map(delivered(regimen), delivered(regimen).drugs[0].drug), 0.5).startswith(b"\x89PNG")


def test_a_difference_of_a_delivery_with_itself_is_white() -> None:
    one = delivered(PIPAC)
    found = compare(one, one)
    assert not found.difference["oxaliplatin"].any()
    assert difference_map(found, one, "oxaliplatin").startswith("<svg")


def test_colours_run_from_end_to_end_and_unknown_is_grey() -> None:
    rgb = colours("viridis", np.array([0.0, 1.0, np.nan]))
    assert rgb.tolist() == [[0x44, 0x01, 0x54], [0xFD, 0xE7, 0x25], [205, 205, 205]]


def test_vtp_holds_points_faces_and_values() -> None:
    one = delivered(PIPAC)
    root = ElementTree.fromstring(vtp(one))
    arrays = {item.get("Name"): base64.b64decode(item.text or "") for item in root.iter("DataArray")}
    points = np.frombuffer(arrays["points_mm"][8:], "<f4").reshape(-1, 3)
    np.testing.assert_allclose(points, 1e3 * one.surface.vertices, rtol=1e-5, atol=1e-3)
    for name, values in face_fields(one).items():
        np.testing.assert_allclose(np.frombuffer(arrays[name][8:], "<f4"), values, rtol=1e-5)


def test_nifti_lies_where_the_surface_lies() -> None:
    one = delivered(PIPAC)
    image = nibabel.Nifti1Image.from_bytes(nifti(one, one.surface.region.astype(float)))  # pyright: ignore
    data, affine = np.asanyarray(image.dataobj), image.affine
    centre = 1e3 * one.surface.vertices[one.surface.faces].mean(axis=1)
    index = np.rint((centre - affine[:3, 3]) / affine[0, 0]).astype(int)
    assert np.isfinite(data[tuple(index.T)]).all()
    assert nibabel.orientations.aff2axcodes(affine) == ("R", "A", "S")


def test_a_missed_row_is_shown_as_missed() -> None:
    row = Row("Something", "5", 4, 6, 9.0, "mm", "somebody-2020", "because")
    assert not row.met
    text = table_markdown((row,))
    assert "**missed**" in text
    assert "because" in text


def test_an_override_reaches_the_model_and_is_told() -> None:
    plan = plan_of(PIPAC)
    assert isinstance(plan, PipacPlan)
    made = simulate(plan, cavity("gas"), overrides={"film_retention": 50.0})
    used = {one.name: one for one in made.used}
    assert used["film_retention"].how == "varied"
    assert made.numbers["pool_ml"] < delivered(PIPAC).numbers["pool_ml"]


def test_coordinates_place_a_nozzle(plan_file: Path) -> None:
    plan = read_plan(plan_file)
    assert isinstance(plan, PipacPlan)
    text = plan_text(msgspec.structs.replace(plan, nozzle="epigastrium, aimed at bowel")).replace(
        "nozzle: epigastrium, aimed at bowel", "nozzle: {tip_cm: [0.2, 11.5, 28.6], aim_cm: [0.2, 0.0, 20.0]}"
    )
    made = simulate(read_plan(text), cavity("gas"))
    assert made.numbers["impacted_share"] > 0


def test_the_grid_index_of_a_second_order_figure() -> None:
    values = [1 + h**2 for h in (16 / 9, 4 / 3, 1.0)]
    row = convergence_row("f", *values)
    assert row.order == pytest.approx(2.0)
    assert row.index == pytest.approx(1.25 * (values[1] - values[2]) / (values[2] * ((4 / 3) ** 2 - 1)))
    assert convergence_row("f", 1.0, 2.0, 1.5).order is None
    assert "not defined" in convergence_markdown((convergence_row("f", 1.0, 2.0, 1.5),))
